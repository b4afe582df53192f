"""Planted wrong claims are found within 500 examples and a minute, and shrunk to the smallest."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

import pytest

import theorycheck as tc
from tests.fuzzing.planted import PLANTED, product_has_one_large_singular_value
from theorycheck.claims import Claim

EXAMPLES = 500
SECONDS = 60.0


def entries(instance: tc.Instance) -> list[Fraction]:
    tables = (instance.start, *instance.loss.inputs, *instance.loss.targets)
    return [x for row in tables for x in row]


def found(claim: Claim, examples: int, seed: int) -> Any:
    """The smallest violation of a campaign that ends in time."""
    begun = time.monotonic()
    campaign = tc.fuzz(claim, max_examples=examples, seed=seed)

    assert time.monotonic() - begun < SECONDS
    assert campaign.smallest is not None
    assert tc.replay(campaign.smallest.to_json()).verdict is tc.VIOLATED
    return campaign.smallest_violation


def check_is_smallest(instance: tc.Instance, depth: int, width: int) -> None:
    assert (instance.network.depth, max(instance.network.widths)) == (depth, width)
    assert all(abs(x) <= 2 and x.denominator <= 2 for x in entries(instance))


def by_claim(*planted: tuple[Claim, int, int]) -> Any:
    names = [claim.name for claim, _, _ in planted]
    return pytest.mark.parametrize(("claim", "depth", "width"), planted, ids=names)


QUICK = [e for e in PLANTED if e[0] is product_has_one_large_singular_value]
"""A claim that needs no trajectory and few examples."""


@by_claim(*QUICK)
def test_planted_claim_shrinks_to_the_smallest(claim: Claim, depth: int, width: int) -> None:
    check_is_smallest(found(claim, 50, 0), depth, width)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
@by_claim(*PLANTED)
def test_planted_claim_is_found_from_any_seed(
    claim: Claim, depth: int, width: int, seed: int
) -> None:
    examples = EXAMPLES if depth == 4 else 100

    check_is_smallest(found(claim, examples, seed), depth, width)
