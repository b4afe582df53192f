"""Inputs of a kernel: exact rows of rationals, or a matrix of balls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from theorycheck.balls import Matrix
from theorycheck.errors import InvalidInstance
from theorycheck.exact import Rows, as_fraction

__all__ = ["Inputs", "dot", "rational_rows"]

Inputs = Sequence[Sequence[Any]] | Matrix


def rational_rows(rows: Any, name: str = "inputs") -> Rows:
    """Read rows of exact numbers of one length.

    Raises
    ------
    InvalidInstance    no rows, rows of different lengths, or an entry that is no exact number
    """
    if hasattr(rows, "tolist") and not isinstance(rows, Matrix):
        rows = rows.tolist()
    if not _is_sequence(rows) or not all(map(_is_sequence, rows)):
        raise InvalidInstance(f"{name}={rows!r} must be rows of exact numbers")
    table = tuple(tuple(as_fraction(x, name) for x in row) for row in rows)
    if not table or len({len(row) for row in table}) != 1 or not table[0]:
        raise InvalidInstance(
            f"{name} need rows of one length >= 1, got lengths {[len(row) for row in table]}"
        )
    return table


def _is_sequence(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str)


def dot(x: Sequence[Fraction], y: Sequence[Fraction]) -> Fraction:
    """Return x.y exactly."""
    return sum((a * b for a, b in zip(x, y, strict=True)), Fraction(0))
