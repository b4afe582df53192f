"""Eigenvalue bounds that rest on the machine's IEEE 754 arithmetic and LAPACK: a labelled mode.

Everything else in this package trusts integer arithmetic and Arb only. Here a float64 Cholesky
factorisation is trusted to round each operation to nearest: for a float matrix A', if it runs to
completion, R^T R = A' + D with |D| <= g |R^T| |R|, g = (n+1) u / (1 - (n+1) u), u = 2^-53, in any
order of summation (Higham 2002, Theorem 10.3), whence (Rump 2006, Verification of positive
definiteness)

    |D|_2 <= g |R|_F^2 <= g / (1 - g) tr A',      lambda_min(A') >= -g / (1 - g) tr A' - underflow.

Fast matrix products that are not of this form (Strassen) or flushing to zero would break it.
"""

from __future__ import annotations

import flint
import numpy as np

from theorycheck.balls.convert import Matrix, Real, to_float_matrix
from theorycheck.balls.norms import frobenius_upper
from theorycheck.balls.spectra import symmetric_centre

__all__ = ["ieee_lambda_max_upper", "ieee_lambda_min_lower"]

_arb = flint.arb
_mat = flint.arb_mat
# Entries outside are refused, so that an underflow costs far less than TINY n^2.
LARGEST, TINY = 1e150, _arb((1, -500))
ATTEMPTS = 6


def ieee_lambda_min_lower(a: Matrix) -> Real:
    """Bound the least eigenvalue of a symmetric matrix from below by a shifted float Cholesky.

    Rests on IEEE arithmetic, see the module; `lambda_min_lower` does not. Repeated eigenvalues are
    as good as any. It is -inf where no attempt succeeds or an entry is not finite.
    """
    lowest = _arb.neg_inf()
    if not all(e.is_finite() for e in a.entries()):
        return lowest
    centre, spread = symmetric_centre(a)
    size = centre.nrows()
    floats = to_float_matrix(centre)
    largest = float(np.abs(floats).max())
    if not largest < LARGEST:
        return lowest
    identity = np.eye(size)
    unit = 2.0**-53
    slack = 4 * (size + 2) * unit * size * max(largest, 1e-100)
    guess = float(np.linalg.eigvalsh(floats)[0])
    for _ in range(ATTEMPTS):
        shift = guess - slack
        shifted = floats - shift * identity
        try:
            np.linalg.cholesky(shifted)
        except np.linalg.LinAlgError:
            slack *= 8
            continue
        return (_of_factored(centre, shifted, shift) - spread).lower()
    return lowest


def _of_factored(centre: Matrix, shifted: np.ndarray, shift: float) -> Real:
    """lambda_min(C) >= shift - g / (1 - g) tr A' - |C - shift I - A'|_F - underflow, in balls."""
    size = centre.nrows()
    factored = _mat(size, size, shifted.ravel().tolist())
    moved = centre - _mat(size, size, 1) * _arb(shift)
    rounding = frobenius_upper(moved - factored)
    gamma = _arb((size + 1, -53)) / (1 - _arb((size + 1, -53)))
    trace = sum(factored[i, i] for i in range(size))
    backward = gamma / (1 - gamma) * trace
    return (_arb(shift) - backward - rounding - TINY * size * size).lower()


def ieee_lambda_max_upper(a: Matrix) -> Real:
    """Bound the greatest eigenvalue from above; see `ieee_lambda_min_lower`."""
    return ieee_lambda_min_lower(-a).neg(exact=True)
