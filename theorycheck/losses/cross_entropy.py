"""The cross-entropy of class labels; exact rational data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from theorycheck.losses.abstract import AbstractLoss
from theorycheck.losses.labels import one_hot
from theorycheck.losses.soft import soft_weights, softplus

__all__ = ["CrossEntropyLoss"]


@dataclass(frozen=True, init=False)
class CrossEntropyLoss(AbstractLoss):
    """The loss l(h, y) = log(sum_r e^{h_r}) - h_y of a class y.

    It is computed from the differences x_r = h_r - h_y, r != y, as log(1 + sum e^{x_r}).

    Parameters
    ----------
    inputs : rows (d_0, N)                 X, one column per sample
    targets : N classes, or rows (d_n, N)  0, ..., d_n - 1, or columns with one 1 and else 0
    classes : int or None                  d_n where it is more than the classes show
    mean : bool                            divide by the number of samples

    Raises
    ------
    InvalidInstance    numbers of samples that differ, a class that is no integer in range, fewer
                       than two classes, a column that is not one-hot

    Examples
    --------
    >>> loss = CrossEntropyLoss(inputs=[[1, 2, 3]], targets=[0, 2, 1])
    >>> loss.output_dimension, loss.labels, loss.curvature_bound
    (3, (0, 2, 1), Fraction(7, 1))
    >>> CrossEntropyLoss([[1, 2, 3]], [[1, 0, 0], [0, 0, 1], [0, 1, 0]]) == loss
    True
    """

    smoothness: ClassVar[Fraction | None] = Fraction(1, 2)
    smoothness_source: ClassVar[str] = (
        "Gershgorin: diag(p) - p p^T has discs within [0, 2 p_r (1 - p_r)], at most 1/2"
    )

    def __init__(
        self, inputs: Any, targets: Any, *, classes: int | None = None, mean: bool = False
    ) -> None:
        super().__init__(inputs, one_hot(targets, classes), mean=mean)

    @cached_property
    def labels(self) -> tuple[int, ...]:
        """The class of every sample, counted from 0."""
        return tuple(column.index(1) for column in zip(*self.targets, strict=True))

    def sample_value(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> Any:
        return softplus(arithmetic, self._differences(prediction, i))

    def sample_gradient(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> list[Any]:
        weights = soft_weights(arithmetic, self._differences(prediction, i))
        own = -sum(weights[1:], weights[0])
        label = self.labels[i]
        return [*weights[:label], own, *weights[label:]]

    def sample_hessian(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> list[list[Any]]:
        """diag(p) - p p^T; its rows sum to 0, so that the diagonal needs no cancellation."""
        size = len(prediction)
        p = [
            soft_weights(arithmetic, [prediction[s] - prediction[r] for s in range(size) if s != r])
            for r in range(size)
        ]  # p[r]: the weights of all classes but r, computed from their differences to r
        weights = [p[0 if s else 1][s - 1 if s else 0] for s in range(size)]
        rows = [[-(weights[r] * weights[s]) for s in range(size)] for r in range(size)]
        for r in range(size):
            rest = p[r]
            rows[r][r] = weights[r] * sum(rest[1:], rest[0])
        return rows

    def _differences(self, prediction: Sequence[Any], i: int) -> list[Any]:
        own = prediction[self.labels[i]]
        return [h - own for r, h in enumerate(prediction) if r != self.labels[i]]
