"""Decimals bound the rational they stand for, within one unit of the last digit."""

from fractions import Fraction

import pytest

from theorycheck.problems import RandomChoices
from theorycheck.report.decimals import decimal_above, decimal_below

VALUES = [
    Fraction(0), Fraction(1), Fraction(-1), Fraction(1, 3), Fraction(-2, 3), Fraction(10**20),
    Fraction(1, 10**20), Fraction(10**20 - 1), Fraction(-(10**20) + 1, 10**30), Fraction(1, 2**200),
    *(RandomChoices(i).fraction(-50, 50, 10**6) for i in range(50)),
]  # fmt: skip


@pytest.mark.parametrize("digits", [1, 2, 17])
@pytest.mark.parametrize("value", VALUES, ids=str)
def test_decimals_enclose_tightly(value, digits):
    below, above = Fraction(decimal_below(value, digits)), Fraction(decimal_above(value, digits))

    assert below <= value <= above
    assert above - below <= 10 * abs(value) / Fraction(10) ** digits


def test_short_decimals_are_exact():
    value = Fraction("0.125")

    assert decimal_below(value) == decimal_above(value) == "1.25e-1"


@pytest.mark.parametrize("exponent", [-40000, -14285, 14284, 40000])
@pytest.mark.parametrize("factor", [1, -3, 10**20 + 1])
def test_very_large_and_small_numbers_are_bounded(exponent, factor):
    value = Fraction(factor) * Fraction(2) ** exponent

    for text, sign in ((decimal_below(value), -1), (decimal_above(value), 1)):
        mantissa, power = text.split("e")
        bound = Fraction(mantissa) * Fraction(10) ** int(power)
        assert 0 <= sign * (bound - value) <= abs(value) / 10**16
