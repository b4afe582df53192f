"""A set of starts of a small network is carried apart by the variational step."""

from __future__ import annotations

from fractions import Fraction as F

import pytest

import theorycheck as tc
from theorycheck.trajectories import Effort
from theorycheck.trajectories.deep_linear import DeepLinearDynamics
from theorycheck.trajectories.integrate import march

NET = tc.DeepLinear((2, 2, 2, 2))
OBJECTIVE = NET.objective(tc.SquareLoss.whitened([[2, 1], [0, 1]]))
START = NET.random_start(seed=0, scale=F(1, 2))
RADIUS = F(1, 10**6)
HORIZON = 3


def test_set_contains_the_flows_of_its_points() -> None:
    around = tc.flow(OBJECTIVE, [(q - RADIUS, q + RADIUS) for q in START], HORIZON)
    for sign in (-1, 0, 1):
        moved = [q + sign * RADIUS * (1 - 2 * (i % 2)) for i, q in enumerate(START)]
        for inner, outer in zip(
            tc.flow(OBJECTIVE, moved, HORIZON).at(HORIZON), around.at(HORIZON), strict=True
        ):
            assert outer.lower <= inner.lower
            assert inner.upper <= outer.upper


@pytest.mark.slow
def test_set_is_several_times_sharper_than_by_the_logarithmic_norm_alone() -> None:
    around = tc.flow(OBJECTIVE, [(q - RADIUS, q + RADIUS) for q in START], HORIZON)
    pieces = march(
        DeepLinearDynamics(OBJECTIVE), START, F(0), F(HORIZON), 64, Effort().start(),
        start_radii=[RADIUS] * len(START),
    )  # fmt: skip
    plain = tc.Ball.wrap(pieces[-1].growth.end, 64).upper

    assert 4 * around.radius(HORIZON) < plain
