from __future__ import annotations

import json
import operator
import pickle
import random
from fractions import Fraction

import flint
import pytest

from theorycheck.balls import Ball, working_bits
from theorycheck.balls.serial import decode, encode
from theorycheck.errors import DomainViolation, InvalidInstance

OPERATIONS = [operator.add, operator.sub, operator.mul, operator.truediv]


def rational(rng):
    return Fraction(rng.randint(-50, 50) or 1, rng.randint(1, 50))


@pytest.mark.parametrize("bits", [53, 200])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_arithmetic_contains_the_exact_result(operation, bits):
    rng = random.Random(bits)
    for _ in range(100):
        p, q = rational(rng), rational(rng)
        a, b = Ball.exact(p, bits), Ball.exact(q, 64)
        truth = operation(p, q)

        assert operation(a, b).contains(truth)
        assert operation(a, q).contains(truth)
        assert operation(p, b).contains(truth)
        assert operation(a, b).bits == max(bits, 64)
        assert operation(a, b).radius <= (abs(p) + abs(q) + abs(truth)) * Fraction(8, 2**53)


def test_arithmetic_of_wide_balls_contains_all_results():
    rng = random.Random(3)
    for _ in range(100):
        ends = sorted((rational(rng), rational(rng)))
        ball, other = Ball.between(*ends), Ball.exact(rational(rng))
        for weight in (0, Fraction(1, 3), 1):
            inside = ends[0] + weight * (ends[1] - ends[0])

            assert (ball * other).contains(inside * other.midpoint)
            assert (ball**2).contains(inside**2)
            assert (ball**3).contains(inside**3)
            assert abs(ball).contains(abs(inside))
            assert (-ball).contains(-inside)
        assert (ball**2).lower >= 0
        assert abs(ball).lower >= 0


def test_powers():
    two = Ball.exact(2, 128)
    root = two ** Fraction(1, 2)

    assert root.lower**2 < 2 < root.upper**2
    assert (two**-3).contains(Fraction(1, 8))
    assert (two**0).contains(1)
    with pytest.raises(DomainViolation):
        (two - 3) ** Fraction(1, 2)
    with pytest.raises(DomainViolation):
        Ball.between(-1, 1) ** -1


def test_division_by_a_ball_that_contains_zero_raises():
    with pytest.raises(DomainViolation):
        1 / Ball.between(-1, 2)


@pytest.mark.parametrize("name", ["lt", "le", "gt", "ge", "eq", "ne"])
def test_comparisons_raise_and_name_the_way_out(name):
    with pytest.raises(TypeError, match=r"balls\.le"):
        getattr(operator, name)(Ball.exact(1), Ball.exact(2))


def test_balls_are_unhashable_and_immutable():
    ball = Ball.exact(1)
    with pytest.raises(TypeError):
        hash(ball)
    with pytest.raises(AttributeError):
        ball.bits = 3
    with pytest.raises(AttributeError):
        ball.extra = 3


@pytest.mark.parametrize("other", [0.5, "1", 1j])
def test_floats_and_texts_are_refused_as_operands(other):
    with pytest.raises(TypeError):
        Ball.exact(1) + other


def test_storage_is_exact():
    rng = random.Random(0)
    for _ in range(300):
        man, width = rng.getrandbits(rng.randint(1, 200)), rng.getrandbits(rng.randint(1, 30))
        content = (rng.choice([-1, 1]) * man, rng.randint(-300, 300), width, rng.randint(-400, 50))
        ball = Ball.wrap(decode(content), 100)

        assert encode(decode(encode(ball.real()))) == encode(ball.real())
        assert ball.radius == width * Fraction(2) ** content[3]
        assert ball.midpoint == content[0] * Fraction(2) ** content[1]
        assert Ball.from_json(json.loads(json.dumps(ball.to_json()))).same_as(ball)
        assert pickle.loads(pickle.dumps(ball)).same_as(ball)


def test_computed_balls_are_stored_exactly():
    ball = Ball.exact(Fraction(1, 3), 70)
    for _ in range(20):
        ball = ball * ball + Fraction(1, 7)

        assert pickle.loads(pickle.dumps(ball)).same_as(ball)


@pytest.mark.parametrize("data", [{}, {"mid": ["1"], "rad": ["0", "0"], "bits": 53}, [], "x"])
def test_wrong_json_is_refused(data):
    with pytest.raises(InvalidInstance):
        Ball.from_json(data)


def test_infinite_balls_are_refused():
    for bad in (flint.arb.nan(), flint.arb.pos_inf(), flint.arb(0, flint.arb.pos_inf())):
        with pytest.raises(DomainViolation):
            Ball.wrap(bad, 53)


def test_text_and_float():
    ball = Ball.exact(Fraction(1, 4))

    assert str(ball) == "0.250000000000000"
    assert float(ball) == 0.25
    assert f"{ball:.1f}" == "0.2"
    assert repr(ball).startswith("Ball(")
    assert Ball.exact(3).lower == Ball.exact(3).upper == 3


def test_the_callers_precision_is_untouched():
    before = working_bits()
    Ball.exact(Fraction(1, 3), 500) * 2

    assert working_bits() == before
