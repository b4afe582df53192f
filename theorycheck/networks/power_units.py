"""Predictors that are homogeneous of an order other than their depth; exact, no biases."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.networks.layered import AbstractLayered

if TYPE_CHECKING:
    from theorycheck.losses import AbstractLoss
    from theorycheck.problems.power_units import PowerObjective

__all__ = ["DiagonalPower", "PowerUnits"]


@dataclass(frozen=True, init=False)
class PowerUnits(AbstractLayered):
    """The network x -> sum_j a_j s(<w_j, x>)^k with s(z) = max(z, slope z) and k >= 2, order k + 1.

    Slope 0 and k = 2 is the squared ReLU. It is continuously differentiable everywhere.

    Parameters
    ----------
    widths : (d, m, 1)
    power : int >= 2        k
    slope : exact number    in [0, 1]; 0 for the ReLU, 1 for z^k

    Raises
    ------
    InvalidInstance         other widths, a power below 2, a slope outside [0, 1]

    Examples
    --------
    >>> PowerUnits((2, 3, 1), power=2).order
    3
    """

    power: int
    slope: Fraction

    def __init__(self, widths: Any, power: Any = 2, *, slope: Any = 0) -> None:
        object.__setattr__(self, "widths", widths)
        self.__post_init__()
        if len(self.widths) != 3 or self.widths[-1] != 1:
            raise InvalidInstance(f"widths={self.widths} must be (inputs, units, 1)")
        object.__setattr__(self, "power", _integer(power, "power", 2))
        object.__setattr__(self, "slope", as_fraction(slope, "slope"))
        if not 0 <= self.slope <= 1:
            raise InvalidInstance(f"slope={self.slope} must lie in [0, 1]")

    @property
    def order(self) -> int:
        return self.power + 1

    def squared_gradient_bound(self, largest: Fraction) -> Fraction:
        """Bound |grad f|^2 on the unit sphere: |x|^{2k} sup r^k + k^2 (1 - r) r^{k-1} over [0, 1].

        The supremum is at r = k / (k + 1), where it is k (k / (k + 1))^{k-1} (theory C5).
        """
        k = self.power
        return largest**k * k * Fraction(k, k + 1) ** (k - 1)

    def objective(self, loss: AbstractLoss) -> PowerObjective:
        """Return the objective f(W_1, a) = Phi(predictions) of a loss Phi."""
        from theorycheck.problems.power_units import PowerObjective

        return PowerObjective(self, loss)


@dataclass(frozen=True, init=False)
class DiagonalPower(AbstractLayered):
    """The predictor x -> sum_j w_j^L x_j, whose L factors are tied; for d = 1 the scalar w^L.

    Parameters
    ----------
    widths : (d, 1)
    power : int >= 1    L

    Raises
    ------
    InvalidInstance     other widths, a power below 1
    """

    power: int

    def __init__(self, widths: Any, power: Any = 2) -> None:
        object.__setattr__(self, "widths", widths)
        self.__post_init__()
        if len(self.widths) != 2 or self.widths[-1] != 1:
            raise InvalidInstance(f"widths={self.widths} must be (inputs, 1)")
        object.__setattr__(self, "power", _integer(power, "power", 1))

    @property
    def order(self) -> int:
        return self.power

    def squared_gradient_bound(self, largest: Fraction) -> Fraction:
        """Bound |grad f|^2 = L^2 sum_j x_j^2 w_j^{2L-2} on the unit sphere."""
        return largest * self.power**2

    def objective(self, loss: AbstractLoss) -> PowerObjective:
        """Return the objective f(w) = Phi(predictions) of a loss Phi."""
        from theorycheck.problems.power_units import PowerObjective

        return PowerObjective(self, loss)


def _integer(value: Any, name: str, least: int) -> int:
    number = as_fraction(value, name)
    if number.denominator != 1 or number < least:
        raise InvalidInstance(f"{name}={value} must be an integer >= {least}")
    return int(number)
