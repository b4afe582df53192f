"""Norms of matrices of balls that come from the entries alone. See also `singular_values`."""

from __future__ import annotations

import flint

from theorycheck.balls.convert import Matrix, Real

__all__ = ["frobenius", "frobenius_squared", "frobenius_upper", "row_sum_upper"]


def _square_sum(a: Matrix) -> Real:
    count = a.nrows() * a.ncols()
    row = flint.arb_mat(1, count, a.entries())
    return (row * row.transpose())[0, 0]


def frobenius_squared(a: Matrix) -> Real:
    """Enclose |A|_F^2 = sum_ij a_ij^2 by a ball whose lower end is >= 0."""
    square = _square_sum(a)
    # Balls forget that a square is >= 0; the structure of the sum knows.
    return square if square >= 0 else square.nonnegative_part()


def frobenius_upper(a: Matrix) -> Real:
    """Bound |A|_F from above by an exact number; it is +inf where an entry is nan."""
    square = _square_sum(a)
    if square.is_nan():
        return flint.arb.pos_inf()
    return square.upper().sqrt().upper()


def frobenius(a: Matrix) -> Real:
    """Enclose the Frobenius norm."""
    square = frobenius_squared(a)
    if square.lower() > 0:
        return square.sqrt()
    return flint.arb(0).union(square.upper().sqrt()).nonnegative_part()


def row_sum_upper(a: Matrix) -> Real:
    """Bound the greatest sum of absolute values of a row, |A|_inf, by an exact number."""
    largest = flint.arb(0)
    for row in a.tolist():
        total = flint.arb(0)
        for x in row:
            total += x.abs_upper()
        total = total.upper()
        if not total <= largest:
            largest = total
    return largest
