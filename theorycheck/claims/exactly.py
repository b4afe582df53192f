"""Stage 3, and equalities: decisions in exact rings.

Equality is decided, in this order, by words (for all matrices at once), in the polynomial ring at
the generic point, by substitution of a closed form, and at exact rational points, where it can be
refuted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sympy import Expr, Rational

from theorycheck import exact
from theorycheck.balls import Ball
from theorycheck.claims import matrices as m, quantities as q, relations as r
from theorycheck.claims.axes import Steps, Times, step, time
from theorycheck.claims.derivatives import NotDifferentiable, derivative, matrix_derivative
from theorycheck.claims.exact_states import (
    generic_evaluator,
    probing_evaluator,
    rational_evaluator,
    region_evaluators,
)
from theorycheck.claims.outcome import Evidence, Outcome, holds, sized, violated
from theorycheck.claims.places import Place
from theorycheck.claims.substitution import solves_flow, substituted
from theorycheck.claims.wording import words_of
from theorycheck.errors import BudgetExceeded, DomainViolation
from theorycheck.problems import FullyConnectedObjective, Instance
from theorycheck.symbolic.lowering import NotExact
from theorycheck.symbolic.normal_forms import cancels_to_zero, expands_to_zero
from theorycheck.symbolic.signs import is_total
from theorycheck.verdicts import HOLDS

__all__ = ["conserved_exactly", "defined_everywhere", "equal_exactly", "exact_places", "exact_sign"]


MARGIN_BITS = 64
"""Precision of a margin that is printed; the decision was exact."""


def exact_places(over: r.Over) -> Iterator[Place]:
    """Places of a range where states are known exactly."""
    if over is None:
        yield Place()
    elif isinstance(over, Times):
        if over.start == 0:
            yield Place.at_time(over.start)
    else:
        for k in range(over.start, min(over.end, over.start + 1) + 1):
            yield Place.at_step(k)


def exact_value(expression: Expr, instance: Instance, place: Place) -> Fraction | None:
    """The value of an expression at a place where it is rational, else None."""
    try:
        value = rational_evaluator(instance, place).scalar(expression)
    except (NotExact, DomainViolation):
        return None
    return exact.to_fraction(value)


def exact_sign(expression: Expr, instance: Instance, place: Place) -> int | None:
    """The sign of an expression at a place where its value is rational or 0 by form, else None."""
    value = exact_value(expression, instance, place)
    if value is None:
        return 0 if _vanishes_by_form(expression, place) else None
    return (value > 0) - (value < 0)


def _vanishes_by_form(expression: Expr, place: Place) -> bool:
    """Whether it is 0 in its quantities once these are put at the place: T(x(t)) - T(x(0)) at 0."""
    if place.symbol != time or place.low != place.high:
        return False
    low = Rational(place.low.numerator, place.low.denominator)
    there = q.map_expression(expression, lambda x: low if x == time else x.subs(time, low))
    return expands_to_zero(there) or cancels_to_zero(there)


def compare_exactly(relation: r.Comparison, instance: Instance) -> Outcome | None:
    """Decide a comparison at a point in exact rationals, or return None."""
    if relation.over is not None:
        return None
    sides = [exact_value(side, instance, Place()) for side in (relation.lhs, relation.rhs)]
    for side, value in zip((relation.lhs, relation.rhs), sides, strict=True):
        if value is None and not is_total(side):  # what cancels must be defined all the same
            return None
    margin = exact_value(relation.rhs - relation.lhs, instance, Place())
    if margin is None:
        return None
    good = margin > 0 if relation.strict else margin >= 0
    outcome = (holds if good else violated)(Evidence.EXACT, "exact rational values")
    scale = max((abs(side) for side in sides if side is not None), default=abs(margin))
    relative = float(margin / scale) if scale else 0.0
    return replace(outcome, margin=Ball.exact(margin, MARGIN_BITS), relative_margin=relative)


# -- equality ------------------------------------------------------------------------------------
def equal_exactly(relation: r.Equality, instance: Instance) -> Outcome | None:
    """Decide an equality exactly, or return None."""
    if relation.solution is not None:
        found = _by_substitution(relation, instance)
        if found is not None:
            return found
    if not (defined_everywhere(relation.lhs) and defined_everywhere(relation.rhs)):
        # what is undefined may cancel from the difference: look at both sides
        return _at_rational_points((relation.lhs, relation.rhs), relation.over, instance)
    difference = _difference(relation)
    return (
        _by_words(difference, instance)
        or _at_rational_points((difference,), relation.over, instance)
        or (None if _jumps(difference, instance) else _generically(difference, instance))
    )


def defined_everywhere(term: Any) -> bool:
    """Tell whether a scalar or matrix term is defined for all values of its quantities."""
    if not isinstance(term, m.AbstractMatrix):
        return is_total(term)
    return all(map(is_total, term.all_expressions()))


def _difference(relation: r.Equality) -> Any:
    left, right = relation.lhs, relation.rhs
    return left - right


def _scalars(term: Any, evaluator: Any) -> list[Any]:
    if isinstance(term, m.AbstractMatrix):
        return list(evaluator.arithmetic.scalars(evaluator.matrix(term)))
    return [evaluator.scalar(term)]


def _by_words(difference: Any, instance: Instance) -> Outcome | None:
    if not isinstance(difference, m.AbstractMatrix):
        if expands_to_zero(difference):
            return holds(Evidence.EXACT, "the difference has normal form 0")
        return None
    try:
        if words_of(difference, instance).is_zero:
            return holds(Evidence.PROOF, "the difference has normal form 0 as words in the layers")
    except NotExact:
        pass
    return None


def _generically(difference: Any, instance: Instance) -> Outcome | None:
    """Hold where the difference is the zero polynomial in the parameters."""
    objective = instance.objective_or_none
    if objective is None:
        return None  # there is no trajectory
    if isinstance(objective, FullyConnectedObjective) and not objective.network.is_smooth:
        return _in_every_region(difference, instance, objective)
    for make in (probing_evaluator, generic_evaluator):  # one point is cheap, and mostly enough
        try:
            scalars = _scalars(difference, make(instance))
        except (NotExact, DomainViolation, BudgetExceeded):
            return None
        if not all(map(exact.is_zero, scalars)):
            return None
    return holds(Evidence.EXACT, "the difference is the zero polynomial in the parameters")


def _in_every_region(
    difference: Any, instance: Instance, objective: FullyConnectedObjective
) -> Outcome | None:
    """Hold where the difference is the zero polynomial in every activation region."""
    try:
        for evaluator in region_evaluators(instance, objective):
            if not all(map(exact.is_zero, _scalars(difference, evaluator))):
                return None
    except (NotExact, DomainViolation, BudgetExceeded):
        return None
    return holds(Evidence.EXACT, "the difference is the zero polynomial in every region")


def _jumps(term: Any, instance: Instance) -> bool:
    """Whether a term may jump, or bend otherwise than with the velocity, at kinks of the net.

    Along a Filippov solution x' is a convex combination of the fields about x: the derivative of
    a smooth function of x is the same combination of its derivatives along them.
    """
    objective = instance.objective_or_none
    if not isinstance(objective, FullyConnectedObjective) or objective.network.is_smooth:
        return False
    if isinstance(term, m.AbstractMatrix):
        bent = m.Gradient | m.Hessian | m.MarginGradient | m.MarginVelocity
        kinked = isinstance(term, bent) and term.path == "flow"
        inside = [*term.parts, *term.own_expressions]
        return kinked or any(_jumps(part, instance) for part in inside)
    return any(
        (isinstance(atom.quantity, q.Loss | q.MarginQuantity) and atom.quantity.path == "flow")
        or any(_jumps(part, instance) for part in atom.quantity.matrices)
        or any(_jumps(part, instance) for part in atom.quantity.own_expressions)
        for atom in term.atoms(q.Atom)
    )


def _at_rational_points(sides: tuple[Any, ...], over: r.Over, instance: Instance) -> Outcome | None:
    """Refute at exact points; hold there only if the relation is about one exact point.

    `sides` are the two sides, or their difference alone.
    """
    for place in exact_places(over):
        try:
            evaluator = rational_evaluator(instance, place)
            values = [_scalars(side, evaluator) for side in sides]
        except (NotExact, DomainViolation):
            return None
        left, right = values[0], values[1] if len(values) > 1 else [0] * len(values[0])
        scalars = [a - b for a, b in zip(left, right, strict=True)]
        if any(x != 0 for x in scalars):
            worst = max(abs(exact.to_fraction(x)) for x in scalars)
            reason = f"exact rational values differ by {sized(worst)}"
            return violated(Evidence.EXACT, reason, place)
        if over is None:
            return holds(Evidence.EXACT, "exact rational values agree")
    return None


def _by_substitution(relation: r.Equality, instance: Instance) -> Outcome | None:
    assert relation.solution is not None
    verdict, reason = solves_flow(relation.solution, instance)
    if verdict is not HOLDS:
        return None  # a wrong closed form says nothing about the equality
    left = substituted(relation.lhs, relation.solution, instance)
    right = substituted(relation.rhs, relation.solution, instance)
    total = all(map(is_total, [*left, *right]))
    if total and all(cancels_to_zero(a - b) for a, b in zip(left, right, strict=True)):
        return holds(Evidence.EXACT, f"{reason}; the sides agree on it by normal form")
    return None


# -- conservation --------------------------------------------------------------------------------
def conserved_exactly(relation: r.Conserved, instance: Instance) -> Outcome | None:
    """Decide conservation by a derivative (flow) or a difference (descent) that is exactly zero."""
    term: Any = relation.term
    if not defined_everywhere(term):
        return None
    symbols = term.free_symbols() if isinstance(term, m.AbstractMatrix) else term.free_symbols
    if time not in symbols:
        over = relation.over if isinstance(relation.over, Steps) else Steps(0, 2)
        if step not in symbols or over.start == over.end:
            return holds(Evidence.EXACT, "the term does not vary")
        moved = term.next() if isinstance(term, m.AbstractMatrix) else _next(term)
        return equal_exactly(r.Equality(moved, term, Steps(over.start, over.end - 1)), instance)
    if _jumps(term, instance):
        return None
    try:
        if isinstance(term, m.AbstractMatrix):
            rate: Any = matrix_derivative(term, instance)
            if rate is None:
                return holds(Evidence.EXACT, "the term does not vary")
            zero = _by_words(rate, instance) or _generically(rate, instance)
        else:
            rate = derivative(term, instance)
            zero = _by_words(rate, instance) or _generically(rate, instance)
    except NotDifferentiable:
        return None
    if zero is None:
        return None
    return holds(zero.evidence, zero.reason.replace("difference", "derivative along the flow"))


def _next(term: Expr) -> Expr:
    from theorycheck.claims.terms import Term

    return Term(term).next().expression
