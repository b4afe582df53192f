"""The tables of Chebyshev polynomials, against exact polynomials and closed forms."""

import math
import random
from fractions import Fraction as F

import flint
import pytest

from theorycheck.balls import lower, matrix, precision, upper
from theorycheck.balls.chebyshev import chebyshev_tables, monomials

COUNT = 8


def chebyshev_polynomials(count):
    """Coefficient lists of T_0, ..., T_{count-1} in s."""
    rows = [[F(1)], [F(0), F(1)]]
    while len(rows) < count:
        doubled = [F(0)] + [2 * x for x in rows[-1]]
        older = rows[-2] + [F(0)] * (len(doubled) - len(rows[-2]))
        rows.append([x - y for x, y in zip(doubled, older, strict=True)])
    return rows


def polynomial(coefficients):
    """q = sum a_j T_j in powers of s."""
    total = [F(0)] * len(coefficients)
    for a, row in zip(coefficients, chebyshev_polynomials(len(coefficients)), strict=True):
        for k, x in enumerate(row):
            total[k] += a * x
    return total


def primitive(powers):
    """int_{-1}^s, in powers of s."""
    inner = [F(0)] + [x / (k + 1) for k, x in enumerate(powers)]
    inner[0] = -sum(x * (-1) ** k for k, x in enumerate(inner))
    return inner


def value(powers, s):
    total = flint.arb(0)
    for x in reversed(powers):
        total = total * s + flint.arb(flint.fmpq(x.numerator, x.denominator))
    return total


@pytest.mark.parametrize("nodes", [8, 12])
def test_values_and_integrals_at_the_zeros(nodes):
    rng = random.Random(nodes)
    a = [F(rng.randint(-9, 9)) for _ in range(COUNT)]
    q, foot = polynomial(a), F(3, 8)
    with precision(128):
        tables = chebyshev_tables(COUNT, nodes, 128)
        even, odd = matrix([[x] for x in a[0::2]]), matrix([[x] for x in a[1::2]])
        found = tables.evaluated(even, odd), tables.integrated(even, odd, matrix([[foot]]))
        integral = primitive(q)
        integral[0] += foot
        for (right, left), powers in zip(found, (q, integral), strict=True):
            for i in range(nodes // 2):
                s = flint.arb.cos_pi_fmpq(flint.fmpq(2 * i + 1, 2 * nodes))
                for side, point in ((right[i, 0], s), (left[i, 0], -s)):
                    difference = side - value(powers, point)
                    assert difference.contains(0)
                    assert upper(difference) - lower(difference) < F(1, 2**110)


@pytest.mark.parametrize("count", [4, 6, 8, 14])
def test_monomials_of_the_integral(count):
    rng = random.Random(count)
    a = [F(rng.randint(-9, 9)) for _ in range(count)]
    q = polynomial(a)
    # q(2 x - 1) by exact expansion, then int_0^x
    shifted = [F(0)] * count
    for k, c in enumerate(q):
        for j in range(k + 1):
            shifted[j] += c * math.comb(k, j) * F(2) ** j * F(-1) ** (k - j)
    expected = [x / (k + 1) for k, x in enumerate(shifted)]
    with precision(96):
        found = monomials(matrix([[x] for x in a[0::2]]), matrix([[x] for x in a[1::2]]), 96)

    assert len(found) == count
    for ball, truth in zip(found, expected, strict=True):
        assert lower(ball) <= truth <= upper(ball)
        assert upper(ball) - lower(ball) <= F(1, 2**50)


@pytest.mark.parametrize("nodes", [4, 10, 44, 66, 200, 1000])
def test_lebesgue_constant_stays_below_its_bound(nodes):
    # At the zeros of T_L it is (1 / L) sum cot((2 i - 1) pi / (4 L)) (Ehlich and Zeller 1966).
    with precision(64):
        angles = [flint.arb(flint.fmpq(2 * i - 1, 4 * nodes)) for i in range(1, nodes + 1)]
        total = flint.arb(0)
        for angle in angles:
            total += angle.cos_pi() / angle.sin_pi()

        assert total / nodes < 1 + flint.arb(flint.fmpq(16, 25)) * flint.arb(nodes).log()
