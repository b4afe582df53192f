"""Norms in which a trajectory's distance is measured: |(x_1 / d_1, ..., x_N / d_N)|_p, d_i = 2^e_i.

Any norm is sound in Gronwall's inequality, with its own logarithmic norm; a good one keeps the
integral of that small. Every norm here obeys |x|_2 <= |x|, so that a radius measured in it is also
a bound of the Euclidean distance: `of_shape` shrinks the d_i until it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from theorycheck.balls import (
    Matrix,
    Real,
    inflate,
    lambda_max_upper,
    matrix_from_reals,
    maximum,
    real,
    real_from_dyadic,
    upper_real,
)
from theorycheck.balls.series import absolute_upper, column_of, entries_of, joint_norm
from theorycheck.errors import InvalidInstance

__all__ = ["EUCLIDEAN", "KINDS", "Kind", "Norm", "symmetric_part"]

Kind = Literal["euclidean", "sum", "largest"]
KINDS: tuple[Kind, ...] = ("euclidean", "sum", "largest")


def symmetric_part(rows: Sequence[Sequence[Real]]) -> Matrix:
    half = real(Fraction(1, 2))
    size = len(rows)
    entries = [(rows[i][j] + rows[j][i]) * half for i in range(size) for j in range(size)]
    return matrix_from_reals(size, size, entries)


@dataclass(frozen=True)
class Norm:
    """|x| = |(2^-e_1 x_1, ..., 2^-e_N x_N)|_p with p = 2, 1 or infinity; write `Norm.of_shape`.

    Parameters
    ----------
    exponents : tuple of int or None    e_i <= 0; None for all 0
    kind : "euclidean" | "sum" | "largest"
    """

    exponents: tuple[int, ...] | None = None
    kind: Kind = "euclidean"

    @staticmethod
    def of_shape(exponents: Sequence[int], kind: Kind = "euclidean") -> Norm:
        """Return the norm of this shape, scaled so that |x|_2 <= |x|.

        |x|_2 <= max d_i |y|_2 <= max d_i |y|_1 and |x|_2 <= sqrt(N) max d_i |y|_inf, y_i = x_i/d_i
        """
        top = max(exponents)
        if kind == "largest":
            # 2^ceil(log2(N) / 2) >= sqrt(N)
            top += (len(exponents) - 1).bit_length() // 2 + 1
        shifted = tuple(e - top for e in exponents)
        return Norm(None if kind == "euclidean" and not any(shifted) else shifted, kind)

    @cached_property
    def scales(self) -> list[Real]:
        """d_i"""
        return [real_from_dyadic(1, e) for e in self.exponents or ()]

    @cached_property
    def _inverses(self) -> list[Real]:
        return [real_from_dyadic(1, -e) for e in self.exponents or ()]

    def upper(self, column: Matrix) -> Real:
        """Bound the norm of a column from above, exactly."""
        if self.exponents is None:
            return joint_norm([column])
        scaled = [x * s for x, s in zip(entries_of(column), self._inverses, strict=True)]
        if self.kind == "euclidean":
            return joint_norm([column_of(scaled)])
        sizes = [absolute_upper(x) for x in scaled]
        if self.kind == "sum":
            return upper_real(sum(sizes, real(0)))
        return upper_real(maximum(sizes))

    def reach(self, radius: Real) -> Matrix | Real:
        """Bound |x_i| where |x| <= radius: one number for all coordinates, or a column."""
        if self.exponents is None:
            return radius
        return column_of([upper_real(d * radius) for d in self.scales])

    def widened(self, column: Matrix, radius: Real) -> Matrix:
        """Enclose, coordinate by coordinate, all points within `radius` of the column."""
        return inflate(column, self.reach(radius))

    def logarithmic(self, rows: Sequence[Sequence[Real]]) -> Real:
        """Bound the logarithmic norm of every matrix in the enclosure from above, exactly.

        With A = D^-1 J D: lambda_max of (A + A^T)/2; max_j a_jj + sum_i |a_ij|; the same of rows.
        """
        if self.exponents is not None:
            rows = [
                [a * (d * s) for a, d in zip(row, self.scales, strict=True)]
                for row, s in zip(rows, self._inverses, strict=True)
            ]
        if self.kind == "euclidean":
            return upper_real(lambda_max_upper(symmetric_part(rows)))
        lines = rows if self.kind == "largest" else list(zip(*rows, strict=True))
        zero = real(0)
        sums = [
            line[i] + sum((absolute_upper(a) for j, a in enumerate(line) if j != i), zero)
            for i, line in enumerate(lines)
        ]
        return upper_real(maximum([upper_real(total) for total in sums]))

    def operator_upper(self, rows: Sequence[Sequence[Real]]) -> Real:
        """Bound |A| = sup |A x| / |x| of every matrix in the enclosure from above, exactly."""
        size = len(rows)
        if self.exponents is not None:
            rows = [
                [a * (d * s) for a, d in zip(row, self.scales, strict=True)]
                for row, s in zip(rows, self._inverses, strict=True)
            ]
        if self.kind == "euclidean":
            return joint_norm([matrix_from_reals(size, size, [a for row in rows for a in row])])
        lines = rows if self.kind == "largest" else list(zip(*rows, strict=True))
        sums = [upper_real(sum(map(absolute_upper, line), real(0))) for line in lines]
        return upper_real(maximum(sums))

    def entry_bound(self, size: int, bound: Real) -> Matrix:
        """Bound |a_ij| of every A with |A| <= bound: |a_ij| <= (d_i / d_j) bound."""
        if self.exponents is None:
            return matrix_from_reals(size, size, [bound] * (size * size))
        entries = [upper_real(bound * (d * s)) for d in self.scales for s in self._inverses]
        return matrix_from_reals(size, size, entries)

    def exchanged(self, radius: Real, other: Norm) -> Real:
        """Bound |x| in another norm of the same kind where |x| <= radius in this one.

        |D'^-1 x|_p <= max (d_i / d'_i) |D^-1 x|_p
        """
        if self == other:
            return radius
        if self.kind != other.kind:
            raise InvalidInstance(f"no exchange between kinds {self.kind} and {other.kind}")
        size = len(self.exponents or other.exponents or ())
        mine, theirs = self.exponents or (0,) * size, other.exponents or (0,) * size
        ratio = max(a - b for a, b in zip(mine, theirs, strict=True))
        return upper_real(radius * real_from_dyadic(1, ratio))


EUCLIDEAN = Norm()
