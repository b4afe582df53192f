"""Where an integrand is defined: on balls, and at the ends where a radicand vanishes.

No ball has zero as its exact lower end once it is rounded, so sqrt(x) next to 0 and sqrt(1 - x^2)
next to 1 are seen by their radicand instead: it is exactly zero at the end and grows inwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy
from sympy import Expr

from theorycheck import balls
from theorycheck.errors import DomainViolation
from theorycheck.symbolic.lowering import BallScalars, Integrand, NotExact, RationalScalars, lower
from theorycheck.verdicts import HOLDS

__all__ = ["Domain"]


class _Assuming(BallScalars):
    """Balls that read every radicand as nonnegative, which is shown elsewhere."""

    def power(self, base: Any, exponent: Fraction, *, nonnegative: bool) -> Any:
        return balls.power(base, exponent, assume_nonnegative=True)


class Domain:
    """Decide where an integrand has a real value.

    Parameters
    ----------
    integrand : Integrand
    values : mapping of Expr to Real    the leaves besides the variable
    """

    def __init__(self, integrand: Integrand, values: Mapping[Expr, Any]) -> None:
        self._integrand = integrand
        self._values = dict(values)
        self._program = lower(integrand.expression)
        powers = [p for p in integrand.expression.atoms(sympy.Pow) if not p.exp.is_Integer]
        self._radicands = [p.base for p in powers if p.exp.is_Rational and p.exp > 0]
        self._roots_only = len(self._radicands) == len(powers)

    def contains(self, begin: Fraction, end: Fraction) -> bool:
        """Show that the integrand is defined at every point from `begin` to `end`."""
        piece = balls.interval(begin, end)
        if self._is_finite(piece, BallScalars()):
            return True
        return (
            self._roots_only
            and all(self._is_nonnegative(g, begin, end) for g in self._radicands)
            and self._is_finite(piece, _Assuming())
        )

    def _run(self, expression: Expr, at: Any) -> Any:
        program = lower(expression)
        return program.run({**self._values, self._integrand.variable: at}, BallScalars())

    def _is_finite(self, piece: Any, scalars: BallScalars) -> bool:
        try:
            values = {**self._values, self._integrand.variable: piece}
            return balls.is_finite(self._program.run(values, scalars))
        except DomainViolation:
            return False

    def _is_nonnegative(self, radicand: Expr, begin: Fraction, end: Fraction) -> bool:
        piece = balls.interval(begin, end)
        try:
            if balls.nonnegative(self._run(radicand, piece)) is HOLDS:
                return True
            if radicand.has(sympy.Abs, sympy.Max, sympy.Min):
                return False  # it may bend, and its derivative has no enclosure
            slope = self._run(sympy.diff(radicand, self._integrand.variable), piece)
        except DomainViolation:
            return False
        inward = [(begin, slope), (end, -slope)]
        return any(
            self._vanishes(radicand, edge) and balls.nonnegative(toward) is HOLDS
            for edge, toward in inward
        )

    def _vanishes(self, radicand: Expr, edge: Fraction) -> bool:
        point = {self._integrand.variable: sympy.Rational(edge.numerator, edge.denominator)}
        try:
            return bool(lower(radicand.xreplace(point)).run({}, RationalScalars()) == 0)
        except (NotExact, KeyError, DomainViolation):
            return False
