"""The README's code runs and does what the text next to it says.

Three commands are not run here: `pip install . && theorycheck check`, `pip install ".[test]" &&
pytest` and `.ci/run` are what `.ci/run` does in a fresh environment.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    return [text for name, text in found if name == language]


def test_lemma_file_has_the_verdicts_that_the_text_states(run, tmp_path, monkeypatch):
    [code] = blocks("python")
    monkeypatch.chdir(tmp_path)
    Path("my_lemma.py").write_text(code, encoding="utf-8")
    lines = [
        x for block in blocks("") for x in block.splitlines() if "my_lemma" in x or "replay" in x
    ]
    check, replay = (line.split("#")[0].split()[1:] for line in lines)

    ran = run(*check, "-j", "1")
    assert ran.code == 1
    assert "1 HOLDS, 1 VIOLATED" in ran.out
    assert "witness" in ran.out
    assert run(*replay).out.count("same verdict") == 2


def test_ten_lines_of_use():
    [code] = blocks("python")

    assert len([line for line in code.splitlines() if line.strip()]) <= 12


def rows():
    """The command of each row of the table of commands, and all that the row says."""
    found = re.findall(r"^\| `theorycheck (\w+)(.*)$", README, re.MULTILINE)
    assert len(found) > 10
    return found


def test_commands_are_the_ones_there_are(run):
    shown = set(re.findall(r"^  ([a-z]+) ", run("--help").out, re.MULTILINE))

    assert shown == {command for command, _ in rows()}


SUBCOMMANDS = {
    "derive": {"SUBJECT": ["balancedness"], "conservation-laws": ["conservation-laws"]},
}


@pytest.mark.parametrize(("command", "said"), rows(), ids=lambda value: value.split(" ")[0])
def test_options_of_a_command_are_its_own(run, command, said):
    options = set(re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)\b", said))
    words = [command, *SUBCOMMANDS.get(command, {}).get(said.split()[0], [])]
    known = set(re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)\b", run(*words, "--help").out))

    assert options <= known


TINY = "--iterations 6 --records 3 --every 180 --certified-steps 2 --certified-hidden 2"
RUNS = {
    "list": "list saxe_2014",
    "show": "show scalar_closed_form --latex",
    "check": "check scalar_closed_form --set horizon=2 --json j.json --latex t.tex -j 1",
    "replay": "replay j.json",
    "fuzz": "fuzz scalar_closed_form --examples 3 --seed 0 --store s.sqlite -j 1",
    "derive": "derive balancedness --latex",
    "report": "report scalar_closed_form --no-figures -o r.html -j 1",
    "figure": "figure scalar_closed_form -o f.pdf --csv f.csv --venue icml",
}
LONGER = {
    "tighten": "tighten neurons_move_little --examples 3",
    "audit": "audit scalar_closed_form",
    "experiment": f"experiment elkabetz-cohen -o e.pdf --csv e.csv {TINY}",
}


def test_every_command_is_run(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in RUNS.values():
        assert run(*words.split()).code == 0, words

    assert set(RUNS) | set(LONGER) == {command for command, _ in rows()}


@pytest.mark.slow
@pytest.mark.parametrize("command", LONGER)
def test_longer_command_is_run(run, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert run(*LONGER[command].split()).code == 0


@pytest.mark.slow
@pytest.mark.parametrize("subject", ["balancedness", "curvature", "margin"])
def test_subject_is_derived(run, subject):
    assert f"`{subject}`" in README
    assert run("derive", subject).code == 0


def test_conservation_laws_are_found_as_written(run):
    assert "`theorycheck derive conservation-laws --widths 2,3,1`" in README
    assert run("derive", "conservation-laws", "--widths", "2,3,1").code == 0


@pytest.mark.slow
def test_lemmas_are_tests_of_a_pytest_suite(tmp_path):
    [code] = blocks("python")
    (tmp_path / "my_lemma.py").write_text(code, encoding="utf-8")
    [line] = [x for block in blocks("console") for x in block.splitlines() if "pytest my_" in x]
    words, _, told = line.partition("#")
    ran = subprocess.run(
        [sys.executable, "-m", *words.split(), "-p", "no:theorycheck",  # of an installed package
         "-p", "theorycheck.pytest_plugin"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert sorted(told.strip().split(", ")) == ["1 failed", "1 passed"]
    assert "1 failed, 1 passed" in ran.stdout


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:\w+/)+)`", README))))
def test_places_exist(path):
    assert (ROOT / path).is_dir() or (ROOT / "theorycheck" / path).is_dir()


def commands():
    """Each `$ command` of the README, with the lines it prints there."""
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            first, *printed = part.splitlines()
            yield first.split()[1:], printed


def settled(line):
    """A line without what depends on the machine: seconds, and the blanks around them."""
    return re.sub(r"\d+\.\d+( s)?$", "seconds", " ".join(line.split()))


def test_table_is_what_its_command_prints(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "92")
    for module in ("console", "check"):
        monkeypatch.setattr(f"theorycheck.cli.{module}.is_terminal", lambda: True)
    [(words, printed)] = [(words, lines) for words, lines in commands() if words[0] == "check"]
    lines = run(*words, "-j", "1").out.splitlines()

    assert [settled(x) for x in lines if x.strip()] == [settled(x) for x in printed]


def test_figure_is_what_its_command_draws(run, tmp_path):
    import matplotlib

    [(words, _)] = [(words, lines) for words, lines in commands() if words[0] == "figure"]
    stored = ROOT / words[-1]
    made = tmp_path / "figure.svg"
    caption = run(*words[:-1], made).out.partition(": ")[2].strip()
    text = stored.read_text(encoding="utf-8")

    assert f"({words[-1]})" in README
    assert re.search(r"<dc:description>(.*?)</dc:description>", text, re.DOTALL)[1] == (
        caption.replace("&", "&amp;")
    )
    if f"matplotlib {matplotlib.__version__}<" in text:  # other versions place text differently
        assert made.read_bytes() == stored.read_bytes()
