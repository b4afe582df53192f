"""Matrices over the polynomial ring Q[x_1, ..., x_N]: what vanishes there vanishes everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, lcm
from typing import ClassVar

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from theorycheck.errors import BudgetExceeded, InvalidInstance
from theorycheck.exact.rationals import rational, to_fraction

__all__ = [
    "PolynomialArithmetic", "PolynomialMatrix", "integer_rows", "integral", "lie_derivative",
    "term_bound", "terms_of", "value_modulo",
]  # fmt: skip

Polynomial = fmpq_mpoly


@dataclass(frozen=True)
class PolynomialMatrix:
    """Hold a matrix of polynomials, row-major."""

    rows: int
    columns: int
    entries: tuple[fmpq_mpoly, ...]


class PolynomialArithmetic:
    """Compute with matrices over Q[x_1, ..., x_N], in the protocol shared with balls.

    Parameters
    ----------
    names : sequence of str    the indeterminates, at least one, all different
    max_terms : int or None    BudgetExceeded is raised by `multiply` and `inner` once a result has
                               more terms in one entry; None never gives up

    Examples
    --------
    >>> ring = PolynomialArithmetic(["x", "y"])
    >>> x, y = ring.generators()
    >>> ring.is_zero((x + y) ** 2 - x**2 - 2 * x * y - y**2)
    True
    """

    name: ClassVar[str] = "polynomial"

    def __init__(self, names: Sequence[str], *, max_terms: int | None = None) -> None:
        if not names or len(set(names)) != len(names):
            raise InvalidInstance(f"names={tuple(names)} need to be at least one, all different")
        self.names = tuple(names)
        self.max_terms = max_terms
        self._context = fmpq_mpoly_ctx.get(self.names, Ordering.degrevlex)
        self._zero = self._context.constant(0)

    # -- the ring ------------------------------------------------------------------------------
    def generators(self) -> list[fmpq_mpoly]:
        """Return x_1, ..., x_N."""
        return list(self._context.gens())

    def matrix_of_generators(self) -> PolynomialMatrix:
        """Return the generic point as an N x 1 column."""
        return PolynomialMatrix(len(self.names), 1, tuple(self.generators()))

    def scalar(self, q: Fraction | int) -> fmpq_mpoly:
        return self._context.constant(rational(q))

    def polynomial(self, terms: Mapping[tuple[int, ...], Fraction | int]) -> fmpq_mpoly:
        """Return the polynomial with these coefficients, keyed by exponents; see `terms_of`."""
        return self._context.from_dict({e: rational(c) for e, c in terms.items()})

    def is_zero(self, p: fmpq_mpoly) -> bool:
        """Say whether p is the zero polynomial."""
        return p.is_zero()

    def derivative(self, p: fmpq_mpoly, i: int) -> fmpq_mpoly:
        """Return the partial derivative by x_{i+1}."""
        return p.derivative(i)

    def evaluate(self, p: fmpq_mpoly, point: Sequence[Fraction | int]) -> Fraction:
        """Return the exact value at a rational point."""
        if len(point) != len(self.names):
            raise InvalidInstance(f"the point has {len(point)} entries, expected {len(self.names)}")
        return to_fraction(p(*(fmpq(q.numerator, q.denominator) for q in point)))

    def _within_budget(self, p: fmpq_mpoly) -> fmpq_mpoly:
        if self.max_terms is not None and len(p) > self.max_terms:
            raise BudgetExceeded(
                f"a polynomial has {len(p)} terms, more than max_terms={self.max_terms}"
            )
        return p

    def _dot(self, xs: Sequence[fmpq_mpoly], ys: Sequence[fmpq_mpoly]) -> fmpq_mpoly:
        total = self._zero
        for x, y in zip(xs, ys, strict=True):
            if x and y:
                total = self._within_budget(total + x * y)
        return total

    # -- the protocol --------------------------------------------------------------------------
    def matrix(self, rows: Sequence[Sequence[Fraction | int]]) -> PolynomialMatrix:
        columns = len(rows[0]) if rows else 0
        if any(len(row) != columns for row in rows):
            lengths = [len(row) for row in rows]
            raise InvalidInstance(f"rows have lengths {lengths}; all rows are equally long")
        entries = tuple(self.scalar(x) for row in rows for x in row)
        return PolynomialMatrix(len(rows), columns, entries)

    def identity(self, n: int) -> PolynomialMatrix:
        return self.matrix([[int(i == j) for j in range(n)] for i in range(n)])

    def zeros(self, r: int, c: int) -> PolynomialMatrix:
        return PolynomialMatrix(r, c, (self._zero,) * (r * c))

    def from_scalars(self, r: int, c: int, entries: Sequence[fmpq_mpoly]) -> PolynomialMatrix:
        if len(entries) != r * c:
            raise InvalidInstance(f"{len(entries)} entries do not fill a {r} x {c} matrix")
        return PolynomialMatrix(r, c, tuple(entries))

    def scalars(self, a: PolynomialMatrix) -> list[fmpq_mpoly]:
        return list(a.entries)

    def add(self, a: PolynomialMatrix, b: PolynomialMatrix) -> PolynomialMatrix:
        _same_shape(a, b)
        entries = tuple(x + y for x, y in zip(a.entries, b.entries, strict=True))
        return PolynomialMatrix(a.rows, a.columns, entries)

    def subtract(self, a: PolynomialMatrix, b: PolynomialMatrix) -> PolynomialMatrix:
        _same_shape(a, b)
        entries = tuple(x - y for x, y in zip(a.entries, b.entries, strict=True))
        return PolynomialMatrix(a.rows, a.columns, entries)

    def multiply(self, a: PolynomialMatrix, b: PolynomialMatrix) -> PolynomialMatrix:
        if a.columns != b.rows:
            shapes = f"{a.rows} x {a.columns} and {b.rows} x {b.columns}"
            raise InvalidInstance(f"matrices of shapes {shapes} cannot be multiplied")
        rows = [a.entries[i * a.columns : (i + 1) * a.columns] for i in range(a.rows)]
        columns = [b.entries[j :: b.columns] for j in range(b.columns)]
        entries = tuple(self._dot(row, column) for row in rows for column in columns)
        return PolynomialMatrix(a.rows, b.columns, entries)

    def transpose(self, a: PolynomialMatrix) -> PolynomialMatrix:
        entries = tuple(x for j in range(a.columns) for x in a.entries[j :: a.columns])
        return PolynomialMatrix(a.columns, a.rows, entries)

    def negate(self, a: PolynomialMatrix) -> PolynomialMatrix:
        return PolynomialMatrix(a.rows, a.columns, tuple(-x for x in a.entries))

    def scale(self, a: PolynomialMatrix, s: fmpq_mpoly) -> PolynomialMatrix:
        return PolynomialMatrix(a.rows, a.columns, tuple(x * s for x in a.entries))

    def shape(self, a: PolynomialMatrix) -> tuple[int, int]:
        return a.rows, a.columns

    def entry(self, a: PolynomialMatrix, i: int, j: int) -> fmpq_mpoly:
        return a.entries[i * a.columns + j]

    def inner(self, a: PolynomialMatrix, b: PolynomialMatrix) -> fmpq_mpoly:
        _same_shape(a, b)
        return self._dot(a.entries, b.entries)

    def square_sum(self, a: PolynomialMatrix) -> fmpq_mpoly:
        return self.inner(a, a)


def _same_shape(a: PolynomialMatrix, b: PolynomialMatrix) -> None:
    if (a.rows, a.columns) != (b.rows, b.columns):
        shapes = f"{a.rows} x {a.columns} and {b.rows} x {b.columns}"
        raise InvalidInstance(f"matrices of shapes {shapes} differ in shape")


def lie_derivative(p: fmpq_mpoly, field: Sequence[fmpq_mpoly]) -> fmpq_mpoly:
    """Return the derivative of p along x' = field(x): sum_i (dp/dx_i) field_i.

    It is the zero polynomial exactly if p is conserved along every solution.

    Examples
    --------
    >>> x, y = PolynomialArithmetic(["x", "y"]).generators()
    >>> lie_derivative(x**2 + y**2, [y, -x]).is_zero()
    True
    """
    count = p.context().nvars()
    if len(field) != count:
        raise InvalidInstance(f"the field has {len(field)} components, expected {count}")
    total = p.context().constant(0)
    for i, component in enumerate(field):
        slope = p.derivative(i)
        if slope:
            total = total + slope * component
    return total


def terms_of(p: fmpq_mpoly) -> dict[tuple[int, ...], Fraction]:
    """Return the coefficients of a polynomial, keyed by exponents.

    Examples
    --------
    >>> x, y = PolynomialArithmetic(["x", "y"]).generators()
    >>> terms_of(2 * x * y**3)
    {(1, 3): Fraction(2, 1)}
    """
    return {tuple(map(int, exponents)): to_fraction(c) for exponents, c in p.terms()}


def integer_rows(polynomials: Sequence[fmpq_mpoly]) -> list[list[int]]:
    """Write polynomials with integer coefficients as rows, one column per monomial met.

    Examples
    --------
    >>> x, y = PolynomialArithmetic(["x", "y"]).generators()
    >>> integer_rows([x + 2 * y, 3 * y])
    [[1, 2], [0, 3]]
    """
    terms = [terms_of(p) for p in polynomials]
    columns = {m: j for j, m in enumerate({m: None for t in terms for m in t})}
    rows = [[0] * len(columns) for _ in terms]
    for row, t in zip(rows, terms, strict=True):
        for m, c in t.items():
            if c.denominator != 1:
                raise InvalidInstance(f"the coefficient {c} is no integer; clear denominators")
            row[columns[m]] = c.numerator
    return rows


def integral(polynomials: Sequence[fmpq_mpoly]) -> tuple[fmpq_mpoly, ...]:
    """Multiply all polynomials by the least number that makes their coefficients integers.

    Examples
    --------
    >>> x, y = PolynomialArithmetic(["x", "y"]).generators()
    >>> integral([x / 2, y / 3])
    (3*x, 2*y)
    """
    denominators = [c.denominator for p in polynomials for c in terms_of(p).values()]
    scale = lcm(*denominators)
    return tuple(p * scale for p in polynomials)


def value_modulo(p: fmpq_mpoly, point: Sequence[int], prime: int) -> int:
    """Return the value at an integer point modulo a prime that divides no denominator of p."""
    value = p(*point)
    return int(value.p) * pow(int(value.q), -1, prime) % prime


def term_bound(variables: int, degree: int) -> int:
    """Return how many terms a polynomial of this degree can have, so that callers can give up."""
    return comb(variables + degree, degree)
