"""The saddle of theory A3.b: its stable manifold as a series, and the printed coefficients."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

import theorycheck as tc
from theorycheck.catalogue.elkabetz_cohen_2021 import bounded_flows_need_small_steps as stated


def test_first_coefficients_are_the_printed_ones() -> None:
    found = stated.coefficients(Fraction(1), Fraction(1), 4)

    assert found == {2: Fraction(1, 3), 4: Fraction(-4, 45)}


@pytest.mark.parametrize(("m", "a"), [(1, 1), ("1/2", 3), (2, "-5/7")])
def test_series_is_invariant_under_the_flow_to_its_order(m: object, a: object) -> None:
    x, order = sympy.Symbol("x"), 10
    rate, coupling = sympy.Rational(m), sympy.Rational(a)
    h = sum(c * x**k for k, c in stated.coefficients(rate, coupling, order).items())
    # x' = -x - 2 a x y and y' = m y - a x^2 on y = h(x)
    defect = sympy.diff(h, x) * (-x - 2 * coupling * x * h) - (rate * h - coupling * x**2)
    rest = sympy.Poly(defect, x)

    assert all(rest.coeff_monomial(x**k) == 0 for k in range(order + 1))
    assert rest.coeff_monomial(x ** (order + 2)) != 0


def test_start_lies_on_the_series_to_the_rounding() -> None:
    instance = stated.example()
    series = dict(zip(range(2, stated.ORDER + 1, 2), instance.series, strict=True))
    height = sum(h * Fraction(1, 2) ** k for k, h in series.items())

    assert abs(instance.start[1] - height) <= Fraction(1, 2**41)
    # the terms left out are smaller than the last one kept
    assert abs(series[stated.ORDER]) * Fraction(1, 2) ** stated.ORDER < Fraction(1, 10**8)


def test_longest_horizon_at_the_largest_step_holds() -> None:
    judgement = tc.check(
        stated.bounded_flows_need_small_steps, stated.example(step_size="1/8", horizon=4)
    )

    assert judgement.verdict is tc.HOLDS, judgement.reason
