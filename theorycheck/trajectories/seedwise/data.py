"""Standardised, unit-normalised inputs of a data set, on a dyadic grid."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from theorycheck.balls import lower, midpoint, precision, real, sqrt
from theorycheck.errors import InvalidInstance
from theorycheck.exact import Rows
from theorycheck.problems import Dataset
from theorycheck.trajectories.seedwise.patterns import INPUT_BITS

__all__ = ["spread_rows", "standardised_inputs"]

BITS = 128


def spread_rows(samples: int, count: int) -> list[int]:
    """The rows floor(k N / n), k = 0..n-1: of iris with n = 3, the first flower of each species."""
    if not 1 <= count <= samples:
        raise InvalidInstance(f"count={count} must be between 1 and {samples}")
    return [samples * k // count for k in range(count)]


def standardised_inputs(data: Dataset, rows: Sequence[int], *, bits: int = INPUT_BITS) -> Rows:
    """Centre and scale every feature over the whole data set, then scale samples to norm 1.

    The mean is exact; deviation and norm are irrational, so that the result is rounded to multiples
    of 2^-bits: exact inputs within 2^-bits of the named ones, of norm 1 up to sqrt(d) 2^-bits.

    Raises
    ------
    InvalidInstance    a sample at the mean, which has no direction
    """
    n = data.samples
    centred, squares = [], []
    for feature in data.inputs:
        mean = sum(feature, Fraction(0)) / n
        values = [q - mean for q in feature]
        variance = sum((q * q for q in values), Fraction(0)) / n
        if variance:
            centred.append(values)
            squares.append(variance)
    table = []
    with precision(BITS):
        for k in rows:
            length = sum((values[k] ** 2 / v for values, v in zip(centred, squares, strict=True)),
                         Fraction(0))  # fmt: skip
            if not length:
                raise InvalidInstance(f"sample {k} is the mean of the data; it has no direction")
            table.append(tuple(
                Fraction(round(lower(midpoint(real(values[k]) / sqrt(real(v * length)))) * 2**bits),
                         2**bits)
                for values, v in zip(centred, squares, strict=True)
            ))  # fmt: skip
    return tuple(table)
