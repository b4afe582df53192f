"""Normal forms find zeros, never invent one, and give up on what is too large."""

from __future__ import annotations

import time

import pytest
import sympy
from sympy import Rational, Symbol, exp, sqrt

from theorycheck.symbolic.normal_forms import cancels_to_zero, expanded, expands_to_zero

t, x, y = Symbol("t", nonnegative=True), Symbol("x", real=True), Symbol("y", real=True)


@pytest.mark.parametrize(
    "zero",
    [
        (x + y) ** 2 - x**2 - 2 * x * y - y**2,
        1 / (1 + exp(-2 * t)) - exp(2 * t) / (exp(2 * t) + 1),
        exp(t / 2) * exp(t / 3) - exp(5 * t / 6),
        exp(Rational(1, 2) + t) - sqrt(sympy.E) * exp(t),
        sqrt(1 + t) ** 3 - (1 + t) * sqrt(1 + t),
        1 / sqrt(1 + t) - sqrt(1 + t) / (1 + t),
        (sqrt(2 + t) - 1) * (sqrt(2 + t) + 1) - 1 - t,
        sqrt(2 + sqrt(3)) ** 2 - 2 - sqrt(3),
        sqrt(1 + exp(t)) ** 2 - 1 - exp(t),
    ],
    ids=str,
)
def test_zero_is_seen(zero: sympy.Expr) -> None:
    assert cancels_to_zero(zero)


@pytest.mark.parametrize(
    "other",
    [
        exp(t) - exp(sqrt(2) * t),
        exp(t) - exp(-t),
        sqrt(1 + t) + sqrt(1 + t) ** 3 / (1 + t),
        sqrt(x**2 + 1) + sqrt(x**2 + 1),
        sqrt(1 + t) - sqrt(2 + t),
        (1 + t) ** Rational(1, 3) - sqrt(1 + t),
        exp(2 * t) - 2 * exp(t),
        sqrt(x**2) - x,
        x / (1 + x**2) - x,
        sympy.Integer(1),
    ],
    ids=str,
)
def test_what_is_no_zero_is_not_invented(other: sympy.Expr) -> None:
    assert not cancels_to_zero(other)
    assert not expands_to_zero(other)


@pytest.mark.parametrize(
    "large",
    [
        (1 + x + y + t * x**2) ** 300 - 1,
        (1 + t) ** (10**6) - 2,
        sum(1 / (1 + exp(i * t / 7) + sqrt(2 + i * t)) for i in range(1, 9)),
    ],
    ids=["power", "high power", "quotients"],
)
def test_large_normal_forms_are_not_tried(large: sympy.Expr) -> None:
    start = time.monotonic()

    assert not cancels_to_zero(large)
    assert expanded(large) == large
    assert time.monotonic() - start < 2
