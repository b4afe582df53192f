"""Flows in the slow clock against the closed forms TV1-TV5 of theory C and against the rates C5."""

from __future__ import annotations

from fractions import Fraction as F
from itertools import pairwise

import pytest

import theorycheck as tc
from theorycheck import balls
from theorycheck.balls import precision, real
from theorycheck.errors import InvalidInstance
from theorycheck.trajectories.margin_flow import margin_flow
from theorycheck.trajectories.margin_rates import linear_gradient_bound

KINDS = {False: tc.ExponentialMargin, True: tc.LogisticMargin}
DATA = {"inputs": [["1", "1/2"], ["1/3", "-1"]], "targets": [1, 1]}


def overlap(a, b):
    return a.lower <= b.upper and b.lower <= a.upper


@pytest.mark.parametrize("logistic", [False, True])
@pytest.mark.parametrize(("depth", "place"), [(1, 20), (2, 1), (3, "1/2")])
def test_balanced_scalar_products_follow_their_closed_form(depth, place, logistic):
    """TV1-TV4: all factors 1, so q' = L |l'(q)| q^{2 - 2/L} from q = 1."""
    net = tc.DeepLinear((1,) * (depth + 1)).objective(KINDS[logistic]([[1]], [1]))
    run = margin_flow(net, [1] * depth, F(place), bits=160)
    with precision(160):
        elapsed = balls.exp(run.log_time(F(place)).real())
        margin = balls.margin_after(elapsed * depth, real(1), depth, logistic=logistic)
        truth = balls.Ball.wrap(margin, 160)

    assert overlap(run.alpha(F(place)), truth)
    assert run.alpha(F(place)).radius < F(1, 10**20)
    assert truth.radius < F(1, 10**10)
    assert float(run.alignment(F(place))) == pytest.approx(1)


@pytest.mark.parametrize("logistic", [False, True])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_clock_of_the_norm_runs_the_same_orbit(depth, logistic):
    """One sample, balanced: alpha = e^{L sigma} from 1, and t as in closed form (TV1-TV4)."""
    net = tc.DeepLinear((1,) * (depth + 1)).objective(KINDS[logistic]([[1]], [1]))
    run = margin_flow(net, [1] * depth, F(1, 2), clock="log_norm", bits=128)
    with precision(160):
        grown = balls.exp(real(F(depth, 2)))
        truth = balls.Ball.wrap(grown, 160)
        elapsed = balls.exp(run.log_time(F(1, 2)).real())
        margin = balls.margin_after(elapsed * depth, real(1), depth, logistic=logistic)

    assert overlap(run.alpha(F(1, 2)), truth)
    assert overlap(run.alpha(F(1, 2)), balls.Ball.wrap(margin, 160))
    assert run.alpha(F(1, 2)).radius < F(1, 10**15)


@pytest.mark.parametrize("logistic", [False, True])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_polar_clock_runs_the_same_orbit(depth, logistic):
    """One sample, balanced: the margin at the time found is that of the closed form."""
    net = tc.DeepLinear((1,) * (depth + 1)).objective(KINDS[logistic]([[1]], [1]))
    run = margin_flow(net, [1] * depth, F(1, 2), clock="polar", bits=128)
    with precision(160):
        elapsed = balls.exp(run.log_time(F(1, 2)).real())
        margin = balls.margin_after(elapsed * depth, real(1), depth, logistic=logistic)
        # d log rho / ds = L q / rho^L, which is L^{1 - L/2}: log rho is linear
        grown = balls.exp(real(F(1, 2)) * balls.power(real(depth), F(2 - depth, 2)))

    assert overlap(run.alpha(F(1, 2)), balls.Ball.wrap(margin, 160))
    norm = balls.exp(run.log_norm(F(1, 2)).real()) / balls.exp(run.log_norm(0).real())
    assert overlap(balls.Ball.wrap(norm, 128), balls.Ball.wrap(grown, 160))
    assert run.alpha(F(1, 2)).radius < F(1, 10**15)


def test_the_clock_of_the_norm_is_for_smooth_nets():
    net = tc.FullyConnected((1, 2, 1), "relu").objective(tc.ExponentialMargin([[1]], [1]))
    with pytest.raises(InvalidInstance, match="smooth"):
        margin_flow(net, [1, -1, 1, 1], 1, clock="log_norm")


def test_two_symmetric_points():
    """TV5: the Gram matrix [[2, 1], [1, 2]], from margins (2, 1) to a difference of 1/5."""
    net = tc.DeepLinear((3, 1)).objective(tc.ExponentialMargin([[1, 1], [1, 0], [0, 1]], [1, 1]))
    run = margin_flow(net, [1, 1, 0], F(7, 2), bits=96)
    low, high = run.place_at("5.32967501")  # log 206.37104885...
    q1, q2 = run.margins((low, high))

    assert abs(float(q1) - 6.5472899667503) < 1e-6
    assert abs(float(q2) - 6.3472899667503) < 1e-6


@pytest.mark.parametrize("logistic", [False, True])
@pytest.mark.parametrize(("widths", "horizon"), [((2, 1), 3), ((2, 2, 1), 1)])
def test_rates_contain_the_flow(widths, horizon, logistic):
    network = tc.DeepLinear(widths)
    net = network.objective(KINDS[logistic](**DATA))
    start = network.parameters([[[1, "-1/2"]]] if len(widths) == 2 else
                               [[[1, 0], ["1/3", -1]], [[1, "1/2"]]])  # fmt: skip
    run = margin_flow(net, start, F(horizon), bits=128)
    rates = run.rates(0, linear_gradient_bound("9/8", run.order))
    for share in (F(1, 2), F(1)):
        place = F(horizon) * share
        bound, norm = (f(log_time=run.log_time(place)) for f in (rates.alpha_at, rates.log_norm_at))

        assert bound.lower <= run.alpha(place).lower
        assert run.alpha(place).upper <= bound.upper
        assert norm.lower <= run.log_norm(place).lower
        assert run.log_norm(place).upper <= norm.upper
    assert run.smoothed_margin(0).upper < run.smoothed_margin(F(horizon)).lower


def test_nets_with_kinks_are_enclosed_across_them():
    net = tc.FullyConnected((2, 3, 1), "leaky_relu", slope="1/10")
    loss = tc.ExponentialMargin([["1", "1/2", "-1"], ["1/3", "-1", "1/4"]], [1, 1, -1])
    start = net.random_start(seed=2, scale=1)
    run = margin_flow(net.objective(loss), start, F(3, 2), bits=96)
    alphas = [run.alpha(F(3 * i, 16)) for i in range(9)]

    assert len(run.enclosure.events) >= 1
    assert all(a.upper < b.lower for a, b in pairwise(alphas))
    assert run.log_time(F(3, 2)).upper - run.log_time(F(3, 2)).lower < F(1, 10)


def test_other_losses_and_late_times_are_refused():
    net = tc.DeepLinear((1, 1))
    with pytest.raises(InvalidInstance, match="ExponentialMargin"):
        margin_flow(net.objective(tc.ExponentialLoss([[1]], [1])), [1], 1)
    run = margin_flow(net.objective(tc.ExponentialMargin([[1]], [1])), [1], 1)
    with pytest.raises(InvalidInstance, match="MarginRates"):
        run.place_at(10)


def test_order_is_that_of_the_predictor_not_its_depth():
    network = tc.DiagonalPower((1, 1), power=3)  # f = w^3: its smoothed margin is 1 for ever
    run = tc.margin_flow(network.objective(tc.ExponentialMargin([[1]], [[1]])), [1], F(1, 20))

    assert run.order == 3
    assert run.smoothed_margin(F(1, 20)).contains(F(1))
    at, rates = run.log_time(F(1, 20)), run.rates(0, 3)
    assert rates.alpha_at(log_time=at.lower).lower <= run.alpha(F(1, 20)).upper
    assert run.alpha(F(1, 20)).lower <= rates.alpha_at(log_time=at.upper).upper


def test_early_and_late_places_of_a_net_with_kinks():
    objective = tc.FullyConnected((1, 2, 1), "relu").objective(
        tc.ExponentialMargin([[1, -1]], [1, 1])
    )
    run = margin_flow(objective, [1, -1, 1, 1], 1)

    low, high = run.place_at(-30)
    assert low == 0
    assert high <= F(1, 32)
    with pytest.raises(InvalidInstance, match="extend the horizon"):
        run.log_time(2)
