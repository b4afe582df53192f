"""Predictors with powers: order, gradients by differences, the door, storage."""

from __future__ import annotations

from fractions import Fraction

import pytest

import theorycheck as tc
from theorycheck.exact import RationalAlgebra
from theorycheck.problems.margins import exact_margins, margin_gradients

LOSS = tc.ExponentialLoss([[1, -2], ["1/2", 1]], [1, -1])
NETS = [
    tc.PowerUnits((2, 2, 1), power=2),
    tc.PowerUnits((2, 2, 1), power=3, slope="1/2"),
    tc.DiagonalPower((2, 1), power=3),
    tc.DeepLinear((2, 2, 1)),
    tc.FullyConnected((2, 2, 2, 1), activation="leaky_relu", slope="1/4"),
]


@pytest.mark.parametrize("network", NETS, ids=repr)
def test_margins_are_homogeneous_of_the_order(network: tc.DeepLinear) -> None:
    objective = network.objective(LOSS)
    theta = network.random_start(seed=3)
    before = exact_margins(objective, theta)
    after = exact_margins(objective, [3 * x for x in theta])

    assert after == tuple(3**network.order * q for q in before)


@pytest.mark.parametrize("network", NETS, ids=repr)
def test_gradients_are_limits_of_differences(network: tc.DeepLinear) -> None:
    objective = network.objective(LOSS)
    theta = list(network.random_start(seed=3))
    layers = network.layer_matrices(RationalAlgebra, theta)
    gradients = margin_gradients(objective, RationalAlgebra, layers)
    small = Fraction(1, 10**9)
    for j in range(network.dimension):
        moved = [x + small * (k == j) for k, x in enumerate(theta)]
        back = [x - small * (k == j) for k, x in enumerate(theta)]
        pairs = zip(exact_margins(objective, moved), exact_margins(objective, back), strict=True)
        slopes = [(a - b) / (2 * small) for a, b in pairs]

        for gradient, slope in zip(gradients, slopes, strict=True):
            assert abs(float(gradient[j]) - float(slope)) < 1e-12


@pytest.mark.parametrize("network", NETS, ids=repr)
def test_instances_are_stored_exactly(network: tc.DeepLinear) -> None:
    case = tc.Instance(network=network, loss=LOSS, start=network.random_start(seed=1))

    assert tc.Instance.from_json(case.to_json()) == case
    assert eval(repr(case), {"tc": tc}) == case


def test_bad_powers_are_refused() -> None:
    with pytest.raises(tc.InvalidInstance, match="power=1 must be an integer >= 2"):
        tc.PowerUnits((1, 1, 1), power=1)
    with pytest.raises(tc.InvalidInstance, match=r"must be \(inputs, units, 1\)"):
        tc.PowerUnits((1, 1), power=2)
    with pytest.raises(tc.InvalidInstance, match="slope=2 must lie"):
        tc.PowerUnits((1, 1, 1), slope=2)
    with pytest.raises(tc.InvalidInstance, match=r"must be \(inputs, 1\)"):
        tc.DiagonalPower((1, 1, 1), power=2)
