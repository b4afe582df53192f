"""The labelled IEEE mode agrees with the enclosures that do not need it."""

import random
from fractions import Fraction as F

import flint
import pytest

from theorycheck import balls
from theorycheck.balls.ieee_spectra import ieee_lambda_max_upper, ieee_lambda_min_lower


def random_symmetric(size, seed, scale=1):
    rng = random.Random(seed)
    grid = [[F(rng.randint(-50, 50), 7) * scale for _ in range(size)] for _ in range(size)]
    return balls.matrix([[grid[min(i, j)][max(i, j)] for j in range(size)] for i in range(size)])


@pytest.mark.parametrize("scale", [F(1), F(2**200), F(1, 2**200)])
@pytest.mark.parametrize("size", [1, 2, 5, 12])
def test_bounds_are_below_and_close(size, scale):
    a = random_symmetric(size, size, scale)
    truth, top = balls.lambda_min(a), balls.lambda_max(a)
    bound, above = ieee_lambda_min_lower(a), ieee_lambda_max_upper(a)

    assert balls.lower(bound) <= balls.upper(truth)
    assert balls.upper(above) >= balls.lower(top)
    if scale >= 1:
        room = F(size**2, 2**40) * scale
        assert balls.lower(truth) - room <= balls.lower(bound)
        assert balls.upper(above) <= balls.upper(top) + room


def test_repeated_and_singular_spectra():
    ones = balls.matrix([[F(1)] * 6] * 6)
    bound = balls.upper(ieee_lambda_min_lower(ones))

    assert -F(1, 2**35) < bound <= 0
    identity = balls.matrix([[F(int(i == j)) for j in range(6)] for i in range(6)])
    assert F(1) - F(1, 2**35) < balls.lower(ieee_lambda_min_lower(identity)) <= 1


def test_radii_count_and_the_unbounded_is_named():
    a = balls.inflate(balls.matrix([[F(2), F(0)], [F(0), F(3)]]), flint.arb(1) / 4)
    # off-diagonal 1/4, diagonal 7/4 and 11/4: lambda_min = (9 - 5^(1/2)) / 4
    assert balls.upper(ieee_lambda_min_lower(a)) <= F("1.69098301")
    assert not ieee_lambda_min_lower(balls.matrix([[F(10**200)]])).is_finite()
