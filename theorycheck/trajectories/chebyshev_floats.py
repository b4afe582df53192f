"""The float64 half of the Chebyshev solver: candidates and corrections. Never evidence.

Everything acts on arrays of shape (M, N): one row per node, or per coefficient.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from theorycheck.problems import DeepLinearObjective

__all__ = ["Array", "FloatCollocation", "decay"]

Array = np.ndarray[Any, np.dtype[np.float64]]
MAX_SWEEPS = 60
NOISE = 1e-12
STILL = 1e-7
LARGEST_PRODUCT = 200_000


@lru_cache(maxsize=16)
def tables(count: int) -> tuple[Array, Array]:
    """Return the maps from values to coefficients and to values of the integral from -1."""
    angles = (2 * np.arange(count) + 1) * np.pi / (2 * count)
    orders = np.arange(count)
    values = np.cos(np.outer(angles, orders))
    transform = values.T * (2 / count)
    transform[0] /= 2
    above = np.cos(np.outer(angles, orders + 1)) - np.where(orders % 2, 1.0, -1.0)
    below = np.cos(np.outer(angles, orders - 1)) - np.where(orders % 2, 1.0, -1.0)
    integral = np.empty((count, count))
    integral[:, 0] = above[:, 0]
    integral[:, 1] = above[:, 1] / 4
    integral[:, 2:] = above[:, 2:] / (2 * orders[2:] + 2) - below[:, 2:] / (2 * orders[2:] - 2)
    return transform, integral @ transform


def apply(table: Array, rows: Array) -> Array:
    """Multiply in column blocks that are too small for the BLAS to wake its threads."""
    width = max(1, LARGEST_PRODUCT // table.size)
    blocks = [table @ rows[:, i : i + width] for i in range(0, rows.shape[1], width)]
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=1)


def decay(coefficients: Array) -> tuple[float, float]:
    """Fit log2 |a_j| = offset + slope j to what rises above the noise."""
    sizes = np.sqrt((coefficients**2).sum(axis=1))
    tops = np.maximum.accumulate(sizes[::-1])[::-1]
    last = int(np.flatnonzero(tops > NOISE * tops[0])[-1])
    if last < 2:
        return -20.0, float(np.log2(tops[0]))
    orders = np.arange(last // 2, last + 1)
    slope, offset = np.polyfit(orders, np.log2(tops[orders]), 1)
    return float(slope), float(offset)


class FloatCollocation:
    """Picard iteration for x' = -grad f(x) and for its linearisation, at M nodes in float64."""

    def __init__(self, objective: DeepLinearObjective, count: int) -> None:
        loss = objective.square_loss
        self.count = count
        self.shapes = tuple(objective.network.shapes)
        self.gram = None if loss.is_whitened else np.array(loss.gram, dtype=float)
        self.cross = np.array(loss.cross, dtype=float)
        self.transform, self.integral = tables(count)

    def _cut(self, states: Array) -> list[Array]:
        layers, position = [], 0
        for rows, columns in self.shapes:
            part = states[:, position : position + rows * columns]
            layers.append(part.reshape(len(states), rows, columns))
            position += rows * columns
        return layers

    def coefficients(self, values: Array) -> Array:
        return apply(self.transform, values)

    def slope(self, states: Array) -> Array:
        """-grad f, and keep what `linearised` needs."""
        layers = self._cut(states)
        prefixes = [layers[0]]
        for layer in layers[1:]:
            prefixes.append(layer @ prefixes[-1])
        suffix = prefixes[-1] if self.gram is None else prefixes[-1] @ self.gram
        suffixes = [suffix - self.cross]
        for layer in layers[:0:-1]:
            suffixes.append(layer.swapaxes(1, 2) @ suffixes[-1])
        suffixes.reverse()
        gradients = [suffixes[0]]
        for suffix, prefix in zip(suffixes[1:], prefixes, strict=False):
            gradients.append(suffix @ prefix.swapaxes(1, 2))
        self._kept = layers, prefixes, suffixes
        return _joined(gradients)

    def linearised(self, directions: Array) -> Array:
        """-Hess f times the directions at the states `slope` was last called with."""
        layers, prefixes, suffixes = self._kept
        turned = self._cut(directions)
        moved = [turned[0]]
        for j in range(1, len(layers)):
            moved.append(turned[j] @ prefixes[j - 1] + layers[j] @ moved[-1])
        rest = moved[-1] if self.gram is None else moved[-1] @ self.gram
        gradients = []
        for j in range(len(layers) - 1, 0, -1):
            ahead = suffixes[j] @ moved[j - 1].swapaxes(1, 2)
            gradients.append(rest @ prefixes[j - 1].swapaxes(1, 2) + ahead)
            rest = turned[j].swapaxes(1, 2) @ suffixes[j] + layers[j].swapaxes(1, 2) @ rest
        gradients.append(rest)
        return _joined(gradients[::-1])

    def solve(self, start: Array, slope: Array, step: float) -> Array | None:
        """Estimate the slopes at the nodes, `slope` being the one at the start.

        Where it is lost in the rounding of float64, the linearised equation is solved instead.
        None where the sweeps do not contract.
        """
        integral = self.integral * (step / 2)
        own = self.slope(start[None])
        still = np.abs(slope).max() * max(step, 1.0) < STILL * np.abs(start).max()
        slopes = np.broadcast_to(slope if still else own, (self.count, start.size))
        scale, last = np.abs(slopes).max(), np.inf
        if not scale > 0:
            return None
        for _ in range(MAX_SWEEPS):
            moved = apply(integral, slopes)
            better = slope + self.linearised(moved) if still else self.slope(start + moved)
            change = np.abs(better - slopes).max()
            if not change < 1e3 * scale:
                return None
            slopes = better
            if change <= 1e-15 * scale or (change < 1e-9 * scale and change > last / 2):
                return slopes
            last = change
        return None

    def correct(self, start: Array, step: float, slopes: Array, residual: Array) -> Array | None:
        """Estimate the correction of the coefficients that removes a residual at the nodes."""
        integral = self.integral * (step / 2)
        self.slope(start + apply(integral, slopes))
        scale = np.abs(residual).max()
        if not np.isfinite(scale):
            return None
        wanted = -residual / scale
        found, last = wanted, np.inf
        for _ in range(MAX_SWEEPS):
            better = wanted + self.linearised(apply(integral, found))
            change = np.abs(better - found).max()
            if not change < 1e6:
                return None
            found = better
            if change < 1e-15 or (change < 1e-9 and change > last / 2):
                return self.coefficients(found * scale)
            last = change
        return None


def _joined(gradients: Sequence[Array]) -> Array:
    return -np.concatenate([g.reshape(len(g), -1) for g in gradients], axis=1)
