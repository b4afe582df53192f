"""The README's code runs and does what the text next to it says."""

import re
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


def test_commands_are_the_ones_there_are(run):
    listed = set(re.findall(r"^\| `theorycheck (\w+)", README, re.MULTILINE))
    shown = set(re.findall(r"^  (\w+) ", run("--help").out, re.MULTILINE))

    assert listed <= shown


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
