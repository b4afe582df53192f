"""Draw networks, starts and losses, special cases included; all values are small rationals."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from theorycheck.errors import InvalidInstance
from theorycheck.exact import RationalAlgebra, Rows, rows_of
from theorycheck.losses import SquareLoss
from theorycheck.networks import DeepLinear
from theorycheck.problems.choices import Choices
from theorycheck.problems.draws_numbers import draw_entries, draw_entry, identity_rows
from theorycheck.problems.draws_starts import ANY, BALANCED, SHAPES, draw_start, shapes_of
from theorycheck.problems.instance import Instance

__all__ = [
    "ANY", "BALANCED", "LOSSES", "SHAPES", "draw_entry", "draw_loss", "draw_network", "draw_point",
    "draw_start", "shapes_of",
]  # fmt: skip

LOSSES = ("whitened", "data", "mixed")

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
    network: DeepLinear,
    kind: str = "mixed",
    *,
    start: Sequence[Fraction] | None = None,
) -> SquareLoss:
    """Draw a square loss, whitened or with a few small samples.

    Some targets are zero, some like the identity (repeated singular values); with `start` given,
    some are such that the start is a global minimiser, a critical point.

    Raises
    ------
    InvalidInstance    an unknown kind
    """
    if kind not in LOSSES:
        raise InvalidInstance(f"loss={kind!r} is unknown; use {', '.join(LOSSES)}")
    inputs, outputs = network.widths[0], network.widths[-1]
    if kind == "mixed":
        kind = choices.pick(("whitened", "data"))
    if kind == "whitened":
        samples, mean = inputs, False
        x = identity_rows(inputs, samples)
    else:
        samples, mean = choices.integer(1, 3), choices.boolean()
        x = draw_entries(choices, inputs, samples)
    target = choices.pick(_TARGETS)
    if target == "minimiser" and start is not None:
        y = _predictions(network, start, x)
    elif target == "identity":
        y = identity_rows(outputs, samples)
    elif target == "zero":
        y = tuple((Fraction(0),) * samples for _ in range(outputs))
    else:
        y = draw_entries(choices, outputs, samples)
    return SquareLoss(x, y, mean=mean)


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
