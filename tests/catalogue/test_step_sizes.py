"""Step sizes are drawn as shares of the claims' own bounds, so that few instances are vacuous."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

import theorycheck as tc
from theorycheck.catalogue.elkabetz_cohen_2021 import descent_tracks_flow as tracking
from theorycheck.claims import Claim

BOUNDED = [
    claim
    for claim in tc.shipped_claims().values()
    if any("step" in assumption.name or "decrease" in assumption.name
           for assumption in claim.assumptions)
]  # fmt: skip
TRACKING = [tracking.descent_tracks_flow, tracking.descent_tracks_flow_at_twice_the_step]


@pytest.mark.parametrize("claim", TRACKING, ids=lambda c: c.name)
def test_step_sizes_are_shares_of_the_guessed_bound(claim: Claim) -> None:
    assert claim.family is not None
    cases = claim.family.instances(seed=3, count=40)
    shares = Counter(c.step_size / tracking.step_size_guess(c) for c in cases)

    assert set(shares) <= {Fraction(k, 8) for k in range(1, 9)}
    assert len(shares) > 4
    assert all(c.horizon <= 8 * tracking.MOST_STEPS * c.step_size for c in cases)


@pytest.mark.slow
@pytest.mark.parametrize("claim", BOUNDED, ids=lambda c: c.name)
def test_four_of_five_searched_instances_are_not_vacuous(claim: Claim) -> None:
    campaign = tc.fuzz(claim, max_examples=25)

    assert campaign.counts.get("vacuous", 0) <= campaign.examples / 5
    assert campaign.counts[claim.expected.value] >= campaign.examples / 2
