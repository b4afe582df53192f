"""Two scalar layers: hand-computed steps, the edge of the step condition, exact sharpness."""

from __future__ import annotations

import sympy

import theorycheck as tc
from tests.catalogue.enclose import Case, agrees, enclose
from theorycheck.catalogue.kreisler_2023 import flow_sharpness_does_not_increase as stated


def test_one_step_from_2_and_1_multiplies_the_imbalance_by_minus_3() -> None:
    instance = stated.large_step()  # residual 2, eta 1: (2, 1) -> (0, -3), so 3 -> -9
    run = Case(instance).descent
    after = run.layer(1)[0, 0] ** 2 - run.layer(2)[0, 0] ** 2

    assert enclose(after.at(0), instance).contains(3)
    assert enclose(after.at(1), instance).contains(-9)


def test_sharpness_is_the_top_eigenvalue_at_a_minimiser() -> None:
    instance = stated.minimiser(first=3, second=1)  # a^2 + b^2 = 10, eigenvalues 0 and 10
    case = Case(instance)
    values = {**stated.scalars(case.initial, case), stated.count: 4}

    assert enclose(tc.substitute(stated.FLOW_SHARPNESS, values), instance).contains(10)
    assert enclose(tc.lambda_max(case.initial.hessian), instance).contains(10)


def test_sharpness_of_the_example_start() -> None:
    instance = stated.example()  # sqrt((4 - 1/9)^2 + 4) = sqrt(1549) / 9
    case = Case(instance)
    values = {**stated.scalars(case.initial, case), stated.count: 4}
    expected = sympy.sqrt(1549) / 9

    ball = enclose(tc.substitute(stated.FLOW_SHARPNESS, values), instance)
    assert agrees(ball, str(expected.evalf(35)))


def test_balanced_layers_stay_balanced_and_touch() -> None:
    judgement = tc.check(stated.flow_sharpness_does_not_increase, stated.example(first=1, second=1))

    assert judgement.verdict is not tc.VIOLATED


def test_imbalance_vanishes_in_one_step_where_eta_residual_is_1() -> None:
    # eta^2 (ab - s)^2 = 1: the imbalance vanishes in one step
    instance = stated.example(first=2, second=1, target=0, step_size="1/2", steps=1)
    run = Case(instance).descent
    after = run.layer(1)[0, 0] ** 2 - run.layer(2)[0, 0] ** 2

    assert enclose(after.at(1), instance).contains(0)
    assert tc.check(stated.flow_sharpness_does_not_increase, instance).verdict is tc.HOLDS
