"""The square-root bound on convex tubes: the printed vector of theory A2, and least squares."""

from __future__ import annotations

import sympy

import theorycheck as tc
from tests.catalogue.enclose import Case, agrees, enclose
from theorycheck.catalogue.elkabetz_cohen_2021 import (
    convex_tubes_cost_a_square_root as stated,
    descent_tracks_flow as tracking,
)
from theorycheck.problems import deep_linear_instance


def test_error_and_bound_meet_the_printed_vector() -> None:
    instance = stated.quadratic()  # e^{-1} - (9/10)^10, against 2/3 / 10
    case = Case(instance)
    error = enclose(tracking.tracking_error(case).at(10), instance)
    values = {
        stated.initial_gap: 0, stated.eta: sympy.Rational(1, 10), stated.beta: 1, stated.slope: 1,
        stated.factor: stated.CONSTANT,
    }  # fmt: skip

    assert agrees(error, "0.0192010010714423215955237701615")
    assert enclose(15 * tc.substitute(stated.DISTANCE_BOUND, values).at(10), instance).contains(1)


def test_certified_bound_is_hardly_larger_than_the_closed_form() -> None:
    instance = stated.quadratic()
    ball = enclose(15 * stated.bound(Case(instance)).at(10), instance, bits=64)

    assert 1 <= ball.upper < 1 + sympy.Rational(1, 10**4)


def test_linear_regression_is_convex_exactly() -> None:
    instance = deep_linear_instance(
        target=[[1, 2]], depth=1, start="random", seed=1, horizon="1/2", step_size="1/16",
        epsilon="1/2",
    )  # fmt: skip
    judgement = tc.check(stated.convex_tubes_cost_a_square_root, instance)

    assert judgement.verdict is tc.HOLDS, judgement.reason


def test_net_of_depth_two_is_vacuous() -> None:
    instance = tracking.example(depth=2, horizon="1/2")

    assert tc.check(stated.convex_tubes_cost_a_square_root, instance).vacuous
