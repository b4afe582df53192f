"""Matrices of SymPy expressions, in the protocol shared with balls and rationals."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy

__all__ = ["SymbolicArithmetic", "SymbolicScalars"]


class _SymbolicArithmetic:
    """Matrices as immutable SymPy matrices; nothing is simplified."""

    name = "symbolic"

    def matrix(self, rows: Sequence[Sequence[Fraction]]) -> Any:
        return sympy.ImmutableMatrix([[self.scalar(x) for x in row] for row in rows])

    def scalar(self, value: Fraction | int) -> Any:
        value = Fraction(value)
        return sympy.Rational(value.numerator, value.denominator)

    def identity(self, size: int) -> Any:
        return sympy.ImmutableMatrix(sympy.eye(size))

    def zeros(self, rows: int, columns: int) -> Any:
        return sympy.ImmutableMatrix(sympy.zeros(rows, columns))

    def from_scalars(self, rows: int, columns: int, scalars: list[Any]) -> Any:
        return sympy.ImmutableMatrix(rows, columns, list(scalars))

    def scalars(self, a: Any) -> list[Any]:
        return list(a)

    def add(self, a: Any, b: Any) -> Any:
        return a + b

    def subtract(self, a: Any, b: Any) -> Any:
        return a - b

    def multiply(self, a: Any, b: Any) -> Any:
        return a * b

    def transpose(self, a: Any) -> Any:
        return a.T

    def negate(self, a: Any) -> Any:
        return -a

    def scale(self, a: Any, s: Any) -> Any:
        return a * s

    def shape(self, a: Any) -> tuple[int, int]:
        return (int(a.rows), int(a.cols))

    def entry(self, a: Any, i: int, j: int) -> Any:
        return a[i, j]

    def inner(self, a: Any, b: Any) -> Any:
        return sympy.Add(*[x * y for x, y in zip(a, b, strict=True)])

    def square_sum(self, a: Any) -> Any:
        return sympy.Add(*[x**2 for x in a])


SymbolicArithmetic = _SymbolicArithmetic()


class SymbolicScalars:
    """Numbers as SymPy expressions."""

    def number(self, value: Fraction) -> Any:
        return sympy.Rational(value.numerator, value.denominator)

    def constant(self, name: str) -> Any:
        return sympy.E if name == "E" else sympy.pi

    def power(self, base: Any, exponent: Fraction, *, nonnegative: bool) -> Any:
        return base ** sympy.Rational(exponent.numerator, exponent.denominator)

    def function(self, name: str, arguments: list[Any]) -> Any:
        return getattr(sympy, name)(*arguments)

    def integral(self, integrand: Any, values: Any, a: Any, b: Any) -> Any:
        inside = integrand.expression.xreplace(dict(values))
        return sympy.Integral(inside, (integrand.variable, a, b))
