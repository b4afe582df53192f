"""Draw starts of deep linear nets by shape, each special case with real probability."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

from theorycheck.errors import InvalidInstance
from theorycheck.networks import DeepLinear
from theorycheck.networks.frames import random_frame
from theorycheck.networks.layered import Parameters
from theorycheck.problems.choices import Choices
from theorycheck.problems.draws_numbers import draw_entries, draw_entry, draw_scale

__all__ = ["ANY", "BALANCED", "SHAPES", "draw_start", "shapes_of"]

BALANCED = ("identity", "origin", "repeated", "balanced", "deficient", "near identity")
"""Shapes of balanced starts; searches shrink towards the first."""
UNBALANCED = ("entries", "zero layer", "low rank", "orthogonal", "near balanced", "near zero")
ANY = (*UNBALANCED, "origin")
"""Shapes without balancedness (by chance some are balanced)."""
SHAPES = (*BALANCED, *UNBALANCED)

# Sizes of what is added to a balanced start, and of a start near zero.
_BUMPS = tuple(Fraction(sign, 2**k) for k in (3, 5, 10) for sign in (1, -1))
_SMALL = tuple(Fraction(1, 2**k) for k in (3, 5, 10))
_SEEDS = (0, 99)


def shapes_of(start: str | Sequence[str]) -> tuple[str, ...]:
    """Read which starts to draw: "balanced", "any", "mixed", or some of `SHAPES`.

    Raises
    ------
    InvalidInstance    an unknown shape, or none
    """
    groups = {"balanced": BALANCED, "any": ANY, "mixed": SHAPES}
    shapes: list[str] = []
    for shape in [start] if isinstance(start, str) else start:
        if shape not in groups and shape not in SHAPES:
            known = ", ".join((*groups, *SHAPES))
            raise InvalidInstance(f"start={shape!r} is unknown; use {known}")
        shapes.extend(groups.get(shape, (shape,)))
    if not shapes:
        raise InvalidInstance(f"start={start!r} names no shape; use {', '.join(SHAPES)}")
    return tuple(shapes)


def draw_start(choices: Choices, network: DeepLinear, shapes: Sequence[str] = SHAPES) -> Parameters:
    """Draw the parameters, of one of the shapes; see `SHAPES`."""
    shape = choices.pick(shapes)
    if shape == "origin":
        return (Fraction(0),) * network.dimension
    if shape == "identity":
        return network.identity_start(draw_scale(choices))
    if shape == "near identity":
        scale = draw_scale(choices)
        return network.near_identity_start(seed=choices.integer(*_SEEDS), scale=scale)
    if shape in BALANCED:
        return _balanced(choices, network, shape)
    if shape == "near balanced":
        return _near_balanced(choices, network)
    if shape == "orthogonal":
        return _orthogonal(choices, network)
    return _unbalanced(choices, network, shape)


def _balanced(choices: Choices, network: DeepLinear, shape: str) -> Parameters:
    """W_j = U_j D U_{j-1}^T; a quarter of the frames U_j are identities."""
    rank = min(network.widths)
    diagonal = [draw_scale(choices) for _ in range(1 if shape == "repeated" else rank)]
    diagonal *= rank // len(diagonal)
    if shape == "deficient":
        diagonal[-1] = Fraction(0)
    if choices.integer(0, 3) == 0:
        return network.parameters(
            [
                [[diagonal[i] if i == j and i < rank else 0 for j in range(d)] for i in range(r)]
                for r, d in network.shapes
            ]
        )
    return network.balanced_start(seed=choices.integer(*_SEEDS), diagonal=diagonal)


def _near_balanced(choices: Choices, network: DeepLinear) -> Parameters:
    """A balanced start with one to three entries changed a little."""
    position = list(draw_start(choices, network, ("identity", "balanced", "deficient")))
    for _ in range(choices.integer(1, 3)):
        position[choices.integer(0, network.dimension - 1)] += choices.pick(_BUMPS)
    return tuple(position)


def _orthogonal(choices: Choices, network: DeepLinear) -> Parameters:
    """Layers with orthonormal rows or columns, each with a frame of its own."""
    layers = []
    for rows, columns in network.shapes:
        source = random.Random(f"orthogonal/{choices.integer(*_SEEDS)}")
        frame = random_frame(max(rows, columns), source)
        layers.append([row[:columns] for row in frame[:rows]])
    return network.parameters(layers)


def _unbalanced(choices: Choices, network: DeepLinear, shape: str) -> Parameters:
    layers = [draw_entries(choices, *shape_of_layer) for shape_of_layer in network.shapes]
    if shape == "near zero":
        size = choices.pick(_SMALL)
        return tuple(size * x for x in network.parameters(layers))
    if shape != "entries":
        j = choices.integer(0, network.depth - 1)
        rows, columns = network.shapes[j]
        # Every row a multiple of the first: rank at most one.
        factors = [Fraction(int(i == 0)) for i in range(rows)]
        if shape == "low rank":
            factors[1:] = [draw_entry(choices) for _ in range(rows - 1)]
        else:
            factors[0] = Fraction(0)
        layers[j] = tuple(tuple(f * layers[j][0][c] for c in range(columns)) for f in factors)
    return network.parameters(layers)
