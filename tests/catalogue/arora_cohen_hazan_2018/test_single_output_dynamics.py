"""One output: all depths along the flow, and exact values of one velocity."""

from __future__ import annotations

from fractions import Fraction

import pytest

import theorycheck as tc
from tests.catalogue.enclose import Case, enclose
from theorycheck.catalogue.arora_cohen_hazan_2018 import single_output_dynamics as claim_file
from theorycheck.catalogue.arora_cohen_hazan_2018.end_to_end_dynamics import velocity


@pytest.mark.parametrize("depth", range(1, 7))
def test_equation_holds_along_the_flow_at_every_depth(depth: int) -> None:
    judgement = tc.check(claim_file.single_output_dynamics, claim_file.example(depth=depth))

    assert judgement.verdict is tc.HOLDS


def test_velocity_of_a_small_net_is_the_one_computed_by_hand() -> None:
    # n = 2, w = (3/5, 4/5)/4, u = (1, 0): |w| = 1/4, grad = w - u, <grad, w> = -7/80, so that
    # w' = -(1/4) (grad - (7/5) w) = -(1/4) (-(2/5) w - u)
    instance = claim_file.example(depth=2)
    moved = velocity(Case(instance)).at(0)

    for j, exact in enumerate((Fraction(53, 200), Fraction(1, 50))):
        ball = enclose(moved[0, j], instance)
        assert ball.lower <= exact <= ball.upper


def test_wider_hidden_layers_are_judged_at_the_start() -> None:
    network = tc.DeepLinear((3, 2, 3, 1))
    instance = tc.Instance(
        network=network,
        loss=tc.SquareLoss.whitened([[1, 2, 0]]),
        start=network.balanced_start(seed=3),
        horizon=1,
    )

    assert tc.check(claim_file.single_output_dynamics, instance).verdict is tc.HOLDS
