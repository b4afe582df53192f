"""Margins at a point: printed vectors, invariance, kinks, and magnitudes of 10^100."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import theorycheck as tc
from theorycheck import balls
from theorycheck.balls import Real
from theorycheck.exact import RationalAlgebra
from theorycheck.problems import KinkMet, Margins, margins_at
from theorycheck.problems.margins import branches, exact_margins, margin_gradients

PLANE: Any = [[1, 0], [0, 1]]
TV6 = {
    "exponential": {
        "alpha": "0.68673831248177716595100450503214",
        "smoothed_margin": "0.3071187098925492099081343149544",
        "alignment": "0.72852142225114059674904237556762",
        "slack": "1.8477801490122438913196925292701",
        "growth": "2.4814939400024485557279028694143",
    },
    "logistic": {
        "alpha": "0.59239403555561969551708009545493",
        "smoothed_margin": "0.26492666659355860774423633151356",
        "alignment": "0.77128489345238875042019915368063",
        "slack": "2.4051383570383458146314856888118",
        "growth": "3.0430621182550186506129922409241",
    },
}
LOSS = {
    "exponential": (tc.ExponentialLoss, "0.50321472440805501348952326513395"),
    "logistic": (tc.LogisticLoss, "0.44018969856119533049272230132616"),
}


def at(objective: Any, position: Any) -> Margins:
    return margins_at(objective, objective.network.layer_matrices(balls.BallAlgebra, position))


def agrees(ball: Real, printed: str) -> bool:
    """The ball lies within one unit of the last printed digit."""
    unit = Fraction(1, 10 ** len(printed.partition(".")[2]))
    low, high = balls.lower(ball), balls.upper(ball)
    return abs(low - Fraction(printed)) <= unit and abs(high - Fraction(printed)) <= unit


@pytest.mark.parametrize("name", TV6)
def test_printed_vectors_are_certified(name: str) -> None:
    kind, loss = LOSS[name]
    objective = tc.DeepLinear((2, 1)).objective(kind(PLANE, [1, 1]))
    with balls.precision(256):
        margins = at(objective, [1, 2])

        for quantity, printed in TV6[name].items():
            assert agrees(getattr(margins, quantity), printed), quantity
        assert agrees(balls.exp(margins.log_loss), loss)


@pytest.mark.parametrize("kind", [tc.ExponentialLoss, tc.LogisticLoss])
def test_no_magnitude_overflows(kind: Any) -> None:
    objective = tc.DeepLinear((2, 1, 1)).objective(kind(PLANE, [1, 1]))
    huge = 10**100
    with balls.precision(128):
        margins = at(objective, [3 * huge, 4 * huge, huge])

        # the first margin is less by 10^200: its weight is 1, u = h_1 = 10^100 (1, 0, 3)
        assert agrees(margins.normalised_margin * 1000, "115.38461538461538461538461538461538")
        assert balls.le(margins.alpha, Fraction(3 * huge**2)).name != "VIOLATED"
        assert abs(float(margins.alignment.mid()) - 6 / (26 * 10) ** 0.5) < 1e-14


def test_a_kink_is_named_and_its_branches_are_listed() -> None:
    objective = tc.FullyConnected((2, 1, 1)).objective(tc.ExponentialLoss([[1], [-1]], [1]))
    with balls.precision(64), pytest.raises(KinkMet, match="neuron 1 of layer 1, sample 1"):
        _ = at(objective, [1, 1, 1]).velocity

    position = [Fraction(1)] * 3
    gradients = [
        margin_gradients(b, RationalAlgebra, b.network.layer_matrices(RationalAlgebra, position))
        for b in branches(objective, tuple(position))
    ]
    assert gradients == [[[1, -1, 0]], [[0, 0, 0]]]


def test_margins_are_exact_at_rational_points() -> None:
    objective = tc.DeepLinear((2, 1, 1)).objective(tc.LogisticLoss([[1, 2], [0, 1]], [1, -1]))

    expected = (Fraction(3, 2), Fraction(-5))
    assert exact_margins(objective, [Fraction(1, 2), Fraction(2, 3), Fraction(3)]) == expected
