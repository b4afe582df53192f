"""Certified integrals of elementary functions, by flint's adaptive Gauss-Legendre quadrature.

The integrand is evaluated on complex balls, so that its error is bounded by values off the real
line; where it may leave its domain or cross a branch cut, that evaluation is not finite.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import flint

from theorycheck.balls.convert import Real, real
from theorycheck.errors import DomainViolation

__all__ = ["ComplexScalars", "integral"]

_acb, _arb = flint.acb, flint.arb
_ENTIRE = ("exp", "sin", "cos", "sinh", "cosh")
_MEROMORPHIC = ("tan", "tanh")
_BRANCHED = ("log",)


class ComplexScalars:
    """Evaluate an expression on complex balls.

    Parameters
    ----------
    analytic : bool    demand that the expression is analytic on the ball: else not finite
    """

    def __init__(self, *, analytic: bool) -> None:
        self._analytic = analytic

    def number(self, value: Fraction) -> Any:
        return _acb(real(value))

    def constant(self, name: str) -> Any:
        return _acb(1).exp() if name == "E" else _acb(_arb.pi())

    def power(self, base: Any, exponent: Fraction, *, nonnegative: bool) -> Any:
        base = _acb(base)
        if exponent.denominator == 1:
            value = _acb(1)
            for _ in range(abs(exponent.numerator)):
                value = value * base
            return value if exponent >= 0 else 1 / value
        if exponent.denominator == 2:
            root = base.sqrt(analytic=self._analytic)
            return self.power(root, 2 * exponent, nonnegative=nonnegative)
        return base.pow(self.number(exponent), analytic=self._analytic)

    def function(self, name: str, arguments: list[Any]) -> Any:
        if name in (*_ENTIRE, *_MEROMORPHIC):
            return getattr(_acb(arguments[0]), name)()
        if name in _BRANCHED:
            return getattr(_acb(arguments[0]), name)(analytic=self._analytic)
        raise DomainViolation(f"{name} under an integral has no complex enclosure")

    def integral(self, integrand: Any, values: Any, a: Any, b: Any) -> Any:
        raise DomainViolation("an integral under an integral has no enclosure")


def integral(
    on_complex: Callable[[Any, bool], Any], on_real: Callable[[Real], Real], a: Real, b: Real
) -> Real:
    """Enclose int_a^b f for limits that are balls.

    Between the midpoints by quadrature; from a midpoint to its limit by the mean value theorem.

    Parameters
    ----------
    on_complex : function of a complex ball and whether it must be analytic there
    on_real : function of a real ball    the same integrand
    a, b : Real

    Raises
    ------
    DomainViolation    the integrand may be undefined between the limits, or is not enclosed there
    """
    low, high = a.mid(), b.mid()
    value = _acb.integral(lambda z, analytic: on_complex(z, bool(analytic)), _acb(low), _acb(high))
    total = value.real
    for limit, middle, sign in ((a, low, -1), (b, high, 1)):
        if not limit.is_exact():
            total = total + sign * on_real(limit) * (limit - middle)
    if not total.is_finite():
        raise DomainViolation(f"no enclosure of an integral from {a.str(5)} to {b.str(5)}")
    return total
