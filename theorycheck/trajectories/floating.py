"""Batched float64 trajectories of deep linear nets, for exploration. Never evidence.

The recurrence is the one of the enclosure, on arrays of shape (batch, rows, columns).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from theorycheck.problems import DeepLinearObjective
from theorycheck.trajectories.recurrence import deep_linear_series

__all__ = ["NumpyArithmetic", "float_descent", "float_flow"]

Array = np.ndarray[Any, np.dtype[np.float64]]
ORDER = 14
TOLERANCE = 1e-15


class NumpyArithmetic:
    """The Arithmetic protocol on float64 arrays; leading axes are a batch."""

    name = "float64"

    def matrix(self, rows: Sequence[Sequence[Fraction]]) -> Array:
        return np.array([[float(q) for q in row] for row in rows])

    def identity(self, n: int) -> Array:
        return np.eye(n)

    def zeros(self, rows: int, columns: int) -> Array:
        return np.zeros((rows, columns))

    def from_scalars(self, rows: int, columns: int, scalars: Sequence[float]) -> Array:
        return np.array(scalars, dtype=float).reshape(rows, columns)

    def scalars(self, a: Array) -> list[float]:
        return [float(x) for x in a.ravel()]

    def add(self, a: Array, b: Array) -> Array:
        return a + b

    def subtract(self, a: Array, b: Array) -> Array:
        return a - b

    def multiply(self, a: Array, b: Array) -> Array:
        return a @ b

    def transpose(self, a: Array) -> Array:
        return np.swapaxes(a, -1, -2)

    def negate(self, a: Array) -> Array:
        return -a

    def scale(self, a: Array, s: float) -> Array:
        return a * s

    def shape(self, a: Array) -> tuple[int, int]:
        return a.shape[-2], a.shape[-1]

    def entry(self, a: Array, i: int, j: int) -> float:
        return float(a[i, j])

    def scalar(self, q: Fraction) -> float:
        return q.numerator / q.denominator

    def inner(self, a: Array, b: Array) -> float:
        return float((a * b).sum())

    def square_sum(self, a: Array) -> float:
        return self.inner(a, a)


def _cut(shapes: Sequence[tuple[int, int]], states: Array) -> list[Array]:
    layers, position = [], 0
    for rows, columns in shapes:
        part = states[:, position : position + rows * columns]
        layers.append(part.reshape(len(states), rows, columns))
        position += rows * columns
    return layers


def _join(layers: Sequence[Array]) -> Array:
    return np.concatenate([layer.reshape(len(layer), -1) for layer in layers], axis=1)


def float_flow(objective: DeepLinearObjective, starts: Any, times: Sequence[float]) -> Array:
    """Estimate the gradient flow from several starts at increasing times.

    Parameters
    ----------
    objective : DeepLinearObjective
    starts : array (batch, N)
    times : sequence of float    increasing, >= 0

    Returns
    -------
    array (len(times), batch, N)
    """
    arithmetic = NumpyArithmetic()
    gram, cross = arithmetic.matrix(objective.loss.gram), arithmetic.matrix(objective.loss.cross)
    states = np.atleast_2d(np.array(starts, dtype=float))
    shapes = objective.network.shapes
    now, results = 0.0, []
    for time in times:
        while now < time:
            series = deep_linear_series(arithmetic, _cut(shapes, states), gram, cross, ORDER).layers
            orders = [_join([layer[k] for layer in series]) for k in range(ORDER + 1)]
            scale = TOLERANCE * (1 + np.abs(states).max())
            step = time - now
            for k in (ORDER - 1, ORDER):
                size = np.abs(orders[k]).max()
                if size > 0:
                    step = min(step, (scale / size) ** (1 / k))
            states = orders[ORDER]
            for k in range(ORDER - 1, -1, -1):
                states = states * step + orders[k]
            now = time if step == time - now else now + step
        results.append(states)
    return np.array(results)


def float_descent(
    objective: DeepLinearObjective, starts: Any, step_size: float, steps: int
) -> Array:
    """Estimate gradient descent from several starts: array (steps + 1, batch, N)."""
    arithmetic = NumpyArithmetic()
    gram, cross = arithmetic.matrix(objective.loss.gram), arithmetic.matrix(objective.loss.cross)
    layers = _cut(objective.network.shapes, np.atleast_2d(np.array(starts, dtype=float)))
    results = [_join(layers)]
    for _ in range(steps):
        # The coefficient of order one of the flow is minus the gradient.
        series = deep_linear_series(arithmetic, layers, gram, cross, 1).layers
        layers = [layer[0] + step_size * layer[1] for layer in series]
        results.append(_join(layers))
    return np.array(results)
