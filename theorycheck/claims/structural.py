"""Stages 1 and 2 of the decision: zero normal form, and signs that terms carry."""

from __future__ import annotations

from dataclasses import replace

import sympy
from sympy import Expr

from theorycheck.claims import relations as r
from theorycheck.claims.axes import Steps, Times, step
from theorycheck.claims.derivatives import NotDifferentiable, derivative
from theorycheck.claims.outcome import Evidence, Outcome, holds, violated
from theorycheck.claims.places import Place
from theorycheck.claims.terms import Term
from theorycheck.problems import Instance
from theorycheck.symbolic.normal_forms import cancels_to_zero, expanded, expands_to_zero
from theorycheck.symbolic.signs import Sign, is_total, sign_of

__all__ = ["as_comparison", "by_structure", "comparable", "first_place", "later"]


def first_place(over: r.Over) -> Place:
    """The first place of a range, as a witness of what fails everywhere."""
    if over is None:
        return Place()
    return Place.at_time(over.start) if isinstance(over, Times) else Place.at_step(over.start)


def by_structure(relation: r.Comparison) -> Outcome | None:
    """Decide a comparison without evaluating anything, or return None.

    Only where both sides are defined for all values of their atoms.
    """
    if not (is_total(relation.lhs) and is_total(relation.rhs)):
        return None
    difference = relation.rhs - relation.lhs
    zero = expands_to_zero(difference)
    if not zero and difference.has(sympy.exp, sympy.Pow) and _is_small(difference):
        zero = cancels_to_zero(difference)
    sign = Sign.ZERO if zero else sign_of(difference)
    if sign is Sign.UNKNOWN:
        sign = sign_of(expanded(difference))
    return _verdict_of_sign(relation, sign)


def _is_small(expression: Expr) -> bool:
    return bool(expression.count_ops() < 200)


def _verdict_of_sign(relation: r.Comparison, sign: Sign) -> Outcome | None:
    reason = (
        "both sides are identical" if sign is Sign.ZERO else f"rhs - lhs is {sign.name.lower()}"
    )
    reason += " by structure"
    good = sign is Sign.POSITIVE if relation.strict else sign.at_least_zero
    bad = sign.at_most_zero if relation.strict else sign is Sign.NEGATIVE
    if good:
        return holds(Evidence.EXACT, reason)
    if bad:
        return violated(Evidence.EXACT, reason, first_place(relation.over))
    return None


def comparable(relation: r.Comparison) -> r.Comparison:
    """Rewrite so that norms are compared squared and positive denominators are multiplied out.

    Equivalent to the relation wherever it is defined: denominators are dropped only if their
    structure is positive, squares are taken only if both sides are nonnegative by structure.
    """
    left, right = relation.lhs, relation.rhs
    for denominator in (_positive_denominator(left), _positive_denominator(right)):
        if denominator != 1:
            left, right = left * denominator, right * denominator
    roots = _has_root_factor(left) or _has_root_factor(right)
    products = not left.is_Add and not right.is_Add
    total = is_total(left) and is_total(right)  # sqrt(x)^2 would be defined where sqrt(x) is not
    if roots and products and total and _both_nonnegative(left, right):
        left, right = left**2, right**2
    return replace(relation, lhs=left, rhs=right)


def _both_nonnegative(left: Expr, right: Expr) -> bool:
    return sign_of(left).at_least_zero and sign_of(right).at_least_zero


def _positive_denominator(expression: Expr) -> Expr:
    if expression.is_Add:
        return sympy.S.One
    factors = [
        f for f in sympy.Mul.make_args(expression)
        if f.is_Pow and f.exp.is_Rational and f.exp < 0
        and sign_of(f.base) is Sign.POSITIVE and is_total(f.base)
    ]  # fmt: skip
    return sympy.Mul(*[1 / f for f in factors])


def _has_root_factor(expression: Expr) -> bool:
    return any(
        f.is_Pow and f.exp.is_Rational and int(f.exp.q) == 2 and f.exp > 0
        for f in sympy.Mul.make_args(expression)
    )


def later(term: Expr) -> Expr:
    """Return the term one step later; a constant stays what it is."""
    return Term(term).next().expression if step in term.free_symbols else term


def as_comparison(relation: r.Monotone, instance: Instance) -> r.Comparison | None:
    """State monotonicity as an inequality of the derivative, or of one step; None if unknown."""
    if isinstance(relation.over, Times):
        try:
            before, after = sympy.S.Zero, derivative(relation.term, instance)
        except NotDifferentiable:
            return None
    else:
        last = relation.over.end - 1  # the step from k to k + 1 has to lie in the range
        if last < relation.over.start:
            return r.Comparison(sympy.S.Zero, sympy.S.Zero, strict=False)
        before, after = relation.term, later(relation.term)
        relation = replace(relation, over=Steps(relation.over.start, last))
    if not relation.increasing:
        before, after = after, before
    return r.Comparison(before, after, strict=False, over=relation.over)
