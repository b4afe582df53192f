"""True, false, open and vacuous lemmas for the tests of the search; also read as a user's file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import theorycheck as tc

NETS = tc.families.deep_linear(depth=(1, 3), width=(1, 2))
POINTS = tc.families.points(depth=(1, 3), width=(1, 2))


@tc.claim(source="test", family=NETS)
def loss_is_nonincreasing(case: Any) -> Any:
    """The loss is nonincreasing along gradient flow."""
    return tc.nonincreasing(case.flow.loss, over=tc.times(0, case.horizon))


@tc.claim(source="test", family=POINTS)
def loss_is_at_most_one(case: Any) -> Any:
    """The loss is at most 1: false."""
    return tc.le(case.initial.loss, 1)


@tc.claim(source="test", family=POINTS, expected=tc.VIOLATED)
def loss_is_at_most_one_refuted(case: Any) -> Any:
    """The loss is at most 1: a shipped refutation."""
    return tc.le(case.initial.loss, 1)


def impossible(case: Any) -> Any:
    return tc.le(case.initial.loss + 1, 0)


@tc.claim(
    source="test", family=POINTS, assumptions=[tc.Assumption("impossible", impossible, "never")]
)
def nothing_is_checked(case: Any) -> Any:
    """Every instance is vacuous."""
    return tc.le(case.initial.loss, 1)


@tc.claim(source="test", family=POINTS)
def asks_for_a_field_that_is_not_there(case: Any) -> Any:
    """Raises on every instance."""
    return tc.le(case.initial.loss, case.epsilon)


def changed(claim: Any) -> Any:
    """The claim with a conclusion that is not the one of this file."""
    return replace(claim, conclusion=lambda case: tc.le(0, case.initial.loss))
