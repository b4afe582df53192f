"""One-sided bounds by every method, against spectra that are known exactly."""

import random
from fractions import Fraction as F

import pytest
from flint import arb, arb_mat

from theorycheck import balls
from theorycheck.balls import eigenvalue_bounds
from theorycheck.errors import InvalidInstance

from . import truth

METHODS = ("cholesky", "congruence", "ieee")
SPECTRA = {
    "one": [F(-3, 7)],
    "zero": [F(0)] * 3,
    "identity": [F(1)] * 4,
    "repeated ends": [F(-1, 3)] * 3 + [F(2)] + [F(8, 3)] * 4,
    "repeated zero": [F(0)] * 4 + [F(5)] * 2,
    "nearly repeated": [F(1), 1 + F(1, 10**18), 1 + F(2, 10**30), F(2)],
    "tiny": [k * F(1, 2**2000) for k in (-1, -1, 3, 3)],
    "huge": [k * F(2**2000) for k in (-1, -1, 3, 3)],
}
# float64 underflows or overflows there, and the IEEE mode then says nothing.
BEYOND_FLOATS = {"tiny", "huge"}


def reflected(values):
    """Return H D H for the reflector H = I - 2 v v^T / v^T v, v = (1, ..., 1): exact."""
    size = len(values)
    weight, total = F(2, size), sum(values, F(0))
    return [
        [
            (values[i] if i == j else 0)
            - weight * (values[i] + values[j])
            + weight**2 * total
            for j in range(size)
        ]
        for i in range(size)
    ]  # fmt: skip


def check(a, values, method, bits, *, loss=F(1, 10**12)):
    scale = max(abs(v) for v in values) or F(1)
    with balls.precision(bits):
        low = balls.bound_lambda_min(a, method=method)
        high = balls.bound_lambda_max(a, method=method)

    assert (low.method, high.method) == (method, method)
    assert low.trusts_floats == (method == "ieee")
    assert min(values) - loss * scale <= balls.lower(low.value) <= min(values)
    assert max(values) <= balls.upper(high.value) <= max(values) + loss * scale


@pytest.mark.parametrize("bits", truth.PRECISIONS)
@pytest.mark.parametrize(
    ("name", "method"),
    [
        (name, method)
        for name in sorted(SPECTRA)
        for method in METHODS
        if method != "ieee" or name not in BEYOND_FLOATS
    ],
)
def test_bounds_of_exactly_known_spectra_are_valid_and_close(name, method, bits):
    values = SPECTRA[name]
    rng = random.Random(name)
    for _ in range(3):
        q = truth.orthogonal(rng, len(values))
        rows = truth.product(q, truth.diagonal(values), truth.transposed(q))
        check(balls.matrix(rows), values, method, bits)


@pytest.mark.parametrize("method", METHODS)
def test_large_matrices_with_repeated_eigenvalues(method):
    values = [F(k // 16 - 1) for k in range(64)]
    a = balls.matrix(reflected(values))

    assert all(x.is_exact() for x in a.entries())
    check(a, values, method, 64, loss=F(1, 10**11))
    ones = balls.matrix([[F(1)] * 40] * 40)
    check(ones, [F(0)] * 39 + [F(40)], method, 64, loss=F(1, 10**11))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("size", [3, 40])
def test_radii_of_the_input_are_paid_for(method, size):
    rng = random.Random(size)
    values = [F(k // 4 + 1) for k in range(size)]
    rows = reflected(values)
    # Every ball is pushed off its centre as far as its radius allows.
    noise = [[rng.choice([-1, 1]) * F(1, 128) for _ in range(size)] for _ in range(size)]
    moved = [
        arb(balls.real(x + noise[min(i, j)][max(i, j)]).mid(), arb((9, -10)))
        for i, row in enumerate(rows)
        for j, x in enumerate(row)
    ]
    check(arb_mat(size, size, moved), values, method, 64, loss=F(1, 2))


@pytest.mark.parametrize("off", [F(0), F(1, 10**6), F(1), F(50)])
def test_the_factor_is_not_trusted(off, monkeypatch):
    """Whatever the candidate, the bound by Cholesky is one; a bad one only makes it loose."""
    rng = random.Random(1)
    values = [F(1)] * 2 + [F(4)] * 3
    q = truth.orthogonal(rng, 5)
    rows = truth.product(q, truth.diagonal(values), truth.transposed(q))
    honest = eigenvalue_bounds._shifted_factor

    def spoiled(centre):
        factor, shift = honest(centre)
        noise = arb_mat(5, 5, [balls.real(off * rng.randint(-2, 2)) for _ in range(25)])
        return (factor + noise).mid(), (shift + balls.real(off * rng.randint(-1, 3))).mid()

    monkeypatch.setattr(eigenvalue_bounds, "_shifted_factor", spoiled)
    for _ in range(10):
        low = balls.bound_lambda_min(balls.matrix(rows), method="cholesky").value
        assert low.is_exact()
        assert balls.upper(low) <= 1
    monkeypatch.setattr(eigenvalue_bounds, "_shifted_factor", lambda centre: None)
    trivial = balls.bound_lambda_min(balls.matrix(rows), method="cholesky").value
    assert -8 <= balls.upper(trivial) <= -4


def test_the_default_never_trusts_floats(monkeypatch):
    def refuse(a):
        raise AssertionError("the IEEE mode was used without being asked for")

    monkeypatch.setattr(eigenvalue_bounds, "ieee_lambda_min_lower", refuse)
    for size in (1, 3, 40):
        a = balls.matrix(reflected([F(k // 2) for k in range(size)]))

        assert not balls.bound_lambda_min(a).trusts_floats
        assert balls.upper(balls.lambda_min_lower(a)) <= min(0, size - 1)
        assert balls.lower(balls.lambda_max_upper(a)) >= (size - 1) // 2


@pytest.mark.parametrize("method", METHODS)
def test_wrong_and_unknown_input(method):
    with pytest.raises(InvalidInstance, match="square"):
        balls.bound_lambda_min(arb_mat(2, 3), method=method)
    with pytest.raises(InvalidInstance, match="symmetric"):
        balls.bound_lambda_min(arb_mat([[0, 1], [2, 0]]), method=method)
    unknown = arb_mat([[1, arb.nan()], [arb.nan(), 1]])
    assert balls.bound_lambda_min(unknown, method=method).value == arb.neg_inf()
    assert balls.bound_lambda_max(unknown, method=method).value == arb.pos_inf()
    with pytest.raises(InvalidInstance, match="none of cholesky, congruence, ieee"):
        balls.bound_lambda_min(arb_mat([[1]]), method="svd")
