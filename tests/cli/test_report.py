"""theorycheck report: bad input is one line, a lemma of one's own is on the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from theorycheck.cli import main

LEMMA = '''
import theorycheck as tc


@tc.claim(source=tc.Source("own"), example=tc.Instance(a=1))
def square_is_small(case):
    """The square is at most <b>one half</b>."""
    return tc.le(case.a**2, tc.sqrt(2) / 4)


@tc.claim(source=tc.Source("own"), example=tc.Instance(a=1))
def square_is_one(case):
    """The square is one."""
    return tc.equal(case.a**2, 1)


@tc.claim(source=tc.Source("own"), example=tc.Instance(a=1))
def breaks(case):
    """This one raises."""
    raise ValueError("my mistake")
'''


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "report.pdf"], "must end in .html"),
        (["-o", "nowhere/report.html"], "does not exist"),
        (["-j", "-1"], "must not be negative"),
        (["--target", "y"], "needs --data"),
        (["--proofs", "javascript:alert(1)"], "must be a folder or an http address"),
        (["no_such_claim"], "no_such_claim"),
    ],
)
def test_bad_input_is_one_line_before_anything_is_checked(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["report", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_own_lemmas_come_with_verdict_witness_and_figure_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lemma.py").write_text(LEMMA, encoding="utf-8")

    assert main(["report", "lemma.py", "-o", "r.html", "--json", "r.json", "-j", "1"]) == 2
    text = Path("r.html").read_text(encoding="utf-8")
    assert "3 claims: 1 VIOLATED, 1 HOLDS, 1 not checked." in text
    assert "my mistake" in text
    assert "&lt;b&gt;one half&lt;/b&gt;" in text
    assert "Witness (example)" in text
    assert "your claims (3 claims)" in text
    assert "r.html: 3 claims" in capsys.readouterr().out
    assert Path("r.json").exists()


def test_the_statement_is_that_of_the_instance_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["infinite_depth_has_a_closed_time", "--set", "horizon=5", "--no-figures", "-j", "1"]

    assert main(["report", *words, "-o", "r.html"]) == 0
    text = Path("r.html").read_text(encoding="utf-8")
    formula = text[text.index("Checked, on this instance") :].split("</math>")[0]
    assert "<mn>5</mn>" in formula
    assert "<mn>2</mn>" not in formula
