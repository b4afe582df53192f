r"""At any time, t = 10^100 as well, smoothed margin and norm lie between two computable curves.

    T^{-1}(L^2 g^{2/L} t)  <=  alpha(t)  <=  T^{-1}((c B)^2 g^{2/L - 2} t),     t = 10^k,
    log(alpha L / B) / L   <=  log rho   <=  log(alpha / g) / L

with the constants of `loss_and_norm_have_two_sided_rates` at the start. The ends of both intervals
are computed where t = 10^k is given, and a figure draws them over k = log10 t:

    theorycheck figure lyu_li_2020.margin_lies_between_two_rates --over log10_t=0..100 -o F.svg

Source       Lyu & Li 2020, Theorem 4.3, arXiv 1906.05890; constants of theory C5
Assumptions  Lambda < l(0) at the start; flow of the sum loss in its time
Checked      that the intervals are not empty at t = 10^k, which they are where B is too small
Not checked  that alpha and rho are inside: that is the theorem, checked on windows next door
See also     rates_hold_for_all_time.py, loss_and_norm_have_two_sided_rates.py
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.catalogue.lyu_li_2020.loss_and_norm_have_two_sided_rates import (
    FASTEST,
    FLOW_IS_OF_THE_SUM,
    SLOWEST,
    B,
    constants,
    g,
)
from theorycheck.claims import (
    Case,
    Concluded,
    Control,
    Source,
    assume,
    claim,
    le,
    log,
    named,
    substitute,
    time,
)  # fmt: skip
from theorycheck.claims.margins import inverse_clock
from theorycheck.errors import InvalidInstance
from theorycheck.problems import Choices, Instance, classifier_family, classifier_instance

MOST = 10**4
"""The greatest log10 t; beyond, t itself is too long a number."""


def instance_at(*, log10_t: Any = 100, **settings: Any) -> Instance:
    """A classifier as `classifier_instance` builds it, and a time 10^log10_t."""
    return classifier_instance(**settings).replace(log10_t=log10_t)


def on_data(
    *, data: Any, log10_t: Any = 100, weights: Any = None, loss: str = "exponential",
    depth: Any = 1, width: Any = 2, activation: Any = None, slope: Any = None,
    classes: Any = None, most: Any = None, size: Any = 1,
) -> Instance:  # fmt: skip
    """A classifier on a user's data; the settings are those of `classifier_instance`."""
    return instance_at(
        data=data, log10_t=log10_t, weights=weights, loss=loss, depth=depth, width=width,
        activation=activation, slope=slope, classes=classes, most=most, size=size,
    )  # fmt: skip


def example(*, log10_t: Any = 100, loss: str = "exponential", depth: Any = 2) -> Instance:
    return instance_at(
        inputs=[[1, "1/2"], ["1/2", 1]], labels=[1, 1], log10_t=log10_t, loss=loss, depth=depth
    )


def not_separated() -> Instance:
    return instance_at(inputs=[[1, 0], [0, 1]], labels=[1, 1], start=[1, -1])


def one_sample() -> Instance:
    """One sample and a start along it: both rates are 1."""
    return instance_at(inputs=[[1]], labels=[1], start=[1], log10_t=0)


def slow() -> Instance:
    """In the slow clock there is no sum loss: c is computed from -alpha, and far below 1."""
    return instance_at(
        inputs=[[1, 1]], labels=[1, 1], start=[8], log10_t=0, loss="logistic", clock="margin"
    )  # fmt: skip


def opposed() -> Instance:
    """One sample with both labels: |alpha| / rho is above every gradient."""
    return instance_at(inputs=[[1, 1]], labels=[1, -1], start=["1/2"], log10_t=0)


def at_some_time(case: Instance, choices: Choices) -> Instance:
    return case.replace(log10_t=choices.integer(-2, 100))


def ends(case: Case, share: Any = 1) -> tuple[Any, Any]:
    """The bounds of alpha at t = 10^log10_t."""
    if abs(case.log10_t) > MOST:
        raise InvalidInstance(
            f"log10_t={case.log10_t} is beyond {MOST}; tc.MarginRates takes any log of a time"
        )
    start, known = case.initial.margins, constants(case)
    moment = sympy.Integer(10) ** sympy.Rational(*case.log10_t.as_integer_ratio())

    def after(rate: Any) -> Any:
        elapsed = substitute(rate, {**known, time: moment})
        return inverse_clock(elapsed, start.alpha, start.order, logistic=start.is_logistic)

    return (
        named(after(SLOWEST), r"\alpha_{\mathrm{least}}(10^k)"),
        named(after(share * FASTEST), r"\alpha_{\mathrm{most}}(10^k)"),
    )


def norms(case: Case, least: Any, most: Any) -> tuple[Any, Any]:
    """The bounds of log rho from those of alpha."""
    known, order = constants(case), case.initial.margins.order
    return log(least * order / known[B]) / order, log(most / known[g]) / order


def details(case: Case) -> dict[str, Any]:
    least, most = ends(case)
    low, high = norms(case, least, most)
    return {
        "log10 t": sympy.Rational(*case.log10_t.as_integer_ratio()),
        "alpha at least": Concluded(least),
        "alpha at most": Concluded(most),
        "log rho at least": Concluded(low),
        "log rho at most": Concluded(high),
    }


@claim(
    source=Source("Lyu & Li 2020, Theorem 4.3", "arXiv 1906.05890", "C5"),
    family=classifier_family(samples=(2, 4)).map(at_some_time, "times"),
    assumptions=[FLOW_IS_OF_THE_SUM, assume.separated],
    example=example,
    on_data=on_data,
    controls=[
        Control("a hundredth of the faster rate", example, changes={"share": Fraction(1, 100)}),
        Control("0.99 of the faster rate", one_sample, changes={"share": Fraction(99, 100)}),
        Control("not separated", not_separated, outcome="vacuous"),
        Control("not separated, dropped", opposed, drop=("separated",)),
        Control("the slow clock, dropped", slow, drop=("flow_is_of_the_sum",)),
        Control(
            "the slow clock",
            lambda: instance_at(inputs=[[1, 1]], labels=[1, 1], clock="margin"),
            outcome="vacuous",
        ),
    ],
    survives=dict.fromkeys(
        ("relation 1: strict", "relation 2: strict"),
        "equality holds for one sample and a start along it, where both ends are one inverse of T "
        "at two forms of one number, and their balls only touch",
    ),
    details=details,
    formulas={"slowest": SLOWEST, "fastest": FASTEST},
)
def margin_lies_between_two_rates(case: Case, *, share: Any = 1) -> Any:
    """At any time the bounds of the smoothed margin and of the norm leave room for both."""
    least, most = ends(case, share)
    return [le(least, most), le(*norms(case, least, most))]
