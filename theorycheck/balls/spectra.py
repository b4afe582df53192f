"""Rigorous spectra of symmetric matrices of balls, of any size; repeated eigenvalues welcome.

Candidates for eigenvectors are untrusted (see `eigenbasis`). For an exact V near an orthogonal
matrix, S = V^T A V and delta >= |I - V^T V|_F, delta < 1, the evidence is

    lambda_k(S) = theta_k lambda_k(A),   |theta_k - 1| <= delta        (Ostrowski)
    |lambda_k(S) - d_k| <= |S - diag(d)|_F,   d sorted                 (Weyl)

and the radii of the input enter through Weyl once more.
"""

from __future__ import annotations

from collections.abc import Sequence

import flint

from theorycheck.balls.convert import Matrix, Real, inflate
from theorycheck.balls.eigenbasis import eigenbasis
from theorycheck.balls.norms import frobenius_upper
from theorycheck.balls.precision import precision, working_bits
from theorycheck.errors import DomainViolation, InvalidInstance
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED, Verdict

__all__ = [
    "eigenvalues",
    "is_positive_definite",
    "lambda_max",
    "lambda_min",
    "symmetric_centre",
]

_arb = flint.arb
_mat = flint.arb_mat


def guard_bits(size: int) -> int:
    """Return the extra bits that pay for the rounding of a few products of matrices."""
    return 16 + 3 * size.bit_length()


def diagonal_matrix(diagonal: Sequence[Real]) -> Matrix:
    """Return the diagonal matrix with these entries."""
    size = len(diagonal)
    zero = _arb(0)
    entries = [diagonal[i] if i == j else zero for i in range(size) for j in range(size)]
    return _mat(size, size, entries)


def symmetric_centre(a: Matrix) -> tuple[Matrix, Real]:
    """Split a ball matrix that contains a symmetric A into an exact symmetric centre C and a bound.

    Returns
    -------
    Matrix (n, n)    C, the midpoints of the upper triangle
    Real             exact, >= |A - C|_2

    Raises
    ------
    InvalidInstance    `a` is not square, has no entries, or is certainly not symmetric
    DomainViolation    an entry is nan or infinite
    """
    size = a.nrows()
    if a.ncols() != size or size == 0:
        raise InvalidInstance(
            f"a {size} x {a.ncols()} matrix has no eigenvalues; pass a square one with entries"
        )
    if not all(map(_arb.is_finite, a.entries())):
        raise DomainViolation("an entry of the matrix is not finite; raise the precision")
    if not a.overlaps(a.transpose()):
        raise InvalidInstance("the matrix is certainly not symmetric; symmetrise it first")
    centre = a.mid()
    if centre != centre.transpose():
        # Of A_ij = A_ji both balls are right; the one of the upper triangle is used for both.
        entries = a.entries()
        places = [min(i, j) * size + max(i, j) for i in range(size) for j in range(size)]
        a = _mat(size, size, [entries[k] for k in places])
        centre = a.mid()
    if a == centre:
        return centre, _arb(0)
    return centre, _spread(a - centre)


def _spread(radii: Matrix) -> Real:
    """Bound the spectral norm of the symmetric matrices within these balls around 0, exactly."""
    size = radii.nrows()
    by_entries = frobenius_upper(radii)
    row_sums = radii * _mat(size, 1, [1] * size)
    # Radii are exact, and exact numbers are totally ordered.
    by_rows = max(row_sums.entries(), key=_arb.rad).abs_upper()
    return by_entries if by_entries < by_rows else by_rows


def eigenvalues(a: Matrix) -> list[Real]:
    """Enclose all eigenvalues of a symmetric matrix.

    Parameters
    ----------
    a : Matrix (n, n)    balls that contain the entries of a symmetric matrix

    Returns
    -------
    list of n Real       increasing, with multiplicity; for exact input the radii are some
                         |A| 2^-p at working precision p, however close the eigenvalues are

    Raises
    ------
    InvalidInstance    not square, or certainly not symmetric
    DomainViolation    an entry is not finite

    Examples
    --------
    >>> [str(x) for x in eigenvalues(_mat([[1, 0], [0, -2]]))]
    ['-2.00000000000000', '1.00000000000000']
    """
    centre, spread = symmetric_centre(a)
    size = centre.nrows()
    with precision(working_bits() + guard_bits(size)):
        values = _eigenvalues_of_exact(centre)
    return values if spread.is_zero() else [inflate(x, spread) for x in values]


def _eigenvalues_of_exact(centre: Matrix) -> list[Real]:
    size = centre.nrows()
    basis = eigenbasis(centre)
    transposed = basis.transpose()
    defect = frobenius_upper(transposed * basis - _mat(size, size, 1))
    if not defect < 1:
        basis = transposed = _mat(size, size, 1)
        defect = _arb(0)
    s = transposed * (centre * basis)
    places = [s[i, i].mid() for i in range(size)]
    diagonal = _mat(
        size, size, [places[i] if i == j else 0 for i in range(size) for j in range(size)]
    )
    off = frobenius_upper(s - diagonal)
    # Exact balls are totally ordered by `<`, so that sorting them is safe.
    values = sorted(places)
    if off.is_zero() and defect.is_zero():
        return values
    theta = _arb(1, defect)
    return [inflate(d, off) / theta for d in values]


def lambda_min(a: Matrix) -> Real:
    """Enclose the least eigenvalue of a symmetric matrix; see `eigenvalues`."""
    return eigenvalues(a)[0]


def lambda_max(a: Matrix) -> Real:
    """Enclose the greatest eigenvalue of a symmetric matrix; see `eigenvalues`."""
    return eigenvalues(a)[-1]


def is_positive_definite(a: Matrix) -> Verdict:
    """Decide whether a symmetric matrix is positive definite, by elimination in balls.

    HOLDS iff every pivot is certainly > 0; VIOLATED iff a pivot is certainly <= 0 after certainly
    positive ones (the leading minor there is then <= 0). A singular matrix is rarely decided.

    Raises
    ------
    InvalidInstance    not square, or certainly not symmetric
    """
    size = a.nrows()
    if a.ncols() != size:
        raise InvalidInstance(f"a {size} x {a.ncols()} matrix is not symmetric; pass a square one")
    if not a.overlaps(a.transpose()):
        raise InvalidInstance("the matrix is certainly not symmetric; symmetrise it first")
    rows = a.tolist()
    for k in range(size):
        top = rows[k]
        pivot = top[k]
        if not pivot > 0:
            return VIOLATED if pivot <= 0 else UNDECIDED
        for i in range(k + 1, size):
            factor = top[i] / pivot
            row = rows[i]
            for j in range(i, size):
                row[j] -= factor * top[j]
    return HOLDS
