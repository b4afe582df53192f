"""Fractional powers of positive semidefinite matrices of balls."""

from __future__ import annotations

from fractions import Fraction

import flint

from theorycheck.balls.convert import Matrix, Real, inflate, midpoint
from theorycheck.balls.eigenbasis import eigenbasis
from theorycheck.balls.eigenvalue_bounds import lambda_min_lower
from theorycheck.balls.functions import power
from theorycheck.balls.norms import frobenius_upper
from theorycheck.balls.precision import precision, working_bits
from theorycheck.balls.spectra import guard_bits, symmetric_centre
from theorycheck.errors import DomainViolation, InvalidInstance

__all__ = ["psd_power"]

_arb = flint.arb
_mat = flint.arb_mat


def psd_power(a: Matrix, q: Fraction | int) -> Matrix:
    """Enclose A^q entrywise, for positive semidefinite A and rational q >= 0; A^0 = I.

    Parameters
    ----------
    a : Matrix (n, n)    balls that contain a symmetric positive semidefinite matrix
    q : Fraction or int  >= 0

    Returns
    -------
    Matrix (n, n)        tight to the working precision for exact input, singular or not

    Raises
    ------
    InvalidInstance    q < 0, or `a` not square or certainly not symmetric
    DomainViolation    an entry is not finite, or A certainly has a negative eigenvalue
    """
    if q < 0:
        raise InvalidInstance(f"q={q} must be >= 0; invert the matrix first")
    size = a.nrows()
    whole, rest = divmod(Fraction(q), 1)
    result = _mat(size, size, 1)
    for _ in range(whole):
        result = result * a
    if not rest:
        return result
    root = _root(a, rest.denominator)
    part = root
    for _ in range(rest.numerator - 1):
        part = part * root
    return part if whole == 0 else result * part


def _root(a: Matrix, n: int) -> Matrix:
    """Enclose the positive semidefinite n-th root.

    Z = V diag(l) V^T with exact V and exact l >= 0 is positive semidefinite, whatever V, so that
    it is the root of Z^n, and the function x^(1/n) is operator monotone:

        |A^(1/n) - Z|_2 <= |A - Z^n|_2^(1/n)                           (Bhatia, Theorem X.1.1)
        |A^(1/n) - Z|_2 <= a^(1/n - 1) / n |A - Z^n|_2   if A >= a and Z^n >= a for an a > 0
                                                                       (Bhatia, Theorem X.3.8)
    """
    centre, spread = symmetric_centre(a)
    if _quadratic_form_is_negative(centre, spread):
        raise DomainViolation("the matrix certainly has a negative eigenvalue; it has no root")
    size = centre.nrows()
    bits = working_bits()
    # The first bound takes the n-th root of the error: for singular A pay n times the bits.
    with precision((bits * n if spread.is_zero() else bits) + guard_bits(size)):
        basis = eigenbasis(centre)
        s = basis.transpose() * (centre * basis)
        roots = [_root_of(midpoint(s[i, i]), n) for i in range(size)]
        diagonal = _mat(
            size, size, [roots[i] if i == j else 0 for i in range(size) for j in range(size)]
        )
        z = basis * diagonal * basis.transpose()
        raised = z
        for _ in range(n - 1):
            raised = raised * z
        distance = (frobenius_upper(centre - raised) + spread).upper()
        error = _root_error(distance, lambda_min_lower(raised), n)
    return inflate(z, error)


def _quadratic_form_is_negative(centre: Matrix, spread: Real) -> bool:
    """Say whether v^T A v < 0 is certain for some eigenvector candidate v."""
    basis = eigenbasis(centre)
    transposed = basis.transpose()
    forms, lengths = transposed * (centre * basis), transposed * basis
    return any(forms[i, i] + spread * lengths[i, i] < 0 for i in range(centre.nrows()))


def _root_of(value: Real, n: int) -> Real:
    return midpoint(power(value, Fraction(1, n))) if value > 0 else _arb(0)


def _root_error(distance: Real, least: Real, n: int) -> Real:
    if distance.is_zero():
        return distance
    error = power(distance, Fraction(1, n)).upper()
    # Both matrices are >= lambda_min(Z^n) - |A - Z^n|.
    floor = (least - distance).lower()
    if floor > 0:
        slope = power(floor, Fraction(1, n) - 1) / n
        smooth = (slope * distance).upper()
        error = smooth if smooth < error else error
    return error
