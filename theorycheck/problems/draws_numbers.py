"""Draw numbers, vectors and tables of small rationals; simple ones come first."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from theorycheck.exact import Rows
from theorycheck.problems.choices import Choices

__all__ = [
    "SCALES", "draw_entries", "draw_entry", "draw_scale", "draw_sign", "draw_size",
    "identity_rows", "transposed",
]  # fmt: skip

SCALES = tuple(map(Fraction, ("1", "1/2", "3/2", "1/4", "3/4", "5/4", "1/3", "2/3")))
"""Positive factors of a start: integers and halves first, then what is less round."""


def draw_entry(choices: Choices) -> Fraction:
    """Draw a small rational: halves and thirds in [-2, 2]."""
    return choices.fraction(-2, 2, 3)


def draw_entries(choices: Choices, rows: int, columns: int) -> Rows:
    """Draw a table of small rationals."""
    return tuple(tuple(draw_entry(choices) for _ in range(columns)) for _ in range(rows))


def draw_scale(choices: Choices) -> Fraction:
    """Draw a positive factor; see `SCALES`."""
    return choices.pick(SCALES)


def draw_sign(choices: Choices) -> int:
    """Draw 1 or -1."""
    return -1 if choices.boolean() else 1


def draw_size(choices: Choices, low: Fraction, high: Fraction) -> Fraction:
    """Draw a unit fraction of the range where there is one, else go an eighth of the way."""
    least, most = ceil(1 / high), floor(1 / low)
    if least <= most:
        return Fraction(1, choices.integer(least, most))
    return low + (high - low) * Fraction(choices.integer(0, 8), 8)


def identity_rows(rows: int, columns: int) -> Rows:
    """The rectangular identity."""
    return tuple(tuple(Fraction(int(i == j)) for j in range(columns)) for i in range(rows))


def transposed(vectors: Sequence[Sequence[Fraction]]) -> Rows:
    """Vectors as columns."""
    return tuple(zip(*vectors, strict=True))
