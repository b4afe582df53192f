"""Ranges and shifts of polynomials, against exact values at many points."""

import random
from fractions import Fraction as F
from math import comb, factorial

from theorycheck.balls import lower, precision, real, upper
from theorycheck.balls.series import polynomial_range, shift_polynomial


def value(coefficients: list[F], u: F) -> F:
    return sum((c * u**k for k, c in enumerate(coefficients)), F(0))


def test_ranges_hold_and_are_close() -> None:
    rng = random.Random(5)
    for _ in range(60):
        coefficients = [
            F(rng.randint(-20, 20), rng.choice([1, 3, 7, 50])) for _ in range(rng.randint(2, 9))
        ]
        h = F(rng.randint(1, 40), 16)
        with precision(80):
            found = polynomial_range([real(c) for c in coefficients], real(h))
        values = [value(coefficients, h * F(i, 100)) for i in range(-100, 101)]
        assert lower(found) <= min(values)
        assert max(values) <= upper(found)
        # Between two of the points the polynomial moves a little further.
        slope = sum(abs(k * c) * h ** (k - 1) for k, c in enumerate(coefficients) if k)
        room = slope * h / 100 + F(1, 10**9) * (1 + max(map(abs, values)))
        assert min(values) - lower(found) <= room
        assert upper(found) - max(values) <= room


def test_range_of_cosine_on_a_long_interval() -> None:
    cosine = [F((-1) ** (k // 2), factorial(k)) if k % 2 == 0 else F(0) for k in range(200)]
    with precision(700):
        found = polynomial_range([real(c) for c in cosine], real(F(20)))
    # The remainder is below 20^200 / 200! < 10^-100.
    assert -1 - F(1, 10**7) <= lower(found) <= -1 + F(1, 10**7)
    assert 1 - F(1, 10**7) <= upper(found) <= 1 + F(1, 10**7)


def test_range_of_flat_and_constant_polynomials() -> None:
    for coefficients in (
        [F(3)],
        [F(3), F(0)],
        [F(0), F(0), F(0), F(1)],
        [F(1), F(0), F(0), F(0), F(-2)],
    ):
        with precision(64):
            found = polynomial_range([real(c) for c in coefficients], real(F(1)))
        values = [value(coefficients, F(i, 10)) for i in range(-10, 11)]
        assert lower(found) <= min(values) <= lower(found) + F(1, 10**6)
        assert upper(found) - F(1, 10**6) <= max(values) <= upper(found)


def test_shift_of_many_orders() -> None:
    rng = random.Random(1)
    for count in (5, 64, 65, 120):
        coefficients = [F(rng.randint(-99, 99), 7**k) for k in range(count - 2)] + [F(1), F(0)]
        centre = F(3, 5)
        with precision(500):
            found = shift_polynomial([real(c) for c in coefficients], real(centre))
        assert len(found) == count
        for k in range(0, count, 7):
            exact = sum(
                (comb(j, k) * coefficients[j] * centre ** (j - k) for j in range(k, count)), F(0)
            )
            assert lower(found[k]) <= exact <= upper(found[k])
            assert upper(found[k]) - lower(found[k]) <= F(1, 2**400) * (1 + abs(exact))


def test_range_that_needs_all_the_bits() -> None:
    """1 + (u^2 - 1) 10^-80 and e^(-300 u) about its middle: rough looks are not enough."""
    with precision(800):
        small = F(1, 10**80)
        found = polynomial_range([real(1 - small), real(0), real(small)], real(F(1)))
        assert 1 - small * F(11, 10) <= lower(found) <= 1 - small
        assert 1 <= upper(found) <= 1 + small / 10
        # On [-1/2, 1/2], times (1 + u) to have a zero of the slope; 300^k / k! is up to 2^430.
        falling = [F((-300) ** k, factorial(k)) for k in range(1200)]
        product = [falling[0], *(a + b for a, b in zip(falling[1:], falling, strict=False))]
        found = polynomial_range([real(c) for c in product], real(F(1)))
    # (1 + u) e^(-300 u) is largest at u = 1/300 - 1, and 0 at u = -1.
    largest = F(271828182845904523, 10**17) ** 299 / 300
    assert largest * (1 - F(1, 10**6)) <= upper(found) <= largest * (1 + F(1, 10**6))
    assert -largest / 10**6 <= lower(found) <= 0
