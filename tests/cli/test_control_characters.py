"""Control characters of a user's text are shown; none reaches a terminal, a page or a drawing."""

import io
from xml.dom import minidom

import pytest
from rich.progress import Progress, TextColumn

from theorycheck.cli.console import in_progress, progress_console
from theorycheck.report.prose import set_formulas, visible

LEMMA = r'''
import theorycheck as tc


@tc.claim(source="so\x1b[31mred \u202eturned", example=tc.Instance(a=1), name="ev\x1b[32mil[/b]",
          title="A \x1b]0;title\x00 (a b{)^2")
def stated(case):
    """Stated \x9b here."""
    return tc.le(case.a, "1/2")


@tc.claim(source="own", example=tc.Instance(a=1))
def raising(case):
    """This one raises."""
    raise ValueError("mine\x1b[31m\r\x07")
'''
UNSEEN = [chr(c) for c in (*range(9), *range(11, 32), *range(127, 160), 0x202E)]


@pytest.fixture
def lemma(tmp_path):
    file = tmp_path / "lemma.py"
    file.write_text(LEMMA, encoding="utf-8")
    return file


def assert_all_seen(text):
    assert [letter for letter in UNSEEN if letter in text] == []


def test_nothing_unseen_reaches_the_terminal(run, lemma, tmp_path):
    table = tmp_path / "data.csv"
    table.write_text("a\x1b[31m,b\n1,2\n", encoding="utf-8")
    for words in (
        ["check", lemma, "-j", "1"],
        ["show", f"{lemma}::ev\x1b[32mil[/b]"],
        ["show", f"{lemma}::\x1b[32m"],
        ["figure", f"{lemma}::ev\x1b[32mil[/b]", "-o", tmp_path / "f.svg", "--over", "a=1,2"],
        ["report", lemma, "-o", tmp_path / "r.html", "-j", "1"],
        ["check", "distance_is_certified_a_posteriori", "--data", table, "--target", "c\x07"],
    ):
        ran = run(*words)

        assert_all_seen(ran.out + ran.err)
        assert r"\x1b" in ran.out + ran.err
    for file in (tmp_path / "f.svg", tmp_path / "r.html"):
        assert_all_seen(file.read_text(encoding="utf-8"))
    minidom.parse(str(tmp_path / "f.svg"))


def test_names_are_no_markup_of_the_progress_bar():
    console = progress_console()
    console.quiet, console.file = False, io.StringIO()
    with Progress(TextColumn("{task.description}"), console=console) as progress:
        progress.add_task(in_progress("ev\x1b[32mil[/b]"), total=1)

    assert r"ev\x1b[32mil[/b]" in console.file.getvalue()


def test_lines_stay_lines():
    assert visible("a\tb\nc \u2264 \u03b7") == "a\tb\nc \u2264 \u03b7"


def test_unbalanced_braces_are_no_formula():
    assert set_formulas("(b{)^2 and (a+b)^2", lambda s: s) == "(b{)^2 and $(a+b)^2$"
