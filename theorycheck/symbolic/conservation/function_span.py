"""Whether vector fields are combinations of others with rational functions, by identities.

With Delta the determinant of r independent columns of (X_1, ..., X_r) and adj the adjugate of
that block B, Cramer's rule gives the only candidate: c = Y_B adj(B), and Y lies in the span
exactly if Delta Y = sum_i c_i X_i as polynomials, component by component.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from theorycheck.errors import BudgetExceeded
from theorycheck.exact import (
    PRIMES,
    PolynomialArithmetic,
    PolynomialMatrix,
    independent_rows_modulo,
)
from theorycheck.symbolic.conservation.lie_closure import Probe
from theorycheck.symbolic.conservation.parameterisation import Polynomial, VectorField

__all__ = ["adjugate", "spans_as_functions"]

MOST_TERMS = 400
MOST_FIELDS = 8


def spans_as_functions(
    ring: PolynomialArithmetic, basis: Sequence[VectorField], fields: Iterable[VectorField]
) -> bool:
    """Tell whether every field is a combination of the basis over the rational functions.

    Parameters
    ----------
    ring : PolynomialArithmetic
    basis : sequence of VectorField    linearly independent at some point
    fields : iterable of VectorField

    Raises
    ------
    BudgetExceeded    the identities would be too long to expand
    """
    r = len(basis)
    waiting = [field for field in fields if any(field)]
    if not waiting or r == 0:
        return not waiting
    if r > MOST_FIELDS:
        raise BudgetExceeded(f"{r} fields are more than {MOST_FIELDS}")
    frugal = PolynomialArithmetic(ring.names, max_terms=MOST_TERMS)
    columns = _independent_columns(basis)
    block = frugal.from_scalars(r, r, [x[k] for x in basis for k in columns])
    determinant, adjugated = adjugate(frugal, block)
    fields_matrix = frugal.from_scalars(r, len(basis[0]), [p for x in basis for p in x])
    for field in waiting:
        row = frugal.from_scalars(1, r, [field[k] for k in columns])
        combination = frugal.multiply(frugal.multiply(row, adjugated), fields_matrix)
        if any(determinant * p != q for p, q in zip(field, combination.entries, strict=True)):
            return False
    return True


def adjugate(
    ring: PolynomialArithmetic, matrix: PolynomialMatrix
) -> tuple[Polynomial, PolynomialMatrix]:
    """Return det A and adj A, with A adj A = det A I, by Faddeev and LeVerrier.

    Raises
    ------
    BudgetExceeded    an entry has more terms than the ring allows
    """
    size = matrix.rows
    identity = ring.identity(size)
    power, coefficient = identity, ring.scalar(1)
    for k in range(1, size + 1):
        image = ring.multiply(matrix, power)
        trace = sum((ring.entry(image, i, i) for i in range(size)), ring.scalar(0))
        coefficient = trace / -k
        if k < size:
            power = ring.add(image, ring.scale(identity, coefficient))
    sign = -1 if size % 2 else 1
    return coefficient * sign, ring.scale(power, ring.scalar(-sign))


def _independent_columns(basis: Sequence[VectorField]) -> list[int]:
    """Choose columns whose minor is not 0 at some point, so not 0 as a polynomial."""
    probe = Probe.random(len(basis[0]), PRIMES[0], 0)
    values = [probe.values(x) for x in basis]
    return independent_rows_modulo(list(zip(*values, strict=True)), probe.prime)
