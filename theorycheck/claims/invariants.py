"""Equalities along the flow, decided on a set that the flow never leaves.

Balanced layers stay balanced, equal layers stay equal: such facts are equations g_i = 0 that hold
at the start and whose rates of change are combinations sum_j a_ij g_j with polynomial a_ij. The
linear equation g' = a g has one solution, 0. Modulo these equations a difference or a rate of
change is then shown to be 0. It is first asked whether everything is defined along the path, by
enclosing it there; so first integrals may have logarithms, and the flow exists on the range.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from sympy import Expr
from sympy.polys.polyerrors import BasePolynomialError

from theorycheck.claims import matrices as m, relations as r
from theorycheck.claims.axes import Times, time
from theorycheck.claims.derivatives import NotDifferentiable, derivative
from theorycheck.claims.enclosing import is_defined
from theorycheck.claims.outcome import Evidence, Outcome, holds
from theorycheck.claims.rung import Rung
from theorycheck.claims.substitution import at_running_point
from theorycheck.problems import Instance
from theorycheck.symbolic.lowering import NotExact
from theorycheck.symbolic.normal_forms import expands_to_zero, numerator_in_letters
from theorycheck.symbolic.signs import is_total

__all__ = ["on_invariant_set"]


class _Zeros:
    """Polynomials that vanish, to reduce others by: x_i = p(others), then a Groebner basis."""

    def __init__(self, polynomials: Sequence[Expr], coordinates: Sequence[Expr]) -> None:
        self.substitution: dict[Expr, Expr] = {}
        self.coordinates = tuple(coordinates)
        rest = []
        for polynomial in polynomials:
            reduced = sympy.expand(polynomial.xreplace(self.substitution))
            solved = self._solved(reduced)
            if solved is None:
                rest.append(reduced)
            else:
                variable, value = solved
                again = {variable: value}
                old = self.substitution.items()
                self.substitution = {k: sympy.expand(v.xreplace(again)) for k, v in old} | again
                rest = [sympy.expand(p.xreplace(again)) for p in rest]
        rest = [p for p in rest if p != 0]
        self.basis = list(sympy.groebner(rest, *coordinates, order="grevlex").exprs) if rest else []

    def _solved(self, polynomial: Expr) -> tuple[Expr, Expr] | None:
        """Solve for a coordinate that occurs once, linearly, with a constant coefficient."""
        for variable in reversed(self.coordinates):
            slope = sympy.diff(polynomial, variable)
            if slope.is_Rational and slope != 0:
                return variable, sympy.expand(variable - polynomial / slope)
        return None

    def reduce_to_zero(self, expression: Expr) -> bool:
        """Tell whether an expression vanishes where the polynomials do, and it is defined."""
        there = expression.xreplace(self.substitution)
        if expands_to_zero(there):
            return True
        numerator = numerator_in_letters(there)
        if numerator == 0 or not self.basis or numerator is sympy.nan:
            return bool(numerator == 0)
        others = sorted(numerator.free_symbols - set(self.coordinates), key=str)
        letters = (*self.coordinates, *others)
        try:
            _, remainder = sympy.reduced(numerator, self.basis, *letters, order="grevlex")
        except BasePolynomialError:
            return False
        return bool(sympy.expand(remainder) == 0)


def on_invariant_set(
    relation: r.Equality | r.Conserved, given: Sequence[Expr], rung: Rung
) -> Outcome | None:
    """Prove an equality or a conservation along the flow, or return None.

    Raises
    ------
    EnclosureFailed, BudgetExceeded    the flow is not enclosed on the whole range
    """
    instance = rung.instance
    if not isinstance(relation.over, Times) or relation.over.start != 0:
        return None
    sides = [relation.term] if isinstance(relation, r.Conserved) else [relation.lhs, relation.rhs]
    coordinates = sympy.symbols(f"x0:{instance.objective.dimension}", real=True)
    try:
        zeros = _invariant(given, coordinates, instance)
        if zeros is None or not _vanishes(relation, zeros, coordinates, instance):
            return None
        expressions = [e for side in sides for e in _expressions(side)]
        if isinstance(relation, r.Conserved):
            expressions += [derivative(e, instance) for e in expressions]
    except (NotExact, NotDifferentiable):
        return None
    _ = rung.flow
    if not all(is_total(e) or is_defined(e, relation.over, rung) for e in expressions):
        return None
    what = "rate of change" if isinstance(relation, r.Conserved) else "difference"
    where = f" modulo {len(given)} equations that the flow keeps" if given else ""
    return holds(Evidence.EXACT, f"the {what} is 0{where}, and defined on the whole range")


def _expressions(side: Any) -> list[Expr]:
    return list(side.all_expressions()) if isinstance(side, m.AbstractMatrix) else [side]


def _rate(expression: Expr, coordinates: Sequence[Expr], field: Sequence[Expr]) -> Expr:
    total = sympy.diff(expression, time)
    for x, velocity in zip(coordinates, field, strict=True):
        total += sympy.diff(expression, x) * velocity
    return total


def _field(coordinates: tuple[Expr, ...], instance: Instance) -> list[Expr]:
    gradient = m.Gradient("flow", time, instance.objective.dimension)
    return [-g for g in at_running_point(gradient, coordinates, instance)]


def _invariant(
    given: Sequence[Expr], coordinates: tuple[Expr, ...], instance: Instance
) -> _Zeros | None:
    """The equations, if they hold at the start and are kept by the flow."""
    polynomials = [p for g in given for p in at_running_point(g, coordinates, instance)]
    field = _field(coordinates, instance)
    start = dict(zip(coordinates, map(sympy.sympify, instance.start), strict=True))
    if not all(p.is_polynomial(*coordinates) and not p.has(time) for p in polynomials):
        return None
    if not all(v.is_polynomial(*coordinates) for v in field):
        return None
    if any(p.xreplace(start) != 0 for p in polynomials):
        return None
    zeros = _Zeros(polynomials, coordinates)
    kept = all(zeros.reduce_to_zero(_rate(p, coordinates, field)) for p in polynomials)
    return zeros if kept else None


def _vanishes(
    relation: r.Equality | r.Conserved,
    zeros: _Zeros,
    coordinates: tuple[Expr, ...],
    instance: Instance,
) -> bool:
    if isinstance(relation, r.Equality):
        left = at_running_point(relation.lhs, coordinates, instance)
        right = at_running_point(relation.rhs, coordinates, instance)
        return all(zeros.reduce_to_zero(a - b) for a, b in zip(left, right, strict=True))
    field = _field(coordinates, instance)
    terms = at_running_point(relation.term, coordinates, instance)
    return all(zeros.reduce_to_zero(_rate(t, coordinates, field)) for t in terms)
