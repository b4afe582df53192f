"""How much work a caller is willing to pay for, and the clock that enforces it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from theorycheck.errors import BudgetExceeded, InvalidInstance

__all__ = ["Deadline", "Effort", "check_precision"]


@dataclass(frozen=True)
class Effort:
    """Bound the work spent on one question.

    Parameters
    ----------
    max_bits : int               largest working precision, bits, >= 32
    max_seconds : float | None   wall-clock seconds; None means no limit (replays use it)
    max_steps : int              pieces of one trajectory, >= 1

    Examples
    --------
    >>> Effort(max_bits=256).max_seconds
    60.0
    """

    max_bits: int = 1024
    max_seconds: float | None = 60.0
    max_steps: int = 100_000

    def __post_init__(self) -> None:
        if isinstance(self.max_bits, bool) or self.max_bits < 32:
            raise InvalidInstance(f"max_bits must be at least 32, got {self.max_bits!r}; try 256")
        if self.max_seconds is not None and not self.max_seconds > 0:
            raise InvalidInstance(
                f"max_seconds must be positive, got {self.max_seconds!r}; None means no limit"
            )

        if isinstance(self.max_steps, bool) or self.max_steps < 1:
            raise InvalidInstance(f"max_steps must be at least 1, got {self.max_steps!r}")

    def start(self) -> Deadline:
        """Start the clock."""
        return Deadline(self.max_seconds)


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

    def check(self, doing: str = "this computation") -> None:
        """Raise BudgetExceeded once the seconds are spent."""
        if self.expired:
            raise BudgetExceeded(
                f"{doing} did not finish within {self.max_seconds} s; raise max_seconds"
            )


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
