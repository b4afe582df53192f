"""Step sizes at constant curvature: the formula on hand-computed numbers and its limit m -> 0."""

from __future__ import annotations

import sympy

import theorycheck as tc
from tests.catalogue.enclose import agrees, enclose
from theorycheck.catalogue.elkabetz_cohen_2021 import (
    descent_tracks_flow_at_constant_curvature as stated,
)

LARGEST_STEP = "0.0206500535536410284602546548"  # theory A2: 0.1 / ((e + 0.1) (e - 1))


def bound(m: object, gap: object = 0) -> sympy.Expr:
    """The step size at T = 1, epsilon = 1/10, beta = 1, gamma = e + 1/10."""
    values = {
        stated.horizon: 1, stated.epsilon: sympy.Rational(1, 10), stated.initial_gap: gap,
        stated.beta: 1, stated.gamma: sympy.E + sympy.Rational(1, 10), stated.m: m,
    }  # fmt: skip
    growth = tc.substitute(stated.GROWTH, values) if m else 1
    return tc.substitute(stated.STEP_SIZE_BOUND, {**values, stated.growth: growth}).expression


def test_formula_meets_the_printed_vector() -> None:
    assert agrees(enclose(bound(1), stated.quadratic()), LARGEST_STEP)


def test_gap_reduces_the_step_by_its_growth() -> None:
    share = bound(1, sympy.Rational(1, 50)) / bound(1)  # (1/10 - e/50) / (1/10) = 1 - e/5

    assert enclose(share - 1 + sympy.E / 5, stated.quadratic()).contains(0)


def test_flat_case_is_the_limit_of_both_signs() -> None:
    flat = enclose(bound(0), stated.quadratic())

    for m in (sympy.Rational(1, 10**6), -sympy.Rational(1, 10**6)):
        near = enclose(bound(m), stated.quadratic())
        assert abs(near.lower - flat.lower) < sympy.Rational(1, 10**6)


def test_infimum_over_the_horizon_is_at_its_end() -> None:
    # d/dX (epsilon - e_0 X) / (X - 1) = (e_0 - epsilon) / (X - 1)^2 < 0 for e_0 < epsilon
    x, epsilon, gap = sympy.symbols("X epsilon e_0")
    slope = sympy.diff((epsilon - gap * x) / (x - 1), x)

    assert sympy.cancel(slope - (gap - epsilon) / (x - 1) ** 2) == 0


def test_gap_above_epsilon_is_vacuous() -> None:
    instance = stated.quadratic(gap="1/2")

    assert tc.check(stated.descent_tracks_flow_at_constant_curvature, instance).vacuous


def test_net_with_a_bounded_curvature_holds() -> None:
    judgement = tc.check(stated.descent_tracks_flow_at_constant_curvature, stated.net())

    assert judgement.verdict is tc.HOLDS, judgement.reason
