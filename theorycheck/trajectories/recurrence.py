"""Taylor series of the gradient flow of a deep linear net with square loss.

    W_j' = -(W_n ... W_{j+1})^T g (W_{j-1} ... W_1)^T,     g = W_n ... W_1 S - C

S and C being the Gram and the cross matrix of the data (C includes the factor of the loss).
Written once on the Arithmetic protocol: balls (evidence), mpmath and float64 (never evidence).
Every series is a list of matrices, one per order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any, Generic, TypeVar

from theorycheck.trajectories.effort import check_clock

__all__ = ["DeepLinearSeries", "convolve", "deep_linear_series"]

M = TypeVar("M")


@dataclass(frozen=True)
class DeepLinearSeries(Generic[M]):
    """Hold the series of the layers (orders 0..K) and of what the gradient is made of (0..K-1).

    Parameters
    ----------
    layers : list of series      W_1, ..., W_n, orders 0..K
    prefixes : list of series    W_1, W_2 W_1, ..., W_n ... W_1, orders 0..K-1
    residual : series            g
    suffixes : list of series    u_n = g, u_{j-1} = W_j^T u_j, in the order u_1, ..., u_n
    gradients : list of series   u_j (W_{j-1} ... W_1)^T = dF/dW_j, j = 1, ..., n
    """

    layers: list[list[M]]
    prefixes: list[list[M]]
    residual: list[M]
    suffixes: list[list[M]]
    gradients: list[list[M]]


def convolve(
    add: Callable[[M, M], M],
    multiply: Callable[[M, M], M],
    left: Sequence[M],
    right: Sequence[M],
    order: int,
) -> M:
    """Return the coefficient of the given order of a product of two matrix series."""
    total = multiply(left[0], right[order])
    for i in range(1, order + 1):
        total = add(total, multiply(left[i], right[order - i]))
    return total


def deep_linear_series(
    arithmetic: Any,
    layers: Sequence[M],
    gram: M | None,
    cross: M,
    order: int,
    settle: Callable[[M], M] | None = None,
) -> DeepLinearSeries[M]:
    """Expand the gradient flow from the given layers.

    Parameters
    ----------
    arithmetic : Arithmetic    see `theorycheck.balls.arithmetic`
    layers : list of matrices  W_1, ..., W_n, shapes (d_j, d_{j-1})
    gram : matrix or None      S, shape (d_0, d_0); None stands for the identity (whitened data)
    cross : matrix             C, shape (d_n, d_0)
    order : int                K >= 1
    settle : callable          applied to each new coefficient before it is used; the enclosure
                               passes `midpoint`, so that p is exact and the rest is its gradient

    Returns
    -------
    DeepLinearSeries           gradients are those of the *settled* layers
    """
    multiply, transpose = arithmetic.multiply, arithmetic.transpose
    # An arithmetic may have a faster way to convolve, on lists of its own kind.
    empty = getattr(arithmetic, "series", list)
    convolved = getattr(arithmetic, "convolve", partial(convolve, arithmetic.add, multiply))
    depth = len(layers)
    series: list[list[M]] = [empty([layer]) for layer in layers]
    transposed: list[list[M]] = [empty() for _ in layers]
    prefixes: list[list[M]] = [empty() for _ in layers]
    prefixes_transposed: list[list[M]] = [empty() for _ in layers]
    suffixes: list[list[M]] = [empty() for _ in layers]
    gradients: list[list[M]] = [[] for _ in layers]
    for k in range(order):
        check_clock()
        for j in range(depth):
            if j == 0:
                prefixes[j].append(series[j][k])
            else:
                transposed[j].append(transpose(series[j][k]))
                prefixes[j].append(convolved(series[j], prefixes[j - 1], k))
            if j < depth - 1:
                prefixes_transposed[j].append(transpose(prefixes[j][k]))
        residual = prefixes[-1][k]
        if gram is not None:
            residual = multiply(residual, gram)
        if k == 0:
            residual = arithmetic.subtract(residual, cross)
        suffixes[-1].append(residual)
        for j in range(depth - 1, 0, -1):
            gradients[j].append(convolved(suffixes[j], prefixes_transposed[j - 1], k))
            suffixes[j - 1].append(convolved(transposed[j], suffixes[j], k))
        gradients[0].append(suffixes[0][k])
        factor = arithmetic.scalar(Fraction(-1, k + 1))
        for j in range(depth):
            coefficient = arithmetic.scale(gradients[j][k], factor)
            series[j].append(coefficient if settle is None else settle(coefficient))
    return DeepLinearSeries(series, prefixes, suffixes[-1], suffixes, gradients)
