"""Rigorous spectra of symmetric ball matrices; repeated eigenvalues are the rule here.

Candidates come from float64 and are refined at the working precision; only the final check is
evidence. With an exact V close to orthogonal, S = V^T A V and e = |I - V^T V|_F < 1,

    lambda_k(A) = lambda_k(S) / theta,   1 - e <= theta <= 1 + e        (Ostrowski)
    |lambda_k(S) - d_k| <= |S - diag(d)|_F                              (Weyl)

and the radii of A enter through Weyl once more.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from theorycheck.balls.arithmetic import BallArithmetic as BallAlgebra
from theorycheck.balls.convert import Matrix, Real, lower, midpoint, real, to_float_matrix
from theorycheck.balls.functions import power, sqrt
from theorycheck.balls.norms import frobenius
from theorycheck.balls.precision import precision, working_bits
from theorycheck.errors import DomainViolation
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED, Verdict

__all__ = [
    "eigenvalues", "is_positive_definite", "lambda_max", "lambda_min", "nuclear_norm", "psd_power",
    "spectral_norm",
]  # fmt: skip

MAX_REFINEMENTS = 12
MAX_JACOBI_SIZE = 40


def _symmetric_midpoint(a: Matrix) -> tuple[Matrix, Real]:
    """An exact symmetric matrix near A, and an upper bound of the distance |A - mid|_F."""
    size = a.nrows()
    if a.ncols() != size:
        raise DomainViolation(f"eigenvalues of a matrix of shape {size} x {a.ncols()}; needs square")
    for entry in a.entries():
        if not entry.is_finite():
            raise DomainViolation("the matrix is not finite")
    entries = a.mid().tolist()
    exact = Matrix(
        size, size, [entries[min(i, j)][max(i, j)] for i in range(size) for j in range(size)]
    )
    return exact, BallAlgebra.norm_upper(a - exact)


def _candidate_basis(a: Matrix) -> Matrix:
    """Approximate eigenvectors of an exact symmetric matrix at the working precision."""
    size = a.nrows()
    guess = to_float_matrix(a)
    if not np.isfinite(guess).all():
        raise DomainViolation("the matrix is too large for a float64 candidate; rescale it")
    _, vectors = np.linalg.eigh(guess)
    basis = Matrix(size, size, [float(x) for x in vectors.ravel()])
    bits = working_bits()
    if bits <= 64 and size > 1:
        return _refined(a, basis, rounds=1)
    return _refined(a, basis, rounds=MAX_REFINEMENTS)


def _refined(a: Matrix, basis: Matrix, rounds: int) -> Matrix:
    """Improve approximate eigenvectors: quadratically where gaps allow, by rotations in clusters.

    First-order correction of V (I + E) from R = I - V^T V and S = V^T A V: E_ij solves
    S_ij + l_j R_ij = (l_j - l_i) E_ij for separated pairs, and keeps clusters orthonormal.
    """
    size = a.nrows()
    identity = BallAlgebra.identity(size)
    target = -working_bits() + 8
    previous = None
    for _ in range(rounds):
        transposed = basis.transpose()
        r = (identity - transposed * basis).mid()
        s = (transposed * (a * basis)).mid()
        rr, ss = r.tolist(), s.tolist()
        values = [ss[i][i] / (1 - rr[i][i]) for i in range(size)]
        off = [ss[i][j] for i in range(size) for j in range(size) if i != j]
        scale = max((abs(float(v)) for v in values), default=0.0) or 1.0
        error = max(
            [abs(float(x)) / scale for x in off] + [abs(float(x)) for x in r.entries()] or [0.0]
        )
        if error == 0.0 or error < 2.0**target or (previous is not None and error > previous / 2):
            break
        previous = error
        gap = real(Fraction(2 * error * scale * (size + 1)))
        correction = []
        for i in range(size):
            for j in range(size):
                distance = (values[j] - values[i]).mid()
                if i != j and abs(distance) > gap:
                    correction.append(((ss[i][j] + values[j] * rr[i][j]) / distance).mid())
                else:
                    correction.append((rr[i][j] / 2).mid())
        basis = (basis + basis * Matrix(size, size, correction)).mid()
    return basis


def eigenvalues(a: Matrix) -> list[Real]:
    """Enclose all eigenvalues of a symmetric matrix, in increasing order with multiplicity.

    Parameters
    ----------
    a : Matrix (N, N)    contains a symmetric matrix

    Returns
    -------
    list of N Real       ball k contains the k-th smallest eigenvalue

    Raises
    ------
    DomainViolation      not square or not finite
    """
    exact, spread = _symmetric_midpoint(a)
    size = exact.nrows()
    if size == 1:
        return [a[0, 0]]
    basis = _candidate_basis(exact)
    with precision(working_bits() + 16):
        transposed = basis.transpose()
        defect = BallAlgebra.norm_upper(BallAlgebra.identity(size) - transposed * basis)
        if not defect < real(Fraction(1, 2)):
            raise DomainViolation("no well-conditioned eigenvector candidate; raise the bits")
        s = transposed * (exact * basis)
        diagonal = sorted((s[i, i].mid() for i in range(size)), key=lower)
        placed = [s[i, i].mid() for i in range(size)]
        flat = [x - placed[i] if i == j else x for i, row in enumerate(s.tolist()) for j, x in enumerate(row)]
        off = BallAlgebra.norm_upper(Matrix(size, size, flat))
        theta = Real(1, defect.upper())
        return [(d + Real(0, off)) / theta + Real(0, spread.upper()) for d in diagonal]


def lambda_min(a: Matrix) -> Real:
    """Enclose the least eigenvalue of a symmetric matrix."""
    return eigenvalues(a)[0]


def lambda_max(a: Matrix) -> Real:
    """Enclose the greatest eigenvalue of a symmetric matrix."""
    return eigenvalues(a)[-1]


def is_positive_definite(a: Matrix) -> Verdict:
    """Decide positive definiteness of a symmetric matrix by Cholesky in balls.

    HOLDS if every pivot is certainly positive; VIOLATED if a pivot is certainly not, while all
    before it were (a leading minor is then <= 0); else UNDECIDED.
    """
    size = a.nrows()
    rows = a.tolist()
    for k in range(size):
        pivot = rows[k][k]
        if not pivot.is_finite():
            return UNDECIDED
        if pivot <= 0:
            return VIOLATED
        if not pivot > 0:
            return UNDECIDED
        for i in range(k + 1, size):
            factor = rows[k][i] / pivot
            for j in range(i, size):
                rows[i][j] = rows[i][j] - factor * rows[k][j]
    return HOLDS


def psd_power(a: Matrix, exponent: Fraction) -> Matrix:
    """Enclose A^q entrywise for a positive semidefinite A and a rational q >= 0; A^0 = I.

    For q = p/n, Z = V L V^T with exact V and exact L >= 0 is positive semidefinite, and

        |A^{1/n} - Z|_s <= |A - Z^n|_s^{1/n}                      (Bhatia, Matrix Analysis, X.1.1)
        |A^{1/n} - Z|_s <= a^{1/n - 1} |A - Z^n|_s / n   if A, Z^n >= a > 0   (same, X.3.8)

    Parameters
    ----------
    a : Matrix           contains a positive semidefinite matrix (a Gram matrix, say)
    exponent : Fraction  >= 0

    Raises
    ------
    DomainViolation      a negative exponent, or A certainly has a negative eigenvalue
    """
    if exponent < 0:
        raise DomainViolation(f"psd_power needs an exponent >= 0, got {exponent}")
    size = a.nrows()
    if exponent == 0:
        return BallAlgebra.identity(size)
    root = a if exponent.denominator == 1 else _psd_root(a, exponent.denominator)
    result = root
    for _ in range(exponent.numerator - 1):
        result = result * root
    return result


def _psd_root(a: Matrix, degree: int) -> Matrix:
    size = a.nrows()
    if eigenvalues(a)[0] < 0:
        raise DomainViolation("a fractional power of a matrix with a negative eigenvalue")
    exact, _ = _symmetric_midpoint(a)
    basis = _candidate_basis(exact) if size > 1 else Matrix(1, 1, [1])
    s = basis.transpose() * (exact * basis)
    share = Fraction(1, degree)
    roots = []
    for i in range(size):
        value = midpoint(s[i, i])
        roots.append(midpoint(power(value, share)) if value > 0 else Real(0))
    diagonal = Matrix(size, size, [roots[i] if i == j else 0 for i in range(size) for j in range(size)])
    z = basis * diagonal * basis.transpose()
    raised = z
    for _ in range(degree - 1):
        raised = raised * z
    distance = BallAlgebra.norm_upper(a - raised)
    error = power(distance, share, assume_nonnegative=True)
    least = eigenvalues(raised)[0] - distance
    if least > 0:
        lipschitz = power(least.lower(), share - 1) * distance / degree
        error = lipschitz if lipschitz.upper() < error.upper() else error
    return BallAlgebra.inflate(z, error)


def spectral_norm(a: Matrix) -> Real:
    """Enclose the largest singular value, through the smaller Gram matrix.

    Raises
    ------
    DomainViolation    the matrix is not finite
    """
    rows, columns = a.nrows(), a.ncols()
    if min(rows, columns) == 1:
        return frobenius(a)
    transposed = a.transpose()
    gram = a * transposed if rows <= columns else transposed * a
    return sqrt(eigenvalues(gram)[-1].nonnegative_part(), assume_nonnegative=True)


def nuclear_norm(a: Matrix) -> Real:
    """Enclose the sum of the singular values.

    They are the nonnegative eigenvalues of [[0, A], [A^T, 0]], at full precision: no squaring.
    """
    rows, columns = a.nrows(), a.ncols()
    size = rows + columns
    table = [[Real(0)] * size for _ in range(size)]
    for i, row in enumerate(a.tolist()):
        for j, entry in enumerate(row):
            table[i][rows + j] = table[rows + j][i] = entry
    values = eigenvalues(Matrix(table))[-min(rows, columns) :]
    total = values[0].nonnegative_part()
    for value in values[1:]:
        total = total + value.nonnegative_part()
    return total
