"""How close the two sides of an inequality come: both sides, as balls, at the closest place.

    lhs <= rhs, rhs > 0     the ratio lhs / rhs: the least c with lhs <= c rhs
    lhs <= rhs, lhs < 0     the ratio rhs / lhs: the least c with rhs >= c lhs (a lower bound)

Where lhs < 0 < rhs no constant c >= 0 matters and there is no ratio.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from theorycheck.balls import Ball
from theorycheck.claims import relations as r
from theorycheck.claims.axes import Steps, Times
from theorycheck.claims.checker import decide
from theorycheck.claims.claim import Claim
from theorycheck.claims.places import Place, reach_of
from theorycheck.claims.rung import Rung
from theorycheck.claims.views import Case
from theorycheck.errors import TheorycheckError
from theorycheck.problems import Instance
from theorycheck.trajectories import Deadline, Effort
from theorycheck.verdicts import HOLDS

__all__ = ["Sides", "assumptions_hold", "closest_sides", "inequalities"]

LOOKS = 16
"""Places looked at in a range, at first and in each closer look."""


@dataclass(frozen=True)
class Sides:
    """Both sides of an inequality at one place.

    Parameters
    ----------
    relation : Comparison
    place : Place
    lhs, rhs : Ball
    ratio : Ball             contains lhs / rhs, or rhs / lhs for a lower bound
    """

    relation: r.Comparison
    place: Place
    lhs: Ball
    rhs: Ball
    ratio: Ball


def inequalities(claim: Claim, instance: Instance) -> dict[int, r.Comparison]:
    """The inequalities of a claim's conclusion by their number in it, from 1.

    Those behind a surrogate, too.
    """
    plain = [
        relation.relation if isinstance(relation, r.Surrogate) else relation
        for relation in claim.relations(Case(instance))
    ]
    return {i: x for i, x in enumerate(plain, start=1) if isinstance(x, r.Comparison)}


def assumptions_hold(claim: Claim, instance: Instance, effort: Effort) -> bool:
    """Whether every assumption of a claim certainly holds."""
    case, deadline = Case(instance), Deadline(effort.max_seconds)
    for assumption in claim.assumptions:
        outcomes = decide(assumption.relations(case), instance, effort, deadline=deadline)
        if any(outcome.verdict is not HOLDS for outcome in outcomes):
            return False
    return True


def closest_sides(
    relations: list[r.Comparison],
    instance: Instance,
    bits: int,
    effort: Effort,
    *,
    closer: int = 0,
) -> list[Sides | None]:
    """Enclose both sides of each relation at the place, of those looked at, of greatest ratio.

    Every ratio is certified; that no other place has a greater one is not. `closer` is how many
    times to look again between the neighbours of the place found.
    """
    reach = reach_of((term, rel.over) for rel in relations for term in rel.terms())
    rung = Rung(instance, bits, reach, Deadline(effort.max_seconds))
    return [_closest(relation, rung, closer) for relation in relations]


def _closest(relation: r.Comparison, rung: Rung, closer: int) -> Sides | None:
    best: Sides | None = None
    over = relation.over
    for _ in range(closer + 1):
        for place in _looks(over):
            found = _sides(relation, rung, place)
            if found is not None and (best is None or found.ratio.lower > best.ratio.lower):
                best = found
        if best is None or over is None:
            break
        over = _around(best.place, over)
    return best


def _sides(relation: r.Comparison, rung: Rung, place: Place) -> Sides | None:
    try:
        values = (rung.value(relation.lhs, place), rung.value(relation.rhs, place))
        lhs, rhs = (Ball.wrap(x, rung.bits) for x in values)
        if rhs.lower > 0 and lhs.upper >= 0:
            return Sides(relation, place, lhs, rhs, lhs / rhs)
        if lhs.upper < 0 and rhs.lower <= 0:
            return Sides(relation, place, lhs, rhs, rhs / lhs)
    except TheorycheckError:
        pass  # nothing is known here; another place may have a ratio
    return None


def _looks(over: r.Over) -> Iterator[Place]:
    if over is None:
        yield Place()
    elif isinstance(over, Steps):
        span = over.end - over.start
        count = min(span, LOOKS)
        for k in sorted({over.start + span * i // max(count, 1) for i in range(count + 1)}):
            yield Place.at_step(k)
    else:
        span_of_times = over.end - over.start
        for i in range(LOOKS + 1):
            yield Place.at_time(over.start + span_of_times * i / LOOKS)


def _around(place: Place, over: Times | Steps) -> Times | Steps:
    """The part of a range between the neighbours of a place that was looked at."""
    width = Fraction(over.end - over.start) / LOOKS
    low, high = max(Fraction(over.start), place.low - width), min(over.end, place.low + width)
    if isinstance(over, Steps):
        return Steps(int(low), int(-(-high // 1)))
    return Times(low, Fraction(high))
