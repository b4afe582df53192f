"""Decide what a figure of a claim runs over, and compute it.

A statement over times or steps is drawn over them. A static one is drawn over a parameter of its
example that moves its sides; without such a parameter over instances drawn from its family, an
inequality as the ratio of its sides, in increasing order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial

from theorycheck.balls import Ball, ge
from theorycheck.claims import Claim, Judgement
from theorycheck.claims.places import Place
from theorycheck.errors import InvalidInstance, TheorycheckError
from theorycheck.problems import Instance
from theorycheck.report.axes import Abscissas, Make, candidates, in_whole_numbers, maker
from theorycheck.report.courses import course_of
from theorycheck.report.curves import Curve, Curves, Kind, Mark
from theorycheck.report.enclosures import enclose
from theorycheck.report.subjects import Subject, names_of_sides, subject_of
from theorycheck.report.sweeps import Advance, Measured, Task, measure_all
from theorycheck.trajectories import Effort
from theorycheck.verdicts import HOLDS

__all__ = ["Request", "drawing_of"]

INSTANCES = 24
PROBE = Effort(max_bits=64, max_seconds=5)


@dataclass(frozen=True)
class Request:
    """What is asked of a figure besides the claim.

    Parameters
    ----------
    over : Abscissas or None      a sweep; None lets the claim decide
    relation : int or None        which relation of the conclusion, from 1
    effort : Effort               for one instance
    jobs : int or None            processes of a sweep; None starts them where it pays (a script
                                  that may start processes guards its main module)
    advance : function or None    told the progress of a sweep
    make : function or None       makes the instance of a value; None varies the given instance
    """

    over: Abscissas | None = None
    relation: int | None = None
    effort: Effort = field(default_factory=Effort)
    jobs: int | None = 1
    advance: Advance | None = None
    make: Make | None = None


def drawing_of(
    claim: Claim,
    instance: Instance,
    request: Request | None = None,
    judgement: Judgement | None = None,
) -> Curves:
    """Compute the figure of a claim.

    Raises
    ------
    InvalidInstance    the claim has nothing to draw, or nothing of it could be enclosed
    """
    request = request or Request()
    make = request.make or maker(claim, instance)
    subject = subject_of(claim, instance, request.relation)
    if request.over is not None:
        axis = in_whole_numbers(request.over, claim, instance, make)
        return _swept(claim, subject, axis, make, request, asked=True)
    over = subject.over
    if over is not None and over.end > over.start:
        return course_of(claim, instance, subject, request.effort, judgement)
    for natural in candidates(claim, instance):
        try:
            axis = in_whole_numbers(natural, claim, instance, make)
        except InvalidInstance:
            continue
        if _moves(claim, instance, subject, axis, make):
            return _swept(claim, subject, axis, make, request, asked=False)
    if claim.family is not None:
        return _over_instances(claim, subject, request)
    raise InvalidInstance(
        f"{claim.full_name} has nothing to draw over: it is static, no parameter of its example "
        "moves its sides, and it has no family; try --over NAME=LOW..HIGH"
    )


def _moves(claim: Claim, instance: Instance, subject: Subject, axis: Abscissas, make: Make) -> bool:
    """Whether some side certainly differs between the instance and a neighbour on the axis."""
    here = _probed(instance, subject)
    for value in (axis.values[-2], axis.values[1]):
        try:
            there = make(axis.name, value)
            other = _probed(there, subject_of(claim, there, subject.number))
        except (TheorycheckError, ArithmeticError, LookupError, TypeError, ValueError):
            continue
        if any(_differ(a, b) for a, b in zip(here, other, strict=False)):
            return True
    return False


def _probed(instance: Instance, subject: Subject) -> list[Ball | None]:
    terms = [term for _, _, term in subject.sides]
    found = enclose(terms, len(terms), [Place()], subject.over, instance, PROBE)
    return [column[0] for column in found.columns]


def _differ(a: Ball | None, b: Ball | None) -> bool:
    return a is not None and b is not None and (a.upper < b.lower or b.upper < a.lower)


# -- sweeps ----------------------------------------------------------------------------------------
def _swept(
    claim: Claim,
    subject: Subject,
    axis: Abscissas,
    make: Make,
    request: Request,
    *,
    asked: bool,
) -> Curves:
    """One instance per value; a value that makes no instance is left out, and so said if asked."""
    tasks = [
        Task.made(claim, *_drawn(subject, request), partial(make, axis.name, x), request.effort)
        for x in axis.values
    ]
    results = measure_all(claim, tasks, request.jobs, request.advance)
    pairs = [(x, result) for x, result in zip(axis.values, results, strict=True) if result.made]
    left_out = [(x, r.reason) for x, r in zip(axis.values, results, strict=True) if not r.made]
    if not pairs:
        raise InvalidInstance(
            f"{claim.full_name} cannot be drawn: none of the {len(left_out)} values of {axis.name} "
            f"makes an instance; at {left_out[0][0]}: {left_out[0][1]}"
        )
    if not asked:
        left_out = []
        pairs = [(x, r) for x, r in pairs if r.sides or r.mark != Mark.VACUOUS.value] or pairs
    _require_something(claim, [result for _, result in pairs])
    wheres = {result.where for _, result in pairs if result.where}
    at_witness = any(r.where and r.mark == Mark.VIOLATED.value for _, r in pairs)
    end = "at the end of the range" + (" or at a violation" if at_witness else "")
    where = "" if not wheres else wheres.pop() if len(wheres) == 1 else end
    curves = _curves(claim, subject, Kind.SWEEP, axis.name, pairs, where)
    return replace(curves, left_out=tuple(left_out))


def _drawn(subject: Subject, request: Request) -> tuple[int, int | None]:
    """The relation to draw: the subject's, wherever there are as many; or the one asked for."""
    return subject.number, None if request.relation is not None else subject.count


def _curves(
    claim: Claim,
    subject: Subject,
    kind: Kind,
    axis: str,
    pairs: Sequence[tuple[Fraction, Measured]],
    where: str,
) -> Curves:
    labels = names_of_sides(subject)
    results = [result for _, result in pairs]
    general = len(pairs) > 0
    curves = tuple(
        # the formula of one instance is not the formula of all of them
        Curve(name, "" if general and _has_numbers(latex) else latex, labels[name],
              tuple(result.side(i) for result in results))
        for i, (name, latex, _) in enumerate(subject.sides)
    )  # fmt: skip
    apart = None
    if subject.difference is not None:
        apart = Curve("difference", "", subject.apart, tuple(result.apart for result in results))
    return Curves(
        claim=claim, kind=kind, axis=axis, places=tuple(place for place, _ in pairs),
        curves=curves, difference=apart, marks=tuple(_mark(result) for result in results),
        is_equality=subject.is_equality, relation=(subject.number, subject.count), where=where,
    )  # fmt: skip


def _has_numbers(latex: str) -> bool:
    import re

    return bool(re.search(r"\d", re.sub(r"_\{?\d+(,\d+)?\}?|\^\{?[\d/()]+\}?|\^2", "", latex)))


def _mark(result: Measured) -> tuple[Mark, str]:
    mark = Mark(result.mark)
    return mark, "" if mark is Mark.HOLDS else result.reason


def _require_something(claim: Claim, results: Sequence[Measured]) -> None:
    if not any(side is not None for result in results for side in result.sides):
        reasons = [result.reason for result in results if result.reason]
        raise InvalidInstance(f"{claim.full_name} cannot be drawn: {(reasons or ['no value'])[0]}")


# -- instances of the family -----------------------------------------------------------------------
def _over_instances(claim: Claim, subject: Subject, request: Request) -> Curves:
    assert claim.family is not None
    drawn = claim.family.instances(seed=0, count=INSTANCES)
    tasks = [
        Task.made(claim, *_drawn(subject, request), partial(_itself, one), request.effort)
        for one in drawn
    ]
    results = measure_all(claim, tasks, request.jobs, request.advance)
    made = [result for result in results if result.made]
    telling = [result for result in made if result.mark != Mark.VACUOUS.value]
    if not telling:
        telling = [result for result in made if result.sides and None not in result.sides]
    _require_something(claim, telling or made)
    vacuous = len(made) - len(telling)
    left_out = f" ({vacuous} more are vacuous)" if vacuous else ""
    if subject.is_equality:
        ordered = sorted(telling, key=lambda result: _middle(result.side(0)))
        pairs = [(Fraction(i), result) for i, result in enumerate(ordered, 1)]
        return _curves(claim, subject, Kind.INSTANCES, "instance", pairs, left_out)
    return _ratios(claim, subject, telling, left_out)


def _itself(instance: Instance) -> Instance:
    return instance


def _middle(ball: Ball | None) -> Fraction:
    return Fraction(0) if ball is None else ball.midpoint


def _ratios(claim: Claim, subject: Subject, results: Sequence[Measured], left_out: str) -> Curves:
    """The ratio lhs / rhs on every instance, sorted; the slack where the right side has no sign.

    An instance without a ratio is left out only where the claim holds on it.
    """
    ratios = [_ratio(result) for result in results]
    known = [ratio for ratio in ratios if ratio is not None]
    is_zero = all(ratio.lower == ratio.upper == 0 for ratio in known)  # a sign has no ratio
    if 2 * len(known) >= len(ratios) and not is_zero:
        values, name, label = ratios, "ratio", "left side / right side"
    else:
        values = [result.apart for result in results]
        name, label = "slack", "right side - left side"
    pairs = [
        (value, result) for value, result in zip(values, results, strict=True)
        if value is not None or result.mark != Mark.HOLDS.value
    ]  # fmt: skip
    if len(pairs) < len(results):
        left_out += f" ({len(results) - len(pairs)} more hold without a {name} to draw)"
    shown = [(ball, result) for ball, result in pairs if ball is not None]
    if not shown:
        raise InvalidInstance(f"{claim.full_name} cannot be drawn: no instance has a {name}")
    shown.sort(key=lambda pair: pair[0].midpoint)
    pairs = [*shown, *((ball, result) for ball, result in pairs if ball is None)]
    one = Curve("bound", "", "equality", tuple(_level(name) for _ in pairs))
    return Curves(
        claim=claim, kind=Kind.INSTANCES, axis="instance",
        places=tuple(Fraction(i) for i in range(1, len(pairs) + 1)),
        curves=(Curve(name, "", label, tuple(ball for ball, _ in pairs)), one), difference=None,
        marks=tuple(_mark(result) for _, result in pairs), is_equality=False,
        relation=(subject.number, subject.count), where=left_out,
    )  # fmt: skip


def _ratio(result: Measured) -> Ball | None:
    """The ratio of the sides, where the left one has no sign below 0 and the right one is > 0."""
    left, right = result.side(0), result.side(1)
    if left is None or right is None or not right.lower > 0 or ge(left, 0) is not HOLDS:
        return None
    return left / right


def _level(name: str) -> Ball:
    return Ball.exact(1 if name == "ratio" else 0)


def example_of(claim: Claim) -> Instance:
    """The instance a figure starts from: the example, or the first that is not vacuous."""
    from theorycheck.claims.guarded import judge_guarded

    for instance in claim.sample_instances():
        if not judge_guarded(claim, instance, PROBE).vacuous:
            return instance
    return claim.example_instance()
