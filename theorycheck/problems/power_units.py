"""The objective of predictors with powers: values and first derivatives on any arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from theorycheck import balls
from theorycheck.errors import DomainViolation
from theorycheck.networks import DiagonalPower, PowerUnits
from theorycheck.problems.fully_connected import sign_on
from theorycheck.problems.objective import AbstractNetworkObjective

__all__ = ["PowerObjective"]


@dataclass(frozen=True)
class PowerObjective(AbstractNetworkObjective):
    """A loss of the predictions of `PowerUnits` or `DiagonalPower`.

    Parameters
    ----------
    network : PowerUnits or DiagonalPower
    loss : a loss

    Examples
    --------
    >>> from theorycheck.exact import RationalAlgebra
    >>> from theorycheck.losses import ExponentialLoss
    >>> f = PowerUnits((1, 1, 1), power=2).objective(ExponentialLoss([[3]], [1]))
    >>> f.predictions(RationalAlgebra, f.network.layer_matrices(RationalAlgebra, [2, 5]))
    [180]
    """

    network: PowerUnits | DiagonalPower

    @property
    def bounded_below(self) -> bool:
        return False

    def predictions(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        inputs = arithmetic.matrix(self.loss.inputs)
        if isinstance(self.network, DiagonalPower):
            return arithmetic.multiply(self._powers(arithmetic, layers[0]), inputs)
        hidden = arithmetic.multiply(layers[0], inputs)
        return arithmetic.multiply(layers[1], self._activated(arithmetic, hidden))

    def gradient(self, arithmetic: Any, layers: Sequence[Any]) -> list[Any]:
        predictions = self.predictions(arithmetic, layers)
        return self.pullback(arithmetic, layers, self.loss.gradient(arithmetic, predictions))

    def pullback(self, arithmetic: Any, layers: Sequence[Any], slopes: Any) -> list[Any]:
        """The gradient by every layer of <slopes, predictions>, with slopes 1 x N held fixed."""
        inputs = arithmetic.matrix(self.loss.inputs)
        multiply, transpose = arithmetic.multiply, arithmetic.transpose
        if isinstance(self.network, DiagonalPower):
            outer = multiply(slopes, transpose(inputs))
            return [_entrywise(arithmetic, outer, self._power_slopes(arithmetic, layers[0]))]
        hidden = multiply(layers[0], inputs)
        back = _entrywise(
            arithmetic,
            multiply(transpose(layers[1]), slopes),
            self._activation_slopes(arithmetic, hidden),
        )
        outer = multiply(slopes, transpose(self._activated(arithmetic, hidden)))
        return [multiply(back, transpose(inputs)), outer]

    def hessian(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        raise DomainViolation("the Hessian of predictors with powers is not implemented")

    # -- entries ---------------------------------------------------------------------------------
    def _powers(self, arithmetic: Any, row: Any) -> Any:
        return _map(arithmetic, row, lambda w: _power(arithmetic, w, self.network.power))

    def _power_slopes(self, arithmetic: Any, row: Any) -> Any:
        count = self.network.power
        factor = arithmetic.scalar(Fraction(count))
        return _map(arithmetic, row, lambda w: factor * _power(arithmetic, w, count - 1))

    def _activated(self, arithmetic: Any, matrix: Any) -> Any:
        return _map(arithmetic, matrix, lambda z: self._split_power(arithmetic, z, 0))

    def _activation_slopes(self, arithmetic: Any, matrix: Any) -> Any:
        return _map(arithmetic, matrix, lambda z: self._split_power(arithmetic, z, 1))

    def _split_power(self, arithmetic: Any, z: Any, derivative: int) -> Any:
        """s(z)^k or its derivative, which is continuous: balls around 0 are no obstacle."""
        assert isinstance(self.network, PowerUnits)
        count, slope = self.network.power, self.network.slope
        factor = Fraction(count) if derivative else Fraction(1)
        up = arithmetic.scalar(factor)
        down = arithmetic.scalar(factor * slope**count)
        exponent = count - derivative
        sign = sign_on(arithmetic, z)
        if sign is None:
            zero = balls.real(0)
            high, low = balls.maximum([z, zero]), balls.minimum([z, zero])
            return up * balls.power(high, exponent) + down * balls.power(low, exponent)
        return (up if sign > 0 else down) * _power(arithmetic, z, exponent)


def _power(arithmetic: Any, x: Any, count: int) -> Any:
    result = arithmetic.scalar(Fraction(1))
    for _ in range(count):
        result = result * x
    return result


def _map(arithmetic: Any, matrix: Any, change: Any) -> Any:
    rows, columns = arithmetic.shape(matrix)
    return arithmetic.from_scalars(rows, columns, [change(x) for x in arithmetic.scalars(matrix)])


def _entrywise(arithmetic: Any, left: Any, right: Any) -> Any:
    rows, columns = arithmetic.shape(left)
    pairs = zip(arithmetic.scalars(left), arithmetic.scalars(right), strict=True)
    return arithmetic.from_scalars(rows, columns, [a * b for a, b in pairs])
