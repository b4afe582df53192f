"""The logistic loss of labels 1 and -1; exact rational data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from theorycheck.exact import Rows
from theorycheck.losses.abstract import AbstractLoss
from theorycheck.losses.labels import signed_labels
from theorycheck.losses.soft import soft_weights, softplus

__all__ = ["LogisticLoss"]


@dataclass(frozen=True, init=False)
class LogisticLoss(AbstractLoss):
    """The loss l(h, y) = sum_r log(1 + e^{-y_r h_r}) of labels y_r = 1 or -1.

    Parameters
    ----------
    inputs : rows (d_0, N)                       X, one column per sample
    targets : N labels, or rows (d_n, N)         each 1 or -1; several outputs are several questions
    mean : bool                                  divide by the number of samples

    Raises
    ------
    InvalidInstance    numbers of samples that differ, or a label other than 1 and -1

    Examples
    --------
    >>> from theorycheck.balls import BallAlgebra
    >>> loss = LogisticLoss(inputs=[[1, 2]], targets=[1, -1])
    >>> loss.targets, loss.curvature_bound
    (((Fraction(1, 1), Fraction(-1, 1)),), Fraction(5, 4))
    >>> float(loss.value(BallAlgebra, BallAlgebra.zeros(1, 2)))
    1.3862943611198906
    """

    smoothness: ClassVar[Fraction | None] = Fraction(1, 4)
    smoothness_source: ClassVar[str] = "l'' = s (1 - s) with s in (0, 1), at most 1/4 (at h = 0)"

    @classmethod
    def _read_targets(cls, targets: Any) -> Rows:
        return signed_labels(targets)

    def sample_value(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> Any:
        parts = [softplus(arithmetic, [-q]) for q in self._scores(prediction, i)]
        return sum(parts[1:], parts[0])

    def sample_gradient(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> list[Any]:
        return [
            -row[i].numerator * soft_weights(arithmetic, [-q])[0]
            for q, row in zip(self._scores(prediction, i), self.targets, strict=True)
        ]

    def sample_hessian(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> list[list[Any]]:
        zero, size = arithmetic.scalar(Fraction(0)), len(prediction)
        rows = [[zero] * size for _ in range(size)]
        for r, q in enumerate(self._scores(prediction, i)):
            # s (1 - s), with both factors computed without cancellation
            (wrong,), (right,) = (soft_weights(arithmetic, [x]) for x in (-q, q))
            rows[r][r] = wrong * right
        return rows

    def _scores(self, prediction: Sequence[Any], i: int) -> list[Any]:
        """y_r h_r"""
        pairs = zip(prediction, self.targets, strict=True)
        return [h if row[i] > 0 else -h for h, row in pairs]
