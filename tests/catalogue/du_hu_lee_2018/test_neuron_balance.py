"""A10: exact steps by hand, all activations, kinks and forks."""

from fractions import Fraction as F

import pytest

import theorycheck as tc
from theorycheck.catalogue.du_hu_lee_2018 import neuron_balance as nb

SLOPES = {"leaky_relu": "1/4", "homogeneous": ("1/2", "-13/10")}


@pytest.mark.parametrize("activation", ["relu", "absolute", "leaky_relu", "homogeneous"])
def test_laws_hold_for_every_activation(activation):
    net = tc.FullyConnected((2, 2, 1), activation, slope=SLOPES.get(activation))
    case = nb.example(horizon="1/8").replace(network=net)

    for claim in (nb.layer_norms_differ_by_constants, nb.neuron_balance_drifts_exactly):
        assert tc.check(claim, case).verdict is tc.HOLDS


def test_the_example_crosses_a_kink():
    case = nb.example()
    events = tc.flow(case.objective, start=case.start, horizon=case.horizon).events

    assert [e.kind for e in events] == ["crossing"]
    assert F(27, 100) < events[0].first <= events[0].last < F(29, 100)
    assert tc.check(nb.neuron_balance_is_conserved_by_flow, case).verdict is tc.HOLDS


def test_one_step_by_hand():
    # x = y = 1, W = (2, 3): r = 5, g = (15, 10); 4 - 9 = -5 changes by (225 - 100) / 100
    net, loss = tc.FullyConnected((1, 1, 1)), tc.SquareLoss([[1]], [[1]])
    case = tc.Instance(network=net, loss=loss, start=[2, 3], step_size=F(1, 10), horizon=F(1, 10))
    run = tc.descend(net.objective(loss), start=[2, 3], step_size=F(1, 10), steps=1)
    a, b = F(1, 2), F(2)  # 2 - 15/10 and 3 - 10/10

    assert all(x.lower <= q <= x.upper for x, q in zip(run.at(1), (a, b), strict=True))
    assert (a**2 - b**2) - (4 - 9) == F(225 - 100, 100)
    assert tc.check(nb.neuron_balance_drifts_exactly, case).verdict is tc.HOLDS


def test_descent_on_a_kink_follows_the_convention():
    net, loss = tc.FullyConnected((1, 1, 1), "leaky_relu", slope="1/2"), tc.SquareLoss([[1]], [[1]])
    case = tc.Instance(network=net, loss=loss, start=[0, 1], step_size=F(1, 10), horizon=F(1, 5))

    assert tc.check(nb.neuron_balance_drifts_exactly, case).verdict is tc.HOLDS


def test_a_wrong_law_is_refuted():
    control = nb.neuron_balance_is_conserved_by_flow.controls[2]
    spoiled = nb.neuron_balance_is_conserved_by_flow.spoiled(control)

    assert tc.check(spoiled, control.stored_instance()).verdict is tc.VIOLATED
