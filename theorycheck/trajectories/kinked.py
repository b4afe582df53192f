"""What is certified of a trajectory across kinks: its spans, its events, its named failure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from theorycheck.balls import Ball, Matrix, Real, midpoint, precision, upper
from theorycheck.balls.series import column_of, entries_of, hull, norm_upper
from theorycheck.errors import EnclosureFailed, InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.trajectories.flow import Flow
from theorycheck.trajectories.integrate import GUARD_BITS
from theorycheck.trajectories.piecewise import Mode

__all__ = ["KinkEvent", "KinkFailed", "KinkedFlow", "Span"]


class KinkFailed(EnclosureFailed):
    """Report a kink that could not be passed: its kind, and what is certified before it.

    It does not mean that no solution continues: at a fork several do, at a tangency one may.

    Parameters
    ----------
    kind : str                  fork | tangency | simultaneous kinks | enclosure
    surfaces : tuple of int     places in the field's `switches` of those involved
    partial : KinkedFlow        certified up to `reached`
    """

    def __init__(
        self,
        kind: str,
        reason: str,
        reached: Fraction,
        surfaces: Sequence[int],
        partial: KinkedFlow,
    ) -> None:
        super().__init__(f"{kind}: {reason}", reached)
        self.kind = kind
        self.surfaces = tuple(surfaces)
        self.partial = partial


@dataclass(frozen=True)
class KinkEvent:
    """State that one surface was crossed, joined or left once, at a time in [first, last].

    Several surfaces may share a window, and the modes before and after it. A surface held
    throughout has an event where it dies or comes alive.

    Parameters
    ----------
    kind : str            crossing | sliding (joined, slid on or dead) | exit
    surface : int         place in the field's `switches`
    before, after : Mode
    """

    kind: str
    surface: int
    first: Fraction
    last: Fraction
    before: Mode
    after: Mode


@dataclass(frozen=True)
class Span:
    """A time span with an enclosure: a smooth flow that contains it, or a box for all of it."""

    first: Fraction
    last: Fraction
    mode: Mode
    flow: Flow | None
    box: Matrix | None

    def over(self, first: Fraction, last: Fraction) -> list[Real]:
        column = self.box if self.flow is None else self.flow.state_over(first, last)
        return [] if column is None else entries_of(column)


@dataclass(frozen=True)
class KinkedFlow:
    """Enclose a solution of a piecewise-smooth field on [start_time, last].

    Parameters
    ----------
    spans : tuple of Span         cover the time without gaps
    events : tuple of KinkEvent   all changes of mode, increasing
    bits : int
    start_time : Fraction
    """

    spans: tuple[Span, ...]
    events: tuple[KinkEvent, ...]
    bits: int
    start_time: Fraction = Fraction(0)

    @property
    def last(self) -> Fraction:
        return self.spans[-1].last if self.spans else self.start_time

    @property
    def horizon(self) -> Fraction:
        return self.last - self.start_time

    def at(self, time: object) -> tuple[Ball, ...]:
        """Enclose the state at one time."""
        return self.over(time, time)

    def state(self, time: object) -> Matrix:
        """Enclose the state at one time as an N x 1 column."""
        return self.state_over(time, time)

    def centre(self, time: object) -> Matrix:
        """Return the exact column whose distance to the solution `radius(time)` bounds."""
        with precision(self.bits + GUARD_BITS):
            return midpoint(self.state(time))

    def radius(self, time: object) -> Fraction:
        """Bound the Euclidean distance between `centre(time)` and the solution."""
        with precision(self.bits + GUARD_BITS):
            state = self.state(time)
            return upper(norm_upper(state - midpoint(state)))

    def over(self, first: object, last: object) -> tuple[Ball, ...]:
        """Enclose the state at EVERY time of [first, last]."""
        entries = entries_of(self.state_over(first, last))
        return tuple(Ball.wrap(entry, self.bits) for entry in entries)

    def state_over(self, first: object, last: object) -> Matrix:
        """Enclose the state at every time of [first, last] as an N x 1 column."""
        begin, end = as_fraction(first, "first"), as_fraction(last, "last")
        if not (self.spans and self.spans[0].first <= begin <= end <= self.last):
            raise InvalidInstance(f"[{begin}, {end}] is no part of the certified time")
        total: list[Real] | None = None
        with precision(self.bits + GUARD_BITS):
            for span in self.spans:
                a, b = max(begin, span.first), min(end, span.last)
                if a > b or (a == b and begin != end):
                    continue
                part = span.over(a, b)
                total = part if total is None else list(map(hull, total, part))
                if begin == end:
                    break
            return column_of(total or [])

    def mode_at(self, time: object) -> Mode | None:
        """Return the mode at a time, None inside the window of an event."""
        now = as_fraction(time, "time")
        for span in self.spans:
            if span.first <= now <= span.last and span.flow is not None:
                return span.mode
        return None
