"""The square loss, with data or whitened; exact rational data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from theorycheck.exact import Rows
from theorycheck.losses.abstract import AbstractLoss, exact_rows

__all__ = ["SquareLoss"]


@dataclass(frozen=True, init=False)
class SquareLoss(AbstractLoss):
    """The loss l(h, y) = |h - y|^2 / 2; of a linear predictor phi(W) = (c / 2) |W X - Y|_F^2.

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

    smoothness: ClassVar[Fraction | None] = Fraction(1)
    strong_convexity: ClassVar[Fraction] = Fraction(1)
    smoothness_source: ClassVar[str] = "the second derivative is the identity"

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

    def sample_value(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> Any:
        residual = self.sample_gradient(arithmetic, prediction, i)
        column = arithmetic.from_scalars(len(residual), 1, residual)
        return arithmetic.scalar(Fraction(1, 2)) * arithmetic.square_sum(column)

    def sample_gradient(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> list[Any]:
        return [
            h - arithmetic.scalar(row[i]) for h, row in zip(prediction, self.targets, strict=True)
        ]

    def sample_hessian(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> list[list[Any]]:
        size = range(len(prediction))
        return [[arithmetic.scalar(Fraction(int(r == s))) for s in size] for r in size]

    # -- of a linear predictor -------------------------------------------------------------------
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
    def cross(self) -> Rows:
        """Cross matrix c Y X^T, d_n x d_0; the gradient of phi is W gram - cross."""
        return self._times_inputs(self.targets)

    @cached_property
    def constant(self) -> Fraction:
        """Value at W = 0, c |Y|_F^2 / 2:  phi(W) = <W gram, W> / 2 - <W, cross> + constant."""
        return self.factor * sum((y * y for row in self.targets for y in row), Fraction(0)) / 2

    @property
    def curvature_bound(self) -> Fraction:
        """L_phi, a rational with lambda_max(gram) <= L_phi, exact for diagonal gram matrices."""
        return self.gram_bound
