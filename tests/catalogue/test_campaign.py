"""Soundness of the catalogue on many drawn instances; run by the continuous check."""

from __future__ import annotations

from collections import Counter

import pytest

import theorycheck as tc
from theorycheck.claims import Claim
from theorycheck.claims.checker import judge

CLAIMS = list(tc.shipped_claims().values())
EFFORT = tc.Effort(max_bits=256, max_seconds=10)
DRAWN = 40


@pytest.mark.slow
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.full_name)
def test_no_drawn_instance_contradicts_the_claim(claim: Claim) -> None:
    assert claim.family is not None
    seen: Counter[str] = Counter()
    expected = 0
    for instance in claim.family.instances(seed=1, count=DRAWN):
        judgement = tc.check(claim, instance, EFFORT)
        seen[judgement.summary] += 1
        expected += not judgement.vacuous and judgement.verdict is claim.expected

        assert not judgement.contradicts, judgement.replay_line
    assert expected > DRAWN // 4, seen


@pytest.mark.slow
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.full_name)
def test_verdicts_never_swap_with_the_precision_on_drawn_instances(claim: Claim) -> None:
    assert claim.family is not None
    for instance in claim.family.instances(seed=2, count=4):
        verdicts = {
            judge(claim, instance, tc.Effort(max_bits=bits, max_seconds=10), bits).verdict
            for bits in (64, 256)
        }

        assert not {tc.HOLDS, tc.VIOLATED} <= verdicts
