"""One-sided bounds of the spectrum of a symmetric matrix, fast, for input of any multiplicity.

Three methods, each with untrusted float64 candidates. For an exact centre C of the matrix:

    cholesky      C - s I = L L^T + E for any exact L, hence lambda_min(C) >= s - |E|_F;
                  one product in balls, which is what it costs
    congruence    Gershgorin's discs of V^T C V, divided by those of V^T V (Ostrowski);
                  three products, sharper where the matrix is small or nearly diagonal
    ieee          a float64 Cholesky factorisation that ran to its end, see `ieee_spectra`

The first two are evidence like everything else in this package. The third trusts the machine's
floating-point arithmetic: it has to be asked for by name, and its result says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import flint
import numpy as np

from theorycheck.balls.convert import Matrix, Real
from theorycheck.balls.eigenbasis import float_eigenbasis, float_image
from theorycheck.balls.ieee_spectra import ieee_lambda_min_lower
from theorycheck.balls.norms import frobenius_upper
from theorycheck.balls.spectra import symmetric_centre
from theorycheck.errors import DomainViolation, InvalidInstance

__all__ = [
    "EigenvalueBound",
    "Method",
    "bound_lambda_max",
    "bound_lambda_min",
    "lambda_max_upper",
    "lambda_min_lower",
]

_arb = flint.arb
_mat = flint.arb_mat

Method = Literal["cholesky", "congruence", "ieee"]
# From this size on one product instead of three counts for more than the last bits.
CHOLESKY_FROM = 32
ATTEMPTS = 6


@dataclass(frozen=True)
class EigenvalueBound:
    """A bound of an eigenvalue, and what it rests on.

    Attributes
    ----------
    value : Real     exact; -inf (+inf from above) where nothing is known
    method : str     "cholesky", "congruence" or "ieee"
    """

    value: Real
    method: Method

    @property
    def trusts_floats(self) -> bool:
        """Whether the bound rests on IEEE 754 arithmetic of the machine and on LAPACK."""
        return self.method == "ieee"


def lambda_min_lower(a: Matrix) -> Real:
    """Bound the least eigenvalue of a symmetric matrix from below, fast: an exact number.

    The loss is some n 2^-50 |A| beyond what the radii of the input cost. It is -inf where an entry
    is not finite. The method is chosen by the size; `bound_lambda_min` lets the caller choose.
    """
    return bound_lambda_min(a, method=_fitting(a)).value


def lambda_max_upper(a: Matrix) -> Real:
    """Bound the greatest eigenvalue of a symmetric matrix from above, fast: an exact number."""
    return bound_lambda_max(a, method=_fitting(a)).value


def _fitting(a: Matrix) -> Method:
    return "cholesky" if a.nrows() >= CHOLESKY_FROM else "congruence"


def bound_lambda_min(a: Matrix, *, method: Method = "cholesky") -> EigenvalueBound:
    """Bound the least eigenvalue of a symmetric matrix from below by a method of choice.

    Parameters
    ----------
    a : Matrix (n, n)    balls that contain the entries of a symmetric matrix
    method : str         "cholesky" or "congruence": evidence; "ieee": labelled, see the module

    Raises
    ------
    InvalidInstance      not square, certainly not symmetric, or no such method

    Examples
    --------
    >>> bound = bound_lambda_min(_mat([[2, 1], [1, 2]]))
    >>> bound.method, bound.trusts_floats, bound.value <= 1, bound.value > 0.999
    ('cholesky', False, True, True)
    """
    if method not in get_args(Method):
        raise InvalidInstance(f"method={method!r} is none of {', '.join(get_args(Method))}")
    if method == "ieee":
        return EigenvalueBound(ieee_lambda_min_lower(a), method)
    try:
        centre, spread = symmetric_centre(a)
    except DomainViolation:
        return EigenvalueBound(_arb.neg_inf(), method)
    bound = _by_cholesky(centre) if method == "cholesky" else _by_congruence(centre)
    return EigenvalueBound((bound - spread).lower(), method)


def bound_lambda_max(a: Matrix, *, method: Method = "cholesky") -> EigenvalueBound:
    """Bound the greatest eigenvalue of a symmetric matrix from above; see `bound_lambda_min`."""
    return EigenvalueBound(bound_lambda_min(-a, method=method).value.neg(exact=True), method)


# -- shifted Cholesky ----------------------------------------------------------------------------
def _by_cholesky(centre: Matrix) -> Real:
    """lambda_min(C) >= s - |C - s I - L L^T|_F, whatever s and L are; else the trivial bound."""
    size = centre.nrows()
    candidate = _shifted_factor(centre)
    if candidate is None:
        return -frobenius_upper(centre)
    factor, shift = candidate
    rest = centre - _mat(size, size, 1) * shift - factor * factor.transpose()
    bound = (shift - frobenius_upper(rest)).lower()
    return bound if bound.is_finite() else -frobenius_upper(centre)


def _shifted_factor(centre: Matrix) -> tuple[Matrix, Real] | None:
    """Return an exact triangular L and an exact s, L L^T near C - s I and s near lambda_min(C)."""
    floats, exponent = float_image(centre)
    size = len(floats)
    largest = float(np.abs(floats).max())
    if not np.isfinite(largest):
        return None
    try:
        least = float(np.linalg.eigvalsh(floats)[0])
    except np.linalg.LinAlgError:
        return None
    slack = 4 * size * 2.0**-53 * largest
    for _ in range(ATTEMPTS):
        try:
            factor = np.linalg.cholesky(floats - (least - slack) * np.eye(size))
        except np.linalg.LinAlgError:
            slack *= 8
            continue
        root = _arb((1, exponent // 2))
        return _mat(size, size, factor.ravel().tolist()) * root, _arb(least - slack) * root * root
    return None


# -- congruence ----------------------------------------------------------------------------------
def _by_congruence(centre: Matrix) -> Real:
    size = centre.nrows()
    bound = -frobenius_upper(centre)
    identity = _mat(size, size, 1)
    basis = None if size == 1 else float_eigenbasis(centre)
    if basis is None:
        basis = identity
    transposed = basis.transpose()
    defect = frobenius_upper(transposed * basis - identity)
    if not defect < 1:
        return bound
    by_discs = (_lowest_disc((transposed * (centre * basis)).tolist()) / _arb(1, defect)).lower()
    return by_discs if by_discs > bound else bound


def _lowest_disc(rows: list[list[Real]]) -> Real:
    """Bound from below the discs of Gershgorin, a_ii - sum_{j != i} |a_ij|: an exact number."""
    least = _arb.pos_inf()
    for i, row in enumerate(rows):
        reach = _arb(0)
        for x in row[:i] + row[i + 1 :]:
            reach += x.abs_upper()
        end = (row[i] - reach).lower()
        if not end >= least:
            least = end
    return least
