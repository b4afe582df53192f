"""A claim over the time of a flow or the steps of a descent, on one instance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

import sympy

from theorycheck import balls
from theorycheck.balls import Ball
from theorycheck.claims import Claim, Judgement, Steps, Times, relations as r
from theorycheck.claims.checker import decide
from theorycheck.claims.guarded import judge_guarded
from theorycheck.claims.places import Place
from theorycheck.errors import InvalidInstance
from theorycheck.problems import Instance
from theorycheck.report.curves import Curve, Curves, Kind, Mark
from theorycheck.report.enclosures import Enclosed, enclose
from theorycheck.report.subjects import Subject, names_of_sides
from theorycheck.trajectories import Effort
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED, Verdict

__all__ = ["course_of"]

PLACES = 200
FEW = 32
"""Places for a term with an integral, which costs a quadrature at each of them."""
LOOKED_AT_AGAIN = 8
"""Places that balls leave open and that are decided on their own, exactly where possible."""

Marks = tuple[tuple[Mark, str], ...]


def course_of(
    claim: Claim,
    instance: Instance,
    subject: Subject,
    effort: Effort,
    judgement: Judgement | None = None,
) -> Curves:
    """Enclose the sides at 200 places or fewer of the range, with the verdict at each.

    Raises
    ------
    InvalidInstance    nothing could be enclosed within the effort
    """
    over = subject.over
    assert over is not None
    judged = judgement or judge_guarded(claim, instance, effort)
    costly = any(term.has(sympy.Integral) for term in subject.terms)
    xs = tuple(_places(over, FEW if costly else PLACES))
    places = [_place(over, x) for x in xs]
    found = enclose(subject.terms, len(subject.sides), places, over, instance, effort)
    if found.is_empty:
        raise InvalidInstance(f"{claim.full_name} cannot be drawn: {found.reason}")
    labels = names_of_sides(subject)
    curves = tuple(
        Curve(name, latex, labels[name], tuple(column))
        for (name, latex, _), column in zip(subject.sides, found.columns, strict=False)
    )
    apart = None
    if subject.difference is not None:
        apart = Curve("difference", "", subject.apart, tuple(found.columns[-1]))
    return Curves(
        claim=claim,
        kind=Kind.TIME if isinstance(over, Times) else Kind.STEP,
        axis=str(over.symbol),
        places=xs,
        curves=curves,
        difference=apart,
        marks=_marks(subject, judged, found, instance, effort, places),
        is_equality=subject.is_equality,
        relation=(subject.number, subject.count),
        judgement=judged,
    )


def _places(over: Times | Steps, most: int) -> Iterator[Fraction]:
    """Evenly spaced exact places, both ends included."""
    low, high = Fraction(over.start), Fraction(over.end)
    if isinstance(over, Steps):
        count = min(int(high - low), most)
        for i in range(count + 1):
            yield low + (int((high - low) * i / count) if count else 0)
        return
    for i in range(most + 1):
        yield low + (high - low) * i / most


def _place(over: Times | Steps, x: Fraction) -> Place:
    return Place.at_time(x) if isinstance(over, Times) else Place.at_step(int(x))


# -- verdicts ------------------------------------------------------------------------------------
def _marks(
    subject: Subject,
    judged: Judgement,
    found: Enclosed,
    instance: Instance,
    effort: Effort,
    places: Sequence[Place],
) -> Marks:
    """What is certain at every place: what holds on the whole range holds at each of its places."""
    if judged.vacuous:
        return ((Mark.VACUOUS, judged.reason),) * len(places)
    if any(assumption.outcome.verdict is UNDECIDED for assumption in judged.assumptions):
        return ((Mark.UNDECIDED, judged.reason),) * len(places)
    if judged.verdict is HOLDS:
        return ((Mark.HOLDS, ""),) * len(places)
    [outcome] = decide([subject.relation], instance, effort)
    if outcome.verdict is HOLDS:
        return ((Mark.HOLDS, ""),) * len(places)
    marks = list(_from_enclosures(subject.relation, found))
    for i in [i for i, (mark, _) in enumerate(marks) if mark is Mark.UNDECIDED][:LOOKED_AT_AGAIN]:
        marks[i] = _alone(subject.relation, places[i], instance, effort, marks[i])
    return tuple(marks)


def _from_enclosures(relation: r.AbstractRelation, found: Enclosed) -> Iterator[tuple[Mark, str]]:
    last = found.columns[-1]
    for i, ball in enumerate(last):
        if ball is None:
            yield Mark.UNDECIDED, found.reasons[i]
            continue
        verdict: Verdict | None = None
        match relation:
            case r.Comparison(strict=strict):
                sign = balls.positive if strict else balls.nonnegative
                verdict = sign(ball.real())
            case r.Monotone(increasing=increasing):
                verdict = _falls(last[i - 1] if i else None, ball, increasing=increasing)
            case _:
                verdict = VIOLATED if not ball.contains(0) else None
        marks = {HOLDS: Mark.HOLDS, VIOLATED: Mark.VIOLATED}
        open_reason = (
            "the value moved the wrong way nowhere since the place before, as far as is certain"
            if isinstance(relation, r.Monotone)
            else "the enclosures of both sides overlap"
        )
        mark = Mark.UNDECIDED if verdict is None else marks.get(verdict, Mark.UNDECIDED)
        yield mark, open_reason if mark is Mark.UNDECIDED else ""


def _falls(before: Ball | None, after: Ball, *, increasing: bool) -> Verdict | None:
    """VIOLATED where the term certainly moved the wrong way since the place before."""
    if before is None:
        return None
    moved = (before - after if increasing else after - before).real()
    return VIOLATED if balls.positive(moved) is HOLDS else None


def _alone(
    relation: r.AbstractRelation,
    place: Place,
    instance: Instance,
    effort: Effort,
    otherwise: tuple[Mark, str],
) -> tuple[Mark, str]:
    """Decide a relation at one place, exactly where that is possible."""
    if not isinstance(relation, (r.Comparison, r.Equality)):
        return otherwise
    [outcome] = decide([replace(relation, over=place.as_range)], instance, effort)
    if outcome.verdict is HOLDS:
        return Mark.HOLDS, ""
    return (Mark.VIOLATED, "") if outcome.verdict is VIOLATED else otherwise
