"""Enclose several terms at many places, up the precision ladder until the radii are invisible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sympy import Expr

from theorycheck.balls import Ball
from theorycheck.claims.axes import Steps, Times
from theorycheck.claims.places import Place, reach_of
from theorycheck.claims.rung import Rung
from theorycheck.errors import BudgetExceeded, DomainViolation, EnclosureFailed
from theorycheck.problems import Instance
from theorycheck.trajectories import Deadline, Effort

__all__ = ["Enclosed", "enclose"]

FIRST_BITS = 64
INVISIBLE = Fraction(1, 1000)
NEAR_ZERO = Fraction(1, 10**12)
SHORT_OF_THE_END = Fraction(15, 16)
"""An enclosure that ends at a time is tried again up to this part of it."""


@dataclass(frozen=True)
class Enclosed:
    """Enclosures of terms, term by term and place by place.

    Parameters
    ----------
    columns : list of lists of Ball or None    None where nothing was enclosed
    reasons : list of str                      why not, one per place; empty where it was
    """

    columns: list[list[Ball | None]]
    reasons: list[str]

    @property
    def is_empty(self) -> bool:
        return all(ball is None for column in self.columns for ball in column)

    @property
    def reason(self) -> str:
        return next((reason for reason in self.reasons if reason), "")


def enclose(
    terms: Sequence[Expr],
    shown: int,
    places: Sequence[Place],
    over: Times | Steps | None,
    instance: Instance,
    effort: Effort,
) -> Enclosed:
    """Enclose terms at places; never raises for a place where that fails.

    Parameters
    ----------
    terms : sequence of Expr
    shown : int                  the first terms, whose radii must become too small to be seen
    places : sequence of Place   in increasing order
    over : Times, Steps or None  a range that contains the places
    """
    deadline = Deadline(effort.max_seconds)
    best: Enclosed | None = None
    for bits in _ladder(effort.max_bits):
        found = _at_bits(terms, places, over, instance, bits, deadline)
        before, better = best, best is None or _gaps(found) <= _gaps(best)
        best = found if better or best is None else best
        if deadline.expired or (before is not None and not _gains(found, before, shown)):
            break
        if not found.reason and all(_is_sharp(column) for column in found.columns[:shown]):
            break
    assert best is not None
    return best


def _ladder(max_bits: int) -> Iterator[int]:
    bits = min(FIRST_BITS, max_bits)
    while bits <= max_bits:
        yield bits
        bits *= 2


def _gaps(found: Enclosed) -> int:
    return sum(bool(reason) for reason in found.reasons)


def _at_bits(
    terms: Sequence[Expr],
    places: Sequence[Place],
    over: Times | Steps | None,
    instance: Instance,
    bits: int,
    deadline: Deadline,
) -> Enclosed:
    columns: list[list[Ball | None]] = [[None] * len(places) for _ in terms]
    reasons = [""] * len(places)
    try:
        rung = Rung(instance, bits, reach_of((t, over) for t in terms), deadline)
    except DomainViolation as error:
        return Enclosed(columns, [f"domain: {error}"] * len(places))
    for i, place in enumerate(places):
        try:
            for column, term in zip(columns, terms, strict=True):
                column[i] = Ball.wrap(rung.value(term, place), bits)
        except DomainViolation as error:
            reasons[i] = f"domain: {error}"
        except BudgetExceeded as error:
            reasons[i:] = [f"budget: {error}"] * (len(places) - i)
            break
        except EnclosureFailed as error:
            shorter = _shortened(over, error.reached)
            if shorter is not None and i == 0:
                kept = [p for p in places if p.high <= shorter.end]
                part = _at_bits(terms, kept, shorter, instance, bits, deadline)
                missing = len(places) - len(kept)
                rest = [[*column, *([None] * missing)] for column in part.columns]
                return Enclosed(rest, [*part.reasons, *([f"enclosure: {error}"] * missing)])
            reasons[i:] = [f"enclosure: {error}"] * (len(places) - i)
            break
    return Enclosed(columns, reasons)


def _shortened(over: Times | Steps | None, reached: Fraction | None) -> Times | None:
    """The part of a range of times that an enclosure reached, and a little less."""
    if not isinstance(over, Times) or reached is None:
        return None
    end = Fraction(reached) * SHORT_OF_THE_END
    return replace(over, end=end) if over.start < end < over.end else None


def _gains(found: Enclosed, before: Enclosed, shown: int) -> bool:
    """Whether more bits filled gaps or halved the largest radius of a side."""
    if _gaps(found) != _gaps(before):
        return _gaps(found) < _gaps(before)
    return any(
        2 * _widest(new) < _widest(old)
        for new, old in zip(found.columns[:shown], before.columns[:shown], strict=True)
    )


def _widest(column: Sequence[Ball | None]) -> Fraction:
    return max((ball.radius for ball in column if ball is not None), default=Fraction(0))


def _is_sharp(column: Sequence[Ball | None]) -> bool:
    """Whether the radii are too small to be seen, on the scale of the whole curve.

    A curve of which nothing is certain but that it is near 0 has no scale of its own.
    """
    known = [ball for ball in column if ball is not None]
    if all(ball.contains(0) for ball in known):
        return all(ball.radius <= NEAR_ZERO for ball in known)
    scale = max((abs(ball.midpoint) for ball in known), default=Fraction(0))
    return all(ball.radius <= INVISIBLE * scale for ball in known)
