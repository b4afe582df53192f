"""Exact decisions about nets with kinks: in every region, never about what jumps at a kink."""

from fractions import Fraction as F

import pytest

import theorycheck as tc
from theorycheck.catalogue.elkabetz_cohen_2021.descent_tracks_flow import descent_tracks_flow
from theorycheck.catalogue.elkabetz_cohen_2021.distance_is_certified_a_posteriori import (
    distance_is_certified_a_posteriori,
)

X = [[1, F(1, 2), -1], [F(1, 4), F(1, 3), 2]]
QUICK = tc.Effort(max_bits=128, max_seconds=10)
START = [F(9, 8), 1, F(-11, 8), F(-3, 2), F(5, 8), F(-1, 2)]


def instance_of(activation="relu", slope=None, widths=(2, 2, 1), start=START, **changes):
    case = tc.Instance(
        network=tc.FullyConnected(widths, activation, slope=slope),
        loss=tc.SquareLoss(X, [[1, -1, 2]], mean=True),
        start=start, horizon=2, step_size=F(1, 20),
    )  # fmt: skip
    return case.replace(**changes)


EXAMPLE = instance_of()
SCALAR = tc.Instance(
    network=tc.FullyConnected((1, 1, 1)), loss=tc.SquareLoss([[1]], [[-1]]),
    start=[F(1, 200), 1], horizon=F(1, 10), step_size=F(1, 100),
)  # fmt: skip


def laws(view, network):
    """|in|^2 - |out|^2 of every hidden neuron of a net with one hidden layer."""
    inner, outer = view.layer(1), view.layer(2)
    return [
        sum(inner[c, k] ** 2 for k in range(network.widths[0]))
        - sum(outer[r, c] ** 2 for r in range(network.widths[2]))
        for c in range(network.hidden[0])
    ]


@tc.claim(source="test", example=EXAMPLE)
def neurons_conserve_their_norms(case):
    """|in|^2 - |out|^2 is constant along the flow."""
    return [tc.conserved(law) for law in laws(case.flow, case.network)]


@tc.claim(source="test", example=EXAMPLE)
def half_the_law(case):
    """|in|^2 - 2 |out|^2 is constant: false."""
    outer = case.flow.layer(2)
    return [
        tc.conserved(law - outer[0, c] ** 2, over=tc.times(0, case.horizon))
        for c, law in enumerate(laws(case.flow, case.network))
    ]


@tc.claim(source="test", example=EXAMPLE)
def steps_change_the_law_by_the_square(case):
    """One step changes |in|^2 - |out|^2 by eta^2 (|g_in|^2 - |g_out|^2)."""
    run, eta = case.descent, case.step_size
    inner, outer = run.layer_gradient(1), run.layer_gradient(2)
    return [
        tc.equal(
            law.next() - law,
            eta**2 * (inner[c, 0] ** 2 + inner[c, 1] ** 2 - outer[0, c] ** 2),
            over=tc.steps(0, 50),
        )
        for c, law in enumerate(laws(run, case.network))
    ]


@tc.claim(source="test", example=SCALAR)
def gradient_ratio_is_conserved(case):
    """A quantity of the gradient that is 0 in one region and 1 in the other is no constant."""
    g, w = case.flow.gradient, case.flow.position
    return tc.conserved(g[0, 0] * w[0, 0] - g[1, 0] * w[1, 0])


@pytest.mark.parametrize("kind", [("relu", None), ("leaky_relu", F(1, 5)), ("absolute", None)])
def test_conservation_is_exact_across_kinks(kind):
    judgement = tc.check(neurons_conserve_their_norms, instance_of(*kind))

    assert judgement.verdict is tc.HOLDS, judgement.reason


def test_conservation_is_exact_for_any_loss():
    loss = tc.LogisticLoss([row[:2] for row in X], [1, -1])
    case = instance_of().replace(loss=loss, horizon=1)

    assert tc.check(neurons_conserve_their_norms, case).verdict is tc.HOLDS
    assert tc.check(steps_change_the_law_by_the_square, case).verdict is tc.HOLDS
    assert tc.check(half_the_law, case, effort=QUICK).verdict is tc.VIOLATED


def test_a_law_of_the_steps_is_exact_in_every_region():
    assert tc.check(steps_change_the_law_by_the_square).verdict is tc.HOLDS


def test_a_wrong_law_is_violated():
    assert tc.check(half_the_law, effort=QUICK).verdict is tc.VIOLATED


def test_quantities_that_jump_are_not_decided_by_regions():
    assert tc.check(gradient_ratio_is_conserved, effort=QUICK).verdict is tc.UNDECIDED


def test_conservation_at_a_fork_is_undecided():
    fork = SCALAR.replace(loss=tc.SquareLoss([[1]], [[1]]), start=[0, 1])

    @tc.claim(source="test", example=fork)
    def norms_are_conserved(case):
        """w_1^2 - w_2^2 is constant."""
        w = case.flow.position
        return tc.conserved(w[0, 0] ** 2 - w[1, 0] ** 2, over=tc.times(0, case.horizon))

    judgement = tc.check(norms_are_conserved)
    assert judgement.verdict is tc.UNDECIDED
    assert "neuron 1 of layer 1, sample 1" in judgement.reason


def test_layers_of_a_net_need_no_products():
    @tc.claim(source="test", example=EXAMPLE)
    def end_to_end(case):
        """A net with kinks has no end-to-end matrix."""
        return tc.ge(tc.norm(case.flow.end_to_end), 0)

    with pytest.raises(tc.InvalidClaim, match="deep linear"):
        tc.check(end_to_end)


def test_the_tracking_theorem_is_not_claimed_across_a_convex_kink():
    """A4.c: the step size satisfies the bound of the region, and the conclusion is false."""
    case = SCALAR.replace(horizon=F(1, 100), epsilon=F(1, 1000))

    judgement = tc.check(descent_tracks_flow, case, effort=QUICK)
    assert judgement.verdict is tc.UNDECIDED
    assert "kink: neuron 1 of layer 1, sample 1" in judgement.reason


@pytest.mark.parametrize("claim", [descent_tracks_flow, distance_is_certified_a_posteriori])
@pytest.mark.parametrize("kind", ["logistic", "leaky_relu"])
def test_the_tracking_theorem_holds_inside_a_region_and_for_other_losses(claim, kind):
    case = instance_of("leaky_relu", F(1, 5))
    if kind == "logistic":
        net = tc.DeepLinear((2, 2, 1))
        loss = tc.LogisticLoss(X, [1, -1, 1], mean=True)
        case = tc.Instance(network=net, loss=loss, start=net.balanced_start(scale=F(1, 2)))
    case = case.replace(horizon=F(1, 16), step_size=F(1, 4000), epsilon=F(1, 20))

    judgement = tc.check(claim, case, effort=QUICK)
    assert judgement.verdict is tc.HOLDS, judgement.reason
    assert not judgement.vacuous
