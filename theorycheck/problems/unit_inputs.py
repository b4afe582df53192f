"""Unit inputs and labels of a data set, on a dyadic grid: real data for tangent kernels.

Rules, all deterministic:

    samples   rows floor(k N / n), k = 0..n-1: spread over the file; of iris with n = 3 the first
              flower of each species
    inputs    every feature centred and scaled over the whole data set, then every sample scaled
              to norm 1 and rounded to multiples of 2^-30: from there on exact
    labels    the target (of classes their numbers 0, 1, ... in alphabetical order), mapped to
              [-1, 1] over the whole data set, then times `label_scale`; exact
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from theorycheck.balls import lambda_min_lower, lower, midpoint, precision, real, sqrt, upper
from theorycheck.errors import InvalidInstance, UnsuitableData
from theorycheck.exact import Rows, as_fraction
from theorycheck.kernels import limit_gram
from theorycheck.kernels.arc_cosine import Layers
from theorycheck.problems.datasets import Dataset
from theorycheck.problems.instance import Instance

__all__ = [
    "INPUT_BITS", "kernel_on_data", "labels_of", "late_kernel_on_data", "spread_rows",
    "standardised_inputs", "unit_data",
]  # fmt: skip

INPUT_BITS = 30
BITS = 128


def spread_rows(samples: int, count: int) -> list[int]:
    """The rows floor(k N / n), k = 0..n-1: of iris with n = 3, the first flower of each species.

    Examples
    --------
    >>> spread_rows(150, 4)
    [0, 37, 75, 112]
    """
    if not 1 <= count <= samples:
        raise InvalidInstance(f"samples={count} must be between 1 and {samples}")
    return [samples * k // count for k in range(count)]


def standardised_inputs(data: Dataset, rows: Sequence[int], *, bits: int = INPUT_BITS) -> Rows:
    """Centre and scale every feature over the whole data set, then scale samples to norm 1.

    The mean is exact; deviation and norm are irrational, so that the result is rounded to multiples
    of 2^-bits: exact inputs within 2^-bits of the named ones, of norm 1 up to sqrt(d) 2^-bits.

    Raises
    ------
    InvalidInstance    a sample at the mean, which has no direction
    UnsuitableData     every feature is constant
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
    if not centred:
        raise UnsuitableData("every feature is constant; unit inputs need one that varies")
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


def labels_of(data: Dataset, rows: Sequence[int]) -> tuple[Fraction, ...]:
    """The target of some rows, mapped to [-1, 1] over the whole data set; exact.

    Examples
    --------
    >>> from theorycheck.problems import iris
    >>> [str(y) for y in labels_of(iris(), [0, 50, 100])]
    ['-1', '0', '1']

    Raises
    ------
    UnsuitableData    the target is constant
    """
    if len(data.targets) == 1:
        values = list(data.targets[0])
    else:
        classes = zip(*data.targets, strict=True)
        values = [Fraction(flags.index(Fraction(1))) for flags in classes]
    low, high = min(values), max(values)
    if low == high:
        raise UnsuitableData("the target column is constant; labels need two values")
    return tuple((2 * values[k] - low - high) / (high - low) for k in rows)


def unit_data(data: Dataset, samples: Any = 3, label_scale: Any = 1) -> dict[str, Any]:
    """The fields inputs, labels, data_name and note of an instance, by the rules above."""
    count, scale = as_fraction(samples, "samples"), as_fraction(label_scale, "label_scale")
    if count.denominator != 1:
        raise InvalidInstance(f"samples={samples} must be an integer")
    rows = spread_rows(data.samples, int(count))
    shown = ", ".join(str(k + 1) for k in rows[:12]) + ", ..." * (len(rows) > 12)
    note = (
        f"{data.name}: samples {shown} of {data.samples} (floor(k N / n) + 1); inputs standardised "
        f"over all samples, scaled to norm 1, rounded to the grid 2^-{INPUT_BITS} and exact from "
        f"there; labels mapped to [-{scale}, {scale}]"
    )
    return {
        "inputs": standardised_inputs(data, rows),
        "labels": tuple(scale * y for y in labels_of(data, rows)),
        "data_name": data.name,
        "note": note,
    }


def kernel_on_data(
    *, data: Dataset, samples: Any = 3, label_scale: Any = 1, since: Any = 2, horizon: Any = 10,
    layers: str = "first", width: Any = None, seed: Any = None, **extra: Any,
) -> Instance:  # fmt: skip
    """The kernel model of a data set, with D(0) = -y: the error of a net whose outputs start at 0.

    Parameters
    ----------
    data : Dataset
    samples : int                how many samples, chosen by the rule above
    label_scale : exact number   labels are in [-label_scale, label_scale]
    since, horizon : exact numbers > 0
    layers : "first", "second" or "both"
    width, seed : not used       the kernel model is that of infinite width; nets have these
    extra : exact numbers        further fields, such as damping

    Examples
    --------
    >>> from theorycheck.problems import iris
    >>> len(kernel_on_data(data=iris(), samples=4).inputs)
    4
    """
    fields = unit_data(data, samples, label_scale)
    error = tuple(-y for y in fields["labels"])
    return Instance(
        **fields, error=error, since=since, horizon=horizon, layers=layers, **extra
    )  # fmt: skip


def late_kernel_on_data(
    *, since: Any = None, horizon: Any = None, layers: Layers = "first", **settings: Any
) -> Instance:
    """The kernel model of a data set from the time 6 / sqrt(lambda_min) on, to twice that time.

    Where H may be singular the times stay those of `kernel_on_data`.
    """
    made = kernel_on_data(layers=layers, **settings)
    with precision(BITS):
        least = lambda_min_lower(limit_gram(made.inputs, layers=layers))
        start = made.since
        if least > 0:
            start = Fraction(int(upper(real(6) / sqrt(least))) + 1)
    begin = start if since is None else as_fraction(since, "since")
    return made.replace(since=begin, horizon=2 * begin if horizon is None else horizon)
