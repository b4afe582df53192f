"""Matrices over the rationals: arithmetic, exactly orthogonal matrices, ranks, definiteness."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar

from flint import fmpq, fmpq_mat

from theorycheck.errors import InvalidInstance
from theorycheck.exact.rationals import rational, to_fraction
from theorycheck.verdicts import HOLDS, VIOLATED, Verdict

__all__ = [
    "RationalAlgebra",
    "RationalArithmetic",
    "Rows",
    "cayley",
    "inverse",
    "is_symmetric",
    "psd_verdict",
    "rank",
    "rows_of",
]

Rows = tuple[tuple[Fraction, ...], ...]
RowsLike = Sequence[Sequence[Fraction | int]]


class RationalArithmetic:
    """Compute with exact matrices over Q, in the protocol shared with balls.

    Repeated products explode: digits double with every one. Watch them with `exact.bit_size`.
    """

    name: ClassVar[str] = "rational"

    def matrix(self, rows: RowsLike) -> fmpq_mat:
        columns = len(rows[0]) if rows else 0
        if any(len(row) != columns for row in rows):
            lengths = [len(row) for row in rows]
            raise InvalidInstance(f"rows have lengths {lengths}; all rows are equally long")
        return fmpq_mat(len(rows), columns, [rational(x) for row in rows for x in row])

    def scalar(self, q: Fraction | int) -> fmpq:
        return rational(q)

    def identity(self, n: int) -> fmpq_mat:
        return fmpq_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])

    def zeros(self, r: int, c: int) -> fmpq_mat:
        return fmpq_mat(r, c)

    def from_scalars(self, r: int, c: int, entries: Sequence[fmpq]) -> fmpq_mat:
        return fmpq_mat(r, c, list(entries))

    def scalars(self, a: fmpq_mat) -> list[fmpq]:
        return a.entries()

    def add(self, a: fmpq_mat, b: fmpq_mat) -> fmpq_mat:
        return a + b

    def subtract(self, a: fmpq_mat, b: fmpq_mat) -> fmpq_mat:
        return a - b

    def multiply(self, a: fmpq_mat, b: fmpq_mat) -> fmpq_mat:
        return a * b

    def transpose(self, a: fmpq_mat) -> fmpq_mat:
        return a.transpose()

    def negate(self, a: fmpq_mat) -> fmpq_mat:
        return a * -1

    def scale(self, a: fmpq_mat, s: fmpq | int) -> fmpq_mat:
        return a * s

    def shape(self, a: fmpq_mat) -> tuple[int, int]:
        return a.nrows(), a.ncols()

    def entry(self, a: fmpq_mat, i: int, j: int) -> fmpq:
        return a[i, j]

    def inner(self, a: fmpq_mat, b: fmpq_mat) -> fmpq:
        """Return sum_ij a_ij b_ij."""
        count = a.nrows() * a.ncols()
        return (fmpq_mat(1, count, a.entries()) * fmpq_mat(count, 1, b.entries()))[0, 0]

    def square_sum(self, a: fmpq_mat) -> fmpq:
        return self.inner(a, a)


RationalAlgebra = RationalArithmetic()


def rows_of(a: fmpq_mat) -> Rows:
    """Return the entries as Fractions."""
    return tuple(tuple(to_fraction(x) for x in row) for row in a.tolist())


def cayley(skew: RowsLike) -> Rows:
    """Return the orthogonal matrix (I - A)(I + A)^{-1} of a skew-symmetric rational A, exactly.

    Raises
    ------
    InvalidInstance    A is not skew-symmetric

    Examples
    --------
    >>> cayley([[0, -1], [1, 0]])
    ((Fraction(0, 1), Fraction(1, 1)), (Fraction(-1, 1), Fraction(0, 1)))
    """
    a = RationalAlgebra.matrix(skew)
    if a.nrows() != a.ncols() or a.transpose() != a * -1:
        raise InvalidInstance(f"cayley needs a skew-symmetric matrix, got {skew!r}")
    identity = RationalAlgebra.identity(a.nrows())
    # I + A is invertible: the eigenvalues of A are purely imaginary.
    return rows_of((identity - a) * (identity + a).inv())


def inverse(rows: RowsLike) -> Rows:
    """Return the inverse of a square rational matrix, exactly.

    Raises
    ------
    InvalidInstance    not square, or singular

    Examples
    --------
    >>> inverse([[2, 1], [1, 1]])[0]
    (Fraction(1, 1), Fraction(-1, 1))
    """
    a = RationalAlgebra.matrix(rows)
    if a.nrows() != a.ncols() or a.rank() < a.nrows():
        raise InvalidInstance(f"inverse needs a regular square matrix, got {rows!r:.80}")
    return rows_of(a.inv())


def rank(rows: RowsLike) -> int:
    """Return the rank over Q."""
    return RationalAlgebra.matrix(rows).rank()


def is_symmetric(rows: RowsLike) -> bool:
    """Say whether the matrix is square and equal to its transpose."""
    a = RationalAlgebra.matrix(rows)
    return a.nrows() == a.ncols() and a == a.transpose()


def psd_verdict(rows: RowsLike) -> Verdict:
    """Decide exactly whether a symmetric rational matrix is positive semidefinite.

    Elimination A = L D L^T. A pivot 0 is allowed if the rest of its row is 0; else a 2 x 2 minor
    of the Schur complement is negative. Singular matrices are decided as well.

    Raises
    ------
    InvalidInstance    the matrix is not symmetric

    Examples
    --------
    >>> psd_verdict([[1, 1], [1, 1]]), psd_verdict([[0, 1], [1, 2]])
    (HOLDS, VIOLATED)
    """
    if not is_symmetric(rows):
        raise InvalidInstance(f"definiteness needs a symmetric matrix, got {rows!r}")
    work = RationalAlgebra.matrix(rows).tolist()
    size = len(work)
    for k in range(size):
        top = work[k]
        pivot = top[k]
        if pivot < 0:
            return VIOLATED
        if pivot == 0:
            if any(top[j] != 0 for j in range(k + 1, size)):
                return VIOLATED
            continue
        for i in range(k + 1, size):
            factor = top[i] / pivot
            row = work[i]
            for j in range(i, size):
                row[j] -= factor * top[j]
    return HOLDS
