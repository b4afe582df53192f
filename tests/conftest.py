"""Fixtures for the command line: run it in this process, and a user's file with lemmas."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest


class Ran(NamedTuple):
    code: int
    out: str
    err: str


LEMMAS = '''
import theorycheck as tc

nets = tc.families.deep_linear(depth=(2, 2), width=(1, 2))

@tc.claim(source="draft, Lemma 4", family=nets)
def loss_is_nonincreasing(case):
    """The loss is nonincreasing along gradient flow."""
    return tc.nonincreasing(case.flow.loss, over=tc.times(0, case.horizon))

@tc.claim(source="draft, Lemma 5", family=nets)
def loss_halves(case):
    """The loss falls by half in the first unit of time."""
    return tc.le(2 * case.flow.loss.at(1), case.flow.loss.at(0))
'''


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command and return its exit code and output."""
    from theorycheck.cli import main

    def runner(*words: object) -> Ran:
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return runner


@pytest.fixture
def lemmas(tmp_path: Path) -> Path:
    """A file with a true lemma and a false one."""
    file = tmp_path / "my_lemma.py"
    file.write_text(LEMMAS, encoding="utf-8")
    return file


@pytest.fixture
def lemma(tmp_path: Path) -> Callable[..., Path]:
    """Write a file with one lemma of the given body."""

    def write(body: str, options: str = "") -> Path:
        file = tmp_path / "one_lemma.py"
        file.write_text(
            "import theorycheck as tc\n\n"
            "nets = tc.families.deep_linear(depth=(2, 2), width=(1, 2))\n\n"
            f"@tc.claim(source='draft', family=nets{options})\n"
            f"def stated(case):\n    {body}\n",
            encoding="utf-8",
        )
        return file

    return write
