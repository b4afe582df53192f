r"""Any separating point, rescaled, is an approximate KKT point of the max-margin problem.

    minimise |theta|^2 / 2  subject to  q_i(theta) >= 1
    z = theta / q_min^{1/L},   lambda_i = q_min^{1 - 2/L} rho r_i / |u|
    epsilon = |z - sum_i lambda_i h_i(z)| = rho q_min^{-1/L} sqrt(2 (1 - beta))
    epsilon           <= (alpha / rho^L)^{-1/L} sqrt(2 (1 - beta))
    delta_i = lambda_i (q_i(z) - 1) <= (alpha / rho^L)^{-2/L} / (e L alpha)
    sum_i delta_i     <= (alpha / rho^L)^{-2/L} log n / (L alpha)

Source       structure: Lyu & Li 2020, Lemma C.8, arXiv 1906.05890; constants: theory C4
Assumptions  Lambda < l(0) at the point
Checked      at a point, whatever optimiser led there; exponential and logistic loss
Not checked  that limit directions are along KKT points, which stays open below; on a kink the
             velocity is not unique and the verdict is UNDECIDED, with the kink's name
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.catalogue.lyu_li_2020.smoothed_margin_grows import not_separated, plane
from theorycheck.claims import (
    Case,
    Control,
    Source,
    Term,
    assume,
    claim,
    le,
    maximum,
    sqrt,
    surrogate,
)
from theorycheck.claims.margins import MarginView
from theorycheck.problems import Instance, classifier_family, classifier_instance
from theorycheck.verdicts import UNDECIDED

SOURCE = Source("Lyu & Li 2020, Lemma C.8 (own constants)", "arXiv 1906.05890", "C4")


def one_minus_cosine(m: MarginView) -> Any:
    """1 - beta, without cancellation."""
    return m.misalignment / (1 + m.alignment)


def epsilon(m: MarginView) -> Any:
    """The distance of z from the cone of the gradients, for the multipliers above."""
    return m.rho * m.q_min ** Fraction(-1, m.order) * sqrt(2 * one_minus_cosine(m))


def multiplier(m: MarginView, i: int) -> Any:
    """lambda_i, which is >= 0."""
    scale = m.q_min ** Fraction(m.order - 2, m.order) * m.rho / sqrt(m.speed_squared)
    return scale * m.relative_weight(i)


def delta(m: MarginView, i: int) -> Any:
    """How far sample i is from complementary slackness."""
    return multiplier(m, i) * (m.margin(i) / m.q_min - 1)


def smoothed_to(m: MarginView, power: int) -> Any:
    """(alpha / rho^L)^{power / L}."""
    return (m.alpha ** Fraction(power, m.order)) * m.rho ** (-power)


def details(case: Case) -> dict[str, Any]:
    m = case.initial.margins
    worst = maximum(delta(m, i) for i in range(m.samples))
    return {
        "normalised margin q_min / rho^L": m.normalised_margin,
        "smoothed margin alpha / rho^L": m.smoothed_margin,
        "alignment beta": m.alignment,
        "epsilon": epsilon(m),
        "delta": worst,
    }


def crowded(*, loss: str = "exponential") -> Instance:
    """One sample ahead of many equal ones by 1 + W(1/e): delta is near its supremum."""
    return classifier_instance(
        inputs=[[1, "64/50"]], labels=[1, 1], loss=loss, start=[8]
    )  # fmt: skip


def many() -> Instance:
    """24 samples behind the first by 3, at large margins: the sum is 0.51 of its bound."""
    return classifier_instance(
        inputs=[[1, *["10003/10000"] * 24]], labels=[1] * 25, start=[10**4]
    )  # fmt: skip


def barely_positive() -> Instance:
    """Positive margins with Lambda > 1: epsilon > 0, while its bound has the sign of alpha < 0."""
    return plane(start=["1/10", "1/5"])


MULTIPLIER = (
    "delta_i stays below e W(1/e) = 0.757 of its bound for the exponential loss, and below 0.8991 "
    "for the logistic loss (theory C4, addendum)"
)
TOTAL = (
    "sum_i delta_i is at most (H(p) + log max p + 0.43) / log n of its bound where it is 9/10 of "
    "it, 0.43 for the logistic loss alone: this tends to 1, but takes more than e^40 samples"
)


@claim(
    source=SOURCE,
    family=classifier_family(),
    assumptions=[assume.separated],
    example=plane,
    on_data=classifier_instance,
    controls=[
        Control("half of the bound of delta", crowded, changes={"share": Fraction(1, 4)}),
        Control("half of the bound of epsilon", plane, changes={"epsilon_share": Fraction(1, 2)}),
        Control("half of both bounds, many samples", many, changes={"share": Fraction(1, 2)}),
        Control("separation dropped", barely_positive, drop=("separated",)),
    ],
    survives={
        "share: constant 9/10": f"{MULTIPLIER}; {TOTAL}",
        "relation 2: tightened 9/10": MULTIPLIER,
        "relation 2: strict": MULTIPLIER,
        "relation 3: tightened 9/10": TOTAL,
        "relation 3: strict": "the last steps of both proofs are strict: H(p) + log max p < log n, "
        "and e^{-alpha} (alpha - log n) < log(n)^2 for n >= 2",
    },
    details=details,
)
def point_is_approximately_kkt(case: Case, *, share: Any = 1, epsilon_share: Any = 1) -> Any:
    """A rescaled separating point is an (epsilon, delta)-KKT point of the max-margin problem."""
    m = case.initial.margins
    scale = smoothed_to(m, -2) / (m.order * m.alpha)
    deltas = [delta(m, i) for i in range(m.samples) if i != m.least]
    bound = smoothed_to(m, -1) * sqrt(2 * one_minus_cosine(m))
    within = le(epsilon(m), epsilon_share * bound)
    if not deltas:
        return within
    total = Term(sympy.Add(*[d.expression for d in deltas]))
    return [
        within,
        le(maximum(deltas), share * scale / sympy.E),
        le(total, share * scale * sympy.log(m.samples)),
    ]


@claim(
    source=Source("Lyu & Li 2020, Theorem 4.4", "arXiv 1906.05890", "C4"),
    family=classifier_family(architectures=("linear", "squared_relu")),
    assumptions=[assume.separated],
    example=plane,
    controls=[Control("not separated", not_separated, outcome="vacuous")],
    expected=UNDECIDED,
)
def limit_directions_are_kkt_points(case: Case) -> Any:
    """Every limit direction of gradient flow is along a KKT point; a point shows epsilon only."""
    m = case.initial.margins
    bound = smoothed_to(m, -1) * sqrt(2 * one_minus_cosine(m))
    return surrogate("every limit direction is along a KKT point", le(epsilon(m), bound))
