r"""The smoothed margin is the normalised margin up to log n / rho^L.

    exponential   q_min - log n <= alpha <= q_min
    logistic      q_min - log n - log(1 / log 2) <= alpha <= q_min      where Lambda < log 2

Without its correction the lower bound is false for the logistic loss, which ships as a refutation.

Source       Lyu & Li 2020, arXiv 1906.05890; correction for the logistic loss: theory C3
Assumptions  Lambda < l(0) for the logistic loss's lower bound
Checked      at a point, divided by rho^L, through the gap q_min - alpha, free of cancellation
Not checked  that 1 / log 2 is the best constant (it is, as n grows)
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.claims import Case, Control, Source, assume, claim, le, log
from theorycheck.problems import Choices, Family, Instance, classifier_family, classifier_instance
from theorycheck.verdicts import VIOLATED

SOURCE = Source("Lyu & Li 2020, sandwich of the margins", "arXiv 1906.05890", "C3")
CORRECTION = sympy.log(1 / sympy.log(2))
"""Supremum of log((e^x - 1) / x) for 0 < x < log 2."""


def equal_margins(*, loss: str = "logistic", samples: Any = 4, margin: Any = 2) -> Instance:
    """N samples of one margin: the bound is attained for the exponential loss."""
    count = int(samples)
    return classifier_instance(inputs=[[1] * count], labels=[1] * count, loss=loss, start=[margin])


def drawn_equal(choices: Choices) -> Instance:
    return equal_margins(
        samples=choices.integer(2, 5), margin=2 + Fraction(choices.integer(0, 8), 4)
    )


def exponential() -> Instance:
    return equal_margins(loss="exponential")


def crowded() -> Instance:
    """Many samples with Lambda near log 2: the correction is nearly all needed."""
    return equal_margins(samples=100, margin="4.98")


def lower_bound(case: Case, share: Any) -> Any:
    m = case.initial.margins
    return le(m.gap, log(m.samples) + (share * CORRECTION if m.is_logistic else 0))


@claim(
    source=SOURCE,
    family=classifier_family(),
    assumptions=[assume.separated],
    example=equal_margins,
    on_data=classifier_instance,
    controls=[
        Control("nine tenths of the correction", crowded, changes={"share": sympy.Rational(9, 10)}),
        Control("an upper bound of log n / 2", exponential, changes={"of_log": "half"}),
    ],
    survives=dict.fromkeys(
        ("relation 1: tightened 1/2", "relation 1: tightened 9/10"),
        "0 <= x and 0 <= x / 2 are one statement",
    ),
    formulas={"correction": CORRECTION},
)
def smoothed_margin_is_near_the_margin(case: Case, *, share: Any = 1, of_log: str = "whole") -> Any:
    """The soft minimum of the margins is their minimum up to log n, and a constant."""
    m = case.initial.margins
    if of_log == "half":
        return le(m.gap, log(m.samples) / 2)
    return [le(0, m.gap), lower_bound(case, share)]


@claim(
    source=Source("remembered form for both losses", "", "C3"),
    family=Family("equal margins", drawn_equal),
    assumptions=[assume.separated],
    example=equal_margins,
    controls=[Control("not separated", lambda: equal_margins(margin="1/2"), outcome="vacuous")],
    expected=VIOLATED,
)
def lower_bound_needs_no_correction(case: Case) -> Any:
    """For the logistic loss the soft minimum is at least the minimum less log n (it is not)."""
    return lower_bound(case, 0)
