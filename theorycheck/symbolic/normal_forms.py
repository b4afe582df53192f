"""Decide that a scalar expression is identically zero, by named normal forms.

`expands_to_zero` is the polynomial normal form in the atoms. `cancels_to_zero` treats
exponentials with commensurable exponents as powers of one letter and radicals as algebraic
letters, and compares numerators. Both may miss a zero; neither ever invents one.
"""

from __future__ import annotations

from functools import reduce
from math import comb, gcd, prod

import sympy
from sympy import Expr

__all__ = ["cancels_to_zero", "expanded", "expands_to_zero", "numerator_in_letters"]

MAX_TERMS = 3000
"""Expansions with more terms than this are not tried: a zero may be missed, seconds are not."""


def expands_to_zero(expression: Expr) -> bool:
    """Tell whether the polynomial normal form (`expand`) of the expression is 0."""
    return bool(expression == 0 or expanded(expression) == 0)


def expanded(expression: Expr) -> Expr:
    """Expand, or return the expression as it is where that would give too many terms."""
    size = max((_terms(node) for node in sympy.preorder_traversal(expression)), default=1)
    return sympy.expand(expression) if size <= MAX_TERMS else expression


def _common_size(expression: Expr) -> int:
    """Bound the number of terms over a common denominator, radicals as letters."""
    powers = expression.atoms(sympy.Pow)
    below = prod(_terms(1 / p) for p in powers if p.exp.is_negative)
    radicals = sum(p.exp.is_Rational and not p.exp.is_Integer for p in powers)
    return int(below * 2**radicals * max(map(_terms, sympy.preorder_traversal(expression))))


def _terms(expression: Expr) -> int:
    """Bound the number of terms after expansion."""
    if expression.is_Add:
        return sum(map(_terms, expression.args))
    if expression.is_Mul:
        return prod(map(_terms, expression.args))
    if expression.is_Pow and expression.exp.is_Integer:
        size, power = _terms(expression.base), min(abs(int(expression.exp)), MAX_TERMS)
        return comb(size + power - 1, power)
    return 1


def cancels_to_zero(expression: Expr) -> bool:
    """Tell whether the expression is 0 as a rational function of exponentials and radicals.

    Exponentials e^{q u} with rational q become powers of one letter per u, fractional powers
    b^{p/q} become letters r with r^q = b. The numerator is reduced by those relations.
    Valid wherever the expression is defined.
    """
    if expands_to_zero(expression):
        return True
    if _common_size(expression) > MAX_TERMS:
        return False
    return bool(numerator_in_letters(expression) == 0)


def numerator_in_letters(expression: Expr) -> Expr:
    """Return the numerator over a common denominator, in letters for what is not rational.

    Letters stand for exponentials and radicals as in `cancels_to_zero`; other functions and
    integrals are letters without relations. Where it is 0, the expression is 0 wherever defined;
    an expression that is nowhere defined gives nan.
    """
    if expression.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo):
        return sympy.nan
    opaque = {
        f: sympy.Dummy("f", real=True)
        for f in expression.atoms(sympy.Function, sympy.Integral)
        if not isinstance(f, sympy.exp)
    }
    letters = _Letters()
    plain = letters.replace(expression.xreplace(opaque))
    numerator, _ = sympy.fraction(sympy.cancel(sympy.together(plain)))
    for radical, base, degree in reversed(letters.radicals):
        top, bottom = sympy.fraction(sympy.together(base))
        numerator = sympy.rem(sympy.expand(numerator), bottom * radical**degree - top, radical)
        numerator, _ = sympy.fraction(sympy.cancel(sympy.together(numerator)))
    return sympy.expand(numerator)


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
