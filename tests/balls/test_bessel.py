"""Normalised Bessel functions and angles, by containment of mpmath at two precisions."""

from __future__ import annotations

from fractions import Fraction as F

import mpmath
import pytest

from tests.kernels.truth import contains, exact
from theorycheck import balls
from theorycheck.errors import DomainViolation, InvalidInstance

ORDERS = (F(-1, 2), F(0), F(1, 2), F(1), F(7, 4), F(3))
PLACES = (F(0), F(1, 10**6), F(1), F(39, 10), F(41, 10), F(25), F(1000), F(10**6))


@pytest.mark.parametrize("bits", [64, 192])
@pytest.mark.parametrize("nu", ORDERS, ids=str)
def test_normalised_bessel_contains_the_hypergeometric_value(nu: F, bits: int) -> None:
    for z in PLACES:
        with mpmath.workdps(90):
            x = exact(z)
            if z <= 1000:
                value = mpmath.hyp0f1(exact(nu) + 1, -x * x / 4)
            else:
                value = mpmath.gamma(exact(nu) + 1) * (2 / x) ** exact(nu)
                value = value * mpmath.besselj(exact(nu), x)
        with balls.precision(bits):
            ball = balls.normalised_bessel(balls.real(nu), balls.real(z))

        assert contains(ball, value)
        assert balls.width(ball) <= (1 + z) * F(1, 2 ** (bits - 8))


@pytest.mark.parametrize("nu", ORDERS, ids=str)
def test_wide_balls_contain_all_their_values(nu: F) -> None:
    order = balls.real(nu)
    for low, high in ((F(0), F(1, 3)), (F(3), F(5)), (F(20), F(60)), (F(10**3), F(10**5))):
        wide = balls.interval(low, high)
        wide = wide if wide >= 0 else wide.nonnegative_part()
        ball = balls.normalised_bessel(order, wide)
        for k in range(9):
            inside = balls.normalised_bessel(order, balls.real(low + (high - low) * k / 8))
            assert ball.contains(balls.midpoint(inside))
        assert balls.upper(ball) <= F(5, 4)


def test_angles_are_those_of_atan2_and_small_ones_are_sharp() -> None:
    for opposite, adjacent in ((0, 1), (0, -1), (1, 0), (2, -3), (5, 7)):
        with mpmath.workdps(60):
            value = mpmath.mpf(0) + mpmath.atan2(opposite, adjacent)
        assert contains(balls.angle(balls.real(opposite), balls.real(adjacent)), value)
    tiny = balls.angle(balls.real(F(1, 2**300)), balls.real(1))
    assert tiny.rel_accuracy_bits() > 40
    assert balls.angle(balls.real(0), balls.real(2)).is_zero()


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(InvalidInstance, match="nu"):
        balls.normalised_bessel(balls.real(-1), balls.real(1))
    with pytest.raises(DomainViolation, match="negative"):
        balls.normalised_bessel(balls.real(1), balls.real(-1))
    with pytest.raises(DomainViolation, match="angle"):
        balls.angle(balls.real(0), balls.real(0))
