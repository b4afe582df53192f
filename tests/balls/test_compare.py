from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest
from flint import arb

from theorycheck import balls
from theorycheck.errors import DomainViolation, InvalidInstance
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED

from . import truth


def grid():
    """Return balls with exact end points, touching and overlapping in every way."""
    ends = [Fraction(k, 2) for k in range(-2, 4)]
    return [
        (arb((int((a + b) * 2), -2), (int((b - a) * 2), -2)), a, b)
        for a, b in itertools.combinations_with_replacement(ends, 2)
    ]


def expected(holds: bool, fails: bool):
    return HOLDS if holds else VIOLATED if fails else UNDECIDED


def test_comparisons_are_exactly_those_of_the_end_points():
    for (x, a, b), (y, c, d) in itertools.product(grid(), repeat=2):
        assert balls.le(x, y) is expected(b <= c, a > d)
        assert balls.lt(x, y) is expected(b < c, a >= d)
        assert balls.ge(x, y) is expected(a >= d, b < c)
        assert balls.gt(x, y) is expected(a > d, b <= c)
        assert balls.le(x, c) is expected(b <= c, a > c)
        assert balls.lt(a, y) is expected(a < c, a >= d)


def test_signs():
    for x, a, b in grid():
        assert balls.nonnegative(x) is expected(a >= 0, b < 0)
        assert balls.positive(x) is expected(a > 0, b <= 0)
        assert balls.negative(x) is expected(b < 0, a >= 0)


def test_rationals_are_compared_exactly():
    third = balls.real(Fraction(1, 3))

    assert balls.le(third, Fraction(1, 3)) is UNDECIDED
    assert balls.le(third, balls.upper(third)) is HOLDS
    assert balls.lt(third, balls.lower(third)) is VIOLATED
    assert balls.le(Fraction(1, 3), Fraction(1, 3)) is HOLDS
    assert balls.lt(2, 1) is VIOLATED
    assert balls.lt(1, 1) is VIOLATED
    assert balls.lt(1, Fraction(3, 2)) is HOLDS
    assert balls.le(balls.lower_real(third), Fraction(1, 3)) is HOLDS
    assert balls.le(balls.Ball.exact(1), balls.Ball.exact(2)) is HOLDS


def test_infinities_and_nan_never_decide_wrongly():
    infinite = arb.pos_inf()

    assert balls.le(arb(1), infinite) is HOLDS
    assert balls.le(arb(0, infinite), arb(1)) is UNDECIDED
    assert not balls.is_finite(arb(0, infinite))
    assert balls.upper_real(arb.nan()) == infinite
    assert balls.lower_real(arb.nan()) == arb.neg_inf()


@pytest.mark.parametrize("bits", truth.PRECISIONS)
def test_extrema_contain_the_truth_and_ignore_the_order(bits):
    rng = random.Random(bits)
    with balls.precision(bits):
        for _ in range(100):
            ends = [sorted((truth.rational(rng), truth.rational(rng))) for _ in range(4)]
            items = [balls.interval(*pair) for pair in ends]
            points = [a + Fraction(rng.randint(0, 4), 4) * (b - a) for a, b in ends]
            low, high = balls.minimum(items), balls.maximum(items)

            assert truth.contains(low, min(points))
            assert truth.contains(high, max(points))
            assert truth.contains(balls.hull(items), points[2])
            assert balls.lower(high) == balls.lower(balls.maximum(items[::-1]))
            assert balls.upper(low) == balls.upper(balls.minimum(items[::-1]))
            slack = Fraction(1, 2**20)
            assert balls.lower(high) >= max(balls.lower(x) for x in items) - slack


def test_extrema_of_nothing_or_nan_are_refused():
    for extremum in (balls.maximum, balls.minimum):
        with pytest.raises(InvalidInstance):
            extremum([])
        with pytest.raises(DomainViolation):
            extremum([arb.nan(), arb(1)])
    with pytest.raises(InvalidInstance):
        balls.hull([])


def test_end_points_are_exact_balls_on_the_right_side():
    ball = balls.real(Fraction(1, 7))

    assert balls.upper_real(ball).is_exact()
    assert balls.lower(balls.upper_real(ball)) >= balls.upper(ball)
    assert balls.upper(balls.lower_real(ball)) <= balls.lower(ball)
