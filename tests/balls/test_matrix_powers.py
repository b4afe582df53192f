from __future__ import annotations

import random
from fractions import Fraction

import pytest
from flint import arb_mat

from theorycheck import balls
from theorycheck.errors import DomainViolation, InvalidInstance

from . import truth

ROOTS = {
    "one": [Fraction(2, 3)],
    "repeated": [Fraction(1, 2)] * 2 + [Fraction(5, 3)] * 2,
    "singular": [Fraction(0), Fraction(0), Fraction(3)],
    "zero": [Fraction(0)] * 3,
    "distinct": [Fraction(1, 7), Fraction(1), Fraction(10)],
}
EXPONENTS = [Fraction(1, 2), Fraction(1, 3), Fraction(2, 3), Fraction(3, 2), Fraction(1, 4)]


def powers(rng, roots, exponent):
    """Return A and A^q, both exact: the eigenvalues are n-th powers, n the denominator of q."""
    q = truth.orthogonal(rng, len(roots))
    spectra = [r**exponent.denominator for r in roots], [r**exponent.numerator for r in roots]
    return [truth.product(q, truth.diagonal(s), truth.transposed(q)) for s in spectra]


@pytest.mark.parametrize("bits", truth.PRECISIONS)
@pytest.mark.parametrize("exponent", EXPONENTS)
@pytest.mark.parametrize("name", sorted(ROOTS))
def test_power_contains_the_exact_one(name, exponent, bits):
    rng = random.Random(name)
    for _ in range(3):
        base, expected = powers(rng, ROOTS[name], exponent)
        with balls.precision(bits):
            found = balls.psd_power(balls.matrix(base), exponent)

        for i, row in enumerate(expected):
            for j, value in enumerate(row):
                assert truth.contains(found[i, j], value)


@pytest.mark.parametrize("exponent", EXPONENTS)
def test_power_of_exact_input_is_tight_even_if_singular(exponent):
    rng = random.Random(1)
    factor = [[Fraction(rng.randint(-9, 9), 8) for _ in range(2)] for _ in range(4)]
    gram = truth.product(factor, truth.transposed(factor))
    with balls.precision(128):
        found = balls.psd_power(balls.matrix(gram), exponent)

    assert all(balls.width(x) < Fraction(1, 10**33) for x in found.entries())


def test_powers_multiply():
    rng = random.Random(2)
    factor = truth.rows(rng, 3, 3)
    a = balls.matrix(truth.product(factor, truth.transposed(factor)))
    with balls.precision(128):
        third = balls.psd_power(a, Fraction(1, 3))

        assert (third * third * third).overlaps(a)
        assert balls.psd_power(a, 2).overlaps(a * a)
        assert balls.psd_power(a, Fraction(5, 2)).overlaps(
            a * a * balls.psd_power(a, Fraction(1, 2))
        )
        assert balls.psd_power(a, 0).contains(arb_mat(3, 3, 1))
        assert balls.psd_power(a, 1).overlaps(a)


@pytest.mark.parametrize("name", ["repeated", "singular"])
def test_radii_of_the_input_are_covered(name):
    rng = random.Random(3)
    half = Fraction(1, 2)
    for _ in range(10):
        base, expected = powers(rng, ROOTS[name], half)
        n = len(base)
        shift = [[Fraction(rng.choice([-1, 1]), 2**20) for _ in range(n)] for _ in range(n)]
        moved = [[base[i][j] + shift[min(i, j)][max(i, j)] for j in range(n)] for i in range(n)]
        wide = balls.inflate(balls.matrix(moved), balls.real(Fraction(1, 2**20)))
        found = balls.psd_power(wide, half)

        for i in range(n):
            for j in range(n):
                assert truth.contains(found[i, j], expected[i][j])
        if name == "repeated":
            assert all(balls.width(x) < Fraction(1, 10**3) for x in found.entries())


def test_wrong_input_is_refused():
    with pytest.raises(DomainViolation, match="negative"):
        balls.psd_power(arb_mat([[1, 0], [0, -1]]), Fraction(1, 2))
    with pytest.raises(InvalidInstance):
        balls.psd_power(arb_mat([[1, 0], [0, 1]]), Fraction(-1, 2))
    with pytest.raises(InvalidInstance):
        balls.psd_power(arb_mat(2, 3), Fraction(1, 2))
