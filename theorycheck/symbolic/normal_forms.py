"""Decide that a scalar expression is identically zero, by named normal forms.

`expands_to_zero` is the polynomial normal form in the atoms. `cancels_to_zero` treats
exponentials with commensurable exponents as powers of one letter and radicals as algebraic
letters, and compares numerators. Both may miss a zero; neither ever invents one.
"""

from __future__ import annotations

from functools import reduce
from math import gcd

import sympy
from sympy import Expr

__all__ = ["cancels_to_zero", "expands_to_zero"]


def expands_to_zero(expression: Expr) -> bool:
    """Tell whether the polynomial normal form (`expand`) of the expression is 0."""
    return bool(expression == 0 or sympy.expand(expression) == 0)


def cancels_to_zero(expression: Expr) -> bool:
    """Tell whether the expression is 0 as a rational function of exponentials and radicals.

    Exponentials e^{q u} with rational q become powers of one letter per u, fractional powers
    b^{p/q} become letters r with r^q = b. The numerator is reduced by those relations.
    Valid wherever the expression is defined.
    """
    if expands_to_zero(expression):
        return True
    letters = _Letters()
    numerator, _ = sympy.fraction(sympy.cancel(sympy.together(letters.replace(expression))))
    for radical, base, degree in reversed(letters.radicals):
        top, bottom = sympy.fraction(sympy.together(base))
        numerator = sympy.rem(sympy.expand(numerator), bottom * radical**degree - top, radical)
        numerator, _ = sympy.fraction(sympy.cancel(sympy.together(numerator)))
    return bool(sympy.expand(numerator) == 0)


class _Letters:
    """Replace exponentials and radicals by letters, remembering the relations."""

    def __init__(self) -> None:
        self.radicals: list[tuple[Expr, Expr, int]] = []
        self._radical_of: dict[tuple[Expr, int], Expr] = {}
        self._unit_of: dict[Expr, tuple[Expr, sympy.Rational]] = {}

    def replace(self, expression: Expr) -> Expr:
        self._choose_units(expression)
        return self._walk(expression)

    def _choose_units(self, expression: Expr) -> None:
        exponents: dict[Expr, list[sympy.Rational]] = {}
        for node in expression.atoms(sympy.exp):
            for term in sympy.Add.make_args(sympy.expand(node.args[0])):
                coefficient, rest = term.as_coeff_Mul()
                if coefficient.is_Rational:
                    exponents.setdefault(rest, []).append(coefficient)
        for rest, coefficients in exponents.items():
            denominator = reduce(lambda a, b: a * b // gcd(a, b), [int(c.q) for c in coefficients])
            numerator = reduce(gcd, [abs(int(c * denominator)) for c in coefficients]) or 1
            unit = sympy.Rational(numerator, denominator)
            self._unit_of[rest] = (sympy.Dummy("E", positive=True), unit)

    def _walk(self, expression: Expr) -> Expr:
        if isinstance(expression, sympy.exp):
            return self._exponential(expression)
        if expression.is_Pow and expression.exp.is_Rational and not expression.exp.is_Integer:
            return self._radical(expression)
        if expression.args and (expression.is_Add or expression.is_Mul or expression.is_Pow):
            return expression.func(*[self._walk(a) for a in expression.args])
        return expression

    def _exponential(self, expression: Expr) -> Expr:
        result = sympy.S.One
        for term in sympy.Add.make_args(sympy.expand(expression.args[0])):
            coefficient, rest = term.as_coeff_Mul()
            if rest not in self._unit_of or not coefficient.is_Rational:
                return expression
            letter, unit = self._unit_of[rest]
            result *= letter ** (coefficient / unit)
        return result

    def _radical(self, expression: Expr) -> Expr:
        degree = int(expression.exp.q)
        base = sympy.cancel(sympy.together(self._walk(expression.base)))
        key = (base, degree)
        if key not in self._radical_of:
            letter = sympy.Dummy("r", positive=True)
            self._radical_of[key] = letter
            self.radicals.append((letter, base, degree))
        return self._radical_of[key] ** int(expression.exp.p)
