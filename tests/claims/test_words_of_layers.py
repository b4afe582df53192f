"""Words decide matrix identities for all nets; balancedness is used only where it is true."""

from __future__ import annotations

from fractions import Fraction

import pytest

import theorycheck as tc
from tests.claims.cases import ask, verdict
from theorycheck.claims import Case, Evidence, constant
from theorycheck.problems import Instance

UNIT = tc.times(0, 1)
STEPS = tc.steps(0, 2)


def net(start: str, widths: tuple[int, ...]) -> Instance:
    network = tc.DeepLinear(widths)
    make = network.balanced_start if start == "balanced" else network.random_start
    target = [[Fraction(i + 2 * j + 1, 2) for j in range(widths[0])] for i in range(widths[-1])]
    return Instance(
        network=network,
        loss=tc.SquareLoss.whitened(target),
        start=make(seed=1, scale=Fraction(1, 2)),
        horizon=1,
        step_size=Fraction(1, 8),
    )


BALANCED, RANDOM = net("balanced", (2, 3, 2, 2)), net("random", (2, 3, 2, 2))


def grams_agree(case: Case, path: str, over: object) -> object:
    view = getattr(case, path)
    return [
        tc.equal(
            view.layer(j + 1).T @ view.layer(j + 1), view.layer(j) @ view.layer(j).T, over=over
        )
        for j in (1, 2)
    ]


def test_balanced_start_stays_balanced_along_the_flow() -> None:
    judgement = ask(lambda c: grams_agree(c, "flow", UNIT), BALANCED)

    assert judgement.verdict is tc.HOLDS
    assert judgement.evidence is Evidence.PROOF


def test_random_start_is_not_taken_for_balanced() -> None:
    assert verdict(lambda c: grams_agree(c, "flow", UNIT), RANDOM) is tc.VIOLATED


def test_descent_from_a_balanced_start_is_not_taken_for_balanced() -> None:
    assert verdict(lambda c: grams_agree(c, "descent", STEPS), BALANCED) is tc.VIOLATED


def test_balancedness_holds_at_a_fixed_time_too() -> None:
    def at_one(case: Case) -> object:
        second, first = case.flow.layer(2).at(1), case.flow.layer(1).at(1)
        return tc.equal(second.T @ second, first @ first.T)

    assert verdict(at_one, BALANCED) is tc.HOLDS
    assert verdict(at_one, RANDOM) is tc.VIOLATED


def test_two_different_times_are_different_letters() -> None:
    def later(case: Case) -> object:
        return tc.equal(case.flow.layer(1).at(1), case.flow.layer(1).at(Fraction(1, 2)))

    assert verdict(later, BALANCED) is tc.VIOLATED


def test_product_of_balanced_layers_is_a_power_of_one_gram_matrix() -> None:
    def cube(case: Case) -> object:
        w3, w2, w1 = (case.flow.layer(j) for j in (3, 2, 1))
        return tc.equal(
            w1.T @ w2.T @ w3.T @ w3 @ w2 @ w1, w1.T @ w1 @ w1.T @ w1 @ w1.T @ w1, over=UNIT
        )

    assert verdict(cube, BALANCED) is tc.HOLDS
    assert verdict(cube, RANDOM) is tc.VIOLATED


def test_rule_is_not_used_at_the_outer_side() -> None:
    # W_j W_j^T has no relation to W_{j-1}^T W_{j-1}
    def reversed_rule(case: Case) -> object:
        second, first = case.flow.layer(2), case.flow.layer(1)
        return tc.equal(
            tc.trace(second @ second.T @ second @ second.T), tc.trace(first.T @ first), over=UNIT
        )

    assert verdict(reversed_rule, BALANCED) is tc.VIOLATED


@pytest.mark.parametrize("instance", [BALANCED, RANDOM], ids=["balanced", "random"])
def test_later_iterate_is_one_step_of_descent(instance: Instance) -> None:
    def step(case: Case) -> object:
        run = case.descent
        moved = run.layer(2) - case.step_size * run.layer_gradient(2)
        return tc.equal(run.layer(2).next(), moved, over=STEPS)

    def uphill(case: Case) -> object:
        run = case.descent
        moved = run.layer(2) + case.step_size * run.layer_gradient(2)
        return tc.equal(run.layer(2).next(), moved, over=STEPS)

    assert ask(step, instance).evidence is Evidence.PROOF
    assert verdict(step, instance) is tc.HOLDS
    assert verdict(uphill, instance) is tc.VIOLATED


def test_depth_one_has_no_imbalance() -> None:
    shallow = net("random", (2, 2))

    def gradient_flow(case: Case) -> object:
        return tc.nonincreasing(case.flow.loss, over=UNIT)

    assert verdict(gradient_flow, shallow, assumptions=[tc.assume.balanced]) is tc.HOLDS


def test_equal_data_are_one_letter_and_others_are_not() -> None:
    a, b, swapped = (
        constant([[1, 2], [3, 4]]),
        constant([[1, 2], [3, 4]]),
        constant([[1, 3], [2, 4]]),
    )

    assert verdict(lambda c: tc.equal(a, b), RANDOM) is tc.HOLDS
    assert verdict(lambda c: tc.equal(a, swapped), RANDOM) is tc.VIOLATED
    assert verdict(lambda c: tc.equal(a.T, swapped), RANDOM) is tc.HOLDS


def test_words_beyond_all_measure_are_given_up() -> None:
    deep = net("random", (2, 2, 2, 2, 2))

    def sixth_degree(case: Case) -> object:
        word = case.descent.layer(4).next() @ case.descent.layer(3).next()
        return tc.equal(word @ word.T @ word, word, over=STEPS)

    judgement = ask(sixth_degree, deep, max_seconds=5)

    assert judgement.verdict is tc.VIOLATED
