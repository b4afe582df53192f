"""Certified integrals of elementary functions, by flint's adaptive Gauss-Legendre quadrature.

The integrand is evaluated on complex balls, so that its error is bounded by values off the real
line; where it may leave its domain or cross a branch cut, that evaluation is not finite.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import flint

from theorycheck.balls.convert import Real, lower, real, upper
from theorycheck.errors import DomainViolation

__all__ = ["ComplexScalars", "integral"]

_acb, _arb = flint.acb, flint.arb
_ENTIRE = ("exp", "sin", "cos", "sinh", "cosh")
_MEROMORPHIC = ("tan", "tanh")
_BRANCHED = ("log",)
_MOST_PIECES = 2000
_MOST_HALVINGS = 40


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
    on_complex: Callable[[Any, bool], Any],
    on_real: Callable[[Real], Real],
    is_defined: Callable[[Fraction, Fraction], bool],
    a: Real,
    b: Real,
) -> Real:
    """Enclose int_a^b f for limits that are balls.

    Between the midpoints by quadrature; from a midpoint to its limit by the mean value theorem.
    The complex evaluation takes roots and logarithms of negative numbers without complaint, and
    the real part of such an integral means nothing. So `is_defined` must hold on pieces that
    cover the whole range.

    Parameters
    ----------
    on_complex : function of a complex ball and whether it must be analytic there
    on_real : function of a real ball    the same integrand
    is_defined : function of two fractions    True only if it has a real value at every point
        between them
    a, b : Real

    Raises
    ------
    DomainViolation    the integrand may be undefined between the limits, or is not enclosed there
    """
    _demand_definition(is_defined, a, b)
    low, high = a.mid(), b.mid()
    failures: list[DomainViolation] = []

    def guarded(z: Any, analytic: Any) -> Any:
        """Hand failures round the library's callback, which loses exceptions."""
        if failures:
            return _acb("nan")
        try:
            return _acb(on_complex(z, bool(analytic)))
        except DomainViolation as error:
            failures.append(error)
            return _acb("nan")

    value = _acb.integral(guarded, _acb(low), _acb(high))
    if failures:
        raise failures[0]
    if not value.imag.contains(0):
        raise DomainViolation(f"the integrand is not real from {a.str(5)} to {b.str(5)}")
    total = value.real
    for limit, middle, sign in ((a, low, -1), (b, high, 1)):
        if not limit.is_exact():
            total = total + sign * on_real(limit) * (limit - middle)
    if not total.is_finite():
        raise DomainViolation(f"no enclosure of an integral from {a.str(5)} to {b.str(5)}")
    return total


def _demand_definition(is_defined: Callable[[Fraction, Fraction], bool], a: Real, b: Real) -> None:
    """Cover the range by pieces on which the integrand is defined."""
    pieces = [(min(lower(a), lower(b)), max(upper(a), upper(b)))]
    for _ in range(_MOST_PIECES):
        if not pieces:
            return
        begin, end = pieces.pop()
        if not is_defined(begin, end):
            middle = (begin + end) / 2
            pieces += [(begin, middle), (middle, end)]
            if len(pieces) > _MOST_HALVINGS:
                break
    if pieces:
        where = f"from {a.str(5)} to {b.str(5)}, near {float(pieces[-1][0]):g}"
        raise DomainViolation(f"the integrand may be undefined {where}")
