"""Independent high-precision trajectories in mpmath. They estimate; they are never evidence.

The Taylor recurrence is the one of the enclosure, the arithmetic, the step control and the joints
are not: a disagreement with an enclosure beyond its radius means a bug in one of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import mpmath

from theorycheck.trajectories.recurrence import deep_linear_series

__all__ = ["MpmathArithmetic", "reference_descent", "reference_flow"]


class MpmathArithmetic:
    """The Arithmetic protocol on `mpmath.matrix`, in a private context of the given precision."""

    name = "mpmath"

    def __init__(self, bits: int) -> None:
        self.context = mpmath.MPContext()
        self.context.prec = bits

    def matrix(self, rows: Sequence[Sequence[Fraction]]) -> Any:
        return self.context.matrix([[self.scalar(q) for q in row] for row in rows])

    def identity(self, n: int) -> Any:
        return self.context.eye(n)

    def zeros(self, rows: int, columns: int) -> Any:
        return self.context.zeros(rows, columns)

    def from_scalars(self, rows: int, columns: int, scalars: Sequence[Any]) -> Any:
        matrix = self.context.matrix(rows, columns)
        for position, value in enumerate(scalars):
            matrix[position // columns, position % columns] = value
        return matrix

    def scalars(self, a: Any) -> list[Any]:
        return [a[i, j] for i in range(a.rows) for j in range(a.cols)]

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
        return a.rows, a.cols

    def entry(self, a: Any, i: int, j: int) -> Any:
        return a[i, j]

    def scalar(self, q: Fraction) -> Any:
        return self.context.mpf(q.numerator) / q.denominator

    def inner(self, a: Any, b: Any) -> Any:
        return sum(
            (x * y for x, y in zip(self.scalars(a), self.scalars(b), strict=True)),
            self.context.mpf(0),
        )

    def square_sum(self, a: Any) -> Any:
        return self.inner(a, a)


def _layers(
    arithmetic: MpmathArithmetic, shapes: Sequence[tuple[int, int]], flat: Sequence[Any]
) -> list[Any]:
    layers, position = [], 0
    for rows, columns in shapes:
        count = rows * columns
        layers.append(arithmetic.from_scalars(rows, columns, flat[position : position + count]))
        position += count
    return layers


def reference_flow(
    objective: Any, start: Sequence[Fraction], times: Sequence[Fraction], digits: int = 30
) -> list[list[Any]]:
    """Estimate the gradient flow of a deep linear net at increasing times >= 0.

    Parameters
    ----------
    objective : DeepLinearObjective
    start : sequence of Fraction    flat
    times : sequence of Fraction    increasing, flow time since the start
    digits : int                    the local error is kept below 10^-(digits + 5)

    Returns
    -------
    list of lists of mpf            the flat state at each time
    """
    bits = math.ceil((digits + 10) * math.log2(10))
    arithmetic = MpmathArithmetic(bits)
    context = arithmetic.context
    order = math.ceil(1.2 * digits) + 6
    gram, cross = arithmetic.matrix(objective.loss.gram), arithmetic.matrix(objective.loss.cross)
    shapes = objective.network.shapes
    state = [arithmetic.scalar(q) for q in start]
    now = context.mpf(0)
    results = []
    goal = context.mpf(10) ** -(digits + 5)
    for time in times:
        target = arithmetic.scalar(Fraction(time))
        while now < target:
            layers = _layers(arithmetic, shapes, state)
            series = deep_linear_series(arithmetic, layers, gram, cross, order).layers
            sizes = [
                context.sqrt(sum(arithmetic.square_sum(layer[k]) for layer in series))
                for k in (order - 1, order)
            ]
            scale = goal * (1 + context.sqrt(sum((x * x for x in state), context.mpf(0))))
            step = target - now
            for k, size in zip((order - 1, order), sizes, strict=True):
                if size > 0:
                    step = min(step, context.mpf(9) / 10 * (scale / size) ** (context.mpf(1) / k))
            state = []
            for layer in series:
                total = layer[order]
                for k in range(order - 1, -1, -1):
                    total = total * step + layer[k]
                state += arithmetic.scalars(total)
            now += step
        results.append(list(state))
    return results


def reference_descent(
    objective: Any,
    start: Sequence[Fraction],
    step_size: Fraction,
    steps: int,
    digits: int = 30,
) -> list[list[Any]]:
    """Estimate the iterates 0, ..., steps of gradient descent on a deep linear net."""
    arithmetic = MpmathArithmetic(math.ceil((digits + 10) * math.log2(10)))
    gram, cross = arithmetic.matrix(objective.loss.gram), arithmetic.matrix(objective.loss.cross)
    shapes = objective.network.shapes
    eta = arithmetic.scalar(Fraction(step_size))
    layers = _layers(arithmetic, shapes, [arithmetic.scalar(q) for q in start])
    results = [[x for layer in layers for x in arithmetic.scalars(layer)]]
    for _ in range(steps):
        series = deep_linear_series(arithmetic, layers, gram, cross, 1).layers
        # The coefficient of order one of the flow is minus the gradient.
        layers = [layer[0] + layer[1] * eta for layer in series]
        results.append([x for layer in layers for x in arithmetic.scalars(layer)])
    return results
