"""Containment of spectra that are known exactly, and of random ones against mpmath."""

from __future__ import annotations

import random
from fractions import Fraction

import mpmath
import pytest
from flint import arb, arb_mat

from theorycheck import balls, exact
from theorycheck.errors import DomainViolation, InvalidInstance
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED

from . import truth

SPECTRA = {
    "one": [Fraction(-3, 7)],
    "zero": [Fraction(0)] * 3,
    "identity": [Fraction(1)] * 4,
    "repeated": [Fraction(-1, 3)] * 2 + [Fraction(2, 3)] * 3,
    "singular": [Fraction(0), Fraction(0), Fraction(1, 7), Fraction(5)],
    "indefinite": [Fraction(-5), Fraction(-1, 3), Fraction(0), Fraction(0), Fraction(1, 3)],
    "nearly repeated": [Fraction(1), 1 + Fraction(1, 10**18), 1 + Fraction(2, 10**30), Fraction(2)],
    "wide": [Fraction(1, 10**25), Fraction(1, 10**12), Fraction(1), Fraction(10**20)],
    "tiny": [Fraction(k, 2**2000) for k in (-1, 3, 3)],
    "huge": [k * Fraction(2**2000) for k in (-1, 3, 3)],
    "ten": [Fraction(k // 3, 3) for k in range(10)],
}


def with_spectrum(rng, values):
    """Return Q D Q^T for a rational orthogonal Q: its eigenvalues are exactly the values."""
    q = truth.orthogonal(rng, len(values))
    return truth.product(q, truth.diagonal(values), truth.transposed(q))


@pytest.mark.parametrize("bits", truth.PRECISIONS)
@pytest.mark.parametrize("name", sorted(SPECTRA))
def test_eigenvalues_contain_the_exact_ones_and_are_tight(name, bits):
    rng = random.Random(name)
    values = sorted(SPECTRA[name])
    scale = max(abs(v) for v in values)
    for _ in range(4):
        rows = with_spectrum(rng, values)
        with balls.precision(bits):
            a = balls.matrix(rows)
            found = balls.eigenvalues(a)
            ends = balls.lambda_min(a), balls.lambda_max(a), balls.lambda_min_lower(a)
            top = balls.lambda_max_upper(a)

        assert len(found) == len(values)
        assert all(truth.contains(x, v) for x, v in zip(found, values, strict=True))
        assert all(balls.width(x) <= scale * Fraction(500, 2**bits) for x in found)
        assert truth.contains(ends[0], values[0])
        assert truth.contains(ends[1], values[-1])
        assert values[0] - scale * Fraction(1, 10**12) <= balls.lower(ends[2]) <= values[0]
        assert values[-1] <= balls.upper(top) <= values[-1] + scale * Fraction(1, 10**12)


@pytest.mark.parametrize("bits", truth.PRECISIONS)
@pytest.mark.parametrize("n", [1, 2, 3, 6, 12])
def test_random_spectra_agree_with_mpmath(n, bits):
    rng = random.Random(n)
    for _ in range(4):
        rows = [[Fraction(round(x * 64), 64) for x in row] for row in truth.symmetric(rng, n)]
        with mpmath.workdps(int(bits * 0.302) + 60):
            reference = mpmath.eigsy(
                mpmath.matrix([[truth.as_mp(x) for x in row] for row in rows]), eigvals_only=True
            )
            values = sorted(truth.mp_fraction(mpmath.mpf(x)) for x in reference)
        slack = Fraction(1, 10 ** (int(bits * 0.302) + 30)) * n * 100
        with balls.precision(bits):
            found = balls.eigenvalues(balls.matrix(symmetrised(rows)))

        for ball, value in zip(found, values, strict=True):
            assert balls.lower(ball) - slack <= value <= balls.upper(ball) + slack
            assert balls.width(ball) <= Fraction(10**5, 2**bits)


def symmetrised(rows):
    n = len(rows)
    return [[rows[min(i, j)][max(i, j)] for j in range(n)] for i in range(n)]


def test_repeated_eigenvalues_at_256_bits_have_radius_1e_60():
    rng = random.Random(0)
    rows = with_spectrum(rng, [Fraction(0)] * 3 + [Fraction(3)] * 3 + [Fraction(7)] * 2)
    dyadic = [[Fraction(round(x * 2**30), 2**30) for x in row] for row in rows]
    ones = [[Fraction(2 if i == j else 1) for j in range(3)] for i in range(3)]
    with balls.precision(256):
        for matrix in (dyadic, rows, ones):
            for value in balls.eigenvalues(balls.matrix(symmetrised(matrix))):
                assert balls.width(value) < Fraction(2, 10**60)


@pytest.mark.parametrize("seed", range(6))
def test_clusters_at_all_scales_are_resolved(seed):
    rng = random.Random(seed)
    values, level = [], Fraction(0)
    for _ in range(9):
        level += rng.choice([Fraction(0), Fraction(1, 10 ** rng.randint(0, 60))])
        values.append(level)
    rows = with_spectrum(rng, values)
    with balls.precision(256):
        found = balls.eigenvalues(balls.matrix(rows))

    assert all(truth.contains(x, v) for x, v in zip(found, values, strict=True))
    assert all(balls.width(x) < Fraction(1, 10**70) for x in found)


def test_eigenvalues_of_a_larger_singular_gram_matrix():
    rng = random.Random(2)
    factor = truth.rows(rng, 30, 5)
    gram = truth.product(factor, truth.transposed(factor))
    with balls.precision(128):
        found = balls.eigenvalues(balls.matrix(gram))

    assert all(x.contains(0) for x in found[:25])
    assert all(balls.width(x) < Fraction(1, 10**30) for x in found)
    assert found[25] > 0
    trace = sum((balls.lower(x) for x in found), Fraction(0))
    assert abs(trace - sum(gram[i][i] for i in range(30))) < Fraction(1, 10**28)


@pytest.mark.parametrize("bits", truth.PRECISIONS)
def test_radii_of_the_input_are_covered(bits):
    rng = random.Random(7)
    for _ in range(20):
        n = rng.randint(1, 5)
        values = sorted(truth.rational(rng) for _ in range(n))
        rows = with_spectrum(rng, values)
        with balls.precision(bits):
            # Every ball is pushed off its centre as far as its radius allows.
            moved = [
                arb(balls.real(x + sign * Fraction(1, 128)).mid(), arb((9, -10)))
                for row in rows
                for x in row
                for sign in [rng.choice([-1, 1])]
            ]
            a = arb_mat(n, n, moved)
            found, low = balls.eigenvalues(a), balls.lambda_min_lower(a)
            norm = balls.spectral_norm(a)

        assert all(truth.contains(x, v) for x, v in zip(found, values, strict=True))
        assert balls.upper(low) <= values[0]
        assert truth.contains(norm, max(abs(v) for v in values))


@pytest.mark.parametrize("size", [Fraction(0), Fraction(1, 100), Fraction(1, 12), Fraction(3)])
def test_the_candidate_basis_is_not_trusted(size, monkeypatch):
    """With a spoiled basis the enclosures get wide; they never lose an eigenvalue."""
    rng = random.Random(5)
    noise = arb_mat(4, 4, [balls.real(size * rng.randint(-1, 1)) for _ in range(16)])
    spoiled = (arb_mat(4, 4, 1) + noise).mid()
    for module in ("spectra", "matrix_powers"):
        monkeypatch.setattr(f"theorycheck.balls.{module}.eigenbasis", lambda a: spoiled)
    for _ in range(5):
        values = sorted(abs(truth.rational(rng)) for _ in range(4))
        q = truth.orthogonal(rng, 4)
        squares = truth.product(q, truth.diagonal([v * v for v in values]), truth.transposed(q))
        roots = truth.product(q, truth.diagonal(values), truth.transposed(q))
        found = balls.eigenvalues(balls.matrix(squares))
        root = balls.psd_power(balls.matrix(squares), Fraction(1, 2))

        assert all(truth.contains(x, v * v) for x, v in zip(found, values, strict=True))
        assert all(truth.contains(root[i, j], roots[i][j]) for i in range(4) for j in range(4))


def test_diagonal_matrices_have_exact_eigenvalues():
    a = balls.matrix(truth.diagonal([Fraction(3), Fraction(-1, 4), Fraction(3)]))

    assert [balls.lower(x) for x in balls.eigenvalues(a)] == [Fraction(-1, 4), 3, 3]
    assert all(x.is_exact() for x in balls.eigenvalues(a))
    assert balls.eigenvalues(arb_mat(2, 2))[0].is_zero()


def test_wrong_input_is_refused():
    for function in (balls.eigenvalues, balls.lambda_min, balls.lambda_min_lower):
        with pytest.raises(InvalidInstance, match="square"):
            function(arb_mat(2, 3))
        with pytest.raises(InvalidInstance, match="symmetric"):
            function(arb_mat([[0, 1], [2, 0]]))
    unknown = arb_mat([[1, arb.nan()], [arb.nan(), 1]])
    with pytest.raises(DomainViolation):
        balls.eigenvalues(unknown)
    assert balls.lambda_min_lower(unknown) == arb.neg_inf()
    with pytest.raises(InvalidInstance):
        balls.is_positive_definite(arb_mat(2, 3))


@pytest.mark.parametrize("bits", truth.PRECISIONS)
def test_definiteness_agrees_with_exact_elimination(bits):
    rng = random.Random(11)
    seen = set()
    for _ in range(60):
        n = rng.randint(1, 5)
        shift = Fraction(rng.randint(-2, 8))
        rows = truth.symmetric(rng, n)
        rows = [[x + shift * 6 * (i == j) for j, x in enumerate(r)] for i, r in enumerate(rows)]
        with balls.precision(bits):
            verdict = balls.is_positive_definite(balls.matrix(rows))
        truly = exact.psd_verdict(rows) is HOLDS and exact.rank(rows) == n
        seen.add(verdict)

        assert verdict is not (VIOLATED if truly else HOLDS)
    assert {HOLDS, VIOLATED} <= seen


def test_definiteness_of_wide_or_singular_matrices_is_undecided():
    assert balls.is_positive_definite(arb_mat([[arb(0, 1)]])) is UNDECIDED
    assert balls.is_positive_definite(arb_mat([[0, 0], [0, 1]])) is VIOLATED
    third = arb(1) / 3
    assert balls.is_positive_definite(arb_mat([[third, third], [third, third]])) is UNDECIDED
    assert balls.is_positive_definite(arb_mat([[arb.nan()]])) is UNDECIDED


def test_definiteness_with_repeated_eigenvalues():
    rng = random.Random(2)
    for values, verdict in [
        ([Fraction(1, 3)] * 3 + [Fraction(2)] * 2, HOLDS),
        ([Fraction(-1, 3)] * 2 + [Fraction(2)] * 3, VIOLATED),
    ]:
        for _ in range(5):
            a = balls.matrix(with_spectrum(rng, values))
            assert balls.is_positive_definite(a) is verdict
