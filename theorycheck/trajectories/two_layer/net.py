"""Two-layer ReLU nets with a fixed outer layer, as exact data.

    u_i = m^{-1/2} sum_r a_r relu(w_r . x_i),     L(W) = 1/2 |u - y|^2

Where z_ir = w_r . x_i vanishes, so do those of all samples on the line of x_i: a *surface* is a
neuron with such a line. Zero inputs are on no line, and never move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from theorycheck.errors import InvalidInstance
from theorycheck.exact import Rows, as_fraction

__all__ = ["Line", "TwoLayer", "dot"]

Vector = tuple[Fraction, ...]


def dot(x: Sequence[Fraction], y: Sequence[Fraction]) -> Fraction:
    return sum((p * q for p, q in zip(x, y, strict=True)), Fraction(0))


@dataclass(frozen=True)
class Line:
    """The samples on one line through 0: x_i = factors[i] * direction, factors not 0."""

    direction: Vector
    factors: dict[int, Fraction]


@dataclass(frozen=True)
class TwoLayer:
    """A net, its data and its first layer at the start, all exact.

    Parameters
    ----------
    inputs : n x d        one row per sample
    labels : n
    weights : m x d       one row per neuron
    outer : m             the fixed second layer a, any rationals
    """

    inputs: Rows
    labels: Vector
    weights: Rows
    outer: Vector

    @staticmethod
    def of(inputs: object, labels: object, weights: object, outer: object) -> TwoLayer:
        """Read exact numbers and check that they fit.

        Raises
        ------
        InvalidInstance    no samples or neurons, rows of different lengths, a number that is none
        """
        x, w = _table(inputs, "inputs"), _table(weights, "weights")
        y, a = _row(labels, "labels"), _row(outer, "outer")
        if len(y) != len(x):
            raise InvalidInstance(f"{len(x)} inputs need as many labels, got {len(y)}")
        if len(a) != len(w):
            raise InvalidInstance(f"{len(w)} neurons need as many outer weights, got {len(a)}")
        if len(x[0]) != len(w[0]):
            raise InvalidInstance(
                f"inputs have {len(x[0])} coordinates and neurons {len(w[0])}; they must agree"
            )
        return TwoLayer(x, y, w, a)

    @property
    def samples(self) -> int:
        return len(self.inputs)

    @property
    def width(self) -> int:
        return len(self.weights)

    @cached_property
    def products(self) -> Rows:
        """The Gram matrix of the inputs, x_i . x_j."""
        return tuple(tuple(dot(x, z) for z in self.inputs) for x in self.inputs)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines through the inputs, in the order of their first samples."""
        found: list[Line] = []
        for i, x in enumerate(self.inputs):
            if not any(x):
                continue
            for line in found:
                base = next(j for j, q in enumerate(line.direction) if q)
                factor = x[base] / line.direction[base]
                if all(q == factor * p for q, p in zip(x, line.direction, strict=True)):
                    line.factors[i] = factor
                    break
            else:
                found.append(Line(x, {i: Fraction(1)}))
        return tuple(found)

    @cached_property
    def preactivations(self) -> Rows:
        """z_ir = w_r . x_i at the start, n x m."""
        return tuple(tuple(dot(w, x) for w in self.weights) for x in self.inputs)

    @cached_property
    def initial_gram(self) -> Rows:
        """H(0)_ij = (x_i . x_j / m) sum_r a_r^2 [z_ir >= 0][z_jr >= 0], exact."""
        squares = [a * a for a in self.outer]
        z, m = self.preactivations, self.width
        return tuple(
            tuple(
                rho * sum((s for s, p, q in zip(squares, z[i], z[j], strict=True)
                           if p >= 0 and q >= 0), Fraction(0)) / m
                for j, rho in enumerate(row)
            )
            for i, row in enumerate(self.products)
        )  # fmt: skip

    def flips(self, radius: Fraction) -> list[int]:
        """N_i(R) = #{r : |z_ir| <= R |x_i|} at the start, exact."""
        return [
            sum(q * q <= radius * radius * self.products[i][i] for q in row)
            for i, row in enumerate(self.preactivations)
        ]

    def perturbation(self, radius: Fraction) -> Rows:
        """B(R): |H(t) - H(0)| <= B(R) entry by entry while no neuron moves further than R.

        B_ij = |x_i . x_j| (N_i + N_j) / m, B_ii = |x_i|^2 N_i / m, for outer weights |a_r| <= 1.
        """
        counts, m = self.flips(radius), self.width
        return tuple(
            tuple(
                rho * counts[i] / m if i == j else abs(rho) * (counts[i] + counts[j]) / m
                for j, rho in enumerate(row)
            )
            for i, row in enumerate(self.products)
        )

    @cached_property
    def largest_gram(self) -> Fraction:
        """A bound of |H| in every mode: sum_i |x_i|^2 sum_r a_r^2 / m."""
        squares = sum((self.products[i][i] for i in range(self.samples)), Fraction(0))
        return squares * dot(self.outer, self.outer) / self.width


def _table(value: object, name: str) -> Rows:
    rows = tuple(_row(row, name) for row in _items(value, name))
    if not rows or not rows[0] or any(len(row) != len(rows[0]) for row in rows):
        raise InvalidInstance(f"{name} must be a table of equally long rows, at least one of each")
    return rows


def _row(value: object, name: str) -> Vector:
    return tuple(as_fraction(q, name) for q in _items(value, name))


def _items(value: object, name: str) -> Sequence[object]:
    items = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(items, str) or not isinstance(items, Sequence):
        raise InvalidInstance(f"{name}={value!r} must be a sequence of exact numbers")
    return items
