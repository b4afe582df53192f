"""Homogeneous classifiers of two classes: instances from data and settings.

The built start separates the classes with Lambda < l(0), so that the theorems on margins apply;
where the data are not separable through the origin, the instance keeps the certificate.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, log
from typing import Any

from theorycheck.errors import InvalidInstance, UnsuitableData
from theorycheck.exact import Rows, as_fraction
from theorycheck.losses import (
    AbstractLoss,
    ExponentialLoss,
    ExponentialMargin,
    LogisticLoss,
    LogisticMargin,
    exact_rows,
)
from theorycheck.losses.labels import signed_labels
from theorycheck.networks import AbstractLayered, DeepLinear, FullyConnected
from theorycheck.problems.datasets import Dataset
from theorycheck.problems.instance import Instance
from theorycheck.problems.margins import exact_margins
from theorycheck.problems.separation import Separation, separate

__all__ = ["classifier_instance", "two_classes"]

LOSSES: dict[tuple[str, str], type[AbstractLoss]] = {
    ("exponential", "time"): ExponentialLoss,
    ("logistic", "time"): LogisticLoss,
    ("exponential", "margin"): ExponentialMargin,
    ("logistic", "margin"): LogisticMargin,
}


def classifier_instance(
    *,
    data: Dataset | None = None,
    inputs: Any = None,
    labels: Any = None,
    classes: Any = None,
    most: Any = None,
    loss: str = "exponential",
    clock: str = "time",
    depth: Any = 1,
    width: Any = 2,
    activation: str | None = None,
    slope: Any = None,
    size: Any = 1,
    network: AbstractLayered | None = None,
    weights: Sequence[Any] | None = None,
    start: Any = None,
    horizon: Any = None,
    step_size: Any = None,
    steps: Any = None,
) -> Instance:
    """Build a classifier on labelled data with a start that separates; settings may be texts.

    Parameters
    ----------
    data : Dataset or None              two classes in words, or a target column of two numbers
    inputs, labels : rows (d, n), n     else the samples as columns, and labels 1 or -1
    classes : two names or None         which classes count as 1 and -1; None for the first two
    most : int or None                  keep this many samples, evenly; None for all of them
    loss : "exponential" or "logistic"  the sum over samples
    clock : "time" or "margin"          of the flow: time, or the slow clock of minus the smoothed
                                        margin, with the same orbits
    depth, width : int >= 1             layers, and units in every hidden layer
    activation : str or None            linear, relu, leaky_relu (with slope); None for linear, and
                                        for relu with several weights
    size : exact number >= 1            factor on the built start
    network : network or None           instead of one of depth, width and activation
    weights : sequence of rows          W_1, ..., W_n instead of a built start; depth and width
                                        are then not used
    start : numbers                     flat parameters instead of a built start
    horizon, step_size, steps           further fields, left out where None

    Raises
    ------
    InvalidInstance    labels that are not two classes, or settings that do not fit

    Examples
    --------
    >>> case = classifier_instance(inputs=[[1, 0], [0, 1]], labels=[1, 1], depth=2)
    >>> case.network.widths, exact_margins(case.objective, case.start)[0] > 1
    ((2, 2, 1), True)
    """
    samples, signs = _thinned(_samples(data, inputs, labels, classes), most)
    if (loss, clock) not in LOSSES:
        raise InvalidInstance(
            f"loss={loss!r}, clock={clock!r}: use exponential or logistic, time or margin"
        )
    made = LOSSES[loss, clock](samples, signs)
    separation = separate(samples, signs)
    given = {"horizon": horizon, "step_size": step_size, "steps": steps}
    fields = {name: value for name, value in given.items() if value is not None}
    fields["dual"] = separation.dual
    if separation.combination is not None:
        fields["combination"] = separation.combination
    if data is not None:
        fields["data_name"] = _named(data, classes, most)
    if weights is not None:
        matrices = [exact_rows(layer, f"W_{j}") for j, layer in enumerate(weights, start=1)]
        widths = (len(matrices[0][0]), *(len(matrix) for matrix in matrices))
        usual = "relu" if len(matrices) > 1 else "linear"
        network = network or _network(widths, activation or usual, slope)
        return Instance(network=network, loss=made, start=network.parameters(matrices), **fields)
    layers, units = _integer(depth, "depth"), _integer(width, "width")
    widths = (len(samples), *(units,) * (layers - 1), 1)
    network = network or _network(widths, activation or "linear", slope)
    position = start if start is not None else _separating(network, made, separation, size)
    return Instance(network=network, loss=made, start=position, **fields)


def two_classes(data: Dataset, classes: Any = None) -> tuple[Rows, tuple[int, ...]]:
    """Read inputs and labels 1, -1: two of the classes in words, or a column of two numbers.

    The first class, or the larger number, counts as 1.

    Raises
    ------
    UnsuitableData     one class, or another number of values than two
    InvalidInstance    an unknown name
    """
    if len(data.targets) == 1:
        values = sorted(set(data.targets[0]))
        if len(values) != 2:
            raise UnsuitableData(
                f"the target column has {len(values)} values; a classifier needs two classes"
            )
        return data.inputs, tuple(1 if y == values[1] else -1 for y in data.targets[0])
    names = data.target_names
    if len(names) < 2:
        raise UnsuitableData("the target column has one class; a classifier needs two")
    chosen = tuple(names[:2]) if classes is None else tuple(classes)
    if len(chosen) != 2 or not set(chosen) <= set(names) or chosen[0] == chosen[1]:
        raise InvalidInstance(f"classes={classes!r} must be two of {', '.join(names)}")
    first, second = (data.targets[names.index(name)] for name in chosen)
    kept = [i for i in range(data.samples) if first[i] or second[i]]
    rows = tuple(tuple(row[i] for i in kept) for row in data.inputs)
    return rows, tuple(1 if first[i] else -1 for i in kept)


def _named(data: Dataset, classes: Any, most: Any) -> str:
    thinned = "" if most is None else f", at most {most} samples"
    if len(data.targets) == 1:
        return data.name + thinned
    first, second = tuple(data.target_names[:2]) if classes is None else tuple(classes)
    return f"{data.name}: {first} against {second}{thinned}"


def _samples(data: Dataset | None, inputs: Any, labels: Any, classes: Any) -> Any:
    if (data is None) == (inputs is None) or (inputs is None) != (labels is None):
        raise InvalidInstance("give data=..., or both inputs=... and labels=...")
    if data is not None:
        return two_classes(data, classes)
    (signs,) = signed_labels([as_fraction(y, "label") for y in labels])
    return exact_rows(inputs, "inputs"), tuple(int(y) for y in signs)


def _thinned(samples: tuple[Rows, tuple[int, ...]], most: Any) -> tuple[Rows, tuple[int, ...]]:
    rows, signs = samples
    count = len(signs) if most is None else min(_integer(most, "most"), len(signs))
    kept = [i * len(signs) // count for i in range(count)]
    return tuple(tuple(row[i] for i in kept) for row in rows), tuple(signs[i] for i in kept)


def _network(widths: tuple[int, ...], activation: str, slope: Any) -> AbstractLayered:
    if activation == "linear":
        return DeepLinear(widths)
    return FullyConnected(widths, activation, slope=slope)


def _separating(
    network: AbstractLayered, loss: AbstractLoss, separation: Separation, size: Any
) -> tuple[Fraction, ...]:
    """A start whose margins are all >= 1 + log n, along the direction found; else the first axis.

    Linear nets: W_1 = c e_1 w^T, W_j = c e_1 e_1^T, rank one and balanced up to rounding. Others:
    units with w and -w in turn, carried on by identities and subtracted at the end, in pairs
    s(z) - s(-z) = (alpha + beta) z.
    """
    count = len(loss.inputs)
    axis = tuple(Fraction(int(k == 0)) for k in range(count))
    direction = separation.direction or axis
    pair = isinstance(network, FullyConnected) and network.depth > 1
    if pair and min(network.widths[1:-1]) < 2:
        raise InvalidInstance("a start that separates needs width >= 2; give width=2 or weights")
    unit = network.parameters(_rank_one(network, direction, pair=pair))
    least = min(exact_margins(network.objective(loss), unit))
    factor = Fraction(1)
    wanted = Fraction(ceil(16 * (1 + log(loss.samples))), 16)
    while least > 0 and least * factor**network.order < wanted:
        factor *= Fraction(9, 8)
    factor = _short(factor) * as_fraction(size, "size")
    return tuple(factor * x for x in unit)


def _rank_one(network: AbstractLayered, direction: Sequence[Fraction], *, pair: bool) -> list[Any]:
    layers = []
    for j, (rows, columns) in enumerate(network.shapes):
        last = j == network.depth - 1
        table = [[Fraction(0)] * columns for _ in range(rows)]
        if last and j and pair:
            table[0] = [Fraction(1 - 2 * (r % 2)) for r in range(columns)]
        elif j == 0:
            for r in range(rows if pair else 1):
                table[r] = [(1 - 2 * (r % 2)) * x for x in direction]
        else:
            for r in range(rows if pair else 1):
                table[r][r] = Fraction(1)
        layers.append(table)
    return layers


def _short(factor: Fraction) -> Fraction:
    """A multiple of 1/64 that is not smaller."""
    return Fraction(ceil(64 * factor), 64)


def _integer(value: Any, name: str) -> int:
    number = as_fraction(value, name)
    if number.denominator != 1 or number < 1:
        raise InvalidInstance(f"{name}={value} must be an integer >= 1")
    return int(number)
