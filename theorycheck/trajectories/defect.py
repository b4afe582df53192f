"""Norm majorants of Taylor series with a collapsed tail.

A majorant (a_0, ..., a_{K-1}; A) of a series s, scaled to tau = t / h in [0, 1], means

    s(tau) = sum_{k<K} s_k tau^k + rest(tau),     |s_k| <= a_k,     |rest(tau)| <= A tau^K.

Products are closed under this (tau^{K+i} <= tau^K), which bounds the part of the defect that the
Taylor recurrence did not cancel. Forty bits are plenty; all entries are upper bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from theorycheck.balls import Real, upper_real

__all__ = ["Majorant", "product_tail", "scaled_sizes"]


@dataclass(frozen=True)
class Majorant:
    """Bound the coefficients of order below K one by one and all the others together."""

    low: list[Real]
    tail: Real


def scaled_sizes(sizes: Sequence[Real], powers: Sequence[Real]) -> list[Real]:
    """Return upper bounds of the scaled sizes a_k h^k."""
    return [size * power for size, power in zip(sizes, powers, strict=False)]


def product_tail(left: Majorant, right: Majorant) -> Real:
    """Bound the orders >= K of a product, as the coefficient of tau^K.

    sum_{i+j>=K} a_i b_j + A (sum b + B) + B sum a
    """
    count = len(left.low)
    # suffix_sum runs over b_j + ... + b_{K-1}; a_i meets the orders j >= K - i.
    total = 0 * left.tail
    suffix_sum = 0 * right.tail
    left_sum = left.low[0]
    for i in range(1, count):
        suffix_sum = suffix_sum + right.low[count - i]
        total = total + left.low[i] * suffix_sum
        left_sum = left_sum + left.low[i]
    right_sum = suffix_sum + right.low[0]
    return upper_real(total + left.tail * (right_sum + right.tail) + right.tail * left_sum)
