"""What every loss is: exact data, and a function of the predictions on any arithmetic."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from theorycheck import balls
from theorycheck.errors import InvalidInstance
from theorycheck.exact import RationalAlgebra, Rows, as_fraction, rows_of

__all__ = ["AbstractLoss", "exact_rows"]


def exact_rows(values: Any, name: str) -> Rows:
    """Read a rectangular table of exact numbers: rows, an array or a SymPy matrix.

    Raises
    ------
    InvalidInstance    no table, an empty or ragged one, or an entry that is no number
    """
    table = values.tolist() if hasattr(values, "tolist") else values
    expected = f"{name} must be a table of numbers, as a list of rows"
    if isinstance(table, str) or not hasattr(table, "__iter__"):
        raise InvalidInstance(f"{expected}, got {values!r}")
    rows = []
    for i, row in enumerate(table):
        if isinstance(row, str) or not hasattr(row, "__iter__"):
            raise InvalidInstance(
                f"{expected}, got {row!r} for row {i}; write [[1, 2]] for one row"
            )
        rows.append(tuple(as_fraction(x, f"{name}[{i}][{j}]") for j, x in enumerate(row)))
    lengths = sorted({len(row) for row in rows})
    if len(lengths) != 1 or lengths[0] == 0:
        raise InvalidInstance(
            f"{expected} of one positive length, got {len(rows)} rows of lengths {lengths}"
        )
    return tuple(rows)


@dataclass(frozen=True, init=False)
class AbstractLoss(ABC):
    """The loss Phi(H) = c sum_i l(h_i, y_i) of predictions H (d_n x N, a column per sample).

    c = 1, or 1 / N where `mean` is true; l(., y) is convex, smooth and >= 0. A linear predictor W
    has H = W X, and phi(W) = Phi(W X). The point functions are written once, on the protocol
    `balls.Arithmetic`: balls are the evidence, SymPy and mpmath derive and cross-check.

    Parameters
    ----------
    inputs : rows (d_0, N)     X, one column per sample
    targets : rows (d_n, N)    Y, one column per sample
    mean : bool                divide by the number of samples

    Raises
    ------
    InvalidInstance            numbers of samples that differ, or targets the loss does not know
    """

    inputs: Rows
    targets: Rows
    mean: bool

    smoothness: ClassVar[Fraction | None]
    """An upper bound of lambda_max of the second derivative of l(., y); None: there is none."""
    strong_convexity: ClassVar[Fraction] = Fraction(0)
    """A lower bound of lambda_min of the second derivative of l(., y)."""
    is_nonnegative: ClassVar[bool] = True
    """Whether Phi >= 0, so that its flow exists for all times."""
    smoothness_source: ClassVar[str]
    """Where the two constants come from."""

    def __init__(self, inputs: Any, targets: Any, *, mean: bool = False) -> None:
        x, y = exact_rows(inputs, "inputs"), self._read_targets(targets)
        if len(x[0]) != len(y[0]):
            raise InvalidInstance(
                f"inputs have {len(x[0])} samples (columns) and targets {len(y[0])}; give one "
                "column per sample in both"
            )
        if not isinstance(mean, bool):
            raise InvalidInstance(f"mean={mean!r} must be True or False")
        object.__setattr__(self, "inputs", x)
        object.__setattr__(self, "targets", y)
        object.__setattr__(self, "mean", mean)

    @classmethod
    def _read_targets(cls, targets: Any) -> Rows:
        return exact_rows(targets, "targets")

    # -- one sample ------------------------------------------------------------------------------
    @abstractmethod
    def sample_value(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> Any:
        """l(h, y_i), a scalar; the prediction is a list of d_n scalars."""

    @abstractmethod
    def sample_gradient(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> list[Any]:
        """The gradient of l(., y_i) at h, d_n scalars."""

    @abstractmethod
    def sample_hessian(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> list[list[Any]]:
        """The Hessian of l(., y_i) at h, d_n rows of d_n scalars."""

    # -- all samples -----------------------------------------------------------------------------
    def value(self, arithmetic: Any, predictions: Any) -> Any:
        """Phi(H), a scalar of the arithmetic."""
        total = arithmetic.scalar(Fraction(0))
        for i, column in enumerate(columns_of(arithmetic, predictions)):
            total = total + self.sample_value(arithmetic, column, i)
        return arithmetic.scalar(self.factor) * total

    def gradient(self, arithmetic: Any, predictions: Any) -> Any:
        """The gradient of Phi at H, d_n x N: column i is c times that of sample i."""
        columns = [
            self.sample_gradient(arithmetic, column, i)
            for i, column in enumerate(columns_of(arithmetic, predictions))
        ]
        entries = [column[r] for r in range(self.output_dimension) for column in columns]
        matrix = arithmetic.from_scalars(self.output_dimension, self.samples, entries)
        return arithmetic.scale(matrix, arithmetic.scalar(self.factor))

    def hessians(self, arithmetic: Any, predictions: Any) -> list[Any]:
        """The blocks of the Hessian of Phi at H: one d_n x d_n matrix per sample."""
        size, factor = self.output_dimension, arithmetic.scalar(self.factor)
        blocks = []
        for i, column in enumerate(columns_of(arithmetic, predictions)):
            rows = self.sample_hessian(arithmetic, column, i)
            block = arithmetic.from_scalars(size, size, [x for row in rows for x in row])
            blocks.append(arithmetic.scale(block, factor))
        return blocks

    def coupling(self, arithmetic: Any, predictions: Any) -> Any | None:
        """The k with which the Hessian of Phi is its blocks + k gradient gradient^T; None for 0.

        A sum over the samples has none; a function of such a sum has.
        """
        return None

    # -- data ------------------------------------------------------------------------------------
    @property
    def input_dimension(self) -> int:
        """d_0."""
        return len(self.inputs)

    @property
    def output_dimension(self) -> int:
        """d_n."""
        return len(self.targets)

    @property
    def samples(self) -> int:
        """N."""
        return len(self.inputs[0])

    @property
    def factor(self) -> Fraction:
        """c: 1, or 1 / N."""
        return Fraction(1, self.samples) if self.mean else Fraction(1)

    def input(self, i: int) -> tuple[Fraction, ...]:
        """x_i, the column of sample i."""
        return tuple(row[i] for row in self.inputs)

    @cached_property
    def gram(self) -> Rows:
        """Gram matrix c X X^T, d_0 x d_0."""
        return self._times_inputs(self.inputs)

    @cached_property
    def gram_bound(self) -> Fraction:
        """A rational >= lambda_max(c X X^T), equal to it for diagonal Gram matrices."""
        gram = self.gram
        diagonal = [row[i] for i, row in enumerate(gram)]
        if all(x == 0 for i, row in enumerate(gram) for j, x in enumerate(row) if i != j):
            return max(diagonal)
        with balls.precision(64):
            bound = balls.upper(balls.lambda_max(balls.matrix(gram)))
        # The trace bounds as well, and is better for gram matrices of rank one.
        return min(bound, sum(diagonal, Fraction(0)))

    @property
    def curvature_bound(self) -> Fraction | None:
        """L_phi, a rational >= lambda_max of the Hessian of phi(W) = Phi(W X) at every W.

        None where the second derivative of l is unbounded.
        """
        return None if self.smoothness is None else self.smoothness * self.gram_bound

    def _times_inputs(self, rows: Rows) -> Rows:
        a, x = RationalAlgebra.matrix(rows), RationalAlgebra.matrix(self.inputs)
        product = RationalAlgebra.multiply(a, RationalAlgebra.transpose(x))
        return rows_of(RationalAlgebra.scale(product, RationalAlgebra.scalar(self.factor)))


def columns_of(arithmetic: Any, matrix: Any) -> list[list[Any]]:
    """The columns of a matrix as lists of scalars."""
    rows, columns = arithmetic.shape(matrix)
    entries = arithmetic.scalars(matrix)
    return [[entries[r * columns + i] for r in range(rows)] for i in range(columns)]
