r"""While one direction separates the tangent features, the loss falls and the weights move little.

    e^{alpha(t)} >= e^{alpha(0)} + gamma'^2 t       (logistic: alpha + e^alpha)
    gamma' |theta(t) - theta(0)|  <=  alpha(t) - alpha(0)

with <grad q_i(theta), u> >= gamma' > 0 on [0, horizon] for every i, |u| = 1: gamma' is a margin of
the tangent features (neural tangent kernel) along the path.

Source       theory C13, after Telgarsky 2022, arXiv 2208.02789
Assumptions  u separates with gamma' > 0, for every t of the window;
             flow of the sum loss in its time
Checked      every t in [0, horizon]; the distance at half of it and at its end
Not checked  that gamma' stays positive beyond the window; nets with kinks
See also     lyu_li_2020/loss_and_norm_have_two_sided_rates.py
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from theorycheck.catalogue.lyu_li_2020.loss_and_norm_have_two_sided_rates import FLOW_IS_OF_THE_SUM
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    constant,
    equal,
    exp,
    frobenius_squared,
    ge,
    gt,
    inner,
    le,
    time,
    times,
)  # fmt: skip
from theorycheck.exact import as_fraction
from theorycheck.problems import Instance, classifier_instance, separable_predictors
from theorycheck.problems.choices import Choices


def tangent_margins(case: Case) -> list[Any]:
    """<grad q_i(theta), u>."""
    m, direction = case.flow.margins, constant([[x] for x in case.direction], "u")
    return [inner(m.gradient(i), direction) for i in range(m.samples)]


def direction_is_a_unit(case: Case) -> Any:
    return equal(sum(Fraction(x) ** 2 for x in case.direction), 1)


def direction_separates(case: Case) -> Any:
    over = times(0, case.horizon)
    kept = [ge(q, case.separation, over=over) for q in tangent_margins(case)]
    return [gt(case.separation, 0), *kept]


def example(*, direction: Any = ("3/5", "4/5")) -> Instance:
    made = classifier_instance(
        inputs=[[1, "1/2"], ["1/2", 1]], labels=[1, 1], weights=[[["1/2", 1]]], horizon="1/2"
    )
    return made.replace(direction=direction, separation="9/10")


def scalar(*, direction: Any = 1, separation: Any = "99/100", samples: int = 1) -> Instance:
    """One weight, and equal samples: for one sample all inequalities are near equality."""
    made = classifier_instance(
        inputs=[[1] * samples], labels=[1] * samples, start=[1], horizon="1/4"
    )
    return made.replace(direction=[direction], separation=separation)


def mean_loss(made: Instance) -> Instance:
    return made.replace(loss=type(made.loss)(made.loss.inputs, made.loss.targets, mean=True))


def with_direction(case: Instance, choices: Choices) -> Instance:
    """A unit vector in the first neuron, near its weights; three quarters of its margin."""
    w = [float(x) for x in case.start[:2]]
    tangent = Fraction(math.tan(math.atan2(w[1], w[0]) / 2)).limit_denominator(8)
    square = tangent**2
    unit = [(1 - square) / (1 + square), 2 * tangent / (1 + square)]
    direction = [*unit, *([0] * (len(case.start) - 2))]
    out = case.start[-2] if case.network.depth == 2 else 1
    (labels,) = case.loss.targets
    scores = [
        y * out * sum((u * x for u, x in zip(unit, case.loss.input(i), strict=True)), Fraction(0))
        for i, y in enumerate(labels)
    ]
    return case.replace(direction=direction, separation=min(scores) * Fraction(3, 4))


@claim(
    source=Source("after Telgarsky 2022", "arXiv 2208.02789", "C13"),
    family=separable_predictors(depth=(1, 2), samples=(1, 3), horizon="1/8").map(with_direction),
    assumptions=[
        FLOW_IS_OF_THE_SUM,
        Assumption("direction_is_a_unit", direction_is_a_unit, "|u| = 1"),
        Assumption("direction_separates", direction_separates, "gamma' > 0 on [0, horizon]"),
    ],
    example=example,
    controls=[
        Control("four times the margin", example, changes={"factor": 4}),
        Control(
            "a direction that does not separate",
            lambda: example(direction=["-3/5", "4/5"]),
            outcome="vacuous",
        ),
        Control(
            "a direction of length 2", lambda: example(direction=["6/5", "8/5"]), outcome="vacuous"
        ),
        Control("mean loss", lambda: mean_loss(example()), outcome="vacuous"),
        Control("10/9 of the margin", scalar, changes={"factor": Fraction(10, 9)}),
        Control(
            "a direction of length 2, dropped",
            lambda: scalar(direction=2, separation="19/10"),
            drop=("direction_is_a_unit",),
        ),
        Control(
            "twice the separation", lambda: scalar(separation=2), drop=("direction_separates",)
        ),
        Control(
            "mean loss, dropped",
            lambda: mean_loss(scalar(samples=2)),
            drop=("flow_is_of_the_sum",),
        ),
    ],
    survives=dict.fromkeys(
        ("relation 2: strict", "relation 3: strict"),
        "equality holds for one sample along u, where balls of flow and logarithm only touch",
    ),
)
def loss_falls_while_a_direction_separates(case: Case, *, factor: Any = 1) -> Any:
    """The loss falls like 1/t and the weights move by at most the logarithm, while u separates."""
    now, gamma = case.flow.margins, case.separation * factor
    alpha = now.alpha
    clock = exp(alpha) + alpha if now.is_logistic else exp(alpha)
    position = case.flow.position
    distances = []
    for share in ("1/2", 1):
        place = case.horizon * as_fraction(share, "share")
        moved = frobenius_squared(position.at(place) - position.at(0))
        gained = alpha.at(place) - alpha.at(0)
        distances.append(le(gamma**2 * moved, gained**2))
    over = times(0, case.horizon)
    return [le(clock.at(0) + gamma**2 * time, clock, over=over), *distances]
