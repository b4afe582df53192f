"""Bounded descent with a step size from the start: the printed vector of theory A24."""

from __future__ import annotations

import sympy

import theorycheck as tc
from tests.catalogue.enclose import Case, agrees, enclose
from theorycheck.catalogue.nguegnang_2021 import descent_stays_bounded_and_decreases as stated

LARGEST_STEP = "0.0499938134048498126113880437666"
AS_PRINTED = "0.0499938134048398126113880437666"  # theory A24: its 14th digit is a misprint


def test_bounds_of_the_printed_vector() -> None:
    instance = stated.scalar(step_size="1/100")  # f_0 = 9/32, M = 7/4, K = 7/4 + 9/16 eta
    given = stated.values(Case(instance))

    assert enclose(given[stated.initial] * 32, instance).contains(9)
    assert enclose(tc.substitute(stated.PRODUCT_BOUND, given) * 4, instance).contains(7)
    layer = tc.substitute(stated.LAYER_BOUND, given) - sympy.Rational(9, 1600)
    assert enclose(4 * layer, instance).contains(7)


def test_largest_step_size_meets_the_printed_vector() -> None:
    root = -sympy.Rational(99, 5) + sympy.sqrt(sympy.Rational(99, 5) ** 2 + sympy.Rational(81, 5))
    root = root / sympy.Rational(81, 10)  # 4.05 eta^2 + 19.8 eta = 1

    ball = enclose(root, stated.scalar())
    assert agrees(ball, LARGEST_STEP)
    assert not agrees(ball, AS_PRINTED)
    for digits, vacuous in ((LARGEST_STEP[:12], False), ("0.0499938135", True)):
        judgement = tc.check(
            stated.descent_stays_bounded_and_decreases, stated.scalar(step_size=digits, steps=2)
        )
        assert judgement.vacuous is vacuous


def test_mean_loss_counts_as_scaled_data() -> None:
    # X = (2, 2), Y = (1, 1) averaged: ||X||^2 = 4, ||Y||_F^2 = 1
    instance = stated.scalar().replace(
        loss=tc.SquareLoss(inputs=[[2, 2]], targets=[[1, 1]], mean=True)
    )
    given = stated.values(Case(instance))

    assert enclose(given[stated.inputs], instance).contains(2)
    assert enclose(given[stated.outputs], instance).contains(1)
