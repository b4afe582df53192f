"""Asymptotic claims stay open: they never hold, and their finite relation is reported."""

from __future__ import annotations

from typing import Any

import theorycheck as tc
from theorycheck.cli.exit_codes import OK, OPEN, exit_code

NETWORK = tc.DeepLinear((1, 1))
POINT = tc.Instance(network=NETWORK, loss=tc.ExponentialLoss([[1]], [1]), start=[2])


def judged(bound: int, change: Any = lambda margin: margin) -> tc.Judgement:
    @tc.claim(source="test", example=POINT, expected=tc.UNDECIDED)
    def margins_converge(case: object) -> object:
        margin = case.initial.margins.q_min  # type: ignore[attr-defined]
        return tc.surrogate("margins converge", tc.le(change(margin), bound))

    return tc.check(margins_converge)


def test_surrogate_claims_stay_open_where_their_finite_relation_holds() -> None:
    judgement = judged(3)

    assert judgement.verdict is tc.UNDECIDED
    assert judgement.summary == "open, as expected"
    assert "the finite relation holds" in judgement.reason
    assert not judgement.contradicts
    assert exit_code([judgement]) == OK


def test_a_finite_relation_that_fails_is_not_as_expected() -> None:
    judgement = judged(1)

    assert judgement.verdict is tc.UNDECIDED
    assert "the finite relation fails, 'margins converge' is not decided by it" in judgement.reason
    assert judgement.summary == "UNDECIDED"
    assert exit_code([judgement]) == OPEN


def test_what_is_open_for_another_reason_is_not_as_expected() -> None:
    undefined = judged(0, lambda margin: tc.log(margin - 5))

    assert undefined.verdict is tc.UNDECIDED
    assert undefined.summary == "UNDECIDED"
    assert exit_code([undefined]) == OPEN


def test_a_claim_that_expects_to_stay_open_is_contradicted_by_a_proof() -> None:
    @tc.claim(source="test", example=POINT, expected=tc.UNDECIDED)
    def margin_is_small(case: object) -> object:
        return tc.le(case.initial.margins.q_min, 3)  # type: ignore[attr-defined]

    assert tc.check(margin_is_small).contradicts
