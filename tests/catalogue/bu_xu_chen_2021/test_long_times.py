"""Heavy ball is linear, Nesterov exactly cubic, gradient flow exponential: to t = 10^6."""

from __future__ import annotations

from typing import Any

import pytest

import theorycheck as tc
from tests.kernels.test_solution import critical, gram
from tests.kernels.truth import START
from theorycheck.catalogue.bu_xu_chen_2021 import (
    heavy_ball_error_decays_linearly as linear,
    heavy_ball_has_a_lyapunov_function as lyapunov,
    nesterov_is_exactly_cubic as cubic,
)
from theorycheck.catalogue.bu_xu_chen_2021.three_methods_on_one_kernel import (
    three_methods_on_one_kernel,
)
from theorycheck.catalogue.du_2019 import error_decays_between_two_rates as flow
from theorycheck.catalogue.su_boyd_candes_2016 import pseudo_loss_is_at_most_quadratic as general
from theorycheck.problems.kernel_instances import three_inputs
from theorycheck.report.drawing import Request, drawing_of

MILLION = 1_000_000
LONG: list[tuple[Any, Any]] = [
    (linear.heavy_ball_error_decays_linearly, three_inputs(horizon=MILLION)),
    (linear.underdamped_error_decays_at_half_the_damping, linear.light(horizon=MILLION)),
    (linear.overdamped_error_decays_at_the_slow_root, linear.heavy(horizon=MILLION)),
    (lyapunov.heavy_ball_has_a_lyapunov_function, lyapunov.example(horizon=MILLION)),
    (cubic.nesterov_is_exactly_cubic, cubic.late(horizon=MILLION)),
    (cubic.nesterov_pseudo_loss_is_at_most_cubic, three_inputs(horizon=MILLION)),
    (general.pseudo_loss_is_at_most_quadratic, general.example(horizon=MILLION)),
]


@pytest.mark.slow
@pytest.mark.parametrize(("claim", "instance"), LONG, ids=lambda x: getattr(x, "name", ""))
def test_claim_holds_for_a_million(claim: tc.Claim, instance: tc.Instance) -> None:
    assert tc.check(claim, instance).verdict is tc.HOLDS


@pytest.mark.slow
def test_flow_holds_for_a_thousand() -> None:
    judgement = tc.check(flow.error_decays_between_two_rates, three_inputs(horizon=1000))

    assert judgement.verdict is tc.HOLDS


@pytest.mark.slow
def test_two_sided_bound_is_drawn_for_a_million() -> None:
    request = Request(effort=tc.Effort(max_bits=128))
    drawn = drawing_of(cubic.nesterov_is_exactly_cubic, cubic.late(horizon=MILLION), request)

    assert drawn.places[-1] == MILLION
    assert all(a.upper <= b.lower for a, b in zip(*(c.balls for c in drawn.curves), strict=True))


def test_three_methods_on_one_kernel_have_their_slopes() -> None:
    motions = {
        "GF": tc.kernels.GradientFlow(), "HB": critical(), "NAG": tc.kernels.Nesterov()
    }  # fmt: skip
    times = tc.kernels.logarithmic_times(1, MILLION, 13)
    curves = tc.kernels.loss_curves(gram, START, motions, times)
    last = {name: float(values[-1]) for name, values in curves.items()}
    # log10 L: 2 lambda_min t log10(e), 2 sqrt(lambda_min) t log10(e), and near -18 at t = 10^6
    least = 0.288409057722366900003921562124
    slope = 2 * MILLION * 0.43429448190325176

    assert abs(last["GF"] + slope * least) < 5
    assert abs(last["HB"] + slope * least**0.5) < 20
    assert -20 < last["NAG"] < -16
    assert all(x.radius < 1e-6 for values in curves.values() for x in values)


def test_ceiling_is_above_the_printed_constant() -> None:
    # theory B15b: c1 = max sqrt(z) |J_1(z)|, 4 c1^2 = 2.72270391469466842036356852019
    assert 2722703914694668420 < 2 * cubic.CEILING * 10**18 < 2724 * 10**15


@pytest.mark.parametrize("moment", [1, 2, "1/2"])
def test_lateness_of_a_negative_time_is_not_that_of_its_square(moment: Any) -> None:
    """since = -20 has since^2 >= 36 / l, but t^3 E is 0.5 at t = 1, below its bound."""
    judgement = tc.check(three_methods_on_one_kernel, three_inputs(since=-20, moment=moment))

    assert judgement.verdict is tc.UNDECIDED
    assert judgement.vacuous
