"""Leaky ReLU nets inside their pattern, as linear predictors of features, for the claim next door.

f(W; x) = sum_j a_j s(w_j x), a_j = +-1/sqrt(m): with sign(w_j x_i) = y_i sign(a_j) the net is
linear in W, and the feature of neuron j is a_j x_i, times the slope where a_j and y_i differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.losses import LogisticLoss
from theorycheck.networks import DiagonalPower
from theorycheck.problems import Instance, classifier_instance
from theorycheck.problems.choices import Choices

__all__ = [
    "cubes", "draw", "example", "features_of", "leaky_instance", "logistic",
    "logistic_at_small_margins", "one_neuron", "symmetric", "tilted", "turning",
]  # fmt: skip

ROOT = {1: 1, 4: 2, 9: 3}
"""sqrt(m) of the numbers of neurons whose output weights are rational."""


def features_of(
    points: Sequence[Sequence[Any]], labels: Sequence[int], signs: Sequence[int], slope: Fraction
) -> list[list[Fraction]]:
    """The inputs of the linear predictor, m d rows, one column per sample.

    Raises
    ------
    InvalidInstance    signs besides 1 and -1, or a number of them whose root is not whole, or
                       points that do not fit the labels
    """
    if len(signs) not in ROOT or any(a not in (1, -1) for a in signs):
        raise InvalidInstance(f"signs={list(signs)} must be 1, 4 or 9 of the numbers 1 and -1")
    if len(points) != len(labels) or len({len(x) for x in points}) > 1:
        raise InvalidInstance(
            f"points need one sample for each of the {len(labels)} labels, all of one length"
        )
    columns = []
    for x, y in zip(points, labels, strict=True):
        feature: list[Fraction] = []
        for a in signs:
            factor = Fraction(a, ROOT[len(signs)]) * (1 if a == y else slope)
            feature += [factor * as_fraction(v, "x") for v in x]
        columns.append(feature)
    return [list(row) for row in zip(*columns, strict=True)]


def leaky_instance(
    *,
    points: Sequence[Sequence[Any]],
    labels: Sequence[int],
    signs: Sequence[int],
    weights: Sequence[Sequence[Any]],
    slope: Any = "1/2",
    horizon: Any = 1,
) -> Instance:
    """The net inside its pattern, as a linear predictor of features in R^{m d}.

    Parameters
    ----------
    points : n samples of d numbers
    signs : m of 1, -1, those of a_j; m = 1, 4 or 9
    weights : m rows w_j
    """
    gamma = as_fraction(slope, "slope")
    inputs = features_of(points, labels, signs, gamma)
    made = classifier_instance(
        inputs=inputs, labels=labels, weights=[[[v for row in weights for v in row]]],
        horizon=horizon,
    )  # fmt: skip
    return made.replace(points=points, signs=signs, slope=gamma)


def example(**settings: Any) -> Instance:
    chosen: dict[str, Any] = {
        "points": [[1, 0], ["1/16", 1]], "labels": [1, -1], "signs": [1, 1, -1, -1],
        "weights": [[1, "-1"], ["3/4", "-1/2"], ["-1/2", "1/2"], ["-1", "3/4"]],
        "horizon": "1/16",
    }  # fmt: skip
    return leaky_instance(**{**chosen, **settings})


def logistic() -> Instance:
    made = example()
    return made.replace(loss=LogisticLoss(made.loss.inputs, made.loss.targets))


def one_neuron() -> Instance:
    """Equal margins of orthogonal samples: the ratio is 1 for all times."""
    return leaky_instance(
        points=[[1, 0], [0, 1]], labels=[1, 1], signs=[1], weights=[[1, 1]], horizon="1/16"
    )


def symmetric() -> Instance:
    """Equal margins, and deviations across the mean: the ratio is 1, the rank's bound attained."""
    rows = [["5/4", "-3/4"], ["3/4", "-5/4"], ["-3/4", "5/4"], ["-5/4", "3/4"]]
    return example(points=[[1, 0], [0, 1]], weights=rows, horizon="1/64")


def cubes() -> Instance:
    """Cubes of the weights: samples of one length are fitted at different speeds."""
    made = leaky_instance(
        points=[[1, 0, 0], [0, "3/5", "4/5"]], labels=[1, 1], signs=[1],
        weights=[["27/32", 1, 0]], horizon="1/16",
    )  # fmt: skip
    return made.replace(network=DiagonalPower((3, 1), power=3))


def logistic_at_small_margins() -> Instance:
    """Margins 1.48 and 0.1, with weights that are closer than e^{-q}: the first gains."""
    made = leaky_instance(
        points=[[2, 0], [0, 1]], labels=[1, 1], signs=[1], weights=[["37/50", "1/10"]],
        horizon="1/4",
    )  # fmt: skip
    return made.replace(loss=LogisticLoss(made.loss.inputs, made.loss.targets))


def turning() -> Instance:
    """A point opposite to the feature: the neuron turns away from it."""
    made = leaky_instance(points=[[1]], labels=[1], signs=[1], weights=[["-1/10"]])
    return made.replace(points=[[-1]])


def tilted() -> Instance:
    """One neuron fits the first sample; the second sample pulls the others away from it."""
    return leaky_instance(
        points=[[1, 0], ["-1/8", 1]], labels=[1, 1], signs=[1, -1, -1, -1],
        weights=[[8, "5/4"], *[["-1/200", "-1/10"]] * 3], slope="9/10", horizon="1/4",
    )  # fmt: skip


def draw(choices: Choices) -> Instance:
    labels = [1, -1] if choices.boolean() else [-1, 1]
    tilt = Fraction(choices.pick((1, -1, 2, -2)), 32)
    signs = choices.pick(([1, -1, 1, -1], [1, 1, 1, -1], [1, 1, -1, -1]))
    points = [[Fraction(1), tilt], [Fraction(0), Fraction(1)]]
    sizes = [a * (Fraction(1, 2) + choices.fraction(0, 1, 4) / 4) for a in signs]
    weights = [[a * y for y in labels] for a in sizes]
    return leaky_instance(
        points=points, labels=labels, signs=signs, weights=weights, horizon="1/16",
        slope=choices.pick(("1/2", "3/4", "9/10")),
    )  # fmt: skip
