"""Asymptotic claims stay open: they never hold, and their finite relation is reported."""

from __future__ import annotations

import pytest

import theorycheck as tc
from theorycheck.cli.exit_codes import OK, exit_code

NETWORK = tc.DeepLinear((1, 1))
POINT = tc.Instance(network=NETWORK, loss=tc.ExponentialLoss([[1]], [1]), start=[2])


@pytest.mark.parametrize(("bound", "word"), [(3, "holds"), (1, "fails")])
def test_surrogate_claims_stay_open_and_report_their_relation(bound: int, word: str) -> None:
    @tc.claim(source="test", example=POINT, expected=tc.UNDECIDED)
    def margins_converge(case: object) -> object:
        margin = case.initial.margins.q_min  # type: ignore[attr-defined]
        return tc.surrogate("margins converge", tc.le(margin, bound))

    judgement = tc.check(margins_converge)

    assert judgement.verdict is tc.UNDECIDED
    assert judgement.summary == "open, as expected"
    assert f"the finite relation {word}" in judgement.reason
    assert not judgement.contradicts
    assert exit_code([judgement]) == OK


def test_a_claim_that_expects_to_stay_open_is_contradicted_by_a_proof() -> None:
    @tc.claim(source="test", example=POINT, expected=tc.UNDECIDED)
    def margin_is_small(case: object) -> object:
        return tc.le(case.initial.margins.q_min, 3)  # type: ignore[attr-defined]

    assert tc.check(margin_is_small).contradicts
