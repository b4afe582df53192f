"""Matrices over the polynomial ring Q[x_1, ..., x_N]: what vanishes there vanishes everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import Ordering, fmpq_mpoly_ctx

from theorycheck.errors import InvalidInstance
from theorycheck.exact.rationals import rational

__all__ = ["PolynomialArithmetic", "PolynomialMatrix"]


@dataclass(frozen=True)
class PolynomialMatrix:
    """A matrix of polynomials, row-major."""

    rows: int
    columns: int
    entries: tuple[Any, ...]


class PolynomialArithmetic:
    """Matrices over Q[x_1, ..., x_N], in the protocol shared with balls and rationals.

    Parameters
    ----------
    names : names of the indeterminates
    """

    name = "polynomial"

    def __init__(self, names: Sequence[str]) -> None:
        if not names:
            raise InvalidInstance("a polynomial ring needs at least one indeterminate")
        self._context = fmpq_mpoly_ctx.get(tuple(names), Ordering.degrevlex)

    def generators(self) -> list[Any]:
        return list(self._context.gens())

    def matrix_of_generators(self) -> PolynomialMatrix:
        """The generic point as a column."""
        generators = self.generators()
        return PolynomialMatrix(len(generators), 1, tuple(generators))

    def scalar(self, value: Fraction) -> Any:
        return self._context.constant(rational(value))

    def matrix(self, rows: Sequence[Sequence[Fraction]]) -> PolynomialMatrix:
        entries = tuple(self.scalar(x) for row in rows for x in row)
        return PolynomialMatrix(len(rows), len(rows[0]), entries)

    def identity(self, size: int) -> PolynomialMatrix:
        return self.matrix([[Fraction(int(i == j)) for j in range(size)] for i in range(size)])

    def zeros(self, rows: int, columns: int) -> PolynomialMatrix:
        return PolynomialMatrix(rows, columns, (self.scalar(Fraction(0)),) * (rows * columns))

    def from_scalars(self, rows: int, columns: int, scalars: list[Any]) -> PolynomialMatrix:
        return PolynomialMatrix(rows, columns, tuple(scalars))

    def scalars(self, a: PolynomialMatrix) -> list[Any]:
        return list(a.entries)

    def add(self, a: PolynomialMatrix, b: PolynomialMatrix) -> PolynomialMatrix:
        pairs = zip(a.entries, b.entries, strict=True)
        return PolynomialMatrix(a.rows, a.columns, tuple(x + y for x, y in pairs))

    def subtract(self, a: PolynomialMatrix, b: PolynomialMatrix) -> PolynomialMatrix:
        pairs = zip(a.entries, b.entries, strict=True)
        return PolynomialMatrix(a.rows, a.columns, tuple(x - y for x, y in pairs))

    def multiply(self, a: PolynomialMatrix, b: PolynomialMatrix) -> PolynomialMatrix:
        zero = self.scalar(Fraction(0))
        entries = []
        for i in range(a.rows):
            row = a.entries[i * a.columns : (i + 1) * a.columns]
            for j in range(b.columns):
                column = b.entries[j :: b.columns]
                entries.append(sum((x * y for x, y in zip(row, column, strict=True)), zero))
        return PolynomialMatrix(a.rows, b.columns, tuple(entries))

    def transpose(self, a: PolynomialMatrix) -> PolynomialMatrix:
        entries = tuple(x for j in range(a.columns) for x in a.entries[j :: a.columns])
        return PolynomialMatrix(a.columns, a.rows, entries)

    def negate(self, a: PolynomialMatrix) -> PolynomialMatrix:
        return PolynomialMatrix(a.rows, a.columns, tuple(-x for x in a.entries))

    def scale(self, a: PolynomialMatrix, s: Any) -> PolynomialMatrix:
        return PolynomialMatrix(a.rows, a.columns, tuple(x * s for x in a.entries))

    def shape(self, a: PolynomialMatrix) -> tuple[int, int]:
        return (a.rows, a.columns)

    def entry(self, a: PolynomialMatrix, i: int, j: int) -> Any:
        return a.entries[i * a.columns + j]

    def inner(self, a: PolynomialMatrix, b: PolynomialMatrix) -> Any:
        pairs = zip(a.entries, b.entries, strict=True)
        return sum((x * y for x, y in pairs), self.scalar(Fraction(0)))

    def square_sum(self, a: PolynomialMatrix) -> Any:
        return self.inner(a, a)
