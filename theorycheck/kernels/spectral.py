r"""A symmetric positive semidefinite matrix near an exactly diagonalised one, with all errors.

For an exact V near an orthogonal matrix, delta >= |V^T V - I|, let U = V (V^T V)^(-1/2), which is
orthogonal, and Z = U diag(d) U^T with exact d >= 0. With g = 1 / (1 - delta)

    |V - U| <= delta,    |H - Z| <= g^2 |V^T C V - diag(d)| + (g^2 - 1) max d + |H - C|

(singular values of V lie in [1 - delta, 1 + delta]). Functions of Z are known, functions of H are
then known from |H - Z|, whether eigenvalues are separated or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from theorycheck import balls
from theorycheck.balls import Matrix, Real
from theorycheck.errors import DomainViolation

__all__ = ["Spectrum", "spectrum_of"]

GUARD_BITS = 40


@dataclass(frozen=True)
class Spectrum:
    """Z = U diag(values) U^T and how far the matrix is from it.

    Parameters
    ----------
    basis : Matrix (n, n)    exact V, |V - U| <= defect for the orthogonal U
    values : tuple of Real   exact, >= 0, the eigenvalues of Z
    defect : Real            exact, >= 0
    distance : Real          exact, >= |H - Z|
    """

    basis: Matrix
    values: tuple[Real, ...]
    defect: Real
    distance: Real

    @property
    def least(self) -> Real:
        """An exact lower bound >= 0 of the eigenvalues of both H and Z."""
        low = balls.lower_real(balls.minimum(self.values) - self.distance)
        return low if low > 0 else balls.real(0)

    @property
    def greatest(self) -> Real:
        """An exact upper bound of the eigenvalues of both H and Z."""
        return balls.upper_real(balls.maximum(self.values) + self.distance)

    def coefficients(self, vector: Sequence[Real]) -> tuple[Real, ...]:
        """Enclose U^T v."""
        size = len(vector)
        column = balls.matrix_from_reals(size, 1, vector)
        error = balls.upper_real(balls.frobenius(column) * self.defect)
        return tuple(balls.inflate((self.basis.transpose() * column), error).entries())

    def vector(self, coefficients: Sequence[Real]) -> tuple[Real, ...]:
        """Enclose U c."""
        size = len(coefficients)
        column = balls.matrix_from_reals(size, 1, coefficients)
        error = balls.upper_real(balls.frobenius(column) * self.defect)
        return tuple(balls.inflate(self.basis * column, error).entries())


def spectrum_of(matrix: Matrix) -> Spectrum:
    """Diagonalise a ball matrix that contains a symmetric positive semidefinite matrix.

    Raises
    ------
    InvalidInstance    not square, or certainly not symmetric
    DomainViolation    an entry is not finite, or the matrix certainly has a negative eigenvalue
    """
    centre, spread = balls.symmetric_centre(matrix)
    size = centre.nrows()
    with balls.precision(balls.working_bits() + GUARD_BITS + 3 * size.bit_length()):
        basis = balls.eigenbasis(centre)
        transposed = basis.transpose()
        identity = balls.BallAlgebra.identity(size)
        defect = balls.frobenius_upper(transposed * basis - identity)
        if not defect * 2 < 1:
            basis = transposed = identity
            defect = balls.real(0)
        s = transposed * (centre * basis)
        places = [balls.midpoint(s[i, i]) for i in range(size)]
        values = tuple(x if x > 0 else balls.real(0) for x in places)
        growth = balls.square(1 / (1 - defect))
        largest = balls.maximum([balls.absolute(x) for x in places])
        bent = (growth - 1) * largest + spread

        def distance(diagonal: Sequence[Real]) -> Real:
            zero = balls.real(0)
            entries = [diagonal[i] if i == j else zero for i in range(size) for j in range(size)]
            off = balls.frobenius_upper(s - balls.matrix_from_reals(size, size, entries))
            return balls.upper_real(growth * off + bent)

        if any(x + distance(places) < 0 for x in places):
            raise DomainViolation("the matrix certainly has a negative eigenvalue; it is no kernel")
        return Spectrum(basis, values, defect, distance(values))
