"""Closed forms of scalar nets, against the printed vectors of theory A17."""

from __future__ import annotations

import sympy

import theorycheck as tc
from tests.catalogue.enclose import Case, agrees, enclose
from theorycheck.catalogue.saxe_2014 import scalar_closed_form as claim_file
from theorycheck.claims import time

W_AT_3 = "0.802957152770283074697990633444"


def test_flow_meets_the_printed_vector() -> None:
    instance = claim_file.example()
    product = Case(instance).flow.end_to_end[0, 0]

    assert agrees(enclose(product.at(3), instance), W_AT_3)


def test_logistic_curve_meets_the_printed_vector() -> None:
    values = {claim_file.s: 1, claim_file.initial: sympy.Rational(1, 100), claim_file.rate: 2}
    curve = claim_file.LOGISTIC.xreplace({**values, time: sympy.Integer(3)})

    assert agrees(enclose(curve, claim_file.example()), W_AT_3)


def test_depth_one_meets_the_printed_vector() -> None:
    instance = tc.deep_linear_instance(target=[[1]], weights=[[["1/100"]]], horizon=3)
    product = Case(instance).flow.end_to_end[0, 0]

    assert agrees(enclose(product.at(3), instance), "0.950710802315814696450451008506")


def test_unbalanced_depth_two_meets_the_printed_vector() -> None:
    instance = tc.deep_linear_instance(target=[[1]], weights=[[[1]], [[0]]], horizon=1)
    flow = Case(instance).flow

    assert agrees(
        enclose(flow.end_to_end[0, 0].at(1), instance), "0.737849737646739211381878843288"
    )
    assert agrees(enclose(flow.layer(1)[0, 0].at(1), instance), "1.17953536267017171634008577998")
    assert agrees(enclose(flow.layer(2)[0, 0].at(1), instance), "0.6255427018113579754338442487")


def test_a_wrong_solution_with_the_right_start_does_not_hold() -> None:
    instance = claim_file.example()
    flow = Case(instance).flow
    wrong = sympy.Rational(1, 10) * sympy.exp(time)

    @tc.claim(source="test")
    def wrong_solution(case: Case) -> object:
        return tc.equal(
            flow.end_to_end[0, 0], wrong**2, over=tc.times(0, 1), solution=[wrong, wrong]
        )

    assert tc.check(wrong_solution, instance).verdict is tc.VIOLATED
