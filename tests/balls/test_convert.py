from __future__ import annotations

import random
from fractions import Fraction

import flint
import numpy as np
import pytest

from theorycheck import balls
from theorycheck.errors import DomainViolation, InvalidInstance

from . import truth


@pytest.mark.parametrize("bits", truth.PRECISIONS)
def test_real_contains_the_rational_and_is_tight(bits):
    rng = random.Random(1)
    with balls.precision(bits):
        for _ in range(200):
            q = Fraction(rng.getrandbits(300) - 2**299, rng.getrandbits(200) + 1)

            assert truth.contains(balls.real(q), q)
            assert balls.width(balls.real(q)) <= abs(q) / 2 ** (bits - 2)


def test_dyadic_numbers_stay_exact_whatever_the_precision():
    q = Fraction(3**100, 2**70)
    with balls.precision(20):
        ball = balls.real(q)

        assert ball.is_exact()
        assert balls.lower(ball) == balls.upper(ball) == q
    man, exp = balls.dyadic(ball)
    assert man * Fraction(2) ** exp == q
    assert balls.real(-7).is_exact()
    assert balls.lower(balls.real_from_dyadic(3, -2)) == Fraction(3, 4)


def test_end_points_are_midpoint_and_radius():
    ball = balls.real(Fraction(2, 7))
    centre, width = balls.midpoint(ball), balls.radius(ball)

    assert balls.lower(ball) == balls.lower(centre) - balls.lower(width)
    assert balls.upper(ball) == balls.lower(centre) + balls.lower(width)
    assert balls.width(ball) == 2 * balls.lower(width)


def test_end_points_of_tiny_numbers_are_rounded_outwards_and_fit_in_memory():
    tiny = flint.arb(-(10**9)).exp()

    assert tiny > 0
    assert balls.lower(tiny) == 0 == balls.upper(-tiny)
    assert (balls.upper(tiny) > 0) is True
    assert (balls.upper(tiny) < Fraction(1, 2**1000)) is True
    assert (balls.lower(-tiny) < 0) is True


def test_end_points_of_huge_or_unknown_numbers_are_refused():
    bad = [flint.arb(10**9).exp(), flint.arb.nan(), flint.arb.pos_inf()]
    for ball in [*bad, flint.arb(0, flint.arb.pos_inf())]:
        with pytest.raises(DomainViolation):
            balls.lower(ball)
        with pytest.raises(DomainViolation):
            balls.upper(ball)
    with pytest.raises(DomainViolation):
        balls.dyadic(balls.real(Fraction(1, 3)))


@pytest.mark.parametrize("bits", truth.PRECISIONS)
def test_interval_contains_its_ends(bits):
    rng = random.Random(2)
    with balls.precision(bits):
        for _ in range(100):
            low, high = sorted((truth.rational(rng), truth.rational(rng)))
            ball = balls.interval(low, high)

            assert balls.lower(ball) <= low <= high <= balls.upper(ball)
            assert balls.width(ball) <= (high - low) * (1 + Fraction(1, 2**20)) + Fraction(
                40, 2**bits
            )
    with pytest.raises(InvalidInstance):
        balls.interval(1, 0)


def test_inflate_keeps_the_midpoint_and_contains_the_sum():
    long = balls.real_from_dyadic(2**300 + 1, -200)
    wide = balls.inflate(long, balls.real(Fraction(1, 3)))

    assert balls.midpoint(wide) == long
    assert balls.upper(wide) >= balls.upper(long) + Fraction(1, 3)
    assert balls.lower(wide) <= balls.lower(long) - Fraction(1, 3)
    for bad in (flint.arb(-1), flint.arb(0, 1), flint.arb.nan()):
        with pytest.raises(DomainViolation):
            balls.inflate(long, bad)


def test_inflate_of_matrices_is_entrywise():
    a = balls.matrix([[Fraction(1), Fraction(2)]])
    same = balls.inflate(a, balls.real(Fraction(1, 4)))
    each = balls.inflate(a, balls.matrix([[Fraction(1, 2), Fraction(0)]]))

    assert balls.lower(same[0, 1]) <= Fraction(7, 4)
    assert balls.lower(each[0, 0]) <= Fraction(1, 2)
    assert each[0, 1].is_exact()


def test_matrices():
    rows = [[Fraction(1, 3), Fraction(2)], [Fraction(0), Fraction(-5, 4)]]
    a = balls.matrix(rows)

    assert truth.contains(a[0, 0], Fraction(1, 3))
    assert balls.radius(a)[0, 0] > 0
    assert balls.radius(a)[1, 1].is_zero()
    assert balls.midpoint(a)[0, 0].is_exact()
    assert np.allclose(balls.to_float_matrix(a), [[1 / 3, 2], [0, -1.25]])
    assert balls.matrix_from_reals(1, 2, [balls.real(1), balls.real(2)])[0, 1] == 2
    with pytest.raises(InvalidInstance):
        balls.matrix([[Fraction(1)], [Fraction(1), Fraction(2)]])
