"""Matrix arithmetic as a protocol, and its rigorous implementation in balls.

Formulas of the theory are written once on this protocol. Implementations: balls here (the only
evidence), rationals and polynomials in `exact`, mpmath and float64 in `trajectories` (never
evidence). All matrices are two-dimensional; a vector is an N x 1 matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar, Protocol, TypeVar

import flint

from theorycheck.balls import convert
from theorycheck.balls.convert import Matrix, Real
from theorycheck.balls.norms import frobenius_squared, frobenius_upper
from theorycheck.balls.singular_values import spectral_norm_upper

__all__ = ["Arithmetic", "BallAlgebra", "BallArithmetic"]

M = TypeVar("M")
S = TypeVar("S")

_mat = flint.arb_mat


class Arithmetic(Protocol[M, S]):
    """What a kind of matrices must offer. Scalars support + - * with each other."""

    name: ClassVar[str]

    def matrix(self, rows: Sequence[Sequence[Fraction]]) -> M: ...
    def identity(self, n: int) -> M: ...
    def zeros(self, r: int, c: int) -> M: ...
    def from_scalars(self, r: int, c: int, entries: Sequence[S]) -> M: ...
    def scalars(self, a: M) -> list[S]: ...
    def add(self, a: M, b: M) -> M: ...
    def subtract(self, a: M, b: M) -> M: ...
    def multiply(self, a: M, b: M) -> M: ...
    def transpose(self, a: M) -> M: ...
    def negate(self, a: M) -> M: ...
    def scale(self, a: M, s: S) -> M: ...
    def shape(self, a: M) -> tuple[int, int]: ...
    def entry(self, a: M, i: int, j: int) -> S: ...
    def scalar(self, q: Fraction) -> S: ...
    def inner(self, a: M, b: M) -> S: ...
    def square_sum(self, a: M) -> S: ...


class BallArithmetic:
    """Compute with matrices of balls at the working precision; every result encloses the truth."""

    name: ClassVar[str] = "ball"

    matrix = staticmethod(convert.matrix)
    from_scalars = staticmethod(convert.matrix_from_reals)
    scalar = staticmethod(convert.real)
    midpoint = staticmethod(convert.midpoint)
    inflate = staticmethod(convert.inflate)
    to_float = staticmethod(convert.to_float_matrix)
    square_sum = staticmethod(frobenius_squared)
    norm_upper = staticmethod(frobenius_upper)
    spectral_upper = staticmethod(spectral_norm_upper)

    @staticmethod
    def identity(n: int) -> Matrix:
        return _mat(n, n, 1)

    @staticmethod
    def zeros(r: int, c: int) -> Matrix:
        return _mat(r, c)

    @staticmethod
    def scalars(a: Matrix) -> list[Real]:
        return a.entries()

    @staticmethod
    def add(a: Matrix, b: Matrix) -> Matrix:
        return a + b

    @staticmethod
    def subtract(a: Matrix, b: Matrix) -> Matrix:
        return a - b

    @staticmethod
    def multiply(a: Matrix, b: Matrix) -> Matrix:
        return a * b

    @staticmethod
    def transpose(a: Matrix) -> Matrix:
        return a.transpose()

    @staticmethod
    def negate(a: Matrix) -> Matrix:
        return -a

    @staticmethod
    def scale(a: Matrix, s: Real) -> Matrix:
        return a * s

    @staticmethod
    def shape(a: Matrix) -> tuple[int, int]:
        return a.nrows(), a.ncols()

    @staticmethod
    def entry(a: Matrix, i: int, j: int) -> Real:
        return a[i, j]

    @staticmethod
    def inner(a: Matrix, b: Matrix) -> Real:
        """Enclose sum_ij a_ij b_ij."""
        count = a.nrows() * a.ncols()
        return (_mat(1, count, a.entries()) * _mat(count, 1, b.entries()))[0, 0]

    @staticmethod
    def radius_upper(a: Matrix) -> Real:
        """Bound the Frobenius norm of the radii: an exact number."""
        return frobenius_upper(convert.radius(a))


BallAlgebra = BallArithmetic()
