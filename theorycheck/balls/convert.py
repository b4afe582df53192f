"""Move between exact rationals and balls, with every rounding accounted for.

Constructors of flint keep a dyadic number exactly, whatever the working precision; any other
rational becomes the ball of the working precision that contains it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import flint

from theorycheck.errors import DomainViolation, InvalidInstance

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "Matrix",
    "Real",
    "dyadic",
    "inflate",
    "interval",
    "lower",
    "matrix",
    "matrix_from_rationals",
    "matrix_from_reals",
    "midpoint",
    "radius",
    "real",
    "real_from_dyadic",
    "to_float_matrix",
    "upper",
]

Real: TypeAlias = flint.arb
Matrix: TypeAlias = flint.arb_mat
T = TypeVar("T", flint.arb, flint.arb_mat)

_arb = flint.arb
_fmpq = flint.fmpq

# Beyond 2^(+-LIMIT) an exact end point would fill the memory. Small parts are rounded outwards to
# a multiple of 2^-LIMIT, large ones are refused.
LIMIT = 1 << 20


def real(q: Fraction | int) -> Real:
    """Enclose a rational number: exactly if it is dyadic, else at the working precision.

    Examples
    --------
    >>> real(Fraction(3, 4)).is_exact(), real(Fraction(1, 3)).is_exact()
    (True, False)
    """
    denominator = q.denominator
    if denominator == 1:
        return _arb(q.numerator)
    if denominator & (denominator - 1) == 0:
        return _arb((q.numerator, 1 - denominator.bit_length()))
    return _arb(_fmpq(q.numerator, denominator))


def real_from_dyadic(man: int, exp: int) -> Real:
    """Return the exact ball man * 2^exp."""
    return _arb((man, exp))


def dyadic(x: Real) -> tuple[int, int]:
    """Return (man, exp) with x = man * 2^exp.

    Raises
    ------
    DomainViolation    x is not exact, or not finite
    """
    try:
        man, exp = x.man_exp()
    except ValueError:
        raise DomainViolation(f"{x} is not an exact finite number; take its midpoint") from None
    return int(man), int(exp)


def _lower_end(man: int, exp: int, width_man: int, width_exp: int) -> Fraction:
    """Return midpoint minus radius, rounded down to a multiple of 2^-LIMIT if need be."""
    if not width_man:
        width_exp = exp
    elif not man:
        exp = width_exp
    low, high = min(exp, width_exp), max(exp, width_exp)
    if high - low > LIMIT or high > LIMIT:
        if high > LIMIT:
            raise DomainViolation(f"a number near 2^{high} is too large for exact end points")
        return _floor(man, exp) + _floor(-width_man, width_exp)
    return _floor((man << (exp - low)) - (width_man << (width_exp - low)), low)


def _floor(man: int, exp: int) -> Fraction:
    """Return man 2^exp, rounded down to a multiple of 2^-LIMIT if exp is below -LIMIT."""
    if exp >= 0:
        return Fraction(man << exp)
    if exp < -LIMIT:
        return Fraction(man >> (-LIMIT - exp), 1 << LIMIT)
    return Fraction(man, 1 << -exp)


def lower(x: Real) -> Fraction:
    """Return the exact lower end point of a ball.

    Raises
    ------
    DomainViolation    x is nan or infinite, or too large to be written down
    """
    if not x.is_finite():
        raise DomainViolation(f"{x} has no finite end points; raise the precision")
    return _lower_end(*dyadic(x.mid()), *dyadic(x.rad()))


def upper(x: Real) -> Fraction:
    """Return the exact upper end point of a ball; see `lower`."""
    if not x.is_finite():
        raise DomainViolation(f"{x} has no finite end points; raise the precision")
    man, exp = dyadic(x.mid())
    return -_lower_end(-man, exp, *dyadic(x.rad()))


def matrix(rows: Sequence[Sequence[Fraction | int]]) -> Matrix:
    """Enclose a matrix of rationals, each entry as by `real`."""
    columns = len(rows[0]) if rows else 0
    if any(len(row) != columns for row in rows):
        lengths = [len(row) for row in rows]
        raise InvalidInstance(f"rows have lengths {lengths}; all rows of a matrix are equally long")
    return flint.arb_mat(len(rows), columns, [real(q) for row in rows for q in row])


def matrix_from_rationals(a: flint.fmpq_mat) -> Matrix:
    """Enclose a matrix of `exact`, each entry at the working precision."""
    return flint.arb_mat(a)


def matrix_from_reals(nrows: int, ncols: int, entries: Iterable[Real]) -> Matrix:
    """Return the nrows x ncols matrix of the given balls, row-major."""
    return flint.arb_mat(nrows, ncols, entries)


def midpoint(x: T) -> T:
    """Return the exact midpoint of a ball or of a matrix of balls."""
    return x.mid()


def radius(x: T) -> T:
    """Return the exact radius of a ball, or the matrix of the radii."""
    if isinstance(x, flint.arb_mat):
        radii = [entry.rad() for entry in x.entries()]
        return flint.arb_mat(x.nrows(), x.ncols(), radii)
    return x.rad()


def _widened(x: Real, by: Real) -> Real:
    # The constructor keeps the midpoint exactly and rounds the radius up.
    return _arb(x.mid(), x.rad() + by)


def inflate(x: T, by: Real | Matrix) -> T:
    """Add [-r, r] to a ball, or to each entry of a matrix; the midpoint stays as it is.

    Parameters
    ----------
    x : Real or Matrix
    by : Real or Matrix    r >= 0; a matrix of radii gives each entry its own

    Raises
    ------
    DomainViolation        r may be negative, or is nan
    """
    if isinstance(by, flint.arb_mat):
        radii = by.entries()
    else:
        count = x.nrows() * x.ncols() if isinstance(x, flint.arb_mat) else 1
        radii = [by] * count
    for r in radii:
        if not r >= 0:
            raise DomainViolation(f"a radius must be certainly >= 0, got {r}; pass an upper bound")
    if isinstance(x, flint.arb_mat):
        entries = [_widened(e, r) for e, r in zip(x.entries(), radii, strict=True)]
        return flint.arb_mat(x.nrows(), x.ncols(), entries)
    return _widened(x, radii[0])


def interval(lo: Fraction | int, hi: Fraction | int) -> Real:
    """Return a ball that contains [lo, hi]; exact ends up to one rounding of the radius.

    Raises
    ------
    InvalidInstance    lo > hi
    """
    if lo > hi:
        raise InvalidInstance(f"interval needs lo <= hi, got lo={lo} and hi={hi}")
    if lo == hi:
        return real(lo)
    return real(lo).union(real(hi))


def to_float_matrix(x: Matrix) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the midpoints as float64. Guidance only, never evidence."""
    import numpy as np

    return np.array([float(e) for e in x.entries()]).reshape(x.nrows(), x.ncols())
