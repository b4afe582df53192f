"""Batched float64 trajectories, for drawing and for the search of candidates. Never evidence.

The recurrences are those of the enclosure: of deep linear nets on arrays of shape
(batch, rows, columns), of fields and objectives given by expressions on arrays of shape (batch,).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from theorycheck.exact import nearest_float
from theorycheck.problems import (
    AbstractNetworkObjective,
    DeepLinearObjective,
    SymPyObjective,
    VectorField,
)
from theorycheck.trajectories.network_maps import written_out
from theorycheck.trajectories.recurrence import deep_linear_series
from theorycheck.trajectories.tape import Tape
from theorycheck.trajectories.tape_dynamics import TapeDynamics
from theorycheck.trajectories.tape_floats import FloatFunctions
from theorycheck.trajectories.tape_series import TapeSeries

__all__ = ["NumpyArithmetic", "float_descent", "float_flow"]

Array = np.ndarray[Any, np.dtype[np.float64]]
ORDER = 14
TOLERANCE = 1e-15


class BlockSeries(list[Array]):
    """A series of matrices, up to order ORDER, whose convolutions are products of block matrices.

        sum_i L_i R_{k-i} = [L_0 ... L_k] [R_k; ...; R_0]

    The blocks are laid out once, when first needed.
    """

    _row: Array
    _column: Array
    _in_row = _in_column = 0

    def row(self, order: int) -> Array:
        """Return [L_0 ... L_order]."""
        *batch, rows, columns = self[0].shape
        if self._in_row == 0:
            self._row = np.empty((*batch, rows, (ORDER + 1) * columns))
        for k in range(self._in_row, order + 1):
            self._row[..., k * columns : (k + 1) * columns] = self[k]
        self._in_row = max(self._in_row, order + 1)
        return self._row[..., : (order + 1) * columns]

    def column(self, order: int) -> Array:
        """Return [R_order; ...; R_0], which grows upwards."""
        *batch, rows, columns = self[0].shape
        if self._in_column == 0:
            self._column = np.empty((*batch, (ORDER + 1) * rows, columns))
        for k in range(self._in_column, order + 1):
            self._column[..., (ORDER - k) * rows : (ORDER - k + 1) * rows, :] = self[k]
        self._in_column = max(self._in_column, order + 1)
        return self._column[..., (ORDER - order) * rows :, :]


class NumpyArithmetic:
    """The Arithmetic protocol on float64 arrays; leading axes are a batch."""

    name = "float64"
    series = BlockSeries

    def convolve(self, left: BlockSeries, right: BlockSeries, order: int) -> Array:
        return left.row(order) @ right.column(order) if order else left[0] @ right[0]

    def matrix(self, rows: Sequence[Sequence[Fraction]]) -> Array:
        return np.array([[nearest_float(q) for q in row] for row in rows])

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


Orders = Callable[[Array, float], list[Array]]


def _moments(objective: DeepLinearObjective, arithmetic: NumpyArithmetic) -> tuple[Array, Array]:
    loss = objective.square_loss
    return arithmetic.matrix(loss.gram), arithmetic.matrix(loss.cross)


def _network_orders(objective: DeepLinearObjective) -> Orders:
    arithmetic = NumpyArithmetic()
    gram, cross = _moments(objective, arithmetic)
    shapes = objective.network.shapes

    def orders(states: Array, now: float) -> list[Array]:
        del now
        series = deep_linear_series(arithmetic, _cut(shapes, states), gram, cross, ORDER).layers
        return [_join([layer[k] for layer in series]) for k in range(ORDER + 1)]

    return orders


def _tape_orders(tape: Tape) -> Orders:
    def orders(states: Array, now: float) -> list[Array]:
        batch = len(states)

        def column(values: Sequence[Any]) -> list[Array]:
            return [np.broadcast_to(np.asarray(v, dtype=float), (batch,)) for v in values]

        series = TapeSeries(tape, FloatFunctions, list(states.T), now)
        rows, slope = [list(states.T)], column(series.outputs())
        for k in range(ORDER):
            rows.append([s / (k + 1) for s in slope])
            if k + 1 < ORDER:
                slope = column(series.extend(rows[-1]))
        return [np.stack(row, axis=1) for row in rows]

    return orders


def float_flow(
    problem: AbstractNetworkObjective | SymPyObjective | VectorField,
    starts: Any,
    times: Sequence[float],
    *,
    max_steps: int = 100_000,
) -> Array:
    """Estimate the flow from several starts at increasing times.

    Parameters
    ----------
    problem : Objective | VectorField    of an objective, the gradient flow
    starts : array (batch, N)
    times : sequence of float    increasing, >= 0; a field's own time starts at 0
    max_steps : int

    Returns
    -------
    array (len(times), batch, N)    nan from where a trajectory blows up or the steps are spent
    """
    states = np.atleast_2d(np.array(starts, dtype=float))
    if isinstance(problem, DeepLinearObjective) and problem.is_square:
        expand = _network_orders(problem)
    elif isinstance(problem, AbstractNetworkObjective):
        expand = _tape_orders(TapeDynamics(written_out(problem)).tape)
    else:
        expand = _tape_orders(TapeDynamics(problem).tape)
    now, results, steps = 0.0, [], 0
    with np.errstate(all="ignore"):
        for time in times:
            while now < time:
                steps += 1
                states, step = _float_step(expand(states, now), time - now)
                if steps > max_steps or now + step == now:
                    states, step = np.full_like(states, np.nan), time - now
                now = time if step == time - now else now + step
            results.append(states)
    return np.array(results)


def _float_step(orders: list[Array], step: float) -> tuple[Array, float]:
    """Step together as far as the last two terms of every finite trajectory allow."""
    alive = np.isfinite(orders[ORDER]).all(axis=1)
    if alive.any():
        scale = TOLERANCE * (1 + np.abs(orders[0]).max(axis=1, initial=0))[alive]
        for k in (ORDER - 1, ORDER):
            size = np.abs(orders[k]).max(axis=1)[alive]
            moving = size > 0
            if moving.any():
                step = min(step, float(((scale[moving] / size[moving]) ** (1 / k)).min()))
    states = orders[ORDER]
    for k in range(ORDER - 1, -1, -1):
        states = states * step + orders[k]
    return states, step


def float_descent(
    objective: DeepLinearObjective, starts: Any, step_size: float, steps: int
) -> Array:
    """Estimate gradient descent from several starts: array (steps + 1, batch, N)."""
    arithmetic = NumpyArithmetic()
    gram, cross = _moments(objective, arithmetic)
    layers = _cut(objective.network.shapes, np.atleast_2d(np.array(starts, dtype=float)))
    results = [_join(layers)]
    for _ in range(steps):
        # The coefficient of order one of the flow is minus the gradient.
        series = deep_linear_series(arithmetic, layers, gram, cross, 1).layers
        layers = [layer[0] + step_size * layer[1] for layer in series]
        results.append(_join(layers))
    return np.array(results)
