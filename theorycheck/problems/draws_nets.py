"""Draw weights of two-layer ReLU nets and of homogeneous nets, as plain exact tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from theorycheck.exact import Rows
from theorycheck.problems.choices import Choices
from theorycheck.problems.draws_data import Vector, draw_unit
from theorycheck.problems.draws_numbers import draw_entries, draw_entry, draw_scale, draw_sign

__all__ = [
    "HOMOGENEOUS", "RELU", "HomogeneousWeights", "ReluWeights", "draw_homogeneous", "draw_relu",
]  # fmt: skip

RELU = ("entries", "signs", "dead", "repeated", "opposite", "balanced")
"""Shapes of two-layer ReLU nets; searches shrink towards the first."""
HOMOGENEOUS = ("entries", "zero layer", "diagonal")
SLOPES = (Fraction(0), Fraction(1), Fraction(1, 2))


@dataclass(frozen=True)
class ReluWeights:
    """Weights of x -> sum_r a_r max(<w_r, x>, 0); there is no network class for it yet.

    Parameters
    ----------
    hidden : rows (m, d)    w_r
    output : m numbers      a_r
    """

    hidden: Rows
    output: Vector

    def value(self, x: Sequence[Fraction]) -> Fraction:
        """Return the output at x, exactly."""
        scores = (sum(a * b for a, b in zip(row, x, strict=True)) for row in self.hidden)
        return sum((a * max(s, 0) for a, s in zip(self.output, scores, strict=True)), Fraction(0))


@dataclass(frozen=True)
class HomogeneousWeights:
    """Weights of a net of depth L that is positively homogeneous of degree L in them.

        x -> W_L s(W_{L-1} ... s(W_1 x)),    s(z) = max(z, slope z)

    Slope 0 is the ReLU, 1 a linear net, between them a leaky ReLU; no network class yet.

    Parameters
    ----------
    layers : L tables     W_1, ..., W_L, rows d_j x d_{j-1}
    slope : Fraction      in [0, 1]
    """

    layers: tuple[Rows, ...]
    slope: Fraction

    def value(self, x: Sequence[Fraction]) -> Vector:
        """Return the output at x, exactly."""
        state = tuple(x)
        for j, layer in enumerate(self.layers):
            if j:
                state = tuple(max(z, self.slope * z) for z in state)
            state = tuple(
                sum((a * b for a, b in zip(row, state, strict=True)), Fraction(0)) for row in layer
            )
        return state


def draw_relu(choices: Choices, inputs: int, width: int) -> ReluWeights:
    """Draw a two-layer ReLU net of one output.

    "signs" has a_r = 1 or -1, "dead" a neuron w_r = 0, "repeated" two equal neurons, "opposite"
    pairs that cancel (output 0), "balanced" |w_r| = |a_r|.
    """
    shape = choices.pick(RELU)
    hidden = list(draw_entries(choices, width, inputs))
    output = [draw_entry(choices) for _ in range(width)]
    neuron = choices.integer(0, width - 1)
    if shape == "signs":
        output = [Fraction(draw_sign(choices)) for _ in range(width)]
    elif shape == "dead":
        hidden[neuron] = (Fraction(0),) * inputs
    elif shape == "repeated":
        hidden[neuron], output[neuron] = hidden[0], output[0]
    elif shape == "opposite":
        for r in range(0, width - 1, 2):
            hidden[r + 1], output[r + 1] = hidden[r], -output[r]
        if width % 2:
            output[-1] = Fraction(0)
    elif shape == "balanced":
        for r in range(width):
            scale, unit = draw_scale(choices), draw_unit(choices, inputs)
            hidden[r] = tuple(scale * x for x in unit)
            output[r] = scale * draw_sign(choices)
    return ReluWeights(tuple(hidden), tuple(output))


def draw_homogeneous(choices: Choices, widths: Sequence[int]) -> HomogeneousWeights:
    """Draw a homogeneous net of widths (d_0, ..., d_L)."""
    shape, slope = choices.pick(HOMOGENEOUS), choices.pick(SLOPES)
    layers = [draw_entries(choices, rows, columns) for columns, rows in pairwise(widths)]
    if shape == "diagonal":
        scale = draw_scale(choices)
        layers = [
            tuple(tuple(scale * int(i == j) for j in range(len(row))) for i, row in enumerate(w))
            for w in layers
        ]
    elif shape == "zero layer":
        j = choices.integer(0, len(layers) - 1)
        layers[j] = tuple((Fraction(0),) * len(row) for row in layers[j])
    return HomogeneousWeights(tuple(layers), slope)
