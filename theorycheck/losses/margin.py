r"""Minus the smoothed margin: gradient flow of the sum loss in a clock without tiny numbers.

    Phi(H) = -alpha,      alpha = l^{-1}(sum_i l(q_i)),      q_i = y_i h_i

The flow of the loss Lambda = sum_i l(q_i) and that of -alpha have the same orbits: with
ds = -l'(alpha) dt, theta_s = grad alpha. Nothing is tiny or huge on the right, out to any loss
that the clock s reaches (recipe R1 of theory C). It is no sum over the samples, but the log of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, NoReturn

from theorycheck.errors import InvalidInstance
from theorycheck.exact import Rows
from theorycheck.losses.abstract import AbstractLoss
from theorycheck.losses.labels import signed_labels
from theorycheck.losses.soft import exponential, logarithm, soft_weights, softplus

__all__ = ["AbstractMarginLoss", "ExponentialMargin", "LogisticMargin"]


@dataclass(frozen=True, init=False)
class AbstractMarginLoss(AbstractLoss):
    """What both kinds share: labels 1 and -1, and no sample of its own."""

    smoothness: ClassVar[Fraction | None] = None
    smoothness_source: ClassVar[str] = "the second derivative couples the samples"
    is_nonnegative: ClassVar[bool] = False

    def __init__(self, inputs: Any, targets: Any, *, mean: bool = False) -> None:
        super().__init__(inputs, targets, mean=mean)
        if mean:
            raise InvalidInstance(
                "mean=True: the smoothed margin is that of the sum loss; divide times by the "
                "number of samples instead"
            )

    @classmethod
    def _read_targets(cls, targets: Any) -> Rows:
        return signed_labels(targets)

    def margins(self, arithmetic: Any, predictions: Any) -> list[Any]:
        """Q = y h, row by row."""
        signs = [y for row in self.targets for y in row]
        entries = arithmetic.scalars(predictions)
        return [h if y > 0 else -h for h, y in zip(entries, signs, strict=True)]

    def gradient(self, arithmetic: Any, predictions: Any) -> Any:
        shares = self._shares(arithmetic, self.margins(arithmetic, predictions))
        signs = [y for row in self.targets for y in row]
        entries = [-p if y > 0 else p for p, y in zip(shares, signs, strict=True)]
        return arithmetic.from_scalars(self.output_dimension, self.samples, entries)

    def _shares(self, arithmetic: Any, margins: Sequence[Any]) -> list[Any]:
        """The derivatives of alpha by the margins: -l'(q_i) / -l'(alpha)."""
        raise NotImplementedError

    def hessians(self, arithmetic: Any, predictions: Any) -> list[Any]:
        """The blocks beside the coupling: l''(q_i) / |l'(alpha)| on the diagonal."""
        size, zero = self.output_dimension, arithmetic.scalar(Fraction(0))
        curvatures = self._curvatures(arithmetic, self.margins(arithmetic, predictions))
        return [
            arithmetic.from_scalars(
                size, size,
                [curvatures[r * self.samples + i] if r == c else zero
                 for r in range(size) for c in range(size)],
            )
            for i in range(self.samples)
        ]  # fmt: skip

    def _curvatures(self, arithmetic: Any, margins: Sequence[Any]) -> list[Any]:
        raise NotImplementedError

    # -- what is not the sum of samples ----------------------------------------------------------
    def sample_value(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> NoReturn:
        self._refuse()

    def sample_gradient(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> NoReturn:
        self._refuse()

    def sample_hessian(self, arithmetic: Any, prediction: Sequence[Any], i: int) -> NoReturn:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise InvalidInstance(
            f"a {type(self).__name__} couples the samples and has no part of a single one; "
            "use an ExponentialLoss or a LogisticLoss"
        )


@dataclass(frozen=True, init=False)
class ExponentialMargin(AbstractMarginLoss):
    """Minus the smoothed margin of the exponential loss, log sum_i e^{-q_i}.

    Examples
    --------
    >>> from theorycheck.balls import BallAlgebra
    >>> loss = ExponentialMargin(inputs=[[1, 2]], targets=[1, -1])
    >>> round(float(loss.value(BallAlgebra, BallAlgebra.zeros(1, 2))), 9)
    0.693147181
    """

    def value(self, arithmetic: Any, predictions: Any) -> Any:
        first, *others = self.margins(arithmetic, predictions)
        return softplus(arithmetic, [first - q for q in others]) - first

    def _shares(self, arithmetic: Any, margins: Sequence[Any]) -> list[Any]:
        if len(margins) == 1:
            return [arithmetic.scalar(Fraction(1))]
        if arithmetic.name == "ball":
            first, second = margins[:2]
            own = soft_weights(arithmetic, [second - q for q in (first, *margins[2:])])[0]
            return [own, *soft_weights(arithmetic, [first - q for q in margins[1:]])]
        powers = [exponential(arithmetic, -q) for q in margins]
        total = sum(powers[1:], powers[0])
        return [power / total for power in powers]

    def _curvatures(self, arithmetic: Any, margins: Sequence[Any]) -> list[Any]:
        return self._shares(arithmetic, margins)  # l'' = |l'|

    def coupling(self, arithmetic: Any, predictions: Any) -> Any:
        return arithmetic.scalar(Fraction(-1))


@dataclass(frozen=True, init=False)
class LogisticMargin(AbstractMarginLoss):
    """Minus the smoothed margin of the logistic loss, log(prod_i (1 + e^{-q_i}) - 1).

    Examples
    --------
    >>> from theorycheck.balls import BallAlgebra
    >>> loss = LogisticMargin(inputs=[[1, 2]], targets=[1, -1])
    >>> round(float(loss.value(BallAlgebra, BallAlgebra.zeros(1, 2))), 9)   # log(2^2 - 1)
    1.098612289
    """

    def value(self, arithmetic: Any, predictions: Any) -> Any:
        margins = self.margins(arithmetic, predictions)
        if len(margins) == 1:
            return -margins[0]
        return logarithm(arithmetic, _excess([exponential(arithmetic, -q) for q in margins]))

    def _shares(self, arithmetic: Any, margins: Sequence[Any]) -> list[Any]:
        one = arithmetic.scalar(Fraction(1))
        if len(margins) == 1:
            return [one]
        powers = [exponential(arithmetic, -q) for q in margins]
        excess = _excess(powers)
        # (u / (1 + u)) / (P / (1 + P))
        slope = (one + excess) / excess
        return [power / (one + power) * slope for power in powers]

    def _curvatures(self, arithmetic: Any, margins: Sequence[Any]) -> list[Any]:
        one = arithmetic.scalar(Fraction(1))
        return [
            share / (one + exponential(arithmetic, -q))
            for share, q in zip(self._shares(arithmetic, margins), margins, strict=True)
        ]

    def coupling(self, arithmetic: Any, predictions: Any) -> Any:
        """-e^{-Lambda}"""
        margins = self.margins(arithmetic, predictions)
        excess = _excess([exponential(arithmetic, -q) for q in margins])
        one = arithmetic.scalar(Fraction(1))
        return -one / (one + excess)


def _excess(powers: Sequence[Any]) -> Any:
    """prod_i (1 + u_i) - 1 as a sum of positive terms."""
    total = powers[0]
    for power in powers[1:]:
        total = total + power + total * power
    return total
