"""Printed vectors TV6, TV7, equality cases, and margins of any size, at points."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import theorycheck as tc
from tests.catalogue.enclose import agrees, enclose
from theorycheck.catalogue.lyu_li_2020.approximate_kkt_point import (
    delta,
    epsilon,
    multiplier,
    point_is_approximately_kkt,
)
from theorycheck.catalogue.lyu_li_2020.euler_identities import gradients_are_homogeneous
from theorycheck.catalogue.lyu_li_2020.margin_sandwich import (
    equal_margins,
    smoothed_margin_is_near_the_margin,
)
from theorycheck.catalogue.lyu_li_2020.smoothed_margin_grows import (
    details,
    plane,
    smoothed_margin_grows,
)
from theorycheck.claims import Case
from theorycheck.problems import classifier_instance

GROWTH = {
    "exponential": "2.4814939400024485557279028694143",
    "logistic": "3.0430621182550186506129922409241",
}


@pytest.mark.parametrize("loss", GROWTH)
def test_growth_of_the_margin_has_the_printed_digits(loss: str) -> None:
    case = Case(plane(loss=loss))
    growth = details(case)["d log(smoothed margin) / d log rho"]

    assert agrees(enclose(growth, case.instance), GROWTH[loss])
    assert agrees(enclose(case.initial.margins.growth, case.instance), GROWTH[loss])


def test_kkt_certificate_has_the_printed_digits() -> None:
    case = Case(plane())
    m = case.initial.margins

    assert agrees(enclose(epsilon(m), case.instance), "1.6476606985324964145700657517273")
    assert agrees(enclose(delta(m, 1), case.instance), "0.77201982494660574597194012933852")


@pytest.mark.parametrize("loss", GROWTH)
def test_epsilon_is_the_distance_from_the_cone_of_gradients(loss: str) -> None:
    # z = theta / q_min^{1/L}, gradients at z are q_min^{1/L - 1} those at theta
    case = Case(
        classifier_instance(
            inputs=[[1, 2], [-1, 1]], labels=[1, 1], depth=3, width=2, loss=loss,
            start=[2, "1/3", 1, -1, 1, "1/2", "-1/3", 1, 2, 1],
        )
    )  # fmt: skip
    m = case.initial.margins
    root = m.q_min ** Fraction(1, m.order)
    residual = m.position * (1 / root)
    for i in range(m.samples):
        residual = residual - m.gradient(i) * (multiplier(m, i) * root ** (1 - m.order))
    difference = tc.frobenius_squared(residual) - epsilon(m) ** 2

    assert abs(float(enclose(difference, case.instance))) < 1e-30


def test_points_of_any_size_are_judged() -> None:
    huge = 10**100
    for loss in GROWTH:
        instance = plane(loss=loss, start=[3 * huge, 4 * huge])
        for claim in (smoothed_margin_grows, smoothed_margin_is_near_the_margin):
            assert tc.check(claim, instance).verdict is tc.HOLDS


def test_equality_cases_are_decided() -> None:
    aligned = classifier_instance(inputs=[["3/5"], ["4/5"]], labels=[1], depth=2, loss="logistic")

    assert tc.check(smoothed_margin_grows, aligned).verdict is tc.HOLDS
    attained = equal_margins(loss="exponential")
    assert tc.check(smoothed_margin_is_near_the_margin, attained).verdict is tc.HOLDS


def test_a_kink_is_named_and_the_identities_hold_on_it() -> None:
    on_kink = gradients_are_homogeneous.example_instance()

    assert tc.check(gradients_are_homogeneous, on_kink).verdict is tc.HOLDS
    judgement = tc.check(point_is_approximately_kkt, on_kink.replace(start=[1, -3, 0, 1, 5, 1]))
    assert judgement.verdict is not tc.VIOLATED


@pytest.mark.parametrize("pair", [("setosa", "versicolor"), ("versicolor", "virginica")])
def test_data_that_no_direction_separates_are_vacuous(pair: Any) -> None:
    instance = classifier_instance(data=tc.iris(), classes=pair)
    separable = pair[0] == "setosa"
    judgement = tc.check(smoothed_margin_grows, instance)

    assert ("combination" in instance) is not separable
    assert judgement.vacuous is not separable
    if not separable:
        total = [
            sum(
                p * y * x
                for p, y, x in zip(instance.combination, instance.loss.targets[0], row, strict=True)
            )
            for row in instance.loss.inputs
        ]
        assert total == [0] * 4
        assert sum(instance.combination) == 1
