"""The end-to-end equation: all depths, singular products, and its refutation without balance."""

from __future__ import annotations

import pytest

import theorycheck as tc
from theorycheck.catalogue.arora_cohen_hazan_2018 import end_to_end_dynamics as claim_file


@pytest.mark.parametrize("depth", range(1, 7))
def test_equation_holds_at_every_depth(depth: int) -> None:
    judgement = tc.check(claim_file.end_to_end_dynamics, claim_file.example(depth=depth))

    assert judgement.verdict is tc.HOLDS
    assert judgement.bits == 0


def test_equation_holds_where_the_product_is_singular() -> None:
    network = tc.DeepLinear((3, 2, 2, 3))
    instance = tc.Instance(
        network=network,
        loss=tc.SquareLoss.whitened([[1, 0, 2], [0, 1, 0], [1, 1, 1]]),
        start=network.balanced_start(seed=1, diagonal=[1, 0]),
        horizon=1,
    )

    assert tc.check(claim_file.end_to_end_dynamics, instance).verdict is tc.HOLDS


def test_unbalanced_start_is_vacuous_and_refuted_without_the_assumption() -> None:
    claim = claim_file.end_to_end_dynamics
    dropped = claim.spoiled(claim.controls[0])

    assert tc.check(claim, claim_file.unbalanced()).vacuous
    assert tc.check(dropped, claim_file.unbalanced()).verdict is tc.VIOLATED
