"""Equality and conservation HOLD only exactly, and on exactly the range that is stated."""

from __future__ import annotations

import sympy
from sympy import Rational, exp

import theorycheck as tc
from tests.claims.cases import BLOW_UP, CROSSING, DECAY, ask, coordinate, verdict  # fmt: skip
from theorycheck.claims import Case, Evidence

t, k = tc.time, tc.step
UNIT = tc.times(0, 1)

UNBALANCED = tc.deep_linear_instance(
    target=[[1]], weights=[[["1/2"]], [["1/4"]]], horizon=1, step_size="1/10"
)
WIDE = tc.deep_linear_instance(
    target=[[1, 0], [0, 2]], weights=[[[1, 2], [0, 1], [1, 1]], [[1, 0, 1], [2, 1, 0]]],
    horizon=1, step_size="1/10",
)  # fmt: skip


# -- closed forms ---------------------------------------------------------------------------------
def test_closed_form_that_solves_the_flow_confirms() -> None:
    judgement = ask(
        lambda c: tc.equal(coordinate(c), exp(-t), over=UNIT, solution=[exp(-t)]), DECAY
    )

    assert judgement.verdict is tc.HOLDS
    assert judgement.evidence is Evidence.EXACT


def test_closed_form_with_the_initial_value_only_does_not_confirm() -> None:
    wrong = exp(-2 * t)

    assert (
        verdict(lambda c: tc.equal(coordinate(c), wrong, over=UNIT, solution=[wrong]), DECAY)
        is tc.VIOLATED
    )


def test_wrong_closed_form_does_not_refute_a_true_equality() -> None:
    assert (
        verdict(lambda c: tc.equal(c.flow.loss, c.flow.loss, over=UNIT, solution=[7]), DECAY)
        is tc.HOLDS
    )


def test_closed_form_of_another_start_does_not_confirm() -> None:
    # balanced logistic curve, on an unbalanced start
    w = sympy.sqrt(1 / (1 + 7 * exp(-2 * t)))

    assert (
        verdict(
            lambda c: tc.equal(c.flow.end_to_end[0, 0], w**2, over=UNIT, solution=[w, w]),
            UNBALANCED,
        )
        is tc.VIOLATED
    )


def test_closed_form_that_blows_up_does_not_confirm() -> None:
    w = (1 - 2 * t) ** Rational(-1, 2)

    assert (
        verdict(lambda c: tc.equal(coordinate(c), w, over=UNIT, solution=[w]), BLOW_UP)
        is tc.UNDECIDED
    )


# -- points and ranges ----------------------------------------------------------------------------
def test_agreement_at_the_first_steps_does_not_confirm_the_rest() -> None:
    vanishing = k * (k - 1) * (k - 2)

    assert verdict(lambda c: tc.equal(vanishing, 0, over=tc.steps(0, 2))) is not tc.VIOLATED
    assert verdict(lambda c: tc.equal(vanishing, 0, over=tc.steps(0, 3))) is tc.VIOLATED


def test_agreement_at_the_start_does_not_confirm_the_flow() -> None:
    assert verdict(lambda c: tc.equal(coordinate(c), 1, over=UNIT), DECAY) is tc.VIOLATED


def test_flow_at_the_steps_is_not_descent() -> None:
    flow = lambda c: c.flow.position.at(k * c.step_size)  # noqa: E731

    assert (
        verdict(lambda c: tc.equal(flow(c), c.descent.position, over=tc.steps(0, 3)), DECAY)
        is tc.VIOLATED
    )


def test_irrational_constants_are_compared_without_an_objective() -> None:
    assert verdict(lambda c: tc.equal(sympy.pi, Rational(22, 7))) is tc.VIOLATED


# -- conservation ---------------------------------------------------------------------------------
def test_flow_conserves_every_imbalance() -> None:
    judgement = ask(lambda c: tc.conserved(c.flow.imbalance(1)), WIDE)

    assert judgement.verdict is tc.HOLDS
    assert judgement.evidence is Evidence.PROOF


def test_descent_does_not_conserve_the_imbalance() -> None:
    assert verdict(lambda c: tc.conserved(c.descent.imbalance(1)), WIDE) is tc.VIOLATED


def test_sum_instead_of_difference_is_not_conserved() -> None:
    def sum_of_grams(case: Case) -> object:
        first, second = case.flow.layers
        return tc.conserved(second.T @ second + first @ first.T)

    assert verdict(sum_of_grams, WIDE) is tc.VIOLATED


def test_scalar_conserved_quantity_holds_in_the_polynomial_ring() -> None:
    difference = lambda c: c.flow.position[0] ** 2 - c.flow.position[1] ** 2  # noqa: E731

    assert verdict(lambda c: tc.conserved(difference(c)), UNBALANCED) is tc.HOLDS
    assert (
        verdict(lambda c: tc.conserved(difference(c) + c.flow.position[0]), UNBALANCED)
        is tc.VIOLATED
    )


def test_conservation_is_judged_on_the_stated_steps_only() -> None:
    parabola = k * (k - 1)  # 0, 0, 2, ...

    assert verdict(lambda c: tc.conserved(parabola, over=tc.steps(0, 1))) is not tc.VIOLATED
    assert verdict(lambda c: tc.conserved(parabola, over=tc.steps(0, 2))) is tc.VIOLATED
    assert verdict(lambda c: tc.conserved(parabola, over=tc.steps(3, 3))) is tc.HOLDS


def test_constant_is_conserved() -> None:
    assert verdict(lambda c: tc.conserved(3)) is tc.HOLDS


def test_conserved_within_is_an_inequality() -> None:
    moves = 1 - exp(sympy.Integer(-1))

    assert (
        verdict(
            lambda c: tc.conserved(coordinate(c), within=moves + Rational(1, 100), over=UNIT), DECAY
        )
        is tc.HOLDS
    )
    assert (
        verdict(
            lambda c: tc.conserved(coordinate(c), within=moves - Rational(1, 100), over=UNIT), DECAY
        )
        is tc.VIOLATED
    )
    assert (
        verdict(lambda c: tc.conserved(c.descent.position, within=1, over=tc.steps(0, 4)), DECAY)
        is tc.HOLDS
    )


# -- monotonicity ---------------------------------------------------------------------------------
def test_loss_is_nonincreasing_by_structure() -> None:
    judgement = ask(lambda c: tc.nonincreasing(c.flow.loss, over=UNIT), CROSSING)

    assert judgement.verdict is tc.HOLDS
    assert judgement.bits == 0


def test_loss_is_nonincreasing_at_a_critical_point() -> None:
    critical = CROSSING.replace(start=[1])

    assert verdict(lambda c: tc.nonincreasing(c.flow.loss, over=UNIT), critical) is tc.HOLDS
    assert (
        verdict(lambda c: tc.nonincreasing(c.descent.loss, over=tc.steps(0, 3)), critical)
        is tc.HOLDS
    )


def test_wrong_direction_is_refuted_by_two_times() -> None:
    judgement = ask(lambda c: tc.nondecreasing(coordinate(c), over=UNIT), DECAY)

    assert judgement.verdict is tc.VIOLATED
    assert judgement.margin is not None
    assert judgement.margin.upper < 0


def test_monotone_term_through_its_derivative() -> None:
    assert verdict(lambda c: tc.nonincreasing(coordinate(c), over=UNIT), DECAY) is tc.HOLDS
    assert verdict(lambda c: tc.nondecreasing(coordinate(c), over=UNIT), CROSSING) is tc.HOLDS


def test_square_turns_where_the_flow_crosses_zero() -> None:
    square = lambda c: coordinate(c) ** 2  # noqa: E731

    assert verdict(lambda c: tc.nonincreasing(square(c), over=UNIT), CROSSING) is tc.VIOLATED
    assert (
        verdict(lambda c: tc.nonincreasing(square(c), over=tc.times(0, "1/2")), CROSSING)
        is tc.HOLDS
    )


def test_monotonicity_is_judged_on_the_stated_steps_only() -> None:
    parabola = (k - 1) ** 2  # 1, 0, 1, ...

    assert verdict(lambda c: tc.nonincreasing(parabola, over=tc.steps(0, 1))) is tc.HOLDS
    assert verdict(lambda c: tc.nonincreasing(parabola, over=tc.steps(0, 2))) is tc.VIOLATED
    assert verdict(lambda c: tc.nonincreasing(parabola, over=tc.steps(2, 2))) is tc.HOLDS
    assert verdict(lambda c: tc.nondecreasing(parabola, over=tc.steps(1, 5))) is tc.HOLDS


def test_step_too_large_increases_the_loss() -> None:
    diverging = DECAY.replace(step_size=3)  # x -> -2 x

    assert (
        verdict(lambda c: tc.nonincreasing(c.descent.loss, over=tc.steps(0, 3)), diverging)
        is tc.VIOLATED
    )
    assert (
        verdict(lambda c: tc.nondecreasing(c.descent.loss, over=tc.steps(0, 3)), diverging)
        is tc.HOLDS
    )
