"""What cannot be meant is refused at the door, in one line with the value and the remedy."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from sympy import symbols

from theorycheck.errors import InvalidInstance
from theorycheck.problems import VectorField
from theorycheck.trajectories import Effort, PiecewiseField, kinked_flow
from theorycheck.trajectories.crossings import crossings
from theorycheck.trajectories.flow import flow
from theorycheck.trajectories.observables import Observable

X, Y = symbols("x y")
DECAY = VectorField([-X], [X])
TURN = VectorField([Y, -X], [X, Y])
SIGN = PiecewiseField([X], [X], lambda s: [-s[0]])


def refused(call: Any, *fragments: str) -> None:
    with pytest.raises(InvalidInstance) as failure:
        call()
    message = str(failure.value)
    assert "\n" not in message
    for fragment in fragments:
        assert fragment in message


@pytest.mark.parametrize("start", [3, Fraction(1, 2), "12", b"12", None, {1: 2}, {1, 2}, 1.5])
def test_starts_that_are_no_sequences(start: Any) -> None:
    refused(lambda: flow(TURN, start, 1), f"start={start!r}", "one rational per coordinate")
    refused(lambda: kinked_flow(SIGN, start, 1), f"start={start!r}", "one rational per coordinate")


def test_sequences_of_any_kind_are_starts() -> None:
    for start in ([1, 2], (1, "2"), np.array([1, 2]), (q for q in (1, 2))):
        assert flow(TURN, start, 1).start == (1, 2)  # type: ignore[arg-type]


@pytest.mark.parametrize("effort", [5, "fast", 1.5, {"max_bits": 64}])
def test_efforts_of_another_kind(effort: Any) -> None:
    seen = Observable(flow(DECAY, [1], 1), X, [X])
    for call in (
        lambda: flow(DECAY, [1], 1, effort=effort),
        lambda: kinked_flow(SIGN, [1], 1, effort=effort),
        lambda: crossings(seen, 0, 1, effort=effort),
        lambda: seen.over(0, 1, effort=effort),
        lambda: seen.nonincreasing(0, 1, effort=effort),
    ):
        refused(call, f"effort={effort!r}", "tc.Effort(")


@pytest.mark.parametrize("bits", ["64", 64.5, 64.0, None, True, 31])
def test_bits_of_an_effort(bits: Any) -> None:
    refused(lambda: Effort(max_bits=bits), "max_bits", repr(bits), "try 256")


@pytest.mark.parametrize("seconds", ["a", 0, -1, float("nan"), True, [1]])
def test_seconds_of_an_effort(seconds: Any) -> None:
    refused(lambda: Effort(max_seconds=seconds), "max_seconds", repr(seconds), "no limit")


@pytest.mark.parametrize("steps", ["a", 0, 2.5, None, False])
def test_steps_of_an_effort(steps: Any) -> None:
    refused(lambda: Effort(max_steps=steps), "max_steps", repr(steps), "try 10000")


def test_smooth_field_for_a_piecewise_one() -> None:
    refused(lambda: kinked_flow(DECAY, [1], 1), "VectorField", "PiecewiseField", "flow")  # type: ignore[arg-type]
