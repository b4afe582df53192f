r"""Samples far from the least margin have exponentially small weight in the loss's gradient.

    sum of p_i over {i : q_i > q_min + T}  <=  n e^{-T},     T = tau rho^L

so that the drift sum_i p_i h_i(u) is within 2 B_1 n e^{-T} of the convex hull of the gradients h_i
at samples with q_i(u) <= min + tau: an element of the margin's conservative field, up to leakage.

Source       theory C12; after Schechtman & Schreuder 2025, arXiv 2502.05668
Assumptions  exponential loss; T = `threshold` >= 0
Checked      the weights at a rational point, whatever the margins
Not checked  B_1, which bounds the gradients on the unit sphere
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.claims import Assumption, Case, Control, Source, Term, claim, ge, le
from theorycheck.losses import ExponentialLoss, ExponentialMargin
from theorycheck.problems import Choices, Instance, classifier_family, classifier_instance

count, threshold = sympy.symbols("n T", positive=True)

LEAKAGE = count * sympy.exp(-threshold)
"""Upper bound of the weight of the far samples."""

SOURCE = Source("Schechtman & Schreuder 2025, finite form", "arXiv 2502.05668", "C12")

nonnegative_threshold = Assumption(
    "nonnegative_threshold", lambda case: ge(case.threshold, 0), "T >= 0"
)


def two_samples(*, level: Any = "7/4") -> Instance:
    """Margins 1 and 3: the far sample has the weight 1 / (1 + e^2)."""
    made = classifier_instance(inputs=[[1, 3]], labels=[1, 1], start=[1])
    return made.replace(threshold=level)


def many() -> Instance:
    """15 of 16 samples just beyond T = 8: their weight is 0.934 of the bound."""
    made = classifier_instance(inputs=[[1, *["9001/1000"] * 15]], labels=[1] * 16, start=[1])
    return made.replace(threshold=8)


def change(case: Instance, choices: Choices) -> Instance:
    return case.replace(threshold=Fraction(choices.integer(0, 12), 4))


exponential_weights = Assumption(
    "exponential_weights",
    lambda case: ge(int(isinstance(case.loss, ExponentialLoss | ExponentialMargin)), 1),
    "the weights p_i are those of the exponential loss",
)


def logistic() -> Instance:
    """Margins far below 0, where the logistic weights do not tell them apart."""
    made = classifier_instance(
        inputs=[[1, 1], [0, 1]], labels=[1, 1], start=[-10, 5], loss="logistic"
    )
    return made.replace(threshold=4)


@claim(
    source=SOURCE,
    family=classifier_family(losses=("exponential",), samples=(2, 4)).map(change, "thresholds"),
    assumptions=[nonnegative_threshold, exponential_weights],
    example=two_samples,
    controls=[
        Control("a quarter of the bound", two_samples, changes={"share": Fraction(1, 4)}),
        Control("0.93 of the bound", many, changes={"share": Fraction(93, 100)}),
        Control("a negative level", lambda: two_samples(level=-1), outcome="vacuous"),
        Control("logistic loss", logistic, outcome="vacuous"),
        Control("logistic loss, any weights", logistic, drop=("exponential_weights",)),
    ],
    survives={
        "relation 1: strict": "the sample of least margin is not far: at most n - 1 weights, each "
        "below e^{-T}, or none",
        "nonnegative_threshold: dropped": "for T < 0 the bound exceeds 1, the sum of all weights",
    },
    formulas={"leakage": LEAKAGE},
)
def weights_leak_exponentially(case: Case, *, share: Any = 1) -> Any:
    """The weights of samples by more than T ahead of the least margin add up to at most n e^-T."""
    m = case.initial.margins
    margins = m.exact or ()
    level = min(margins) + case.threshold
    far = [m.weight(i).expression for i, q in enumerate(margins) if q > level]
    given = {count: sympy.Integer(m.samples), threshold: sympy.Rational(str(case.threshold))}
    return le(Term(sympy.Add(*far)), Term(LEAKAGE.xreplace(given)) * share)
