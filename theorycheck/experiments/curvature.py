"""Curvature along a recorded float64 run: the theory's bounds of -lambda_min, and Lanczos' value.

    paper    -lambda_min <= (n - 1) |g|_F max_{|J|=n-2} prod_J |W_l|_s        linear nets
    blocks   -lambda_min <= lambda_max(K^part)                                linear nets
    samples  -lambda_min <= (n - 1) mean_i |r_i| |x_i| max_J prod_J |W_l|_s   on a region

with g = sum_i dPhi/dh_i x_i^T and r_i = p_i - y_i. All values are estimates in float64; lambda_min
is the least Ritz value of Lanczos, so that -lambda_min is not overestimated but for rounding.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import combinations
from math import prod
from typing import Any

import numpy as np

from theorycheck.experiments.floating_nets import Array, FloatNet, Layers
from theorycheck.experiments.protocol import Record
from theorycheck.experiments.store import Store, digest

__all__ = ["CURVATURES", "curvatures_along", "integrated", "least_eigenvalue"]

STAGE_VERSION = 1
CURVATURES = ("samples", "paper", "blocks", "exact")
"""From the loosest to -lambda_min itself; the two in the middle are for linear nets."""


def curvatures_along(
    net: FloatNet,
    records: Sequence[Record],
    store: Store,
    identity: dict[str, Any],
    progress: Callable[[int, int], None],
) -> dict[str, list[float]]:
    """Estimate -lambda_min and its bounds at every record, going on from what the store holds."""
    stage = digest({"stage": "curvature", "version": STAGE_VERSION, **identity})
    found = [json.loads(piece) for piece in store.pieces(stage)[: len(records)]]
    progress(len(found), len(records))
    for number in range(len(found), len(records)):
        layers = records[number].layers
        values = bounds(net, layers)
        values["exact"] = -least_eigenvalue(net, layers)
        store.put(stage, number, json.dumps(values).encode())
        found.append(values)
        progress(len(found), len(records))
    return {name: [v[name] for v in found] for name in CURVATURES if name in found[0]}


def bounds(net: FloatNet, layers: Layers) -> dict[str, float]:
    """Estimate the bounds of -lambda_min that serve the net; depth at least 2."""
    depth = len(layers)
    error = net.outer(net.forward(layers)[2])[1]
    norms = [_spectral(layer) for layer in layers]
    worst = max(prod(chosen) for chosen in combinations(norms, depth - 2))
    sizes = np.linalg.norm(error, axis=0) @ np.linalg.norm(net.inputs, axis=0)
    values = {"samples": (depth - 1) * float(sizes) * worst}
    if not net.relu:
        slope = error @ net.inputs.T
        values["paper"] = (depth - 1) * float(np.linalg.norm(slope)) * worst
        values["blocks"] = _block_bound(layers, slope)
    return values


def _block_bound(layers: Layers, slope: Array) -> float:
    """lambda_max of |W_{j-1:1} g^T W_{n:k+1}|_s |W_{k-1:j+1}|_s over pairs of layers j < k."""
    depth = len(layers)

    def product(high: int, low: int, size: int) -> Array:
        matrix = np.eye(size)
        for layer in layers[low - 1 : high]:
            matrix = layer @ matrix
        return matrix

    table = np.zeros((depth, depth))
    for j in range(1, depth + 1):
        for k in range(j + 1, depth + 1):
            before = product(j - 1, 1, layers[0].shape[1])
            after = product(depth, k + 1, layers[k - 1].shape[0])
            between = product(k - 1, j + 1, layers[j - 1].shape[0])
            value = _spectral(before @ slope.T @ after) * _spectral(between)
            table[j - 1, k - 1] = table[k - 1, j - 1] = value
    return float(np.linalg.eigvalsh(table)[-1])


def _spectral(matrix: Array) -> float:
    return float(np.linalg.norm(matrix, 2))


def least_eigenvalue(net: FloatNet, layers: Layers) -> float:
    """Estimate lambda_min of the Hessian by Lanczos, from a fixed start."""
    from scipy.sparse.linalg import LinearOperator, eigsh

    shapes = [layer.shape for layer in layers]
    ends = np.cumsum([layer.size for layer in layers])
    size = int(ends[-1])

    def apply(vector: Array) -> Array:
        parts = np.split(vector.ravel(), ends[:-1])
        direction = [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]
        return np.concatenate([g.ravel() for g in net.hessian_product(layers, direction)])

    start = np.random.default_rng(0).standard_normal(size)
    operator = LinearOperator((size, size), matvec=apply, dtype=np.float64)
    least = eigsh(
        operator, k=1, which="SA", v0=start, tol=1e-6, ncv=min(size - 1, 40),
        return_eigenvectors=False,
    )  # fmt: skip
    return float(least[0])


def integrated(values: Sequence[float], times: Sequence[float]) -> list[float]:
    """The integral from 0 to every time by the trapezoidal rule."""
    steps = [
        (b - a) * (u + v) / 2
        for a, b, u, v in zip(times[:-1], times[1:], values[:-1], values[1:], strict=True)
    ]
    return [0.0, *(float(x) for x in np.cumsum(steps))]
