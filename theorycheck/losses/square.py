"""The square loss of a linear predictor, with data or whitened; exact rational data."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from theorycheck import balls
from theorycheck.errors import InvalidInstance
from theorycheck.exact import RationalAlgebra, Rows, as_fraction, rows_of

__all__ = ["SquareLoss", "exact_rows"]


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
class SquareLoss:
    """The loss phi(W) = (c / 2) |W X - Y|_F^2 with c = 1, or c = 1 / N where `mean` is true.

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
    >>> loss = SquareLoss(inputs=[[1, 2]], targets=[[1, 1]], mean=True)
    >>> loss.gram, loss.cross, loss.constant
    (((Fraction(5, 2),),), ((Fraction(3, 2),),), Fraction(1, 2))
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
        if not isinstance(mean, bool):
            raise InvalidInstance(f"mean={mean!r} must be True or False")
        object.__setattr__(self, "inputs", x)
        object.__setattr__(self, "targets", y)
        object.__setattr__(self, "mean", mean)

    @classmethod
    def whitened(cls, target: Any) -> SquareLoss:
        """Return phi(W) = 1/2 |W - Phi|_F^2, that is X = I and Y = Phi.

        Examples
        --------
        >>> SquareLoss.whitened([[2, 0], [0, 1]]).is_whitened
        True
        """
        phi = exact_rows(target, "target")
        size = len(phi[0])
        return cls([[int(i == j) for j in range(size)] for i in range(size)], phi)

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

    @cached_property
    def is_whitened(self) -> bool:
        """Whether X is the identity and c = 1."""
        return (
            len(self.inputs) == self.samples
            and self.factor == 1
            and all(
                x == int(i == j) for i, row in enumerate(self.inputs) for j, x in enumerate(row)
            )
        )

    @cached_property
    def gram(self) -> Rows:
        """Gram matrix c X X^T, d_0 x d_0; the gradient of phi is W gram - cross."""
        return self._times_inputs(self.inputs)

    @cached_property
    def cross(self) -> Rows:
        """Cross matrix c Y X^T, d_n x d_0."""
        return self._times_inputs(self.targets)

    @cached_property
    def constant(self) -> Fraction:
        """Value at W = 0, c |Y|_F^2 / 2:  phi(W) = <W gram, W> / 2 - <W, cross> + constant."""
        return self.factor * sum((y * y for row in self.targets for y in row), Fraction(0)) / 2

    @cached_property
    def curvature_bound(self) -> Fraction:
        """L_phi, a rational with lambda_max(gram) <= L_phi, exact for diagonal gram matrices."""
        gram = self.gram
        diagonal = [row[i] for i, row in enumerate(gram)]
        if all(x == 0 for i, row in enumerate(gram) for j, x in enumerate(row) if i != j):
            return max(diagonal)
        with balls.precision(64):
            bound = balls.upper(balls.lambda_max(balls.matrix(gram)))
        # The trace bounds as well, and is better for gram matrices of rank one.
        return min(bound, sum(diagonal, Fraction(0)))

    def _times_inputs(self, rows: Rows) -> Rows:
        a, x = RationalAlgebra.matrix(rows), RationalAlgebra.matrix(self.inputs)
        product = RationalAlgebra.multiply(a, RationalAlgebra.transpose(x))
        return rows_of(RationalAlgebra.scale(product, RationalAlgebra.scalar(self.factor)))
