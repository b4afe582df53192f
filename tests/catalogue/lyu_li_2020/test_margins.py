"""Margins along flow and descent: exact forms, equality cases, iris."""

from __future__ import annotations

from fractions import Fraction as F
from itertools import pairwise

import pytest

import theorycheck as tc
from theorycheck import balls
from theorycheck.catalogue.lyu_li_2020 import (
    descent_step_has_a_margin_certificate as steps,
    loss_and_norm_have_two_sided_rates as rates,
    smoothed_margin_is_nondecreasing as monotone,
)
from theorycheck.claims import Case
from theorycheck.claims.derivatives import derivative
from theorycheck.claims.places import Place, Reach
from theorycheck.claims.predictors import predictor
from theorycheck.claims.rung import Rung
from theorycheck.problems.separable import separable_instance, separable_pair
from theorycheck.trajectories import linear_gradient_bound, margin_flow


@pytest.mark.parametrize("loss", ["exponential", "logistic"])
@pytest.mark.parametrize("clock", ["time", "margin"])
def test_the_form_is_the_derivative_of_the_margin(loss, clock):
    """rho^{L+2} d(alpha / rho^L) slope = the sum of squares and products, here at the start."""
    case = Case(monotone.example(loss=loss, clock=clock))
    now = predictor(case)
    form = monotone.derivative_of_margin(now, now.order).expression / now.slope.expression
    true = derivative(now.smoothed_margin.expression, case.instance)
    true *= now.squared_norm.expression ** F(now.order + 2, 2)
    rung = Rung(case.instance, 128, Reach(), tc.Effort(max_seconds=20).start())
    gap = rung.value(form - true, Place.at_time(F(0)))

    assert balls.lower(gap) <= 0 <= balls.upper(gap)
    assert balls.width(gap) < F(1, 2**60)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_equality_of_one_sample_is_decided_by_form(depth):
    """Balanced, one sample: the margin is constant, which no ball could confirm."""
    case = separable_instance(
        inputs=[[1]], labels=[1], weights=[[[2]]] * depth, clock="margin", horizon="1/16"
    )
    judgement = tc.check(monotone.smoothed_margin_is_nondecreasing, instance=case)

    assert judgement.verdict is tc.HOLDS
    assert "structure" in judgement.reason


def test_descent_lowers_the_margin_while_the_loss_falls():
    judgement = tc.check(steps.smoothed_margin_of_descent_is_nondecreasing)

    assert judgement.verdict is tc.VIOLATED
    assert judgement.margin.upper < F(-1, 4)


def test_details_print_the_loss_at_any_time():
    case = rates.example()
    found = rates.later(Case(case), 10**100)

    assert set(found) == {"at least", "at most"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("weights", "horizon"),
    [
        ([[["-5/6", -3, "19/4", "9/4"]]], "1/20"),
        ([[["-5/12", "-3/2", "19/8", "9/8"], [0, 0, 0, "1/8"]], [[2, "1/8"]]], "1/40"),
        (
            [
                [["-5/12", "-3/2", "19/8", "9/8"], [0, 0, 0, "1/8"]],
                [["3/2", "1/8"], [0, 1]],
                [["3/2", "1/8"]],
            ],
            "1/80",
        ),
    ],
)
def test_iris_setosa_against_versicolor(weights, horizon):
    """Every tenth flower: margin, alignment and rates, enclosed over a window."""
    inputs, labels = separable_pair(every=10)
    network = tc.DeepLinear((4, *(2,) * (len(weights) - 1), 1))
    net = network.objective(tc.ExponentialMargin(inputs, labels))
    run = margin_flow(net, network.parameters(weights), F(horizon), bits=128)
    largest = max(sum(x * x for x in column) for column in zip(*inputs, strict=True))
    with balls.precision(128):
        norm = balls.Ball.wrap(balls.sqrt(balls.real(largest)), 128)
    bound = run.rates(0, linear_gradient_bound(norm, run.order))
    places = [F(horizon) * i / 8 for i in range(9)]
    margins = [run.smoothed_margin(s) for s in places]

    assert run.alpha(0).lower > 0
    assert all(a.upper < b.lower for a, b in pairwise(margins))
    assert 0 < run.alignment(F(horizon)).lower <= 1
    for s in places[1:]:
        alpha = bound.alpha_at(log_time=run.log_time(s))

        assert alpha.lower <= run.alpha(s).lower
        assert run.alpha(s).upper <= alpha.upper
    assert bound.alpha_at(10**100).lower > 220


@pytest.mark.slow
def test_two_layer_relu_net_on_iris():
    """Every tenth flower, no kink met: the margin rises by more than half."""
    inputs, labels = separable_pair(every=10)
    network = tc.FullyConnected((4, 2, 1), "relu")
    first = ["-5/12", "-3/2", "19/8", "9/8"]
    weights = [[first, [-F(x) for x in first]], [[2, -2]]]
    net = network.objective(tc.ExponentialMargin(inputs, labels))
    run = margin_flow(net, network.parameters(weights), F(1, 40), bits=96)
    places = [F(i, 320) for i in range(9)]
    margins = [run.smoothed_margin(s) for s in places]

    assert all(a.upper < b.lower for a, b in pairwise(margins))
    assert 0 < run.alignment(F(1, 40)).lower <= 1


def test_all_of_iris_has_rates_at_any_time():
    inputs, labels = separable_pair()
    weights = [[["-7/6", "-17/4", "13/2", 3]]]
    case = Case(separable_instance(inputs=inputs, labels=labels, weights=weights, horizon=1))
    start = predictor(case, case.initial)
    rung = Rung(case.instance, 128, Reach(), tc.Effort(max_seconds=20).start())
    alpha, log_norm = (
        balls.Ball.wrap(rung.value(term.expression, Place()), 128)
        for term in (start.alpha, start.log_norm)
    )
    rates = tc.MarginRates(alpha=alpha, log_norm=log_norm, order=1, gradient_bound=10)
    late = rates.alpha_at(10**100)

    assert len(labels) == 100
    assert alpha.lower > 0
    assert 225 < late.lower <= late.upper < 236
