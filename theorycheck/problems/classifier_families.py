"""Families of homogeneous classifiers: at random points, and such that separate their data."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import log
from typing import Any

from theorycheck.exact import as_fraction
from theorycheck.losses import ExponentialLoss, LogisticLoss
from theorycheck.networks import (
    AbstractLayered,
    DeepLinear,
    DiagonalPower,
    FullyConnected,
    PowerUnits,
)
from theorycheck.problems.choices import Choices
from theorycheck.problems.classifiers import classifier_instance
from theorycheck.problems.draws_data import draw_separable
from theorycheck.problems.draws_numbers import draw_entries, draw_entry
from theorycheck.problems.families import Family
from theorycheck.problems.instance import Instance
from theorycheck.problems.margins import exact_margins

__all__ = ["ARCHITECTURES", "classifier_family", "draw_predictor", "separable_predictors"]

LOSSES: dict[str, Any] = {"exponential": ExponentialLoss, "logistic": LogisticLoss}
ARCHITECTURES = ("linear", "relu", "leaky_relu", "squared_relu", "diagonal")


def classifier_family(
    depth: tuple[int, int] = (1, 4),
    *,
    architectures: Sequence[str] = ARCHITECTURES,
    losses: Sequence[str] = ("exponential", "logistic"),
    samples: tuple[int, int] = (1, 4),
    separated: bool = True,
    name: str = "classifiers",
) -> Family:
    """Small homogeneous classifiers at random points.

    Labels are the signs of the outputs, so that all margins are positive; a factor on the last
    layer then makes Lambda < l(0), in seven draws out of eight. Some data repeat a sample, some
    margins are equal.

    Parameters
    ----------
    depth : (low, high)                of linear and (leaky) ReLU nets
    architectures : sequence of str    some of `ARCHITECTURES`
    losses : sequence of str
    samples : (low, high)
    separated : bool                   False leaves every point as it is drawn
    """

    def draw(choices: Choices) -> Instance:
        network = draw_predictor(choices, choices.pick(architectures), depth)
        count = choices.integer(*samples)
        inputs = [list(row) for row in draw_entries(choices, network.widths[0], count)]
        if count > 1 and choices.integer(0, 5) == 5:
            for row in inputs:
                row[-1] = row[0]
        entries = [draw_entry(choices) or Fraction(1, 2) for _ in range(network.dimension)]
        if choices.integer(0, 5) == 5:
            entries[choices.integer(0, network.dimension - 1)] = Fraction(0)
        make = LOSSES[choices.pick(losses)]
        outputs = exact_margins(network.objective(make(inputs, [1] * count)), entries)
        if not all(outputs) and choices.boolean():  # a dead net: few margins of it are positive
            inputs = [[abs(x) or Fraction(1, 2) for x in row] for row in inputs]
            entries = [abs(x) or Fraction(1) for x in entries]
            outputs = exact_margins(network.objective(make(inputs, [1] * count)), entries)
        loss = make(inputs, [1 if f >= 0 else -1 for f in outputs])
        if separated and all(outputs) and choices.integer(0, 7) < 7:
            entries = _scaled(network, entries, min(map(abs, outputs)), count)
        return Instance(network=network, loss=loss, start=tuple(entries))

    return Family(name, draw)


def draw_predictor(choices: Choices, kind: str, depth: tuple[int, int]) -> AbstractLayered:
    """Draw a small homogeneous predictor with one output, of a kind of `ARCHITECTURES`."""
    inputs, units = choices.integer(1, 3), choices.integer(1, 3)
    if kind == "diagonal":
        return DiagonalPower((inputs, 1), choices.integer(1, 4))
    if kind == "squared_relu":
        return PowerUnits((inputs, units, 1), choices.integer(2, 3), slope=choices.pick((0, "1/2")))
    layers = choices.integer(*depth)
    widths = (inputs, *(units for _ in range(layers - 1)), 1)
    if kind == "linear":
        return DeepLinear(widths)
    return FullyConnected(widths, kind, slope=None if kind == "relu" else Fraction(1, 4))


def _scaled(
    network: AbstractLayered, entries: list[Fraction], least: Fraction, count: int
) -> list[Fraction]:
    """Scale the last layer so that the least margin is at least log n plus a half."""
    rows, columns = network.shapes[-1]
    power = network.order if isinstance(network, DiagonalPower) else 1
    factor = Fraction(1)
    while least * factor**power < Fraction(round(64 * log(count)) + 32, 64):
        factor *= 2
    first = network.dimension - rows * columns
    return [x * factor if k >= first else x for k, x in enumerate(entries)]


# -- with a start that separates ------------------------------------------------------------------
def separable_predictors(
    *,
    architectures: Sequence[str] = ("linear",),
    depth: tuple[int, int] = (1, 3),
    samples: tuple[int, int] = (2, 4),
    losses: Sequence[str] = ("exponential", "logistic"),
    surplus: Any = 0,
    **fields: Any,
) -> Family:
    """A family of classifiers that separate their data at the start, with a sum loss below l(0).

    Parameters
    ----------
    architectures : sequence of str    "linear", of the given depths; of two layers, with units in
                                       pairs w, -w: "relu", "leaky_relu", "squared_relu"
    losses : sequence of str
    surplus : number                   how much further the margins are above log n
    fields                             of `classifier_instance`: clock, horizon, step_size, steps
    """
    more = as_fraction(surplus, "surplus")

    def draw(choices: Choices) -> Instance:
        data = draw_separable(choices, 2, choices.integer(*samples))
        kind, loss = choices.pick(architectures), choices.pick(losses)
        layers = choices.integer(*depth) if kind == "linear" else 2
        network, weights = _towards(choices, data.direction, kind, layers)
        settings = {"inputs": data.inputs, "labels": data.labels, "loss": loss, **fields}
        start = network.parameters(weights)
        margins = exact_margins(network.objective(LOSSES[loss](data.inputs, [data.labels])), start)
        return classifier_instance(
            network=network, weights=_separating(weights, margins, more), **settings
        )

    return Family(f"separating predictors of depth {depth[0]} to {depth[1]}", draw)


def _towards(
    choices: Choices, direction: Sequence[Fraction], kind: str, layers: int
) -> tuple[AbstractLayered, list[list[list[Fraction]]]]:
    """A net with first weights near a direction, and near minus it in every second kinked unit."""
    size = max(abs(x) for x in direction)
    rows = 1 if layers == 1 else 2
    first = [[x / size + choices.fraction(-1, 1, 4) / 8 for x in direction] for _ in range(rows)]
    later = [
        [[Fraction(1, 2) + choices.fraction(0, 1, 4) / 2 for _ in range(2)] for _ in range(count)]
        for count in [2] * (layers - 2) + [1] * (layers > 1)
    ]
    widths = (len(direction), *[2] * (layers - 1), 1)
    if kind == "linear":
        return DeepLinear(widths), [first, *later]
    first[1], later[0][0][1] = [-x for x in first[1]], -later[0][0][1]
    if kind == "squared_relu":
        return PowerUnits(widths, 2), [first, *later]
    slope = None if kind == "relu" else Fraction(1, 4)
    return FullyConnected(widths, kind, slope=slope), [first, *later]


def _separating(
    weights: list[list[list[Fraction]]], margins: Sequence[Fraction], surplus: Fraction
) -> list[list[list[Fraction]]]:
    """Scale a layer so that all margins, if > 0, exceed 1/2 + surplus + log n.

    The first for a factor >= 1, whose power is larger still for powers of units; else the last.
    """
    least = min(margins)
    if least <= 0:
        return weights
    # 7/10 per doubling is above log 2
    goal = Fraction(1, 2) + surplus + Fraction(7, 10) * (len(margins) - 1).bit_length()
    factor = Fraction(-(-goal / least * 16 // 1), 16)
    scaled = 0 if factor >= 1 else len(weights) - 1
    return [
        [[x * factor for x in row] for row in layer] if j == scaled else layer
        for j, layer in enumerate(weights)
    ]
