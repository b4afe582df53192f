"""For all t: contact at the start, tangency inside, violations between probes."""

from __future__ import annotations

import pytest
import sympy
from sympy import Rational

import theorycheck as tc
from tests.claims.cases import DECAY, SCALAR, ask, coordinate, verdict

t = tc.time
UNIT = tc.times(0, 1)


def test_strict_relation_is_violated_at_exact_contact() -> None:
    judgement = ask(lambda c: tc.lt(coordinate(c), 1, over=UNIT), DECAY)

    assert judgement.verdict is tc.VIOLATED
    assert judgement.where == "t = 0"


def test_strict_relation_holds_after_the_contact() -> None:
    assert verdict(lambda c: tc.lt(coordinate(c), 1, over=tc.times("1/100", 1)), DECAY) is tc.HOLDS


def test_contact_of_first_order() -> None:
    assert verdict(lambda c: tc.le(coordinate(c), 1, over=UNIT), DECAY) is tc.HOLDS
    assert verdict(lambda c: tc.ge(coordinate(c), 1, over=UNIT), DECAY) is tc.VIOLATED


def test_contact_of_second_order() -> None:
    assert verdict(lambda c: tc.ge(coordinate(c), 1 - t, over=UNIT), DECAY) is tc.HOLDS
    assert verdict(lambda c: tc.le(coordinate(c), 1 - t, over=UNIT), DECAY) is tc.VIOLATED


def test_contact_of_third_order() -> None:
    cubic = t - t**3 / 6

    assert verdict(lambda c: tc.ge(sympy.sin(t), cubic, over=UNIT)) is not tc.VIOLATED
    assert verdict(lambda c: tc.le(sympy.sin(t), t, over=UNIT)) is tc.HOLDS
    assert verdict(lambda c: tc.ge(sympy.sin(t), t, over=UNIT)) is tc.VIOLATED


def test_layers_of_a_net_have_derivatives_of_all_orders_at_the_contact() -> None:
    # W' = (1 - W)(a^2 + b^2) = 3/8 at W = 1/4, a = b = 1/2
    end_to_end = lambda c: c.flow.end_to_end[0, 0]  # noqa: E731

    assert verdict(lambda c: tc.ge(end_to_end(c), Rational(1, 4), over=UNIT), SCALAR) is tc.HOLDS
    faster = Rational(1, 4) + Rational(3, 8) * t
    assert (
        verdict(lambda c: tc.ge(end_to_end(c), faster, over=tc.times(0, "1/64")), SCALAR)
        is tc.HOLDS
    )


def test_tiny_violation_right_after_a_contact_is_never_missed() -> None:
    tiny = Rational(1, 10**30) * t**2

    assert (
        verdict(lambda c: tc.le(coordinate(c) + tiny, 1 - t + t**2 / 2, over=UNIT), DECAY)
        is not tc.HOLDS
    )


@pytest.mark.parametrize(
    ("small", "large"),
    [
        (t * (1 - t), Rational(1, 4)),
        (1 + t - Rational(1, 3), sympy.exp(t - Rational(1, 3))),
        (2 * t / 3 - Rational(1, 9), t**2),
    ],
)
def test_tangency_inside_is_undecided_both_ways_or_true(
    small: sympy.Expr, large: sympy.Expr
) -> None:
    assert verdict(lambda c: tc.le(small, large, over=UNIT)) is not tc.VIOLATED
    assert verdict(lambda c: tc.lt(small, large, over=UNIT)) is not tc.HOLDS
    assert verdict(lambda c: tc.le(small + Rational(1, 10**6), large, over=UNIT)) is tc.VIOLATED
    assert verdict(lambda c: tc.le(small, large + Rational(1, 10**6), over=UNIT)) is tc.HOLDS


@pytest.mark.parametrize("sharpness", [10**4, 10**8, 10**16])
def test_spike_between_probes_is_found(sharpness: int) -> None:
    spike = 1 / (1 + sharpness * (t - Rational(1, 3)) ** 2)

    judgement = ask(lambda c: tc.le(spike, Rational(9, 10), over=UNIT))

    assert judgement.verdict is tc.VIOLATED
    assert judgement.place is not None
    assert abs(judgement.place.low - sympy.Rational(1, 3)) < Rational(1, 2 * 10**2)
    assert spike.subs(t, sympy.Rational(judgement.place.low)) > Rational(9, 10)


def test_spike_too_thin_for_the_cover_is_not_taken_for_true() -> None:
    spike = 1 / (1 + 10**60 * (t - Rational(1, 3)) ** 2)

    assert verdict(lambda c: tc.le(spike, Rational(9, 10), over=UNIT)) is not tc.HOLDS


def test_flow_itself_can_touch_a_line_far_from_the_probes() -> None:
    # e^{-t} is convex: above its tangent at t = 1/3, which has an irrational value there
    s = Rational(1, 3)
    tangent = sympy.exp(-s) * (1 - (t - s))

    assert verdict(lambda c: tc.ge(coordinate(c), tangent, over=UNIT), DECAY) is tc.UNDECIDED
    above = tangent + Rational(1, 10**9)
    assert verdict(lambda c: tc.ge(coordinate(c), above, over=UNIT), DECAY) is tc.VIOLATED


def test_interval_of_one_time_is_a_point() -> None:
    assert (
        verdict(lambda c: tc.le(coordinate(c), Rational(37, 100), over=tc.times(1, 1)), DECAY)
        is tc.HOLDS
    )
    assert (
        verdict(lambda c: tc.le(coordinate(c), Rational(36, 100), over=tc.times(1, 1)), DECAY)
        is tc.VIOLATED
    )


def test_huge_enclosures_do_not_disturb() -> None:
    tower = sympy.exp(sympy.exp(6 * t))

    assert verdict(lambda c: tc.le(1, tower, over=UNIT)) is tc.HOLDS
    assert verdict(lambda c: tc.le(tower, 1, over=UNIT)) is tc.VIOLATED


def test_functions_without_derivative_are_covered_directly() -> None:
    peak = tc.maximum([coordinate_free(), Rational(1, 2)])

    assert verdict(lambda c: tc.le(peak, 1, over=UNIT)) is not tc.VIOLATED
    assert verdict(lambda c: tc.le(peak, Rational(11, 10), over=UNIT)) is tc.HOLDS
    assert verdict(lambda c: tc.le(peak, Rational(9, 10), over=UNIT)) is tc.VIOLATED


def coordinate_free() -> sympy.Expr:
    return sympy.exp(-t)


def test_psi_of_a_flow_has_no_derivative_but_an_enclosure() -> None:
    assert verdict(lambda c: tc.le(tc.psi(coordinate(c), 1), 1, over=UNIT), DECAY) is tc.HOLDS
    assert (
        verdict(lambda c: tc.nondecreasing(tc.psi(coordinate(c), 1), over=UNIT), DECAY)
        is not tc.HOLDS
    )
