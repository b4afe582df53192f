"""The exponential loss of labels 1 and -1; exact rational data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from theorycheck.exact import Rows
from theorycheck.losses.abstract import AbstractLoss
from theorycheck.losses.labels import signed_labels
from theorycheck.losses.soft import exponential

__all__ = ["ExponentialLoss"]


@dataclass(frozen=True, init=False)
class ExponentialLoss(AbstractLoss):
    """The loss l(h, y) = sum_r e^{-y_r h_r} of labels y_r = 1 or -1.

    Parameters
    ----------
    inputs : rows (d_0, N)                 X, one column per sample
    targets : N labels, or rows (d_n, N)   each 1 or -1; several outputs are several questions
    mean : bool                            divide by the number of samples

    Raises
    ------
    InvalidInstance    numbers of samples that differ, or a label other than 1 and -1

    Examples
    --------
    >>> from theorycheck.exact import RationalAlgebra
    >>> loss = ExponentialLoss(inputs=[[1, 2]], targets=[1, -1])
    >>> loss.value(RationalAlgebra, RationalAlgebra.zeros(1, 2)), loss.curvature_bound
    (2, None)
    """

    smoothness: ClassVar[Fraction | None] = None
    smoothness_source: ClassVar[str] = "l'' = l is unbounded, but at most v / c where Phi <= v"

    @classmethod
    def _read_targets(cls, targets: Any) -> Rows:
        return signed_labels(targets)

    def curvature_bound_below(self, value: Fraction) -> Fraction:
        """A rational >= lambda_max of the Hessian of phi on the sublevel set {phi <= value}.

        Every l_i is at most value / c there, and the second derivative of l(., y_i) is diagonal
        with the summands of l_i.
        """
        return value / self.factor * self.gram_bound

    def sample_value(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> Any:
        parts = self._parts(arithmetic, prediction, i)
        return sum(parts[1:], parts[0])

    def sample_gradient(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> list[Any]:
        parts = self._parts(arithmetic, prediction, i)
        return [-row[i].numerator * part for part, row in zip(parts, self.targets, strict=True)]

    def sample_hessian(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> list[list[Any]]:
        zero, size = arithmetic.scalar(Fraction(0)), len(prediction)
        rows = [[zero] * size for _ in range(size)]
        for r, part in enumerate(self._parts(arithmetic, prediction, i)):
            rows[r][r] = part
        return rows

    def _parts(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> list[Any]:
        """e^{-y_r h_r}"""
        pairs = zip(prediction, self.targets, strict=True)
        return [exponential(arithmetic, -h if row[i] > 0 else h) for h, row in pairs]
