"""Integrals over flow time contain their closed forms; what is undefined is not integrated."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy

import theorycheck as tc
from tests.catalogue.enclose import Case, enclose
from theorycheck.claims import claim, integral, le, log, maximum, norm, time, times

INSTANCE = tc.deep_linear_instance(target=[[0]], weights=[[[1]]], horizon=2)  # w = e^{-t}


def integrated(term: Any, low: Any, high: Any, bits: int) -> Any:
    return enclose(integral(term, times(low, high)), INSTANCE, bits=bits)


@pytest.mark.parametrize("bits", [64, 128])
@pytest.mark.parametrize(
    ("power", "closed"),
    [(1, 1 - sympy.exp(-2)), (2, (1 - sympy.exp(-4)) / 2), (-1, sympy.exp(2) - 1)],
)
def test_integral_of_a_power_of_the_weight(power: int, closed: Any, bits: int) -> None:
    weight = Case(INSTANCE).flow.end_to_end[0, 0]
    ball, truth = integrated(weight**power, 0, 2, bits), enclose(closed, INSTANCE)

    assert ball.lower <= truth.lower
    assert truth.upper <= ball.upper
    assert ball.radius < truth.upper * Fraction(1, 1000)


def test_integrand_with_a_kink_is_covered() -> None:  # max(w, 1/2), w = 1/2 at t = ln 2
    weight = Case(INSTANCE).flow.end_to_end[0, 0]
    ball = integrated(maximum([weight, Fraction(1, 2)]), 0, 1, 64)
    truth = enclose(Fraction(1, 2) + (1 - sympy.log(2)) / 2, INSTANCE)

    assert ball.lower <= truth.lower
    assert truth.upper <= ball.upper


def test_integrals_add_up() -> None:
    weight = norm(Case(INSTANCE).flow.position)
    parts = [integrated(weight, a, b, 64) for a, b in ((0, 1), (1, 2), (0, 2))]

    assert parts[0].lower + parts[1].lower <= parts[2].upper
    assert parts[2].lower <= parts[0].upper + parts[1].upper


def test_undefined_integrand_decides_nothing() -> None:
    @claim(source="test")
    def pole(case: Case) -> Any:
        return le(integral(log(case.flow.end_to_end[0, 0] - Fraction(1, 2)), times(0, 2)), 1)

    assert tc.check(pole, INSTANCE).verdict is tc.UNDECIDED


def test_explicit_time_is_integrated() -> None:
    ball = enclose(integral(time**2, times(0, 3)), INSTANCE.replace(horizon=3), bits=64)

    assert ball.lower <= 9 <= ball.upper
