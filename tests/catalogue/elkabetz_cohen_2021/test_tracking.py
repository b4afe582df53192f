"""Descent against flow: printed vectors of theory A2 and A3, and the equality cases."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

import theorycheck as tc
from tests.catalogue.enclose import Case, agrees, enclose
from theorycheck.catalogue.elkabetz_cohen_2021 import (
    curvature_stays_small_from_near_zero as near_zero,
    descent_tracks_flow as tracking,
    distance_is_certified_a_posteriori as certified,
    small_steps_are_necessary as necessary,
)

TRUE_ERROR = "0.0209368758939463797578781967776"  # e - (65/64)^64


def test_certificate_is_attained_on_the_concave_quadratic() -> None:
    instance = certified.equality_case()
    case = Case(instance)

    assert agrees(enclose(certified.certificate(case).at(64), instance), TRUE_ERROR)
    assert agrees(enclose(tracking.tracking_error(case).at(64), instance), TRUE_ERROR)


def test_equality_case_of_the_certificate_is_touching() -> None:
    judgement = tc.check(certified.distance_is_certified_a_posteriori, certified.equality_case())

    assert judgement.verdict is tc.UNDECIDED
    assert judgement.touching
    assert judgement.overlap is not None
    assert judgement.overlap < Fraction(1, 10**40)


@pytest.mark.parametrize("sign", [1, -1])
def test_balanced_scalar_depth_two_is_touching_or_holds(sign: int) -> None:
    judgement = tc.check(
        near_zero.curvature_stays_small_from_near_zero, near_zero.balanced_scalar(sign=sign)
    )

    assert judgement.verdict is not tc.VIOLATED
    if judgement.verdict is tc.UNDECIDED:
        assert judgement.touching
        assert judgement.overlap is not None
        assert judgement.overlap < Fraction(1, 10**40)


def test_largest_step_size_of_the_concave_quadratic_is_near_the_closed_form() -> None:
    instance = certified.equality_case().replace(epsilon="1/10")
    top, bottom = tracking.bound_at(Case(instance), 1)
    ball = enclose(tc.infimum(top / bottom, tc.times("1/2", 1)), instance, bits=64)
    closed_form = Fraction("0.0206500535536410284602546548")

    assert ball.lower <= closed_form
    assert ball.lower >= closed_form * Fraction(95, 100)


def test_necessary_step_size_meets_the_printed_vector() -> None:
    m, t, epsilon = 1, 5, sympy.Rational(1, 10)
    needed = -sympy.log(1 - epsilon * sympy.exp(-t)) / (necessary.RATE * m**2 * t)

    assert agrees(enclose(needed, necessary.example()), "4.39312764214656095841560850813e-4")


def test_distance_at_a_coarse_step_is_enclosed_to_twenty_digits() -> None:
    instance = certified.example(horizon=8)
    case = Case(instance)
    ball = enclose(tracking.tracking_error(case).at(2048), instance, bits=128)

    assert ball.radius <= Fraction(1, 10**20) * ball.lower


def test_spoiled_decrease_of_the_defect_is_caught() -> None:
    control = certified.distance_is_certified_a_posteriori.controls[1]
    spoiled = certified.distance_is_certified_a_posteriori.spoiled(control)

    assert tc.check(spoiled, control.stored_instance()).verdict is tc.VIOLATED


@pytest.mark.slow
def test_theorem_holds_over_32768_steps_and_is_not_vacuous() -> None:
    instance = tracking.example(horizon=8, step_size="2^-12", epsilon="1/32")
    judgement = tc.check(tracking.descent_tracks_flow, instance)

    assert judgement.verdict is tc.HOLDS
    assert not judgement.vacuous
