"""Draw samples: unit, parallel and nearly orthogonal inputs, separable and regression data."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from theorycheck.exact import RationalAlgebra, Rows, rows_of
from theorycheck.networks.frames import random_frame
from theorycheck.problems.choices import Choices
from theorycheck.problems.draws_numbers import (
    draw_entries,
    draw_entry,
    draw_sign,
    identity_rows,
    transposed,
)  # fmt: skip

__all__ = [
    "LabelledData", "RegressionData", "Vector", "draw_nearly_orthogonal", "draw_nonzero",
    "draw_parallel", "draw_regression", "draw_separable", "draw_unit", "draw_units",
]  # fmt: skip

Vector = tuple[Fraction, ...]


@dataclass(frozen=True)
class RegressionData:
    """Inputs and targets, one column per sample.

    Parameters
    ----------
    inputs : rows (d_0, N)     X
    targets : rows (d_n, N)    Y
    """

    inputs: Rows
    targets: Rows


@dataclass(frozen=True)
class LabelledData:
    """Inputs with labels 1 and -1 and a direction that separates them through the origin.

        y_i <direction, x_i> > 0    for every sample i

    Parameters
    ----------
    inputs : rows (d, N)       one column per sample
    labels : N of 1, -1
    direction : d numbers
    """

    inputs: Rows
    labels: tuple[int, ...]
    direction: Vector


def draw_nonzero(choices: Choices, dimension: int) -> Vector:
    """Draw a vector of small rationals that is not zero."""
    vector = [draw_entry(choices) for _ in range(dimension)]
    if not any(vector):
        vector[choices.integer(0, dimension - 1)] = Fraction(draw_sign(choices))
    return tuple(vector)


def draw_unit(choices: Choices, dimension: int) -> Vector:
    """Draw a rational point of the unit sphere, by stereographic projection.

        x = s (1 - |t|^2, 2 t) / (1 + |t|^2),    t rational, s = 1 or -1

    t = 0 is the first axis, |t| = 1 a point of its equator; t of halves is often a 3-4-5 point.
    """
    # A quarter are axes, where data repeat and are orthogonal.
    if choices.integer(0, 3) == 0:
        axis, sign = choices.integer(0, dimension - 1), draw_sign(choices)
        return tuple(Fraction(sign * int(i == axis)) for i in range(dimension))
    t = [choices.fraction(-2, 2, 2) for _ in range(dimension - 1)]
    square = sum((x * x for x in t), Fraction(0))
    factor = draw_sign(choices) / (1 + square)
    return (factor * (1 - square), *(2 * factor * x for x in t))


def draw_units(choices: Choices, dimension: int, samples: int) -> Rows:
    """Draw unit inputs as columns; an eighth of the tables repeat a sample or its opposite."""
    if samples > 1 and choices.integer(0, 7) == 7:
        return draw_parallel(choices, dimension, samples)
    return transposed([draw_unit(choices, dimension) for _ in range(samples)])


def draw_parallel(choices: Choices, dimension: int, samples: int) -> Rows:
    """Draw unit inputs as columns, two of them equal or opposite."""
    vectors = [draw_unit(choices, dimension) for _ in range(samples)]
    j = choices.integer(1, samples - 1)
    i = choices.integer(0, j - 1)
    sign = draw_sign(choices)
    vectors[j] = tuple(sign * x for x in vectors[i])
    return transposed(vectors)


def draw_nearly_orthogonal(choices: Choices, dimension: int, samples: int) -> Rows:
    """Draw inputs as columns with N |<x_i, x_j>| <= |x_i|^2 for i != j; N <= dimension.

    Axes plus entries of at most 1 / (8 d), in half of the cases turned by a rotation, so that
    N |<x_i, x_j>| <= 1/4 + 1/64 and |x_i|^2 >= (7/8)^2.
    """
    step = Fraction(1, 8 * dimension)
    kind = choices.integer(0, 3)
    bumps = [
        [step * choices.integer(-1, 1) if kind else Fraction(0) for _ in range(samples)]
        for _ in range(dimension)
    ]
    axes = identity_rows(dimension, samples)
    rows = [[a + b for a, b in zip(*pair, strict=True)] for pair in zip(axes, bumps, strict=True)]
    if kind < 2:
        return tuple(map(tuple, rows))
    frame = random_frame(dimension, random.Random(f"rotation/{choices.integer(0, 99)}"))
    return rows_of(RationalAlgebra.matrix(frame) * RationalAlgebra.matrix(rows))


def draw_separable(choices: Choices, dimension: int, samples: int) -> LabelledData:
    """Draw data that a direction through the origin separates; both labels where N > 1.

    An eighth have one label only; some samples are multiples of the direction, some repeat.
    """
    direction = draw_nonzero(choices, dimension)
    one_label = choices.integer(0, 7) == 7
    labels = [1 if i == 0 or one_label else -1 if i == 1 else draw_sign(choices)
              for i in range(samples)]  # fmt: skip
    vectors: list[Vector] = []
    for label in labels:
        x = tuple(draw_entry(choices) for _ in range(dimension))
        score = label * _inner(direction, x)
        if score < 0:
            x = tuple(-a for a in x)
        elif score == 0:
            x = tuple(a + label * b for a, b in zip(x, direction, strict=True))
        vectors.append(x)
    return LabelledData(transposed(vectors), tuple(labels), direction)


def draw_regression(choices: Choices, inputs: int, outputs: int, samples: int) -> RegressionData:
    """Draw inputs and targets; a third of the targets are linear in the inputs (no residual)."""
    x = draw_entries(choices, inputs, samples)
    if choices.integer(0, 2) == 2:
        teacher = RationalAlgebra.matrix(draw_entries(choices, outputs, inputs))
        return RegressionData(x, rows_of(teacher * RationalAlgebra.matrix(x)))
    return RegressionData(x, draw_entries(choices, outputs, samples))


def _inner(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))
