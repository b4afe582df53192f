"""Modes: on which side of every surface the net is, and the linear system that then runs.

With q_ir = x_i if neuron r is active on sample i, else 0, the errors D = u - y and the weights obey

    D = J W - y,    J^T D = (a_r m^{-1/2} sum_i D_i q_ir)_r,    J J^T = H,
    H_ij = m^{-1} sum_r a_r^2 q_ir . q_jr                      (exact, constant, H >= 0).

A neuron that slides on a line (only in flow) does not see the samples of that line, and moves
along the hyperplane: q_ir = P x_i for the others, P the projector off the line. In that mode
x_i . w_r = P x_i . w_r, so that the system is the same with these q.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from theorycheck.balls import Matrix, Real, matrix, matrix_from_reals, real, sqrt
from theorycheck.exact import Rows
from theorycheck.trajectories.two_layer.net import TwoLayer, Vector, dot

__all__ = ["HELD", "Mode", "Surface"]

Surface = tuple[int, int]
"""Neuron and line, counted from 0."""
HELD = 0


@dataclass(frozen=True)
class Mode:
    """The sides of all surfaces: sides[r][k] is the sign of w_r . direction_k, or HELD."""

    net: TwoLayer
    sides: tuple[tuple[int, ...], ...]

    def with_side(self, surface: Surface, side: int) -> Mode:
        r, k = surface
        row = (*self.sides[r][:k], side, *self.sides[r][k + 1 :])
        return Mode(self.net, (*self.sides[:r], row, *self.sides[r + 1 :]))

    def side(self, surface: Surface) -> int:
        return self.sides[surface[0]][surface[1]]

    def held(self, neuron: int) -> int | None:
        """The line a neuron slides on, if any."""
        row = self.sides[neuron]
        return row.index(HELD) if HELD in row else None

    def seen(self, neuron: int, sample: int) -> bool:
        """Whether the neuron is active on the sample (never on a line it slides on)."""
        return any(
            self.sides[neuron][k] * line.factors[sample] > 0
            for k, line in enumerate(self.net.lines)
            if sample in line.factors
        )

    @cached_property
    def rows(self) -> tuple[tuple[Vector, ...], ...]:
        """q_ir, neuron by neuron."""
        return tuple(self.rows_of(r) for r in range(self.net.width))

    def rows_of(self, r: int) -> tuple[Vector, ...]:
        """q_ir of one neuron, sample by sample."""
        zero = (Fraction(0),) * len(self.net.inputs[0])
        k = self.held(r)
        rows = []
        for i, x in enumerate(self.net.inputs):
            if not self.seen(r, i):
                rows.append(zero)
            elif k is None:
                rows.append(x)
            else:
                normal = self.net.lines[k].direction
                share = dot(x, normal) / dot(normal, normal)
                rows.append(tuple(p - share * q for p, q in zip(x, normal, strict=True)))
        return tuple(rows)

    @cached_property
    def gram(self) -> Rows:
        """H, exact."""
        n, m = self.net.samples, self.net.width
        table = [[Fraction(0)] * n for _ in range(n)]
        for a, rows in zip(self.net.outer, self.rows, strict=True):
            for i in range(n):
                for j in range(i, n):
                    table[i][j] += a * a * dot(rows[i], rows[j])
        return tuple(tuple(table[min(i, j)][max(i, j)] / m for j in range(n)) for i in range(n))

    @cached_property
    def gram_bound(self) -> Fraction:
        """A bound of |H|: its largest absolute row sum."""
        return max(sum((abs(q) for q in row), Fraction(0)) for row in self.gram)

    def pull(self, surface: Surface, side: int | None = None) -> list[Real]:
        """The coefficients g of (w_r . direction_k)' = - sum_j g_j D_j for flow, in this mode.

        With `side` the neuron is taken to be on that side of the line, not held on it.
        """
        r, k = surface
        mode = self if side is None else self.with_side(surface, side)
        direction = self.net.lines[k].direction
        scale = real(self.net.outer[r]) / sqrt(real(self.net.width))
        return [scale * real(dot(direction, q)) for q in mode.rows_of(r)]

    def images(self, weights: Matrix) -> list[Real]:
        """J W for weights m x d: m^{-1/2} sum_r a_r q_ir . w_r."""
        entries = weights.tolist()
        total = [real(0)] * self.net.samples
        for a, rows, w in zip(self.net.outer, self.rows, entries, strict=True):
            for i, q in enumerate(rows):
                for p, v in zip(q, w, strict=True):
                    if p:
                        total[i] += real(a * p) * v
        root = sqrt(real(self.net.width))
        return [x / root for x in total]

    def errors(self, weights: Matrix) -> list[Real]:
        """D = J W - y."""
        return [u - real(y) for u, y in zip(self.images(weights), self.net.labels, strict=True)]

    def pulled_back(self, vector: list[Real]) -> Matrix:
        """J^T v, m x d."""
        root = sqrt(real(self.net.width))
        entries = []
        for a, rows in zip(self.net.outer, self.rows, strict=True):
            for c in range(len(rows[0])):
                parts = (real(a * q[c]) * v for q, v in zip(rows, vector, strict=True) if q[c])
                entries.append(sum(parts, real(0)) / root)
        return matrix_from_reals(self.net.width, len(self.net.inputs[0]), entries)

    def gram_matrix(self) -> Matrix:
        """H in balls of the working precision."""
        return matrix(self.gram)
