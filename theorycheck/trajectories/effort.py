"""How much work a caller is willing to pay for, and the clock that enforces it."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeGuard

from theorycheck.errors import BudgetExceeded, InvalidInstance

MAX_BITS = 1024
DIGIT_BITS = 8

__all__ = [
    "Deadline", "Effort", "check_clock", "check_precision", "checked_effort", "checked_entries",
]  # fmt: skip


class _Unasked(int):
    """The default of `max_bits`: a number like any other, but nobody's wish."""


@dataclass(frozen=True)
class Effort:
    """Bound the work spent on one question.

    Parameters
    ----------
    max_bits : int               largest working precision, bits, >= 32. A digit that is asked for
                                 takes 10/3 bits, and each e-fold by which the field spreads
                                 solutions about 3/2. The default is 1024, or 8 for each digit if
                                 that is more; a limit that is passed is kept to
    max_seconds : float | None   wall-clock seconds; None means no limit (replays use it). The clock
                                 is looked at between small parts of the work; a single call of
                                 SymPy or of a matrix routine is not interrupted
    max_steps : int              pieces of one trajectory, >= 1

    Examples
    --------
    >>> Effort(max_bits=256).max_seconds
    60.0
    """

    max_bits: int = _Unasked(MAX_BITS)
    max_seconds: float | None = 60.0
    max_steps: int = 100_000

    def __post_init__(self) -> None:
        if not (_is_int(self.max_bits) and self.max_bits >= 32):
            raise InvalidInstance(
                f"max_bits must be an int, at least 32, got {self.max_bits!r}; try 256"
            )
        seconds: object = self.max_seconds
        if seconds is not None and not (_is_number(seconds) and seconds > 0):
            raise InvalidInstance(
                f"max_seconds must be a positive number, got {seconds!r}; None means no limit"
            )
        if not (_is_int(self.max_steps) and self.max_steps >= 1):
            raise InvalidInstance(
                f"max_steps must be an int, at least 1, got {self.max_steps!r}; try 10000"
            )

    def limit(self, digits: int | None = None) -> int:
        """Return the largest precision a promise of digits may take."""
        if digits is None or not isinstance(self.max_bits, _Unasked):
            return self.max_bits
        return max(self.max_bits, DIGIT_BITS * digits)

    def start(self) -> Deadline:
        """Start the clock."""
        return Deadline(self.max_seconds)


def checked_effort(effort: object) -> Effort:
    """Return the effort, the default one for None.

    Raises
    ------
    InvalidInstance    anything else
    """
    if effort is None:
        return Effort()
    if not isinstance(effort, Effort):
        raise InvalidInstance(
            f"effort={effort!r} must be tc.Effort(max_bits=..., max_seconds=...) or None"
        )
    return effort


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float | Fraction) and not isinstance(value, bool)


class Deadline:
    """A clock that started when it was made; seconds never enter a verdict, only its absence."""

    def __init__(self, max_seconds: float | None) -> None:
        self.max_seconds = max_seconds
        self._end = None if max_seconds is None else time.monotonic() + max_seconds

    @property
    def expired(self) -> bool:
        return self._end is not None and time.monotonic() > self._end

    @property
    def remaining(self) -> float | None:
        """Seconds left, at least a thousandth; None without limit."""
        return None if self._end is None else max(self._end - time.monotonic(), 1e-3)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Let `check_clock` raise inside once this deadline is over, or one around it."""
        outer = _watched.get()
        ours = outer is None or outer._end is None or (self._end or math.inf) < outer._end
        token = _watched.set(self if ours else outer)
        try:
            yield
        finally:
            _watched.reset(token)

    def check(self, doing: str = "this computation") -> None:
        """Raise BudgetExceeded once the seconds are spent."""
        if self.expired:
            raise BudgetExceeded(
                f"{doing} did not finish within {self.max_seconds} s; raise max_seconds"
            )


_watched: ContextVar[Deadline | None] = ContextVar("watched", default=None)


def check_clock() -> None:
    """Raise BudgetExceeded if a deadline is being watched and over; inner loops call this.

    Raises
    ------
    BudgetExceeded
    """
    deadline = _watched.get()
    if deadline is not None and deadline.expired:
        raise BudgetExceeded(f"{deadline.max_seconds} s were spent; raise max_seconds")


def checked_entries(start: object) -> tuple[Any, ...]:
    """Read a start as a sequence of entries, whatever these are.

    Raises
    ------
    InvalidInstance    a single number, text, or something else that is no sequence
    """
    entries: Any = start.tolist() if hasattr(start, "tolist") else start
    if isinstance(entries, str | bytes | Mapping | Set) or not isinstance(entries, Iterable):
        raise InvalidInstance(
            f"start={start!r} is no sequence; pass one rational per coordinate, as in [1, '1/2']"
        )
    return tuple(entries)


def check_precision(bits: object, digits: object) -> None:
    """Refuse both options at once, and values that are no positive int.

    Raises
    ------
    InvalidInstance
    """
    if bits is not None and digits is not None:
        raise InvalidInstance(f"got bits={bits} and digits={digits}; pass one of them")
    for name, value in (("bits", bits), ("digits", digits)):
        if value is not None and (
            isinstance(value, bool) or not isinstance(value, int) or value < 1
        ):
            raise InvalidInstance(f"{name} must be a positive int, got {value!r}")
