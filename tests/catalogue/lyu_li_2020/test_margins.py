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
from theorycheck.claims.rung import Rung
from theorycheck.problems import classifier_instance, iris
from theorycheck.trajectories import margin_flow


@pytest.mark.parametrize("loss", ["exponential", "logistic"])
@pytest.mark.parametrize("clock", ["time", "margin"])
def test_the_factors_are_the_derivative_of_the_margin(loss, clock):
    """rho^{L+2} d(alpha / rho^L) / pace = lagrange + L^2 nu (nu - alpha), here at the start."""
    case = Case(monotone.example(loss=loss, clock=clock))
    m = case.flow.margins
    form = (m.lagrange + m.order**2 * m.nu * m.slack_gap).expression
    true = derivative(m.smoothed_margin.expression, case.instance) / m.pace.expression
    true *= m.rho_squared.expression ** F(m.order + 2, 2)
    gap = rung_of(case).value(form - true, Place.at_time(F(0)))

    assert balls.lower(gap) <= 0 <= balls.upper(gap)
    assert balls.width(gap) < F(1, 2**60)


def rung_of(case):
    return Rung(case.instance, 128, Reach(), tc.Effort(max_seconds=20).start())


@pytest.mark.parametrize("kind", ["linear", "relu", "leaky_relu", "power", "diagonal"])
def test_gradients_are_within_their_bound(kind):
    """B^2 |theta|^{2L-2} >= |grad q|^2 for random nets, and nearly equal for balanced ones."""
    nets = {
        "linear": tc.DeepLinear((2, 3, 2, 1)),
        "relu": tc.FullyConnected((2, 3, 1), "relu"),
        "leaky_relu": tc.FullyConnected((2, 3, 1), "homogeneous", slope=("3/2", "-2")),
        "power": tc.PowerUnits((2, 3, 1), 3, slope="1/2"),
        "diagonal": tc.DiagonalPower((2, 1), 3),
    }
    net = nets[kind]
    for seed in range(10):
        start = net.random_start(seed=seed, scale=1)
        case = Case(tc.Instance(
            network=net, loss=tc.ExponentialLoss([[1], ["-1/2"]], [1]), start=start
        ))  # fmt: skip
        m = case.initial.margins
        slope = (m.gradient(0).T @ m.gradient(0))[0, 0]
        room = m.gradient_bound**2 * m.rho_squared ** (m.order - 1) - slope

        assert balls.lower(rung_of(case).value(room.expression, Place())) >= 0


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_equality_of_one_sample_is_decided_by_form(depth):
    """Balanced, one sample: the margin is constant, which no ball could confirm."""
    case = classifier_instance(
        inputs=[[1]], labels=[1], weights=[[[2]]] * depth, activation="linear", clock="margin",
        horizon="1/16",
    )  # fmt: skip
    judgement = tc.check(monotone.smoothed_margin_is_nondecreasing, instance=case)

    assert judgement.verdict is tc.HOLDS


def test_descent_lowers_the_margin_while_the_loss_falls():
    judgement = tc.check(steps.smoothed_margin_of_descent_is_nondecreasing)

    assert judgement.verdict is tc.VIOLATED
    assert judgement.margin.upper < F(-1, 4)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("depth", "activation"), [(1, "linear"), (2, "linear"), (3, "linear"), (2, "relu")]
)
def test_iris_setosa_against_versicolor(depth, activation):
    """Sixteen flowers: the margin is nondecreasing on the window, the rates hold on both sides."""
    for claim in (
        monotone.smoothed_margin_is_nondecreasing, rates.loss_and_norm_have_two_sided_rates
    ):  # fmt: skip
        case = claim.on_data(data=iris(), depth=depth, activation=activation)

        assert tc.check(claim, instance=case).verdict is tc.HOLDS


@pytest.mark.slow
@pytest.mark.parametrize(("depth", "place"), [(1, "1/20"), (2, "1/40"), (3, "1/80")])
def test_rates_contain_the_flow_on_iris(depth, place):
    """In the slow clock, far beyond the window of the claims in time."""
    case = classifier_instance(data=iris(), most=10, depth=depth, clock="margin")
    run = margin_flow(case.objective, case.start, F(place), bits=128)
    bound = Case(case).initial.margins.gradient_bound.expression
    with balls.precision(128):
        norm = balls.Ball.wrap(rung_of(Case(case)).value(bound, Place()), 128)
    known = run.rates(0, norm)
    places = [F(place) * i / 8 for i in range(9)]
    margins = [run.smoothed_margin(s) for s in places]

    assert all(a.upper < b.lower for a, b in pairwise(margins))
    for s in places[1:]:
        alpha = known.alpha_at(log_time=run.log_time(s))

        assert alpha.lower <= run.alpha(s).lower
        assert run.alpha(s).upper <= alpha.upper


def test_all_of_iris_has_rates_at_any_time():
    case = Case(classifier_instance(data=iris()))
    low, high = (rung_of(case).value(x.expression, Place()) for x in rates.later(case, 10**100))

    assert case.loss.samples == 100
    assert 225 < balls.lower(low) <= balls.upper(high) < 236


@pytest.mark.parametrize(
    ("order", "elapsed", "truth"),
    [(1, 1, "1.3132616875182228340"), (2, 10**6, "17.295111245568471737610124091258"),
     (2, 10**50, "120.60653822340558764020125303951")],
)  # fmt: skip
def test_bounds_at_any_time_contain_the_closed_forms(order, elapsed, truth):
    """TV1, TV3: one sample and a balanced net attain the lower bound; q(0) = 1."""
    case = Case(classifier_instance(
        inputs=[[1]], labels=[1], weights=[[[1]]] * order, activation="linear"
    ))  # fmt: skip
    low, high = (rung_of(case).value(x.expression, Place()) for x in rates.later(case, elapsed))

    assert abs(balls.lower(low) - F(truth)) < F(1, 10**18)
    assert balls.upper(high) >= F(truth) - F(1, 10**18)
