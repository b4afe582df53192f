"""Matrices over the rationals."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import fmpq, fmpq_mat

from theorycheck.errors import InvalidInstance
from theorycheck.exact.rationals import rational, to_fraction

__all__ = ["RationalAlgebra", "RationalArithmetic", "Rows", "cayley", "rank", "rows_of"]

Rows = tuple[tuple[Fraction, ...], ...]


class RationalArithmetic:
    """Exact matrices over Q, in the protocol shared with balls."""

    name = "rational"

    def matrix(self, rows: Sequence[Sequence[Fraction]]) -> fmpq_mat:
        table = [[rational(x) for x in row] for row in rows]
        return fmpq_mat(len(table), len(table[0]), [x for row in table for x in row])

    def scalar(self, value: Fraction) -> fmpq:
        return rational(value)

    def identity(self, size: int) -> fmpq_mat:
        return fmpq_mat(size, size, [fmpq(int(i == j)) for i in range(size) for j in range(size)])

    def zeros(self, rows: int, columns: int) -> fmpq_mat:
        return fmpq_mat(rows, columns)

    def from_scalars(self, rows: int, columns: int, scalars: list[Any]) -> fmpq_mat:
        return fmpq_mat(rows, columns, list(scalars))

    def scalars(self, a: fmpq_mat) -> list[Any]:
        return list(a.entries())

    def add(self, a: fmpq_mat, b: fmpq_mat) -> fmpq_mat:
        return a + b

    def subtract(self, a: fmpq_mat, b: fmpq_mat) -> fmpq_mat:
        return a - b

    def multiply(self, a: fmpq_mat, b: fmpq_mat) -> fmpq_mat:
        return a * b

    def transpose(self, a: fmpq_mat) -> fmpq_mat:
        return a.transpose()

    def negate(self, a: fmpq_mat) -> fmpq_mat:
        return -a

    def scale(self, a: fmpq_mat, s: Any) -> fmpq_mat:
        return a * s

    def shape(self, a: fmpq_mat) -> tuple[int, int]:
        return (int(a.nrows()), int(a.ncols()))

    def entry(self, a: fmpq_mat, i: int, j: int) -> Any:
        return a[i, j]

    def inner(self, a: fmpq_mat, b: fmpq_mat) -> Any:
        total = fmpq(0)
        for x, y in zip(a.entries(), b.entries(), strict=True):
            total += x * y
        return total

    def square_sum(self, a: fmpq_mat) -> Any:
        return self.inner(a, a)


RationalAlgebra = RationalArithmetic()


def rows_of(a: fmpq_mat) -> Rows:
    """The entries as Fractions."""
    rows, columns = a.nrows(), a.ncols()
    return tuple(tuple(to_fraction(a[i, j]) for j in range(columns)) for i in range(rows))


def cayley(skew: Sequence[Sequence[Fraction]]) -> Rows:
    """The orthogonal matrix (I - A)(I + A)^{-1} of a skew-symmetric rational A, exactly.

    Raises
    ------
    InvalidInstance    A is not skew-symmetric

    Examples
    --------
    >>> cayley([[0, -1], [1, 0]])
    ((Fraction(0, 1), Fraction(1, 1)), (Fraction(-1, 1), Fraction(0, 1)))
    """
    a = RationalAlgebra.matrix([[Fraction(x) for x in row] for row in skew])
    if a.transpose() != -a:
        raise InvalidInstance(f"cayley() needs a skew-symmetric matrix, got {skew!r}")
    identity = RationalAlgebra.identity(a.nrows())
    return rows_of((identity - a) * (identity + a).inv())


def rank(rows: Sequence[Sequence[Fraction]]) -> int:
    """The rank over Q."""
    return int(RationalAlgebra.matrix(rows).rank())
