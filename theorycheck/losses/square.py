"""The square loss of a linear predictor, with data or whitened; exact rational data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import RationalAlgebra, Rows, as_fraction, rows_of

__all__ = ["SquareLoss"]


def exact_rows(values: Any, name: str) -> Rows:
    """Read a rectangular table of exact numbers."""
    rows = tuple(tuple(as_fraction(x, name) for x in row) for row in values)
    if not rows or not rows[0] or any(len(row) != len(rows[0]) for row in rows):
        raise InvalidInstance(f"{name} must be a rectangular, non-empty table of numbers")
    return rows


@dataclass(frozen=True, init=False)
class SquareLoss:
    """phi(W) = (c / 2) |W X - Y|_F^2 with c = 1, or c = 1 / N where `mean` is true.

    Parameters
    ----------
    inputs : rows (d_0, N)     X, one column per sample
    targets : rows (d_n, N)    Y
    mean : bool                divide by the number of samples

    Raises
    ------
    InvalidInstance            numbers of samples that differ, or entries that are no numbers

    Examples
    --------
    >>> SquareLoss.whitened([[2, 0], [0, 1]]).is_whitened
    True
    """

    inputs: Rows
    targets: Rows
    mean: bool

    def __init__(self, inputs: Any, targets: Any, *, mean: bool = False) -> None:
        x, y = exact_rows(inputs, "inputs"), exact_rows(targets, "targets")
        if len(x[0]) != len(y[0]):
            raise InvalidInstance(
                f"inputs have {len(x[0])} samples (columns) and targets {len(y[0])}; give one "
                "column per sample in both"
            )
        object.__setattr__(self, "inputs", x)
        object.__setattr__(self, "targets", y)
        object.__setattr__(self, "mean", bool(mean))

    @classmethod
    def whitened(cls, target: Sequence[Sequence[Any]]) -> SquareLoss:
        """phi(W) = 1/2 |W - Phi|_F^2, that is X = I."""
        phi = exact_rows(target, "target")
        size = len(phi[0])
        identity = [[int(i == j) for j in range(size)] for i in range(size)]
        return cls(identity, phi)

    @property
    def input_dimension(self) -> int:
        return len(self.inputs)

    @property
    def output_dimension(self) -> int:
        return len(self.targets)

    @property
    def samples(self) -> int:
        return len(self.inputs[0])

    @property
    def factor(self) -> Fraction:
        """c: 1, or 1 / N."""
        return Fraction(1, self.samples) if self.mean else Fraction(1)

    @cached_property
    def is_whitened(self) -> bool:
        """Whether X is the identity and c = 1."""
        square = len(self.inputs) == self.samples
        return square and self.factor == 1 and all(
            x == int(i == j) for i, row in enumerate(self.inputs) for j, x in enumerate(row)
        )

    @cached_property
    def gram(self) -> Rows:
        """c X X^T, d_0 x d_0; the gradient of phi is W gram - cross."""
        x = RationalAlgebra.matrix(self.inputs)
        return rows_of(RationalAlgebra.scale(x * x.transpose(), RationalAlgebra.scalar(self.factor)))

    @cached_property
    def cross(self) -> Rows:
        """c Y X^T, d_n x d_0."""
        x, y = RationalAlgebra.matrix(self.inputs), RationalAlgebra.matrix(self.targets)
        return rows_of(RationalAlgebra.scale(y * x.transpose(), RationalAlgebra.scalar(self.factor)))

    @cached_property
    def constant(self) -> Fraction:
        """c |Y|_F^2 / 2."""
        return self.factor * sum((y * y for row in self.targets for y in row), Fraction(0)) / 2
