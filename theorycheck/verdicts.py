"""Three-valued verdicts about real numbers, with Kleene's tables and no truth value."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final, NoReturn

__all__ = ["HOLDS", "UNDECIDED", "VIOLATED", "Verdict", "all_of"]


class Verdict(Enum):
    """State what is known of a statement about real numbers.

    Write `verdict is tc.VIOLATED`; `bool(verdict)` raises, because UNDECIDED is neither.
    """

    HOLDS = "HOLDS"
    VIOLATED = "VIOLATED"
    UNDECIDED = "UNDECIDED"

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"a verdict has no truth value, got {self.name}; "
            "write `verdict is tc.HOLDS` or `verdict is tc.VIOLATED`"
        )

    def __and__(self, other: Verdict) -> Verdict:
        if self is Verdict.VIOLATED or other is Verdict.VIOLATED:
            return Verdict.VIOLATED
        if self is Verdict.HOLDS and other is Verdict.HOLDS:
            return Verdict.HOLDS
        return Verdict.UNDECIDED

    def __invert__(self) -> Verdict:
        return {
            Verdict.HOLDS: Verdict.VIOLATED,
            Verdict.VIOLATED: Verdict.HOLDS,
            Verdict.UNDECIDED: Verdict.UNDECIDED,
        }[self]

    def __or__(self, other: Verdict) -> Verdict:
        return ~(~self & ~other)

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return self.value


HOLDS: Final = Verdict.HOLDS
VIOLATED: Final = Verdict.VIOLATED
UNDECIDED: Final = Verdict.UNDECIDED


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Join verdicts by Kleene's "and"; the empty conjunction HOLDS."""
    result = Verdict.HOLDS
    for verdict in verdicts:
        result = result & verdict
    return result
