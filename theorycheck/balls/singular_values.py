"""Norms that need singular values: spectral and nuclear."""

from __future__ import annotations

import flint

from theorycheck.balls.compare import is_finite
from theorycheck.balls.convert import Matrix, Real, inflate, midpoint, radius
from theorycheck.balls.eigenvalue_bounds import lambda_max_upper
from theorycheck.balls.functions import absolute, sqrt
from theorycheck.balls.norms import frobenius, frobenius_upper, row_sum_upper
from theorycheck.balls.precision import precision, working_bits
from theorycheck.balls.spectra import eigenvalues, guard_bits, lambda_max
from theorycheck.errors import DomainViolation, InvalidInstance

__all__ = ["nuclear_norm", "spectral_norm", "spectral_norm_upper"]

_arb = flint.arb

# Up to this size the float64 candidate is cheaper than what its precision saves.
MAX_FAST = 32


def _gram(a: Matrix) -> Matrix:
    """Return the smaller one of A^T A and A A^T."""
    transposed = a.transpose()
    return a * transposed if a.nrows() <= a.ncols() else transposed * a


def _split(a: Matrix) -> tuple[Matrix, Real]:
    """Return the exact midpoint and a bound >= |A - midpoint|_F."""
    entries = a.entries()
    if not all(is_finite(e) for e in entries):
        raise DomainViolation("an entry of the matrix is not finite; raise the precision")
    exact = all(e.is_exact() for e in entries)
    return (a, _arb(0)) if exact else (midpoint(a), frobenius_upper(radius(a)))


def _inflated_norm(norm: Real, spread: Real) -> Real:
    if spread.is_zero():
        return norm
    value = inflate(norm, spread)
    return value if value >= 0 else value.nonnegative_part()


def spectral_norm(a: Matrix) -> Real:
    """Enclose the spectral norm, tight to the working precision for exact input.

    A vector's is its Frobenius norm, a 1 x 1 matrix's the absolute value.
    """
    if a.nrows() * a.ncols() == 0:
        raise InvalidInstance(
            f"a {a.nrows()} x {a.ncols()} matrix has no spectral norm; pass one with entries"
        )
    if a.nrows() * a.ncols() == 1:
        return absolute(a[0, 0])
    if a.nrows() == 1 or a.ncols() == 1:
        return frobenius(a)
    centre, spread = _split(a)
    with precision(working_bits() + guard_bits(min(a.nrows(), a.ncols()))):
        norm = sqrt(lambda_max(_gram(centre)), assume_nonnegative=True)
    return _inflated_norm(norm, spread)


def nuclear_norm(a: Matrix) -> Real:
    """Enclose the sum of the singular values, tight to the working precision for exact input."""
    rank = min(a.nrows(), a.ncols())
    if rank == 1:
        return spectral_norm(a)
    centre, spread = _split(a)
    # A singular value 0 is known to the square root of what its square is known to.
    with precision(2 * working_bits() + guard_bits(rank)):
        norm = _arb(0)
        for value in eigenvalues(_gram(centre)):
            norm += sqrt(value, assume_nonnegative=True)
        # |A - C|_* <= sqrt(rank) |A - C|_F
        spread = (spread * _arb(rank).sqrt()).upper()
    return _inflated_norm(norm, spread)


def spectral_norm_upper(a: Matrix) -> Real:
    """Bound the spectral norm from above by an exact number, fast; it is +inf where unknown."""
    by_entries = frobenius_upper(a)
    rank = min(a.nrows(), a.ncols())
    if rank <= 1 or not by_entries.is_finite():
        return by_entries
    if rank <= MAX_FAST:
        centre, spread = _split(a)
        squared = lambda_max_upper(_gram(centre))
        # The bound is one of a number >= 0.
        bound = (squared.nonnegative_part().sqrt() + spread).upper()
    else:
        bound = (row_sum_upper(a) * row_sum_upper(a.transpose())).sqrt().upper()
    return bound if bound < by_entries else by_entries
