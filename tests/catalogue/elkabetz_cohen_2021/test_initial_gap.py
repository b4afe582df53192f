"""The gap of two starts on a concave quadratic: closed forms at hand-computed places."""

from __future__ import annotations

import sympy

import theorycheck as tc
from tests.catalogue.enclose import Case, enclose
from theorycheck.catalogue.elkabetz_cohen_2021 import initial_gap_grows_exponentially as stated


def test_flows_are_e_squared_times_the_gap_apart() -> None:
    instance = stated.example()
    apart = Case(instance).flow.position[1] - Case(instance).flow.position[0]

    assert enclose(8 * apart.at(2) - sympy.exp(2), instance).contains(0)


def test_descent_gap_is_a_power_and_meets_its_limit_within_the_stated_factor() -> None:
    instance = stated.example(step_size="1/16")
    apart = Case(instance).descent.position[1] - Case(instance).descent.position[0]
    ball = enclose(8 * apart.at(32), instance)

    assert ball.contains(sympy.Rational(17, 16) ** 32)
    assert enclose(sympy.exp(2 * (1 - sympy.Rational(1, 32))), instance).upper < ball.lower
    assert ball.upper < enclose(sympy.exp(2), instance).lower


def test_both_sides_hold_at_m_eta_equal_to_1() -> None:
    instance = stated.example(step_size=1, horizon=4)

    assert tc.check(stated.initial_gap_grows_exponentially, instance).verdict is tc.HOLDS
