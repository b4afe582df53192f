"""The same formulas in balls, over Q and over polynomial rings: the balls contain the truth."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from flint import arb

from theorycheck import balls, exact

from . import truth

BALLS, RATIONALS = balls.BallAlgebra, exact.RationalAlgebra
POLYNOMIALS = exact.PolynomialArithmetic(["x", "y"])
METHODS = [
    "matrix", "identity", "zeros", "from_scalars", "scalars", "add", "subtract", "multiply",
    "transpose", "negate", "scale", "shape", "entry", "scalar", "inner", "square_sum",
]  # fmt: skip


@pytest.mark.parametrize("algebra", [BALLS, RATIONALS, POLYNOMIALS])
def test_the_protocol_is_implemented(algebra):
    assert isinstance(algebra.name, str)
    assert all(callable(getattr(algebra, name)) for name in METHODS)


def formula(algebra, a, b, s):
    """Combine all operations of the protocol."""
    total = algebra.add(algebra.multiply(a, algebra.transpose(b)), algebra.identity(3))
    total = algebra.subtract(algebra.scale(total, s), algebra.negate(algebra.zeros(3, 3)))
    r, c = algebra.shape(total)
    total = algebra.from_scalars(r, c, algebra.scalars(total))
    corner = algebra.entry(total, 0, 2) + algebra.inner(a, b) * s - algebra.square_sum(a)
    return [*algebra.scalars(total), corner]


@pytest.mark.parametrize("bits", truth.PRECISIONS)
def test_balls_contain_the_rational_result_and_polynomials_agree(bits):
    rng = random.Random(bits)
    for _ in range(20):
        a, b, s = truth.rows(rng, 3, 2), truth.rows(rng, 3, 2), truth.rational(rng)
        results = []
        with balls.precision(bits):
            for algebra in (BALLS, RATIONALS, POLYNOMIALS):
                m, n = algebra.matrix(a), algebra.matrix(b)
                results.append(formula(algebra, m, n, algebra.scalar(s)))
        found, expected, constant = results

        for ball, value, polynomial in zip(found, expected, constant, strict=True):
            assert truth.contains(ball, exact.to_fraction(value))
            assert polynomial == value


def test_extra_operations_of_balls():
    a = balls.matrix([[Fraction(1, 3), Fraction(2, 3)]])

    assert BALLS.midpoint(a)[0, 0].is_exact()
    assert 0 < balls.lower(BALLS.radius_upper(a)) < Fraction(1, 10**15)
    assert BALLS.radius_upper(BALLS.midpoint(a)).is_zero()
    assert balls.upper(BALLS.norm_upper(a)) ** 2 >= Fraction(5, 9)
    assert balls.upper(BALLS.spectral_upper(a)) ** 2 >= Fraction(5, 9)
    assert BALLS.to_float(a).shape == (1, 2)
    assert BALLS.inflate(a, arb(1))[0, 0].contains(-0.5)
    assert BALLS.square_sum(balls.matrix_from_reals(1, 1, [arb(0, 1)])) >= 0
