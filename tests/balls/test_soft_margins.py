"""Soft margins against mpmath with 400 digits, exact and wide, and at margins of 10^100."""

from __future__ import annotations

import random
from fractions import Fraction

import mpmath
import pytest

from theorycheck import balls
from theorycheck.balls import Real

HUGE = 10**100


def truth(q: list[Fraction], *, logistic: bool) -> dict[str, list[mpmath.mpf]]:
    x = [mpmath.mpf(a.numerator) / a.denominator for a in q]
    weights = [1 / (1 + mpmath.exp(a)) if logistic else mpmath.exp(-a) for a in x]
    total = sum(mpmath.log1p(mpmath.exp(-a)) if logistic else mpmath.exp(-a) for a in x)
    alpha = -mpmath.log(mpmath.expm1(total)) if logistic else -mpmath.log(total)
    slope = 1 / (1 + mpmath.exp(alpha)) if logistic else mpmath.exp(-alpha)
    p = [w / sum(weights) for w in weights]
    return {
        "margin": [alpha],
        "gaps": [a - alpha for a in x],
        "relative": [w / slope for w in weights],
        "weights": p,
        "entropy": [-sum(a * mpmath.log(a) for a in p)],
        "slack": [sum(w * a for w, a in zip(weights, x, strict=True)) / slope - alpha],
    }


def enclosed(q: list[Real], *, logistic: bool) -> dict[str, list[Real]]:
    return {
        "margin": [balls.soft_margin(q, logistic=logistic)],
        "gaps": [balls.soft_gap(q, i, logistic=logistic) for i in range(len(q))],
        "relative": balls.relative_weights(q, logistic=logistic),
        "weights": balls.margin_weights(q, logistic=logistic),
        "entropy": [balls.weight_entropy(q, logistic=logistic)],
        "slack": [balls.slack_gap(q, logistic=logistic)],
    }


def contains(ball: Real, value: mpmath.mpf) -> bool:
    low, high = balls.lower(ball), balls.upper(ball)
    slack = (abs(value) + 1) * mpmath.mpf(10) ** -380
    below = mpmath.mpf(low.numerator) / low.denominator <= value + slack
    return bool(below and value - slack <= mpmath.mpf(high.numerator) / high.denominator)


@pytest.mark.parametrize("logistic", [False, True])
def test_enclosures_contain_the_truth(logistic: bool) -> None:
    source = random.Random(f"margins/{logistic}")
    for _ in range(80):
        scale = source.choice([1, 1, 3, 60])
        q = [Fraction(source.randint(-24, 72), source.choice([7, 8])) * scale
             for _ in range(source.randint(1, 4))]  # fmt: skip
        q = [q[0]] * len(q) if source.random() < 0.2 else q
        with mpmath.workdps(400):
            expected = truth(q, logistic=logistic)
            with balls.precision(source.choice([53, 128])):
                wide = source.random() < 0.3
                given = [
                    balls.interval(x - Fraction(1, 50), x + Fraction(1, 30)) if wide
                    else balls.real(x) for x in q
                ]  # fmt: skip
                found = enclosed(given, logistic=logistic)

            for name, values in expected.items():
                for ball, value in zip(found[name], values, strict=True):
                    assert contains(ball, value), (name, q)


@pytest.mark.parametrize("logistic", [False, True])
def test_margins_of_any_size_are_enclosed_sharply(logistic: bool) -> None:
    # the losses agree to e^{-10^100}, and the weights depend on differences alone
    near = [Fraction(0), Fraction(3)]
    with balls.precision(64), mpmath.workdps(60):
        q = [balls.real(HUGE), balls.real(HUGE + 3), balls.real(2 * HUGE)]
        found = enclosed(q, logistic=logistic)
        expected = truth(near, logistic=False)

        for name in ("relative", "weights"):
            for ball, value in zip(found[name], [*expected[name], mpmath.mpf(0)], strict=True):
                assert abs(float(ball.mid()) - float(value)) < 1e-15
                assert float(ball.rad()) < 1e-15
        assert abs(float(found["entropy"][0].mid()) - float(expected["entropy"][0])) < 1e-15
        assert balls.le(found["margin"][0], q[0]).name != "VIOLATED"
        mixed = [balls.real(-HUGE), balls.real(HUGE), balls.real(3)]
        assert balls.is_finite(balls.soft_margin(mixed, logistic=logistic))
        assert balls.is_finite(balls.weight_entropy(mixed, logistic=logistic))
