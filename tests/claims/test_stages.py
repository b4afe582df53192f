"""The order of decision, one stage at a time, seen by the evidence and the bits it needed."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from sympy import Rational, cos, pi, sin, sqrt

import theorycheck as tc
from tests.claims.cases import CROSSING, DECAY, POINT, SCALAR, ask, coordinate, verdict
from theorycheck.claims import Evidence, constant

UNIT = tc.times(0, 1)
ONE = sin(1) ** 2 + cos(1) ** 2
"""Is 1, which no normal form of ours sees."""


# -- 1: zero normal form --------------------------------------------------------------------------
def test_zero_normal_form_decides_without_balls() -> None:
    judgement = ask(
        lambda c: tc.le(
            (coordinate(c) + 1) ** 2, coordinate(c) ** 2 + 2 * coordinate(c) + 1, over=UNIT
        ),
        DECAY,
    )

    assert judgement.verdict is tc.HOLDS
    assert judgement.evidence is Evidence.EXACT
    assert judgement.bits == 0


def test_zero_normal_form_refutes_a_strict_relation() -> None:
    judgement = ask(lambda c: tc.lt(c.flow.loss, c.flow.loss, over=UNIT), DECAY)

    assert judgement.verdict is tc.VIOLATED
    assert judgement.where == "t = 0"
    assert judgement.bits == 0


# -- 2: signs -------------------------------------------------------------------------------------
def test_sum_of_squares_is_nonnegative_on_all_times() -> None:
    judgement = ask(lambda c: tc.ge(coordinate(c) ** 2 + tc.time**2, 0, over=UNIT), CROSSING)

    assert judgement.verdict is tc.HOLDS
    assert judgement.bits == 0


def test_sum_of_squares_is_not_positive_by_structure() -> None:
    crossing = ask(lambda c: tc.gt(coordinate(c) ** 2, 0, over=UNIT), CROSSING)
    away = ask(lambda c: tc.gt(coordinate(c) ** 2, 0, over=UNIT), DECAY)

    assert crossing.verdict is not tc.HOLDS
    assert away.verdict is tc.HOLDS
    assert away.evidence is Evidence.ENCLOSURE


def test_negative_by_structure_is_violated_at_the_first_place() -> None:
    judgement = ask(lambda c: tc.le(1, -(coordinate(c) ** 2), over=tc.times("1/3", 1)), DECAY)

    assert judgement.verdict is tc.VIOLATED
    assert judgement.where == "t = 1/3"


# -- 3: exact rationals ---------------------------------------------------------------------------
def test_rational_values_decide_equality_cases_at_a_point() -> None:
    square = constant([["1/3", "2/3"], ["2/3", "-1/3"]])

    assert ask(lambda c: tc.le(tc.norm(square) ** 2, Fraction(10, 9))).evidence is Evidence.EXACT
    assert verdict(lambda c: tc.le(tc.norm(square) ** 2, Fraction(10, 9))) is tc.HOLDS
    assert verdict(lambda c: tc.lt(tc.norm(square) ** 2, Fraction(10, 9))) is tc.VIOLATED


def test_rational_square_root_is_exact() -> None:
    assert verdict(lambda c: tc.equal(tc.norm(constant([[3, 4]])), 5)) is tc.HOLDS
    assert verdict(lambda c: tc.equal(tc.norm(constant([[3, 4]])), 6)) is tc.VIOLATED


def test_first_iterates_are_exact() -> None:
    decays = lambda c: tc.equal(c.descent.position.at(2), [Fraction(9, 16)])  # noqa: E731

    assert ask(decays, DECAY).evidence is Evidence.EXACT
    assert verdict(decays, DECAY) is tc.HOLDS


# -- 4: the ball of the difference ----------------------------------------------------------------
def test_ball_of_the_difference_decides_irrational_constants() -> None:
    assert verdict(lambda c: tc.lt(pi, Rational(22, 7))) is tc.HOLDS
    assert verdict(lambda c: tc.lt(Rational(22, 7), pi)) is tc.VIOLATED


def test_ladder_climbs_until_the_ball_is_small_enough() -> None:
    judgement = ask(lambda c: tc.le(ONE, 1 + Rational(1, 10**60)))

    assert judgement.verdict is tc.HOLDS
    assert judgement.bits == 256


def test_ladder_ends_at_max_bits() -> None:
    judgement = ask(lambda c: tc.le(ONE, 1 + Rational(1, 10**60)), max_bits=100)

    assert judgement.verdict is tc.UNDECIDED
    assert judgement.bits == 100


@pytest.mark.parametrize("bits", [32, 33, 64, 100])
def test_coarse_rungs_never_swap_verdicts(bits: int) -> None:
    assert verdict(lambda c: tc.le(ONE, 1 - Rational(1, 10**60)), max_bits=bits) is not tc.HOLDS
    assert verdict(lambda c: tc.le(coordinate(c), 1, over=UNIT), DECAY, max_bits=bits) is tc.HOLDS
    assert (
        verdict(lambda c: tc.ge(coordinate(c), 1, over=UNIT), DECAY, max_bits=bits) is tc.VIOLATED
    )


def test_difference_is_evaluated_not_the_two_sides() -> None:
    shared = 10**30 * sympy.exp(coordinate_free())

    assert verdict(lambda c: tc.lt(shared, shared + Rational(1, 10**20)), max_bits=64) is tc.HOLDS


def coordinate_free() -> sympy.Expr:
    return sqrt(2) + pi


def test_norms_are_compared_squared_and_the_margin_is_that_of_the_norms() -> None:
    judgement = ask(lambda c: tc.le(tc.norm(c.flow.position), 2, over=UNIT), DECAY)

    assert judgement.verdict is tc.HOLDS
    assert judgement.margin is not None
    assert judgement.where == "t = 0"
    assert judgement.margin.lower <= 1 <= judgement.margin.upper


def test_positive_denominators_are_multiplied_out() -> None:
    ratio = lambda c: tc.norm(c.flow.position) / (1 + tc.norm(c.flow.position))  # noqa: E731

    assert verdict(lambda c: tc.le(ratio(c), 1, over=UNIT), DECAY) is tc.HOLDS


# -- 6: touching ----------------------------------------------------------------------------------
def test_equality_case_is_touching_after_three_rungs() -> None:
    judgement = ask(lambda c: tc.le(ONE, 1), max_bits=2048)

    assert judgement.verdict is tc.UNDECIDED
    assert judgement.touching
    assert judgement.bits == 64 * 2**2
    assert judgement.reason.startswith("touching")


def test_two_rungs_are_not_yet_touching() -> None:
    assert not ask(lambda c: tc.le(ONE, 1), max_bits=128).touching


def test_equality_is_never_confirmed_by_balls() -> None:
    judgement = ask(lambda c: tc.equal(ONE, 1))

    assert judgement.verdict is tc.UNDECIDED
    assert verdict(lambda c: tc.equal(ONE, 1 + Rational(1, 10**60))) is tc.VIOLATED


# -- margin and place -----------------------------------------------------------------------------
def test_violation_names_the_single_step() -> None:
    judgement = ask(lambda c: tc.le(Rational(1, 2), abs(tc.step - 57), over=tc.steps(0, 300)))

    assert judgement.verdict is tc.VIOLATED
    assert judgement.where == "k = 57"


def test_margin_encloses_the_worst_difference_over_steps() -> None:
    judgement = ask(lambda c: tc.le(c.descent.position[0], 2, over=tc.steps(0, 5)), DECAY)

    assert judgement.where == "k = 0"
    assert judgement.margin is not None
    assert judgement.margin.lower <= 1 <= judgement.margin.upper
    assert judgement.relative_margin == pytest.approx(1 / 2)


def test_margin_at_a_violation_is_negative() -> None:
    judgement = ask(lambda c: tc.le(pi, 3))

    assert judgement.margin is not None
    assert judgement.margin.upper < 0


def test_huge_differences_are_written() -> None:
    big = sympy.Integer(10) ** 400

    judgement = ask(lambda c: tc.le(big * ONE, big))

    assert judgement.verdict is tc.UNDECIDED
    assert "1e300" in judgement.reason
    assert judgement.to_json()
    assert verdict(lambda c: tc.equal(big, 10 * big)) is tc.VIOLATED


def test_deep_linear_loss_is_nonnegative_by_structure() -> None:
    assert ask(lambda c: tc.ge(c.flow.loss, 0, over=UNIT), SCALAR).bits == 0
    assert verdict(lambda c: tc.ge(c.initial.loss, 0), SCALAR) is tc.HOLDS
    assert verdict(lambda c: tc.le(1, 0), POINT) is tc.VIOLATED
