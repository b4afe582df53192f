r"""One step of descent changes the smoothed margin by no less than an a-posteriori bound.

    log gamma(k+1) - log gamma(k)
        >=  (Lambda_k - Lambda_{k+1}) / (Lambda_k alpha_k)
            - eta L <theta, v> / rho^2 - eta^2 L |v|^2 / (2 rho^2)

for gamma = alpha / rho^L, the exponential loss Lambda <= 1/e and steps on which it falls. Where the
right side is positive the step is certified to increase the margin. It may be negative:
`smoothed_margin_of_descent_is_nondecreasing` is false and ships refuted.

Source       theory C8, after Lyu & Li 2020, Lemma E.7, arXiv 1906.05890
Assumptions  exponential loss; Lambda_0 <= 1/e; the loss falls on every step
Checked      every step k < steps
Not checked  the paper's step-size condition, which is only remembered
See also     smoothed_margin_is_nondecreasing.py, the flow
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    assume,
    claim,
    frobenius_squared,
    ge,
    inner,
    le,
    log,
    lt,
    nondecreasing,
    steps,
)  # fmt: skip
from theorycheck.losses import ExponentialLoss
from theorycheck.problems import Family, Instance, classifier_instance, separable_predictors
from theorycheck.problems.choices import Choices
from theorycheck.verdicts import VIOLATED


def loss_is_exponential(case: Case) -> Any:
    return ge(int(isinstance(case.loss, ExponentialLoss) and not case.loss.mean), 1)


def loss_is_small(case: Case) -> Any:
    return le(case.initial.loss, sympy.exp(-1))


def loss_falls(case: Case) -> Any:
    loss = case.descent.loss
    return lt(loss.next(), loss, over=steps(0, case.steps - 1))


def example(**settings: Any) -> Instance:
    chosen: dict[str, Any] = {
        "inputs": [[1, "1/2"], ["1/2", 1]], "labels": [1, 1],
        "weights": [[["3/2", 1], ["1/2", 1]], [[1, "1/2"]]], "step_size": "1/4", "steps": 4,
        "activation": "linear",
    }  # fmt: skip
    return classifier_instance(**{**chosen, **settings})


def overshooting() -> Instance:
    """Found by search over small rationals: the loss falls, and so does the margin."""
    return example(inputs=[[2, 0], [-1, 1]], weights=[[[2, 2]]], step_size=32, steps=1)


def growing() -> Instance:
    """The first sample pulls so far that the second is misclassified."""
    return overshooting().replace(start=["3/2", 2])


def across() -> Instance:
    """Weights nearly across their velocity and alpha near 1, where log alpha is nearly linear."""
    return classifier_instance(
        inputs=[[1], [0]], labels=[1], start=["10001/10000", 10], step_size="1/300", steps=1
    )  # fmt: skip


def mean_loss() -> Instance:
    """The mean loss is below 1/e, but its sum is not: log alpha is concave there."""
    made = classifier_instance(
        inputs=[[1, 1, 1]], labels=[1, 1, 1], start=["6/5"], step_size="4/5", steps=1
    )
    return made.replace(loss=ExponentialLoss(made.loss.inputs, made.loss.targets, mean=True))


def barely_separating() -> Instance:
    """A step to a margin of nearly 0, where log alpha is far below its tangent."""
    return example(
        inputs=[[2, 0], [-1, 1]], weights=[[[2, "5/2"]]], step_size="1063/60", steps=1
    )  # fmt: skip


def draw_overshooting(choices: Choices) -> Instance:
    """Near the instance found: the margin of the second sample grows past that of the first."""
    start = 2 + choices.fraction(0, 1, 4) / 4
    return overshooting().replace(start=[start, start], step_size=32 + choices.integer(0, 4))


ASSUMPTIONS = [
    Assumption("loss_is_exponential", loss_is_exponential, "exponential sum loss"),
    assume.separated,
    Assumption("loss_falls", loss_falls, "the loss falls on every step"),
]
FAMILY = separable_predictors(
    depth=(1, 3), samples=(1, 3), losses=("exponential",), steps=3, step_size="1/8",
    surplus=1,
)  # fmt: skip


@claim(
    source=Source("after Lyu & Li 2020, Lemma E.7", "arXiv 1906.05890", "C8"),
    family=FAMILY,
    assumptions=[
        *ASSUMPTIONS, Assumption("loss_is_small", loss_is_small, "sum loss at most 1/e")
    ],
    example=example,
    controls=[
        Control("the quadratic term with the other sign", overshooting, changes={"square": -1}),
        Control(
            "loss above 1/e", lambda: example(weights=[[["1/2", "1/2"]]]), outcome="vacuous"
        ),
        Control("logistic loss", lambda: example(loss="logistic"), outcome="vacuous"),
        Control("a loss that grows", growing, outcome="vacuous"),
        Control("0.9 of the quadratic term", across, changes={"square": Fraction(9, 10)}),
        Control("mean loss", mean_loss, drop=("loss_is_exponential",)),
        Control("a loss that grows, dropped", barely_separating, drop=("loss_falls",)),
    ],
    survives={
        "relation 1: strict": "log(1 + x) < x for the relative growth x > 0 of |theta|^2",
        "separated: dropped": "implied: the sum loss is at most 1/e, and below l(0) = 1",
    },
)  # fmt: skip
def descent_step_has_a_margin_certificate(case: Case, *, square: Any = 1) -> Any:
    """One step of descent lowers the smoothed margin by no more than a computable amount."""
    view, eta = case.descent, case.step_size
    now, loss = view.margins, view.loss
    margin, ascent = log(now.smoothed_margin), -view.gradient
    gained = (loss - loss.next()) / (loss * now.alpha)
    moved = eta * inner(view.position, ascent) + square * eta**2 * frobenius_squared(ascent) / 2
    bound = gained - now.order * moved / now.rho_squared
    return le(bound, margin.next() - margin, over=steps(0, case.steps - 1))


@claim(
    source=Source("a natural reading of Lyu & Li 2020 for descent", "arXiv 1906.05890", "C8"),
    family=Family("steps that overshoot", draw_overshooting),
    assumptions=ASSUMPTIONS,
    example=overshooting,
    controls=[Control("as stated", overshooting)],
    expected=VIOLATED,
)
def smoothed_margin_of_descent_is_nondecreasing(case: Case) -> Any:
    """The smoothed margin does not decrease along descent while the loss falls: refuted."""
    return nondecreasing(case.descent.margins.smoothed_margin, over=steps(0, case.steps))
