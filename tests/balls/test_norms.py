from __future__ import annotations

import random
from fractions import Fraction

import pytest
from flint import arb, arb_mat

from theorycheck import balls
from theorycheck.errors import DomainViolation

from . import truth

SHAPES = [(1, 1), (1, 4), (5, 1), (2, 2), (3, 2), (2, 5), (6, 6)]
FLAVOURS = ["distinct", "repeated", "singular", "zero"]


def singular_values(flavour, rank, rng):
    if flavour == "zero":
        return [Fraction(0)] * rank
    if flavour == "repeated":
        return [Fraction(2, 3)] * rank
    values = [Fraction(rng.randint(1, 20), 7) for _ in range(rank)]
    return values if flavour == "distinct" else [Fraction(0), *values[1:]]


def with_singular_values(rng, values, r, c):
    left, right = truth.orthogonal(rng, r), truth.orthogonal(rng, c)
    return truth.product(left, truth.diagonal(values, r, c), right)


@pytest.mark.parametrize("bits", truth.PRECISIONS)
@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize(("r", "c"), SHAPES)
def test_norms_contain_the_exact_ones(r, c, flavour, bits):
    rng = random.Random(f"{r}{c}{flavour}")
    for _ in range(3):
        values = singular_values(flavour, min(r, c), rng)
        rows = with_singular_values(rng, values, r, c)
        square = sum(v * v for v in values)
        with balls.precision(bits):
            a = balls.matrix(rows)
            spectral, nuclear = balls.spectral_norm(a), balls.nuclear_norm(a)
            upper = balls.spectral_norm_upper(a)
            squared, frobenius = balls.frobenius_squared(a), balls.frobenius(a)
            frobenius_upper = balls.frobenius_upper(a)

        assert truth.contains(spectral, max(values))
        assert truth.contains(nuclear, sum(values))
        assert max(values) <= balls.upper(upper)
        assert balls.upper(upper) <= max(values) * (1 + Fraction(1, 10**12)) + Fraction(1, 10**15)
        assert truth.contains(squared, square)
        assert balls.lower(frobenius) ** 2 <= square <= balls.upper(frobenius) ** 2
        assert square <= balls.upper(frobenius_upper) ** 2
        assert min(balls.lower(x) for x in (spectral, nuclear, squared, frobenius)) >= 0
        assert frobenius_upper.is_exact()
        assert upper.is_exact()
        assert balls.width(spectral) <= max(values) * Fraction(2**10, 2**bits)
        assert balls.width(nuclear) <= sum(values) * Fraction(2**12, 2**bits)


@pytest.mark.parametrize("bits", [64, 128, 256])
def test_spectral_norm_of_exact_input_is_tight_to_the_working_precision(bits):
    rng = random.Random(bits)
    for r, c in [(2, 2), (3, 5), (8, 4), (10, 10)]:
        rows = [[Fraction(rng.randint(-50, 50), 16) for _ in range(c)] for _ in range(r)]
        with balls.precision(bits):
            norm = balls.spectral_norm(balls.matrix(rows))

        assert balls.width(norm) / 2 <= balls.lower(norm) * Fraction(2**10, 2**bits)


def test_vectors_and_scalars():
    column = balls.matrix([[Fraction(3)], [Fraction(4)]])

    assert balls.spectral_norm(column) == 5
    assert balls.spectral_norm(column.transpose()) == 5
    assert balls.nuclear_norm(column) == 5
    assert balls.spectral_norm(balls.matrix([[Fraction(-3, 4)]])) == arb(0.75)
    assert balls.spectral_norm(arb_mat(2, 3)).is_zero()
    assert balls.spectral_norm(arb_mat(2, 2, 1)) == 1


def test_radii_are_covered_and_signs_kept():
    wide = arb_mat(2, 2, [arb(0, 1)] * 4)
    for norm in (balls.spectral_norm, balls.nuclear_norm, balls.frobenius):
        value = norm(wide)

        assert value >= 0
        assert value.contains(2)
        assert value.contains(0)
    assert balls.spectral_norm_upper(wide) >= 2


def test_large_matrices_have_a_cheap_upper_bound():
    rng = random.Random(1)
    rows = truth.rows(rng, 40, 40)
    a = balls.matrix(rows)

    assert balls.spectral_norm(a) <= balls.spectral_norm_upper(a)
    assert balls.spectral_norm_upper(a) <= balls.frobenius_upper(a)


def test_unknown_entries():
    unknown = arb_mat([[1, arb.nan()], [0, 1]])
    infinite = arb_mat([[1, arb.pos_inf()], [0, 1]])

    for a in (unknown, infinite):
        assert not balls.spectral_norm_upper(a).is_finite()
        assert not balls.frobenius_upper(a).is_finite()
        assert balls.spectral_norm_upper(a) > 0
        for norm in (balls.spectral_norm, balls.nuclear_norm):
            with pytest.raises(DomainViolation):
                norm(a)
