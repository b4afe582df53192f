"""The fundamental lemma: its equality cases, and what its predicates refuse."""

from __future__ import annotations

import sympy

import theorycheck as tc
from tests.catalogue.enclose import Case, enclose
from theorycheck.catalogue.elkabetz_cohen_2021 import near_solutions_stay_near_the_flow as stated


def test_exact_solution_from_another_start_attains_the_bound() -> None:
    instance = stated.linear()  # e^t (1 + 1/8) - e^t
    excess = enclose(stated.distance(Case(instance)).at(1) - sympy.E / 8, instance)
    bound = enclose(Case(instance).flow.tube("mu", instance.radius).at(1), instance)

    assert excess.contains(0)
    assert 1 <= bound.upper < 1 + sympy.Rational(1, 10**6)
    assert tc.check(stated.near_solutions_stay_near_the_flow, instance).verdict is not tc.VIOLATED


def test_constant_defect_on_a_flat_slope_is_integrated_exactly() -> None:
    instance = stated.linear(rate=0, extra=1)  # v - y = 1/8 + t
    ball = enclose(stated.distance(Case(instance)).at(1), instance)

    assert ball.contains(sympy.Rational(9, 8))


def test_curve_is_stored_with_the_instance() -> None:
    instance = stated.saddle()

    assert tc.Instance.from_json(instance.to_json()) == instance
    assert len(stated.curve(Case(instance))) == 2


def test_gap_understated_is_vacuous() -> None:
    instance = stated.saddle(gap="1/100")  # the curve starts sqrt(2) / 64 away

    assert tc.check(stated.near_solutions_stay_near_the_flow, instance).vacuous
