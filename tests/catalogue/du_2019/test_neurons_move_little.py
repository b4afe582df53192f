"""The corrected movement bound is attained, and the remembered one is too small by a factor 2."""

import math
from fractions import Fraction as F

import pytest

import theorycheck as tc
from theorycheck.catalogue.du_2019.neurons_move_little import (
    large_outer_weight,
    neurons_move_little,
    neurons_move_little_as_remembered,
    one_active_neuron,
)
from theorycheck.trajectories import two_layer_flow


def test_ratio_of_the_counterexample_tends_to_four_where_two_is_remembered():
    case = one_active_neuron()
    run = two_layer_flow(case.inputs, case.labels, case.weights, case.outer, 120, digits=15)
    # D(0) = 1/2 - 3, m = 4: sqrt(m) |w(t) - w(0)| / |D(0)| -> 4; remembered: at most 2
    ratio = 2 * abs(run.state(120)[0][0] - 1) / F(5, 2)

    assert F(4) - F(1, 10**10) < ratio.lower
    assert ratio.upper < 4


def test_remembered_constant_is_refuted_before_the_horizon():
    judgement = tc.check(neurons_move_little_as_remembered)

    assert judgement.verdict is tc.VIOLATED
    assert neurons_move_little_as_remembered.expected is tc.VIOLATED


@pytest.mark.slow
def test_bound_holds_nearly_tight_on_the_attaining_net():
    case = one_active_neuron().replace(rate="24/100")

    assert tc.check(neurons_move_little, case).verdict is tc.HOLDS


def test_a_large_outer_weight_moves_its_neuron_further():
    """a = 2, |X| = 1, m = 1: w' = -2 D, D' = -4 D; |w(t) - w(0)| is twice the bound."""
    case = large_outer_weight()
    run = two_layer_flow(case.inputs, case.labels, case.weights, case.outer, 1, digits=20)
    bound = (1 - math.exp(-4)) / 4

    assert tc.check(neurons_move_little, case).vacuous
    assert float(abs(run.state(1)[0][0] - 1)) == pytest.approx(2 * bound)
