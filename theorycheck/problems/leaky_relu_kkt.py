"""The KKT point of a two-layer leaky ReLU net on nearly orthogonal data, exactly.

    f(W; x) = sum_j a_j s(<w_j, x>),   a_j = 1/sqrt(m) for m_1 units, -1/sqrt(m) for m_2 units,
    s(z) = max(z, leak z);   minimise |W|_F^2 / 2  subject to  y_i f(W; x_i) >= 1

In the pattern sign <w_j, x_i> = y_i sign a_j the net is linear in W and the problem a quadratic
program with kernel K; where K lambda = 1 has lambda > 0, its solution is

    w_j = v = (1/sqrt(m)) (sum_{y_i = 1} lambda_i x_i - leak sum_{y_i = -1} lambda_i x_i)   a_j > 0
    w_j = u = (1/sqrt(m)) (sum_{y_i = -1} lambda_i x_i - leak sum_{y_i = 1} lambda_i x_i)   a_j < 0
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import RationalAlgebra, Rows, rows_of

__all__ = ["LeakyPattern"]

Vector = tuple[Fraction, ...]


@dataclass(frozen=True)
class LeakyPattern:
    """The quadratic program of the pattern, with its exact solution.

    Parameters
    ----------
    inputs : rows (d, n)      one column per sample
    labels : n of 1, -1
    positive, negative : int  m_1 and m_2
    leak : Fraction           in (0, 1)
    """

    inputs: Rows
    labels: tuple[int, ...]
    positive: int
    negative: int
    leak: Fraction

    @classmethod
    def of(cls, case: Any) -> LeakyPattern:
        """Read the fields inputs, labels, positive, negative, leak of an instance.

        Raises
        ------
        InvalidInstance    labels besides 1 and -1, other numbers of them, or no unit
        """
        counts = case.positive, case.negative
        if any(y not in (1, -1) for y in case.labels):
            raise InvalidInstance(f"labels={list(case.labels)} must be 1 and -1")
        if any(c < 0 or c != int(c) for c in counts) or not sum(counts):
            raise InvalidInstance(
                f"positive={counts[0]}, negative={counts[1]} must count units, one at least"
            )
        labels = tuple(int(y) for y in case.labels)
        if any(len(row) != len(labels) for row in case.inputs):
            raise InvalidInstance(
                f"inputs need one column for each of the {len(labels)} labels in every row"
            )
        return cls(case.inputs, labels, int(counts[0]), int(counts[1]), case.leak)

    @property
    def samples(self) -> list[Vector]:
        return list(zip(*self.inputs, strict=True))

    @cached_property
    def gram(self) -> list[list[Fraction]]:
        return [[_inner(x, z) for z in self.samples] for x in self.samples]

    @property
    def smallest(self) -> Fraction:
        """R_min^2."""
        return min(self.gram[i][i] for i in range(len(self.labels)))

    @property
    def largest(self) -> Fraction:
        """R_max^2."""
        return max(self.gram[i][i] for i in range(len(self.labels)))

    @property
    def correlation(self) -> Fraction:
        """C, the greatest |<x_i, x_k>| of two samples."""
        count = range(len(self.labels))
        return max((abs(self.gram[i][k]) for i in count for k in count if i != k),
                   default=Fraction(0))  # fmt: skip

    @cached_property
    def kernel(self) -> list[list[Fraction]]:
        """K_ik = y_i y_k <x_i, x_k> (m_1 s_i s_k + m_2 t_i t_k) / m, slopes s, t of the pattern."""
        up = [Fraction(1) if y > 0 else self.leak for y in self.labels]
        down = [Fraction(1) if y < 0 else self.leak for y in self.labels]
        units = self.positive + self.negative
        count = range(len(self.labels))
        return [
            [
                self.labels[i] * self.labels[k] * self.gram[i][k]
                * (self.positive * up[i] * up[k] + self.negative * down[i] * down[k]) / units
                for k in count
            ]
            for i in count
        ]  # fmt: skip

    @cached_property
    def multipliers(self) -> Vector | None:
        """The solution of K lambda = 1, or None where K is singular."""
        kernel = RationalAlgebra.matrix(self.kernel)
        if kernel.det() == 0:
            return None
        ones = RationalAlgebra.matrix([[Fraction(1)]] * len(self.labels))
        return tuple(row[0] for row in rows_of(kernel.solve(ones)))

    def units(self, multipliers: Sequence[Fraction]) -> tuple[Vector, Vector]:
        """sqrt(m) v and sqrt(m) u, which are rational."""
        first = [Fraction(1) if y > 0 else -self.leak for y in self.labels]
        second = [Fraction(1) if y < 0 else -self.leak for y in self.labels]
        return tuple(
            tuple(
                sum((s * c * x for s, c, x in zip(side, multipliers, row, strict=True)),
                    Fraction(0))
                for row in self.inputs
            )
            for side in (first, second)
        )  # type: ignore[return-value]  # fmt: skip

    def squared_norm(self, multipliers: Sequence[Fraction]) -> Fraction:
        """|W|_F^2 = (m_1 |sqrt(m) v|^2 + m_2 |sqrt(m) u|^2) / m."""
        v, u = self.units(multipliers)
        units = self.positive + self.negative
        return (self.positive * _inner(v, v) + self.negative * _inner(u, u)) / units


def _inner(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))
