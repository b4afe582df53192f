"""Instances that break one hypothesis of a theorem and keep the rest, for negative controls."""

from __future__ import annotations

from typing import Any

from theorycheck.exact import as_fraction
from theorycheck.losses import ExponentialLoss, LogisticLoss, SquareLoss
from theorycheck.networks import FullyConnected
from theorycheck.problems.instance import Instance

__all__ = [
    "with_exponential_loss", "with_inputs_scaled", "with_leaky_layers", "with_logistic_loss",
    "with_samples_twice",
]  # fmt: skip


def with_inputs_scaled(instance: Instance, factor: Any = "1/2") -> Instance:
    """The square loss with the same targets at c X in place of X: not whitened for c != 1."""
    c, loss = as_fraction(factor, "factor"), instance.loss
    inputs = [[c * x for x in row] for row in loss.inputs]
    return instance.replace(loss=SquareLoss(inputs, loss.targets, mean=loss.mean))


def with_logistic_loss(instance: Instance) -> Instance:
    """The logistic loss on the same inputs, every label 1."""
    labels = [[1] * instance.loss.samples for _ in instance.loss.targets]
    return instance.replace(loss=LogisticLoss(instance.loss.inputs, labels))


def with_leaky_layers(instance: Instance, slope: Any = "1/4") -> Instance:
    """The same weights with leaky ReLUs between the layers."""
    net = FullyConnected(instance.network.widths, "leaky_relu", slope=slope)
    return instance.replace(network=net)


def with_samples_twice(instance: Instance) -> Instance:
    """Every sample of the square loss two times: twice the objective, with the same minimisers."""
    loss = instance.loss
    rows = ([[*row, *row] for row in table] for table in (loss.inputs, loss.targets))
    return instance.replace(loss=SquareLoss(*rows, mean=loss.mean))


def with_exponential_loss(instance: Instance) -> Instance:
    """The exponential loss on the same inputs, every label 1."""
    labels = [[1] * instance.loss.samples for _ in instance.loss.targets]
    return instance.replace(loss=ExponentialLoss(instance.loss.inputs, labels))
