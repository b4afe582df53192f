"""Bessel functions of the first kind, normalised to 1 at 0, safe there and on wide balls.

    Lambda_nu(z) = Gamma(nu + 1) (2 / z)^nu J_nu(z) = sum_k (-z^2 / 4)^k / (k! (nu + 1)_k)

It is the solution of y'' + ((2 nu + 1) / z) y' + y = 0 with y(0) = 1, y'(0) = 0.
"""

from __future__ import annotations

import flint

from theorycheck.balls.convert import Real, inflate
from theorycheck.balls.precision import precision, working_bits
from theorycheck.errors import DomainViolation, InvalidInstance

__all__ = ["angle", "normalised_bessel"]

_arb = flint.arb

SERIES_BELOW = 4
WIDE = _arb((1, -10))


def normalised_bessel(nu: Real, z: Real) -> Real:
    """Enclose Lambda_nu(z) for nu >= -1/2 and z >= 0, of any radius.

    On wide balls [a, b] the mean value theorem is used: y^2 + y'^2 does not increase with z >= 0,
    so that |y|, |y'| <= e = sqrt(y(a)^2 + y'(a)^2) there.

    Raises
    ------
    InvalidInstance    nu < -1/2 is not excluded
    DomainViolation    z may be negative, or is not finite

    Examples
    --------
    >>> normalised_bessel(_arb(0.5), _arb(0)).str(5)
    '1.0000'
    """
    if not nu * 2 >= -1:
        raise InvalidInstance(f"nu={nu.str(5)} must be at least -1/2")
    if not z >= 0 or not z.is_finite():
        raise DomainViolation(f"a Bessel function at {z.str(5)}, which may be negative")
    if z.rad() <= WIDE:
        return _narrow(nu, z)
    low, middle = z.lower(), z.mid()
    value, slope = _narrow(nu, low), _slope(nu, low)
    bound = (value * value + slope * slope).nonnegative_part().upper().sqrt().upper()
    centred = inflate(_narrow(nu, middle), (z.rad() * bound).upper())
    return centred.intersection(_arb(0, bound))


def _slope(nu: Real, z: Real) -> Real:
    """Enclose Lambda_nu'(z) = -z Lambda_{nu+1}(z) / (2 (nu + 1))."""
    return -z * _narrow(nu + 1, z) / ((nu + 1) * 2)


def _narrow(nu: Real, z: Real) -> Real:
    if not z > SERIES_BELOW:
        return _series(nu, z)
    # the error of a ball z +- r is r |y'| <= r: rounding aside, evaluate at the midpoint
    middle = z.mid()
    with precision(working_bits() + 16):
        value = (nu + 1).gamma() * (_arb(2) / middle) ** nu * middle.bessel_j(nu)
    if not value.is_finite():
        raise DomainViolation(f"a Bessel function of order {nu.str(5)} at {z.str(5)} is unknown")
    return inflate(value, z.rad())


def _series(nu: Real, z: Real) -> Real:
    """Sum the series; the rest is alternating and decreasing once z^2/4 < (k + 1)(k + 1 + nu)."""
    extra = 8 + 2 * int(z.abs_upper().ceil().unique_fmpz() or 0)
    with precision(working_bits() + extra):
        middle = z.mid()
        x = middle * middle / 4
        enough = _arb((1, -working_bits() - 4))
        term = total = _arb(1)
        k = 0
        while True:
            k += 1
            term = -term * x / ((nu + k) * k)
            falling = x < (nu + (k + 1)) * (k + 1)
            if falling and term.abs_upper() <= enough:
                return inflate(total, term.abs_upper() + z.rad())
            total += term


def angle(opposite: Real, adjacent: Real) -> Real:
    """Enclose the angle in [0, pi] of a vector (adjacent, opposite), opposite >= 0 by structure.

    Small angles are found with small relative error; an exact 0 gives an exact 0.

    Raises
    ------
    DomainViolation    the vector may be 0
    """
    opposite = opposite if opposite >= 0 else opposite.nonnegative_part()
    if adjacent > 0:
        return (opposite / adjacent).atan()
    if adjacent < 0:
        return _arb.pi() - (opposite / -adjacent).atan()
    if not opposite > 0:
        raise DomainViolation("the angle of a vector that may be 0; raise the precision")
    return _arb.pi() / 2 - (adjacent / opposite).atan()
