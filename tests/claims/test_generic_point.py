"""The generic point of the polynomial ring stands for one trajectory at one running place."""

from __future__ import annotations

import pytest

import theorycheck as tc
from theorycheck.claims import Case

STEP_ONE = tc.deep_linear_instance(
    target=[[1]], weights=[[["1/2"]], [["1/4"]]], step_size=1, horizon=5
)


@pytest.mark.parametrize("quantity", ["position", "loss", "end_to_end"])
def test_descent_with_step_size_one_is_not_taken_for_the_flow(quantity: str) -> None:
    @tc.claim(source="test")
    def equal_at_the_steps(case: Case) -> object:
        flow = getattr(case.flow, quantity).at(tc.step * case.step_size)
        return tc.equal(getattr(case.descent, quantity), flow, over=tc.steps(0, 5))

    assert tc.check(equal_at_the_steps, STEP_ONE).verdict is tc.VIOLATED


def test_identity_at_the_generic_point_holds_at_every_step() -> None:
    @tc.claim(source="test")
    def loss_is_half_the_squared_residual(case: Case) -> object:
        squares = tc.frobenius_squared(case.descent.residual)
        return tc.equal(case.descent.loss, squares / 2, over=tc.steps(0, 5))

    judgement = tc.check(loss_is_half_the_squared_residual, STEP_ONE)

    assert judgement.verdict is tc.HOLDS
    assert judgement.bits == 0
