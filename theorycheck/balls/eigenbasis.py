"""Approximate eigenvectors at the working precision. Guidance only, never evidence.

float64 gives the first 50 bits. Pairs with separated eigenvalues are then improved together,
quadratically; what stalls (eigenvalues closer than the resolution, but not equal) is rotated pair
by pair as in Jacobi's method. Equal eigenvalues need nothing: any basis of the space serves.
"""

from __future__ import annotations

from typing import Any

import flint
import numpy as np

from theorycheck.balls.convert import Matrix, Real, dyadic
from theorycheck.balls.precision import working_bits

__all__ = ["eigenbasis", "float_eigenbasis", "float_image", "is_diagonal"]

_arb = flint.arb
_mat = flint.arb_mat
Grid = list[list[Real]]

MAX_ROUNDS = 40
SEPARATION = 64
STALL = _arb((1, -6))


def is_diagonal(a: Matrix) -> bool:
    """Say whether all entries off the diagonal are exactly 0."""
    size = a.ncols()
    return all(e.is_zero() for k, e in enumerate(a.entries()) if k % (size + 1))


def _exponent(x: Real) -> int:
    """Return about log2 |x| of an exact number, or a very small integer for 0."""
    man, exp = dyadic(x)
    return abs(man).bit_length() + exp if man else -(1 << 62)


def float_image(a: Matrix) -> tuple[np.ndarray[Any, np.dtype[np.float64]], int]:
    """Return float64 F and an even e with `a` about F 2^e, F neither huge nor tiny."""
    size = a.nrows()
    entries = a.entries()
    floats = np.array(list(map(float, entries)))
    largest = float(np.abs(floats).max())
    exponent = 0
    if not 1e-200 < largest < 1e200:
        exponent = max(_exponent(e) for e in entries)
        exponent = 0 if exponent < -(1 << 61) else exponent - exponent % 2
        unit = _arb((1, -exponent))
        floats = np.array([float(e * unit) for e in entries])
    return floats.reshape(size, size), exponent


def float_eigenbasis(a: Matrix) -> Matrix | None:
    """Return float64 eigenvectors (columns) of an exact symmetric matrix; None if none is found."""
    size = a.nrows()
    floats, _ = float_image(a)
    try:
        _, vectors = np.linalg.eigh(floats)
    except np.linalg.LinAlgError:
        return None
    if not np.isfinite(vectors).all():
        return None
    return _mat(size, size, vectors.ravel().tolist())


def eigenbasis(a: Matrix) -> Matrix:
    """Return an exact matrix whose columns are nearly orthonormal eigenvectors of `a`.

    Parameters
    ----------
    a : Matrix (n, n)    exact, symmetric, finite

    Returns
    -------
    Matrix (n, n)        exact; the identity if `a` is diagonal or if float64 finds nothing
    """
    size = a.nrows()
    identity = _mat(size, size, 1)
    if is_diagonal(a):
        return identity
    start = float_eigenbasis(a)
    if start is None:
        return identity
    basis = _orthonormalised(start)
    scale = max(e.abs_upper() for e in a.entries())
    target = scale * _arb((1, 4 - working_bits()))
    stuck_before: Real | None = None
    for _ in range(MAX_ROUNDS):
        s = (basis.transpose() * (a * basis)).mid().tolist()
        correction, worst, stuck = _correction(s)
        if not worst > target:
            break
        if stuck > target and stuck_before is not None and stuck > stuck_before * STALL:
            basis = _orthonormalised(_rotated(s, basis, worst, target))
        else:
            basis = _orthonormalised((basis + basis * correction).mid())
        stuck_before = stuck
    return basis


def _orthonormalised(basis: Matrix) -> Matrix:
    """Improve V^T V = I by Newton-Schulz steps V (3 I - V^T V) / 2."""
    size = basis.nrows()
    identity = _mat(size, size, 1)
    target = -working_bits() + 2
    previous = 0
    for _ in range(12):
        defect = (identity - basis.transpose() * basis).mid()
        order = max(_exponent(e) for e in defect.entries())
        if order <= target or (previous and order >= previous):
            break
        basis = (basis + basis * defect * _arb((1, -1))).mid()
        previous = order
    return basis


def _correction(s: Grid) -> tuple[Matrix, Real, Real]:
    """Return the first-order rotation of the separated pairs, and how far s is from diagonal.

    A pair is separated if its gap is large against *all* entries off the diagonal: turning nearly
    equal eigenvalues by their own small angle would spoil the quadratic convergence of the rest.

    Returns
    -------
    Matrix    the rotation
    Real      the largest entry off the diagonal
    Real      the largest one among the pairs that are not separated
    """
    size = len(s)
    sizes = [[s[i][j].abs_upper() for j in range(i + 1, size)] for i in range(size)]
    worst = max((max(row) for row in sizes if row), default=_arb(0))
    needed = worst * SEPARATION
    stuck = _arb(0)
    flat = [_arb(0)] * (size * size)
    for i in range(size):
        for j in range(i + 1, size):
            gap = s[j][j] - s[i][i]
            if gap.abs_lower() > needed:
                angle = s[i][j] / gap
                flat[i * size + j] = angle
                flat[j * size + i] = -angle
            elif sizes[i][j - i - 1] > stuck:
                stuck = sizes[i][j - i - 1]
    return _mat(size, size, flat).mid(), worst, stuck


def _rotated(s: Grid, basis: Matrix, worst: Real, target: Real) -> Matrix:
    """Sweep Jacobi rotations over the pairs that are not separated."""
    size = len(s)
    needed = worst * SEPARATION
    columns = basis.transpose().tolist()
    for p in range(size):
        for q in range(p + 1, size):
            entry = s[p][q]
            gap = s[q][q] - s[p][p]
            if entry.abs_upper() <= target or gap.abs_lower() > needed:
                continue
            cot = (gap / (entry * 2)).mid()
            tan = 1 / (cot.abs_upper() + (cot * cot + 1).sqrt())
            tan = (tan if cot >= 0 else -tan).mid()
            cos = (tan * tan + 1).rsqrt().mid()
            sin = (tan * cos).mid()
            _mix(columns, p, q, cos, sin)
            _mix(s, p, q, cos, sin)
            for row in s:
                x, y = row[p], row[q]
                row[p], row[q] = (x * cos - y * sin).mid(), (x * sin + y * cos).mid()
    return _mat(columns).transpose()


def _mix(rows: Grid, p: int, q: int, cos: Real, sin: Real) -> None:
    first, second = rows[p], rows[q]
    pairs = list(zip(first, second, strict=True))
    rows[p] = [(x * cos - y * sin).mid() for x, y in pairs]
    rows[q] = [(x * sin + y * cos).mid() for x, y in pairs]
