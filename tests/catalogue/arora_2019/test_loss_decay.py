"""Decay of the loss from a deficiency margin: the edge of the assumption, and rectangular nets."""

from __future__ import annotations

import sympy

import theorycheck as tc
from tests.catalogue.enclose import Case, enclose
from theorycheck.catalogue.arora_2019 import loss_decays_exponentially as stated


def test_margin_may_be_attained() -> None:
    instance = stated.scalar(margin="1/4")  # w_0 = 1/4: |w_0 - 1| = 3/4 = 1 - c

    assert tc.check(stated.loss_decays_exponentially, instance).verdict is tc.HOLDS


def test_flow_agrees_with_the_logistic_curve_and_lies_below_the_bound() -> None:
    instance = stated.scalar(margin="1/4")
    case = Case(instance)
    w = 1 / (1 + 3 * sympy.exp(-2))  # s = 1, w_0 = 1/4, t = 1
    true = enclose(case.flow.loss.at(1) - (w - 1) ** 2 / 2, instance)

    assert true.contains(0)
    assert enclose((w - 1) ** 2 / 2, instance).upper < sympy.Rational(9, 32) * sympy.exp(-1)


def test_singular_values_are_those_of_the_smaller_side() -> None:
    instance = stated.example().replace(
        network=tc.DeepLinear((3, 2)), loss=tc.SquareLoss.whitened([[3, 0, 0], [0, 4, 0]]),
        start=[0] * 6,
    )  # fmt: skip

    assert enclose(stated.least_singular_value(Case(instance)), instance).contains(3)


def test_unbalanced_start_is_vacuous() -> None:
    instance = stated.scalar().replace(start=["1/2", "3/4"])

    assert tc.check(stated.loss_decays_exponentially, instance).vacuous


def test_remembered_constants_of_descent_meet_the_printed_vector() -> None:
    at = {stated.n: 2, stated.margin: sympy.Rational(1, 2), stated.target_norm: 1}

    assert stated.IMBALANCE_AS_REMEMBERED.subs(at) == sympy.Rational(1, 8192)
    assert stated.STEP_SIZE_AS_REMEMBERED.subs(at) == sympy.Rational(1, 393216)
