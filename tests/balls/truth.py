"""Independent truth for containment tests: exact rationals, and mpmath far beyond the ball."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import mpmath

from theorycheck import balls, exact

PRECISIONS = (64, 192)
MARGIN_DIGITS = 30
Rows = list[list[Fraction]]


def rational(rng: random.Random, size: int = 9) -> Fraction:
    return Fraction(rng.randint(-size, size), rng.choice([1, 2, 3, 7, 10]))


def rows(rng: random.Random, r: int, c: int) -> Rows:
    return [[rational(rng) for _ in range(c)] for _ in range(r)]


def symmetric(rng: random.Random, n: int) -> Rows:
    a = rows(rng, n, n)
    return [[a[i][j] + a[j][i] for j in range(n)] for i in range(n)]


def orthogonal(rng: random.Random, n: int) -> Rows:
    a = rows(rng, n, n)
    skew = [[a[i][j] - a[j][i] for j in range(n)] for i in range(n)]
    return [list(row) for row in exact.cayley(skew)]


def product(*factors: Sequence[Sequence[Fraction]]) -> Rows:
    result = factors[0]
    for factor in factors[1:]:
        columns = list(zip(*factor, strict=True))
        result = [
            [sum((x * y for x, y in zip(row, col, strict=True)), Fraction(0)) for col in columns]
            for row in result
        ]
    return [list(row) for row in result]


def transposed(a: Rows) -> Rows:
    return [list(column) for column in zip(*a, strict=True)]


def diagonal(values: Sequence[Fraction], r: int | None = None, c: int | None = None) -> Rows:
    r, c = r or len(values), c or len(values)
    return [[values[i] if i == j else Fraction(0) for j in range(c)] for i in range(r)]


def contains(ball: Any, value: Fraction) -> bool:
    return balls.lower(ball) <= value <= balls.upper(ball)


def relative_width(ball: Any, scale: Fraction) -> float:
    return float(balls.width(ball) / scale)


def as_mp(q: Fraction) -> Any:
    return mpmath.mpf(q.numerator) / q.denominator


def mp_fraction(x: Any) -> Fraction:
    sign, man, exp, _ = x._mpf_
    return Fraction(-int(man) if sign else int(man)) * Fraction(2) ** int(exp)


def contains_mp(ball: Any, function: Callable[[Any], Any], at: Fraction, bits: int) -> bool:
    """Compare with mpmath, computed with a margin of digits beyond the ball's precision."""
    digits = int(bits * 0.302) + 2 * MARGIN_DIGITS
    with mpmath.workdps(digits):
        value = mp_fraction(function(as_mp(at)))
    slack = (1 + abs(value)) / Fraction(10) ** (digits - MARGIN_DIGITS)
    return balls.lower(ball) - slack <= value <= balls.upper(ball) + slack
