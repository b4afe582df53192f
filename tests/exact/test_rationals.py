from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import flint
import numpy as np
import pytest
import sympy

from theorycheck import exact
from theorycheck.errors import InvalidInstance

ACCEPTED = [
    (3, Fraction(3)),
    (Fraction(1, 3), Fraction(1, 3)),
    (0.1, Fraction(3602879701896397, 2**55)),
    (Decimal("0.1"), Fraction(1, 10)),
    (np.float64(0.5), Fraction(1, 2)),
    (np.float32(0.1), Fraction(13421773, 2**27)),
    (np.int64(-7), Fraction(-7)),
    (np.uint8(7), Fraction(7)),
    (np.array(5), Fraction(5)),
    (sympy.Rational(2, 7), Fraction(2, 7)),
    (sympy.Integer(4), Fraction(4)),
    (sympy.S.Half, Fraction(1, 2)),
    (flint.fmpq(1, 3), Fraction(1, 3)),
    (flint.fmpz(3), Fraction(3)),
    ("1/3", Fraction(1, 3)),
    (" -0.1 ", Fraction(-1, 10)),
    ("1e-3", Fraction(1, 1000)),
    ("2^-12", Fraction(1, 4096)),
    ("2**-12", Fraction(1, 4096)),
    ("-2^3", Fraction(-8)),
    ("10^2", Fraction(100)),
]
REFUSED = [
    True, np.True_, float("nan"), float("inf"), Decimal("NaN"), np.float64("inf"),
    sympy.Float("0.1"), sympy.pi, sympy.nan, sympy.oo, "", "x", "1/0", "0^-1", "nan", "1e999999999",
    "2^999999999", None, [1], 1j, np.array([1.0]),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), ACCEPTED)
def test_numbers_are_read_exactly(value, expected):
    result = exact.as_fraction(value)

    assert result == expected
    assert type(result) is Fraction
    assert type(result.numerator) is int


@pytest.mark.parametrize("value", REFUSED)
def test_what_is_no_exact_number_is_refused_by_name(value):
    with pytest.raises(InvalidInstance, match="step_size="):
        exact.as_fraction(value, "step_size")


def test_fractions_are_written():
    assert exact.format_fraction(Fraction(-1, 3)) == "-1/3"
    assert exact.format_fraction(Fraction(4)) == "4"
    assert exact.decimal_string(Fraction(-1, 3), 3, "down") == "-0.334"
    assert exact.decimal_string(Fraction(-1, 3), 3, "up") == "-0.333"
    assert exact.decimal_string(Fraction(5, 2), 0) == "2"
    assert exact.decimal_string(Fraction(-1, 1000), 1, "up") == "0.0"
    assert exact.decimal_string(12, 2) == "12.00"


@pytest.mark.parametrize(("q", "n", "expected"), [
    (Fraction(4, 9), 2, Fraction(2, 3)),
    (Fraction(27, 8), 3, Fraction(3, 2)),
    (Fraction(0), 5, Fraction(0)),
    (Fraction(2), 2, None),
    (Fraction(1, 3), 2, None),
    (Fraction(-8), 3, None),
    (Fraction(10**400), 4, Fraction(10**100)),
])  # fmt: skip
def test_rational_roots(q, n, expected):
    root = exact.rational_root(exact.rational(q), n)

    assert (None if root is None else exact.to_fraction(root)) == expected


def test_conversions():
    q = exact.rational(Fraction(-3, 7))

    assert exact.to_fraction(q) == Fraction(-3, 7)
    assert exact.bit_size(q) == 5
    assert exact.is_zero(exact.rational(0))
    assert not exact.is_zero(q)
