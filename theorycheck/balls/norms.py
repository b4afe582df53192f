"""Norms of matrices of balls: fast upper bounds, and two-sided enclosures."""

from __future__ import annotations

import flint

from theorycheck.balls.convert import Matrix, Real

__all__ = ["frobenius", "frobenius_squared", "frobenius_upper", "spectral_norm_upper"]

_mat = flint.arb_mat


def frobenius_squared(a: Matrix) -> Real:
    """Enclose |A|_F^2 = sum_ij a_ij^2 by a ball whose lower end is >= 0."""
    count = a.nrows() * a.ncols()
    entries = a.entries()
    square = (_mat(1, count, entries) * _mat(count, 1, entries))[0, 0]
    # Balls forget that a square is >= 0; the structure of the sum knows.
    return square if square >= 0 else square.nonnegative_part()


def frobenius_upper(a: Matrix) -> Real:
    """Bound |A|_F from above by an exact number."""
    count = a.nrows() * a.ncols()
    entries = a.entries()
    square = (_mat(1, count, entries) * _mat(count, 1, entries))[0, 0]
    return square.upper().sqrt().upper()


def frobenius(a: Matrix) -> Real:
    """Enclose the Frobenius norm."""
    square = frobenius_squared(a)
    if square.lower() > 0:
        return square.sqrt()
    return flint.arb(0).union(square.upper().sqrt()).nonnegative_part()


def spectral_norm_upper(a: Matrix) -> Real:
    """Bound the spectral norm from above by an exact number."""
    return frobenius_upper(a)
