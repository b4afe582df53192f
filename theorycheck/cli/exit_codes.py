"""Exit codes of the command line, and how outcomes make one."""

from __future__ import annotations

from collections.abc import Sequence

from theorycheck.claims import Judgement
from theorycheck.verdicts import UNDECIDED

__all__ = ["BAD_INPUT", "CONTRADICTED", "INTERRUPTED", "OK", "OPEN", "exit_code"]

OK = 0
CONTRADICTED = 1
BAD_INPUT = 2
OPEN = 3
INTERRUPTED = 130


def exit_code(judgements: Sequence[Judgement], *, bad_input: bool = False) -> int:
    """Return 2, 1, 3 or 0: bad input, contradiction, undecided or all vacuous, all as expected."""
    if bad_input:
        return BAD_INPUT
    if any(j.contradicts for j in judgements):
        return CONTRADICTED
    open_ones = [
        j for j in judgements
        if not j.vacuous and j.verdict is UNDECIDED and not j.is_open_as_expected
    ]  # fmt: skip
    if open_ones or all(j.vacuous for j in judgements):
        return OPEN
    return OK
