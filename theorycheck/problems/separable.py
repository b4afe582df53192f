"""Instances of linear predictors on separable data: labelled data, a start that separates them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.losses import (
    AbstractLoss,
    ExponentialLoss,
    ExponentialMargin,
    LogisticLoss,
    LogisticMargin,
)
from theorycheck.networks import DeepLinear
from theorycheck.problems.choices import Choices
from theorycheck.problems.datasets import Dataset, iris
from theorycheck.problems.draws_data import draw_separable
from theorycheck.problems.families import Family
from theorycheck.problems.instance import Instance

__all__ = ["separable_instance", "separable_pair", "separable_predictors"]

LOSSES: dict[tuple[str, str], type[AbstractLoss]] = {
    ("exponential", "time"): ExponentialLoss,
    ("logistic", "time"): LogisticLoss,
    ("exponential", "margin"): ExponentialMargin,
    ("logistic", "margin"): LogisticMargin,
}


def separable_instance(
    *,
    inputs: Any,
    labels: Any,
    weights: Sequence[Any],
    loss: str = "exponential",
    clock: str = "time",
    horizon: Any = None,
    step_size: Any = None,
    steps: Any = None,
    **extra: Any,
) -> Instance:
    """Build an instance of a deep linear classifier.

    Parameters
    ----------
    inputs : rows (d_0, n)           one column per sample
    labels : n of 1, -1
    weights : W_1, ..., W_L          the start
    loss : "exponential" or "logistic"
    clock : "time"                   of the flow of the sum loss, or "margin": the slow clock in
                                     which the smoothed margin increases
    horizon, step_size, steps, extra : further fields, left out where None

    Raises
    ------
    InvalidInstance    an unknown loss or clock, weights that do not fit
    """
    if (loss, clock) not in LOSSES:
        raise InvalidInstance(
            f"loss={loss!r}, clock={clock!r}: use exponential or logistic, time or margin"
        )
    network = DeepLinear((len(weights[0][0]), *(len(layer) for layer in weights)))
    fields = {"horizon": horizon, "step_size": step_size, "steps": steps, **extra}
    given = {name: value for name, value in fields.items() if value is not None}
    made = LOSSES[loss, clock](inputs, labels)
    return Instance(network=network, loss=made, start=network.parameters(weights), **given)


def separable_pair(
    data: Dataset | None = None, *, classes: tuple[int, int] = (0, 1), every: int = 1
) -> tuple[list[list[Fraction]], list[int]]:
    """Take two classes of a data set as inputs with labels -1 and 1; without one, of iris.

    Parameters
    ----------
    every : int    keep each `every`-th sample
    """
    data = iris() if data is None else data
    if len(data.targets) <= max(classes):
        raise InvalidInstance(f"{data.name} has {len(data.targets)} rows of targets; name two")
    kept = [i for i in range(data.samples) if any(data.targets[c][i] == 1 for c in classes)]
    kept = kept[::every]
    labels = [1 if data.targets[classes[1]][i] == 1 else -1 for i in kept]
    return [[row[i] for i in kept] for row in data.inputs], labels


def separable_predictors(
    *,
    depth: tuple[int, int] = (1, 3),
    samples: tuple[int, int] = (2, 4),
    loss: str | None = None,
    clock: str = "time",
    horizon: Any = 1,
    surplus: Any = 0,
    **extra: Any,
) -> Family:
    """A family of classifiers that separate their data at the start, with a sum loss below l(0).

    Parameters
    ----------
    loss : "exponential", "logistic", or None for either
    surplus : number    how much further the margins are above log n
    """

    def draw(choices: Choices) -> Instance:
        data = draw_separable(choices, 2, choices.integer(*samples))
        kind = loss or choices.pick(("exponential", "logistic"))
        layers = choices.integer(*depth)
        weights = [_first_layer(choices, data.direction, 1 if layers == 1 else 2)]
        for j in range(1, layers):
            weights.append(_later_layer(choices, 1 if j == layers - 1 else 2))
        scaled = _separating(weights, data.inputs, data.labels, as_fraction(surplus, "surplus"))
        return separable_instance(
            inputs=data.inputs, labels=data.labels, weights=scaled, loss=kind, clock=clock,
            horizon=horizon, **extra,
        )  # fmt: skip

    return Family(f"separating linear predictors of depth {depth[0]} to {depth[1]}", draw)


def _first_layer(
    choices: Choices, direction: Sequence[Fraction], rows: int
) -> list[list[Fraction]]:
    size = max(abs(x) for x in direction)
    return [[x / size + choices.fraction(-1, 1, 4) / 8 for x in direction] for _ in range(rows)]


def _later_layer(choices: Choices, rows: int) -> list[list[Fraction]]:
    return [[Fraction(1, 2) + choices.fraction(0, 1, 4) / 2 for _ in range(2)] for _ in range(rows)]


def _separating(
    weights: list[list[list[Fraction]]], inputs: Any, labels: Sequence[int], surplus: Fraction
) -> list[list[list[Fraction]]]:
    """Scale the first layer so that all margins, if > 0, exceed 1/2 + surplus + log n."""
    product = weights[0]
    for layer in weights[1:]:
        product = [
            [sum((a * row[j] for a, row in zip(out, product, strict=True)), Fraction(0))
             for j in range(len(product[0]))]
            for out in layer
        ]  # fmt: skip
    (w,) = product
    margins = [
        y
        * sum((a * as_fraction(row[i], "x") for a, row in zip(w, inputs, strict=True)), Fraction(0))
        for i, y in enumerate(labels)
    ]
    least = min(margins)
    if least <= 0:
        return weights
    # 7/10 per doubling is above log 2
    goal = Fraction(1, 2) + surplus + Fraction(7, 10) * (len(labels) - 1).bit_length()
    factor = goal / least
    nearby = Fraction(-(-factor * 16 // 1), 16)
    return [[[x * nearby for x in row] for row in weights[0]], *weights[1:]]
