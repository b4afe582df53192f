"""Draw networks, starts and losses, special cases included; all values are small rationals."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from theorycheck.errors import InvalidInstance
from theorycheck.exact import RationalAlgebra, Rows, rows_of
from theorycheck.losses import (
    AbstractLoss,
    CrossEntropyLoss,
    ExponentialLoss,
    LogisticLoss,
    SquareLoss,
)
from theorycheck.networks import AbstractLayered, DeepLinear, FullyConnected
from theorycheck.problems.choices import Choices
from theorycheck.problems.draws_numbers import draw_entries, draw_entry, identity_rows
from theorycheck.problems.draws_starts import ANY, BALANCED, SHAPES, draw_start, shapes_of
from theorycheck.problems.instance import Instance

__all__ = [
    "ANY", "BALANCED", "LOSSES", "SHAPES", "draw_entry", "draw_loss", "draw_net", "draw_network",
    "draw_point", "draw_start", "shapes_of",
]  # fmt: skip

SQUARE_LOSSES = ("whitened", "data")
OTHER_LOSSES = ("logistic", "exponential", "cross_entropy")
LOSSES = (*SQUARE_LOSSES, "mixed", *OTHER_LOSSES, "any")
"""Kinds of losses: "mixed" are the square losses, "any" is all of them."""

# How often a special target comes: searches shrink towards a generic one.
_TARGETS = ("entries", "entries", "entries", "identity", "zero", "minimiser")


def draw_network(
    choices: Choices,
    depth: tuple[int, int],
    width: tuple[int, int],
    *,
    inputs: int | None = None,
    outputs: int | None = None,
) -> DeepLinear:
    """Draw depth and widths in the given closed ranges; d_0 and d_n may be prescribed."""
    layers = choices.integer(*depth)
    if choices.integer(0, 3) == 3:
        widths = [width[0]] * (layers + 1)  # scalar nets, where width 1 is allowed
    else:
        widths = [choices.integer(*width) for _ in range(layers + 1)]
    widths[0] = widths[0] if inputs is None else inputs
    widths[-1] = widths[-1] if outputs is None else outputs
    return DeepLinear(tuple(widths))


def draw_loss(
    choices: Choices,
    network: AbstractLayered,
    kind: str = "mixed",
    *,
    start: Sequence[Fraction] | None = None,
) -> AbstractLoss:
    """Draw a loss: a square loss, whitened or with a few small samples, or one of labels.

    Some targets are zero, some like the identity (repeated singular values); with `start` given,
    some are such that the start is a global minimiser, a critical point.

    Raises
    ------
    InvalidInstance    an unknown kind
    """
    if kind not in LOSSES:
        raise InvalidInstance(f"loss={kind!r} is unknown; use {', '.join(LOSSES)}")
    inputs, outputs = network.widths[0], network.widths[-1]
    if kind in ("mixed", "any"):
        kind = choices.pick(SQUARE_LOSSES if kind == "mixed" else (*SQUARE_LOSSES, *OTHER_LOSSES))
    if kind in OTHER_LOSSES:
        return _labelled_loss(choices, inputs, outputs, kind)
    if kind == "whitened":
        samples, mean = inputs, False
        x = identity_rows(inputs, samples)
    else:
        samples, mean = choices.integer(1, 3), choices.boolean()
        x = draw_entries(choices, inputs, samples)
    target = choices.pick(_TARGETS)
    if target == "minimiser" and start is not None and isinstance(network, DeepLinear):
        y = _predictions(network, start, x)
    elif target == "identity":
        y = identity_rows(outputs, samples)
    elif target == "zero":
        y = tuple((Fraction(0),) * samples for _ in range(outputs))
    else:
        y = draw_entries(choices, outputs, samples)
    return SquareLoss(x, y, mean=mean)


def _labelled_loss(choices: Choices, inputs: int, outputs: int, kind: str) -> AbstractLoss:
    """Draw a loss of a few labelled samples; classes need two outputs, one output has signs."""
    samples, mean = choices.integer(1, 3), choices.boolean()
    x = draw_entries(choices, inputs, samples)
    if kind == "cross_entropy" and outputs > 1:
        labels = [choices.integer(0, outputs - 1) for _ in range(samples)]
        return CrossEntropyLoss(x, labels, classes=outputs, mean=mean)
    signs = [[1 - 2 * choices.integer(0, 1) for _ in range(samples)] for _ in range(outputs)]
    made = ExponentialLoss if kind == "exponential" else LogisticLoss
    return made(x, signs, mean=mean)


def draw_net(
    choices: Choices,
    depth: tuple[int, int],
    width: tuple[int, int],
    activations: Sequence[str],
) -> FullyConnected:
    """Draw a fully connected net with one of the activations; slopes are small rationals.

    Raises
    ------
    InvalidInstance    an unknown activation
    """
    layers = choices.integer(*depth)
    widths = tuple(choices.integer(*width) for _ in range(layers + 1))
    activation = choices.pick(activations)
    slope: object = None
    if activation == "leaky_relu":
        slope = Fraction(choices.integer(1, 3), 4)
    if activation == "homogeneous":
        slope = (draw_entry(choices), draw_entry(choices))
    return FullyConnected(widths, activation, slope=slope)


def draw_point(
    choices: Choices,
    depth: tuple[int, int],
    width: tuple[int, int],
    loss: str = "mixed",
    *,
    start: str | Sequence[str] = "mixed",
    inputs: int | None = None,
    outputs: int | None = None,
) -> Instance:
    """Draw a net, a loss and a point, without dynamics."""
    network = draw_network(choices, depth, width, inputs=inputs, outputs=outputs)
    position = draw_start(choices, network, shapes_of(start))
    drawn = draw_loss(choices, network, loss, start=position)
    return Instance(network=network, loss=drawn, start=position)


def _predictions(network: DeepLinear, start: Sequence[Fraction], inputs: Rows) -> Rows:
    """W_n ... W_1 X."""
    product = RationalAlgebra.matrix(inputs)
    for layer in network.layer_matrices(RationalAlgebra, start):
        product = RationalAlgebra.multiply(layer, product)
    return rows_of(product)
