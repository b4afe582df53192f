r"""Loss and norm of a separating homogeneous predictor follow explicit rates, from both sides.

    L^2 g^{2/L} t  <=  T(alpha(t)) - T(alpha(0))  <=  (c B)^2 g^{2/L - 2} t
    g rho(t)^L  <=  alpha(t)  <=  (B/L) rho(t)^L,                          g = alpha(0) / rho(0)^L

T is the integral of e^x x^{2/L - 2} (logistic: of (1 + e^x) x^{2/L - 2}). With T inverted this is
Lambda = Theta(1 / (t (log t)^{2 - 2/L})) and rho = Theta((log t)^{1/L}), with its constants.

Source       Lyu & Li 2020, Theorem 4.3, arXiv 1906.05890; constants of theory C5
Assumptions  Lambda < l(0) at the start; flow of the sum loss in its time
Checked      every t in [0, horizon], for linear nets of any depth and nets of ReLU units
Not checked  later times: see rates_hold_for_all_time.py, and `tc.MarginRates` for any t
See also     smoothed_margin_is_nondecreasing.py
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import Any

import sympy

from theorycheck.claims import (
    Assumption,
    Case,
    Concluded,
    Control,
    Source,
    assume,
    claim,
    equal,
    exp,
    le,
    substitute,
    time,
    times,
)  # fmt: skip
from theorycheck.claims.margins import clock, inverse_clock
from theorycheck.problems import Instance, classifier_instance, separable_predictors

L, g, B, c = sympy.symbols("L gamma_0 B c", positive=True)
SLOWEST = L**2 * g ** (2 / L) * time
FASTEST = (c * B) ** 2 * g ** (2 / L - 2) * time


def flow_is_of_the_sum(case: Case) -> Any:
    m = case.initial.margins
    return equal(int(m.is_slow) + int(case.loss.mean), 0)


FLOW_IS_OF_THE_SUM = Assumption(
    "flow_is_of_the_sum", flow_is_of_the_sum, "the flow of the sum loss, in its time"
)


def constants(case: Case) -> dict[sympy.Expr, Any]:
    m = case.initial.margins
    total = m.sum_loss
    spread: Any = total / (1 - exp(-total)) if m.is_logistic else 1
    return {L: m.order, g: m.smoothed_margin, B: m.gradient_bound, c: spread}


def example(**settings: Any) -> Instance:
    chosen: dict[str, Any] = {
        "inputs": [[1, "1/2"], ["1/2", 1]], "labels": [1, 1],
        "weights": [[[1, "1/2"], ["1/2", 1]], [[1, "1/2"]]], "horizon": "1/2",
        "activation": "linear",
    }  # fmt: skip
    return classifier_instance(**{**chosen, **settings})


def opposed() -> Instance:
    """One sample with both labels: |alpha| / rho is above every gradient."""
    return example(inputs=[[1, 1]], labels=[1, -1], weights=[[["1/2"]]], horizon="1/4")


def later(case: Case, instant: Any) -> tuple[Any, Any]:
    """The two bounds of the smoothed margin at any time, from the start alone."""
    start, known = case.initial.margins, constants(case)

    def after(rate: sympy.Expr) -> Any:
        elapsed = substitute(rate, known).at(instant)
        return inverse_clock(elapsed, start.alpha, start.order, logistic=start.is_logistic)

    return after(SLOWEST), after(FASTEST)


def details(case: Case) -> Mapping[str, Any]:
    least, most = later(case, case.horizon)
    alpha = case.flow.margins.alpha.at(case.horizon)
    return {
        "alpha at the horizon at least": Concluded(least),
        "alpha at the horizon": alpha,
        "alpha at the horizon at most": Concluded(most),
    }


@claim(
    source=Source("Lyu & Li 2020, Theorem 4.3", "arXiv 1906.05890", "C5"),
    family=separable_predictors(depth=(1, 2), samples=(2, 2), horizon="1/16"),
    assumptions=[
        FLOW_IS_OF_THE_SUM,
        assume.separated,
    ],
    example=example,
    on_data=partial(classifier_instance, most=16, horizon="1/2"),
    controls=[
        Control("lower rate doubled", example, changes={"lower": 8}),
        Control("upper rate without its margin", example, changes={"upper": Fraction(1, 8)}),
        Control("the slow clock", lambda: example(clock="margin"), outcome="vacuous"),
        Control(
            "start that does not separate",
            lambda: example(weights=[[[-1, 0], [0, -1]], [[1, 1]]]),
            outcome="vacuous",
        ),
        Control("separation dropped", opposed, drop=("separated",)),
    ],
    survives={
        "relation 4: strict": "equality holds for one sample and a start along it, where the "
        "balls of alpha and of a power of rho only touch",
    },
    details=details,
    proof="proofs.lyu_li_2020.loss_and_norm_have_two_sided_rates",
    formulas={"slowest": SLOWEST, "fastest": FASTEST},
)
def loss_and_norm_have_two_sided_rates(case: Case, *, lower: Any = 1, upper: Any = 1) -> Any:
    """The loss falls like 1/(t (log t)^{2-2/L}) and the norm grows like (log t)^{1/L}."""
    now, known, over = case.flow.margins, constants(case), times(0, case.horizon)
    kind = {"logistic": now.is_logistic}
    first = now.smoothed_margin.at(0)
    elapsed = clock(now.alpha, now.order, **kind) - clock(now.alpha.at(0), now.order, **kind)
    power = now.rho_squared ** Fraction(now.order, 2)
    return [
        le(lower * substitute(SLOWEST, known), elapsed, over=over),
        le(elapsed, upper * substitute(FASTEST, known), over=over),
        le(power * first, now.alpha, over=over),
        le(now.alpha, power * known[B] / now.order, over=over),
    ]
