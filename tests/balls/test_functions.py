from __future__ import annotations

import random
from fractions import Fraction

import mpmath
import pytest
from flint import arb

from theorycheck import balls
from theorycheck.errors import DomainViolation

from . import truth

DOMAINS = {
    "log": (Fraction(1, 100), 20),
    "sqrt": (0, 20),
    "asin": (-1, 1),
    "acos": (-1, 1),
    "atanh": (Fraction(-9, 10), Fraction(9, 10)),
    "acosh": (1, 30),
    "tan": (Fraction(-3, 2), Fraction(3, 2)),
}
MPMATH = {"Abs": "fabs"}


def domain(name):
    return DOMAINS.get(name, (-6, 6))


def points(rng, low, high, count):
    return [low + Fraction(rng.randint(0, 1000), 1000) * (high - low) for _ in range(count)]


@pytest.mark.parametrize("bits", truth.PRECISIONS)
@pytest.mark.parametrize("name", sorted(balls.FUNCTIONS))
def test_table_contains_the_truth_at_points_and_over_intervals(name, bits):
    rng = random.Random(name + str(bits))
    function, reference = balls.FUNCTIONS[name], getattr(mpmath, MPMATH.get(name, name))
    low, high = domain(name)
    with balls.precision(bits):
        for _ in range(20):
            a, b = sorted(points(rng, low, high, 2))
            inside = a + Fraction(rng.randint(0, 100), 100) * (b - a)

            # A rational end of the domain (1/3 near it) may stick out; such balls are skipped.
            assert truth.contains_mp(function(balls.real(a)), reference, a, bits)
            over = exact_interval(a, b)
            try:
                value = function(over)
            except DomainViolation:
                assert name in DOMAINS
                continue
            assert truth.contains_mp(value, reference, inside, bits)


def exact_interval(a, b):
    """Return the smallest dyadic ball with 20 binary places around [a, b], possibly a bit wider."""
    scale = 2**20
    low, high = int(a * scale // 1), -int(-b * scale // 1)
    return arb((low + high, -21), (high - low, -21))


@pytest.mark.parametrize("name", sorted(balls.FUNCTIONS))
def test_nan_raises_and_never_passes_through(name):
    with pytest.raises(DomainViolation):
        balls.FUNCTIONS[name](arb.nan())


def test_functions_at_the_very_end_of_their_domain():
    for name, x in [("asin", 1), ("acos", -1), ("acosh", 1), ("sqrt", 0), ("Abs", 0)]:
        value = balls.FUNCTIONS[name](arb(x))

        assert truth.contains_mp(value, getattr(mpmath, MPMATH.get(name, name)), Fraction(x), 53)
    touching = arb((1, -1), (1, -1))
    for name in ("asin", "acos", "sqrt"):
        assert balls.FUNCTIONS[name](touching).is_finite()
    for name in ("log", "atanh"):
        with pytest.raises(DomainViolation):
            balls.FUNCTIONS[name](touching)


INCREASING = ("tanh", "atan", "asinh", "erf")
WIDE = [
    (-1, 1),
    (-30, 30),
    (-5000, 5000),
    (Fraction(-1, 10), 50),
    (-20, 3),
    (5, 60),
    (-(10**30), 10**30),
]


@pytest.mark.parametrize("bits", truth.PRECISIONS)
@pytest.mark.parametrize(("low", "high"), WIDE)
@pytest.mark.parametrize("name", INCREASING)
def test_increasing_functions_are_enclosed_sharply_on_wide_balls(name, low, high, bits):
    reference = getattr(mpmath, name)
    with balls.precision(bits):
        value = balls.FUNCTIONS[name](balls.interval(low, high))
        ends = [balls.FUNCTIONS[name](balls.real(Fraction(x))) for x in (low, high)]

    for inside in (
        Fraction(low),
        Fraction(high),
        Fraction(low + high) / 2,
        Fraction(low) / 3 + Fraction(2 * high) / 3,
    ):
        assert truth.contains_mp(value, reference, inside, bits)
    # The range ends at the values at the ends, but for what a radius of 30 bits rounds away.
    spread = balls.upper(ends[1]) - balls.lower(ends[0])
    assert balls.width(value) <= spread * (1 + Fraction(1, 2**20))


@pytest.mark.parametrize("bits", truth.PRECISIONS)
@pytest.mark.parametrize("half_width", [1, 9, 11, 15, 21, 40, 300, 1000])
@pytest.mark.parametrize("centre", [-700, 0, 50])
def test_exp_of_wide_balls_stays_positive(centre, half_width, bits):
    with balls.precision(bits):
        value = balls.FUNCTIONS["exp"](arb(centre, half_width))
        reciprocal = balls.divide(arb(1), value)
        logarithm = balls.FUNCTIONS["log"](value)
    assert value > 0
    for end in (centre - half_width, centre, centre + half_width):
        assert truth.contains_mp(value, mpmath.exp, Fraction(end), bits)
        assert truth.contains_mp(reciprocal, lambda x: 1 / mpmath.exp(x), Fraction(end), bits)
        assert logarithm.contains(end)


@pytest.mark.parametrize(("low", "high"), WIDE[:-1])
@pytest.mark.parametrize("name", ["exp", "sinh", "sin", "cos", "cosh"])
def test_other_entire_functions_are_known_on_wide_balls(name, low, high):
    value = balls.FUNCTIONS[name](balls.interval(low, high))

    for inside in (Fraction(low), Fraction(high), Fraction(low + high) / 2):
        assert truth.contains_mp(value, getattr(mpmath, name), inside, 53)


def test_tan_across_its_pole_raises():
    with pytest.raises(DomainViolation):
        balls.FUNCTIONS["tan"](balls.interval(1, 2))


@pytest.mark.parametrize("bits", truth.PRECISIONS)
@pytest.mark.parametrize(
    "exponent", [1, 2, 3, 4, 7, -1, -2, Fraction(1, 2), Fraction(2, 3), Fraction(-3, 2)]
)
def test_power_contains_the_truth(exponent, bits):
    rng = random.Random(bits)
    q = Fraction(exponent)
    with balls.precision(bits):
        for _ in range(40):
            a, b = sorted((truth.rational(rng), truth.rational(rng)))
            if q < 0 or q.denominator > 1:
                a, b = abs(a) + Fraction(1, 100), abs(a) + abs(b) + 1
            inside = a + Fraction(rng.randint(0, 8), 8) * (b - a)
            value = balls.power(balls.interval(a, b), exponent)
            reference = lambda x: mpmath.root(x, q.denominator) ** q.numerator  # noqa: E731

            if q.denominator == 1:
                assert truth.contains(value, inside**q.numerator)
            else:
                assert truth.contains_mp(value, reference, inside, bits)
            assert q.numerator % 2 or value >= 0
            narrow = balls.power(balls.real(inside), exponent)
            if narrow.mid() != 0:
                assert narrow.rel_accuracy_bits() >= bits - 12


def test_power_of_the_range_is_tight():
    assert balls.upper(balls.power(arb(0, 3), 2)) <= 9 + Fraction(1, 10**6)
    assert balls.lower(balls.power(arb(0, 3), 3)) >= -27 - Fraction(1, 10**6)
    assert balls.power(arb(0), Fraction(2, 3)) == 0
    assert balls.power(arb(0), 0) == 1
    assert balls.power(arb(0, 1), 0) == 1


def test_fractional_power_of_a_ball_that_reaches_below_zero():
    noisy = balls.interval(Fraction(-1, 10**6), 4)
    with pytest.raises(DomainViolation):
        balls.power(noisy, Fraction(1, 2))

    value = balls.power(noisy, Fraction(1, 2), assume_nonnegative=True)

    assert value >= 0
    assert value.contains(2)
    assert value.contains(0)
    assert balls.power(noisy, 3, assume_nonnegative=True) >= 0
    for bad in (arb(-1), arb.nan()):
        with pytest.raises(DomainViolation):
            balls.power(bad, Fraction(1, 2), assume_nonnegative=True)
    with pytest.raises(DomainViolation):
        balls.power(arb(0), Fraction(-1, 2), assume_nonnegative=True)


def test_divide():
    rng = random.Random(4)
    for _ in range(50):
        p, q = truth.rational(rng), truth.rational(rng) or Fraction(1)

        assert truth.contains(balls.divide(balls.real(p), balls.real(q)), p / q)
    for bad in (arb(0), arb(0, 1), arb.nan(), arb.pos_inf()):
        with pytest.raises(DomainViolation):
            balls.divide(arb(1), bad)


def psi_by_series(m, eta):
    z = m * eta
    return eta**2 * sum(z**j / mpmath.factorial(j + 2) for j in range(400))


def expm1_over_by_series(m, eta):
    z = m * eta
    return eta * sum(z**j / mpmath.factorial(j + 1) for j in range(400))


EXPONENTIALS = [(balls.psi, psi_by_series), (balls.expm1_over, expm1_over_by_series)]


@pytest.mark.parametrize("bits", truth.PRECISIONS)
@pytest.mark.parametrize(("function", "series"), EXPONENTIALS)
def test_exponential_integrals_are_tight_for_every_size_of_m(function, series, bits):
    eta = Fraction(3, 8)
    for shift in (-400, -80, -40, -12, -3, -1, 0, 1, 2, 4):
        for sign in (-1, 0, 1):
            m = sign * Fraction(11, 10) * Fraction(2) ** shift
            with balls.precision(bits):
                value = function(balls.real(m), balls.real(eta))

            assert truth.contains_mp(value, lambda x, m=m: series(truth.as_mp(m), x), eta, bits)
            assert value.rel_accuracy_bits() >= bits - 12
            assert value > 0


@pytest.mark.parametrize(("function", "series"), EXPONENTIALS)
def test_exponential_integrals_over_wide_arguments(function, series):
    rng = random.Random(5)
    for _ in range(60):
        low, high = sorted((truth.rational(rng), truth.rational(rng)))
        first, last = sorted((abs(truth.rational(rng)), abs(truth.rational(rng))))
        m = low + Fraction(rng.randint(0, 4), 4) * (high - low)
        eta = first + Fraction(rng.randint(0, 4), 4) * (last - first)
        value = function(balls.interval(low, high), balls.interval(first, last))

        assert truth.contains_mp(value, lambda x, m=m: series(truth.as_mp(m), x), eta, 53)


def test_exponential_integrals_of_unknown_arguments_raise():
    for function in (balls.psi, balls.expm1_over):
        with pytest.raises(DomainViolation):
            function(arb.nan(), arb(1))
