"""Scalar terms: lazy SymPy expressions over the quantities of an instance.

A term is stated once and then evaluated by the checker, printed as LaTeX and drawn. SymPy's own
functions accept terms (`sympy.exp(term)`), and relations accept plain SymPy expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from sympy import Expr

from theorycheck.claims import quantities as q
from theorycheck.claims.axes import Axis, Steps, Times, axis_of, step, time
from theorycheck.claims.matrices import (
    AbstractMatrix,
    Data,
    FromScalars,
    Identity,
    Scaled,
    Transpose,
)  # fmt: skip
from theorycheck.errors import InvalidClaim, InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.symbolic import functions
from theorycheck.symbolic.latex import latex
from theorycheck.symbolic.lowering import demand_own_variable
from theorycheck.symbolic.normal_forms import expands_to_zero

__all__ = [
    "Concluded", "Term", "entry", "exp", "expression_of", "frobenius_squared", "infimum", "inner",
    "integral", "lambda_max", "lambda_min", "log", "max_norm", "maximum", "minimum", "named",
    "norm", "nuclear_norm", "psi", "recurrence", "spectral_norm", "sqrt", "substitute", "sum_norm",
    "supremum", "trace",
]  # fmt: skip


class Term:
    """A real quantity of an instance, not yet evaluated. Immutable.

    `.at(place)` fixes the time or the step, `.next()` is one step later; arithmetic with
    terms, integers, Fractions and SymPy expressions gives terms.
    """

    __slots__ = ("expression",)
    expression: Expr

    def __init__(self, expression: Expr) -> None:
        object.__setattr__(self, "expression", expression)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("terms are immutable")

    def _sympy_(self) -> Expr:
        return self.expression

    @property
    def axis(self) -> Axis:
        return axis_of(self.expression.free_symbols)

    def at(self, place: Any) -> Term:
        """Put the term at a time, or at a step for a term of descent."""
        change = place_substitution(self.axis, expression_of(place))
        if self.expression.is_Symbol:  # |t| reads t, too
            change(2 * self.expression)
        return Term(change(self.expression))

    def next(self) -> Term:
        """Put the term one step later."""
        if self.axis is not Axis.STEP:
            raise InvalidClaim("next() needs a term on steps; use a term of case.descent")
        return self.at(step + 1)

    def latex(self) -> str:
        return str(latex(self.expression))

    def __repr__(self) -> str:
        return f"<term {self.latex()}>"

    def __hash__(self) -> int:
        # SymPy caches calls by equality, which terms refuse; so it does not cache them
        raise TypeError("unhashable type: 'Term'; use its expression as a key")

    def __eq__(self, other: object) -> bool:
        raise TypeError("compare terms with tc.equal(a, b); `==` would compare descriptions")

    def __bool__(self) -> bool:
        raise TypeError("a term has no truth value; state a relation such as tc.le(a, b)")

    def __add__(self, other: Any) -> Term:
        return Term(self.expression + expression_of(other))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Term:
        return Term(self.expression - expression_of(other))

    def __rsub__(self, other: Any) -> Term:
        return Term(expression_of(other) - self.expression)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, AbstractMatrix):
            return Scaled(self.expression, other)
        return Term(self.expression * expression_of(other))

    def __rmul__(self, other: Any) -> Any:
        return self * other

    def __truediv__(self, other: Any) -> Term:
        return Term(self.expression / expression_of(other))

    def __rtruediv__(self, other: Any) -> Term:
        return Term(expression_of(other) / self.expression)

    def __pow__(self, exponent: Any) -> Term:
        return Term(self.expression ** expression_of(exponent))

    def __rpow__(self, base: Any) -> Term:
        return Term(expression_of(base) ** self.expression)

    def __neg__(self) -> Term:
        return Term(-self.expression)

    def __abs__(self) -> Term:
        return Term(sympy.Abs(self.expression))

    def _comparison(self, _other: object) -> bool:
        raise TypeError("a term is not evaluated here; return tc.le(a, b) or tc.lt(a, b)")

    __lt__ = __le__ = __gt__ = __ge__ = _comparison


def expression_of(value: Any) -> Expr:
    """Coerce a term, a SymPy expression or an exact number to a SymPy expression.

    Raises
    ------
    InvalidClaim    a bool, a SymPy Float, or an object that is no scalar
    """
    if isinstance(value, Term):
        return value.expression
    if isinstance(value, Expr):
        if value.atoms(sympy.Float):
            raise InvalidClaim(
                f"{value} contains a Float; write exact numbers such as Rational(1, 10)"
            )
        for integral in value.atoms(sympy.Integral):
            demand_own_variable(integral)
            if {time, step} & {limit[0] for limit in integral.limits}:
                raise InvalidClaim(
                    "time and step are the axes of a claim; integrate over a symbol of your own, "
                    "or along a trajectory by theorycheck.integral(term, times(a, b))"
                )
        return value
    if isinstance(value, AbstractMatrix):
        if value.shape == (1, 1):
            return entry(value, 0, 0).expression
        raise InvalidClaim(
            f"a scalar is needed, got a matrix term of shape {value.shape}; "
            "take tc.norm(...), tc.trace(...) or an entry [i, j]"
        )
    if isinstance(value, bool):
        raise InvalidClaim(f"a number or a term is needed, got the bool {value}")
    try:
        exact = as_fraction(value, "value")
    except InvalidInstance as error:
        raise InvalidClaim(str(error)) from None
    return sympy.Rational(exact.numerator, exact.denominator)


def place_substitution(axis: Axis, place: Expr) -> Callable[[Expr], Expr]:
    """Return the change that puts a term of this axis at a place."""
    if axis is Axis.POINT:
        raise InvalidClaim("at() needs a term that varies with time or step; this one is constant")
    symbol = time if axis is Axis.TIME else step
    on_axis = bool(place.is_nonnegative and (axis is Axis.TIME or place.is_integer))

    def change(expression: Expr) -> Expr:
        if expression.is_Symbol:
            return place if expression == symbol else expression
        if not on_axis and symbol in _without_quantities(expression).free_symbols:
            raise InvalidClaim(
                f"{latex(expression)} was written for {symbol} >= 0, where |{symbol}| reads "
                f"{symbol}; it cannot be put at {place}, which may lie elsewhere"
            )
        return q.map_expression(expression, change)

    return change


def _without_quantities(expression: Expr) -> Expr:
    return expression.xreplace(dict.fromkeys(expression.atoms(q.Atom), sympy.S.One))


# -- scalar functions of matrix terms ------------------------------------------------------------
def entry(matrix: AbstractMatrix, row: int, column: int) -> Term:
    """Take one entry, indices from 0."""
    rows, columns = matrix.shape
    if not (0 <= row < rows and 0 <= column < columns):
        raise InvalidClaim(f"entry [{row}, {column}] of a matrix of shape {(rows, columns)}")
    if isinstance(matrix, FromScalars):
        return Term(matrix.entries[row][column])
    if isinstance(matrix, Data):
        return Term(expression_of(matrix.rows[row][column]))
    return Term(q.Atom(q.Entry(matrix, row, column)))


def _split(matrix: AbstractMatrix) -> tuple[Expr, AbstractMatrix]:
    """Strip scalar factors and an outer transpose, which no norm sees."""
    factor: Expr = sympy.S.One
    while isinstance(matrix, (Scaled, Transpose)):
        if isinstance(matrix, Scaled):
            factor = factor * matrix.factor
        matrix = matrix.inner
    return factor, matrix


def frobenius_squared(matrix: AbstractMatrix) -> Term:
    """Sum the squared entries."""
    factor, inside = _split(matrix)
    if isinstance(inside, Identity):
        return Term(factor**2 * inside.size)
    return Term(factor**2 * q.Atom(q.FrobeniusSquared(inside)))


def norm(matrix: Any) -> Term:
    """Take the Frobenius norm of a matrix or vector, the absolute value of a scalar."""
    if not isinstance(matrix, AbstractMatrix):
        return Term(sympy.Abs(expression_of(matrix)))
    return Term(sympy.sqrt(frobenius_squared(matrix).expression))


def sum_norm(matrix: AbstractMatrix) -> Term:
    """Take the sum of the absolute entries: the l1 norm of a column."""
    return Term(q.Atom(q.SumNorm(matrix)))


def max_norm(matrix: AbstractMatrix) -> Term:
    """Take the greatest absolute entry: the norm linf of a column."""
    return Term(q.Atom(q.MaxNorm(matrix)))


def spectral_norm(matrix: AbstractMatrix) -> Term:
    """Take the largest singular value; for a row or a column this is the Frobenius norm."""
    if 1 in matrix.shape:
        return norm(matrix)
    factor, inside = _split(matrix)
    if isinstance(inside, Identity):
        return Term(sympy.Abs(factor))
    return Term(sympy.Abs(factor) * q.Atom(q.SpectralNorm(inside)))


def nuclear_norm(matrix: AbstractMatrix) -> Term:
    """Take the sum of the singular values."""
    if 1 in matrix.shape:
        return norm(matrix)
    factor, inside = _split(matrix)
    return Term(sympy.Abs(factor) * q.Atom(q.NuclearNorm(inside)))


def trace(matrix: AbstractMatrix) -> Term:
    """Take the trace of a square matrix."""
    if matrix.shape[0] != matrix.shape[1]:
        raise InvalidClaim(f"trace() needs a square matrix, got shape {matrix.shape}")
    return Term(q.Atom(q.Trace(matrix)))


def inner(left: AbstractMatrix, right: AbstractMatrix) -> Term:
    """Take the sum of the products of corresponding entries."""
    if left.shape != right.shape:
        raise InvalidClaim(f"inner() needs equal shapes, got {left.shape} and {right.shape}")
    return Term(q.Atom(q.Inner(left, right)))


def lambda_min(matrix: AbstractMatrix) -> Term:
    """Take the least eigenvalue of a symmetric matrix."""
    _square(matrix, "lambda_min")
    if matrix.shape == (1, 1):
        return entry(matrix, 0, 0)
    return Term(q.Atom(q.LambdaMin(matrix)))


def lambda_max(matrix: AbstractMatrix) -> Term:
    """Take the greatest eigenvalue of a symmetric matrix.

    A 2 x 2 matrix with zero diagonal gives |K_12| at once, so that equality cases are seen.
    """
    _square(matrix, "lambda_max")
    if matrix.shape == (1, 1):
        return entry(matrix, 0, 0)
    if isinstance(matrix, FromScalars) and matrix.shape == (2, 2):
        (a, b), (c, d) = matrix.entries
        if a == 0 and d == 0 and expands_to_zero(b - c):
            return Term(sympy.Abs(b))
    return Term(q.Atom(q.LambdaMax(matrix)))


def _square(matrix: AbstractMatrix, name: str) -> None:
    if matrix.shape[0] != matrix.shape[1]:
        raise InvalidClaim(f"{name}() needs a square symmetric matrix, got shape {matrix.shape}")


# -- scalar functions of scalars -----------------------------------------------------------------
def exp(value: Any) -> Term:
    return Term(sympy.exp(expression_of(value)))


def log(value: Any) -> Term:
    return Term(sympy.log(expression_of(value)))


def sqrt(value: Any) -> Term:
    return Term(sympy.sqrt(expression_of(value)))


def named(value: Any, name: str) -> Term:
    """Put a long expression under a name; it is evaluated once, and never expanded."""
    return Term(q.Atom(q.Named(expression_of(value), name)))


@dataclass(frozen=True)
class Concluded:
    """A detail that a theorem concludes: it is shown only where the assumptions hold."""

    term: Any


def psi(m: Any, eta: Any) -> Term:
    """Integrate a linearly growing defect: int_0^eta e^{m (eta - s)} s ds."""
    return Term(functions.psi(expression_of(m), expression_of(eta)))


def maximum(values: Iterable[Any]) -> Term:
    """Take the greatest of finitely many terms."""
    return Term(_largest([expression_of(v) for v in values]))


def minimum(values: Iterable[Any]) -> Term:
    """Take the least of finitely many terms."""
    return Term(-_largest([-expression_of(v) for v in values]))


def _largest(expressions: Sequence[Expr]) -> Expr:
    distinct = list(dict.fromkeys(expressions))
    if not distinct:
        raise InvalidClaim("the greatest or least of no terms is undefined; give at least one")
    return distinct[0] if len(distinct) == 1 else sympy.Max(*distinct, evaluate=False)


def supremum(term: Any, over: Times | Steps) -> Term:
    """Take the greatest value of a term over a range; enclosed, over every time of it."""
    return Term(q.Atom(q.Extremum(expression_of(term), over, greatest=True)))


def infimum(term: Any, over: Times | Steps) -> Term:
    """Take the least value of a term over a range; enclosed, over every time of it."""
    return Term(q.Atom(q.Extremum(expression_of(term), over, greatest=False)))


def integral(term: Any, over: Times) -> Term:
    """Integrate a term over a range of times; enclosed, piece by piece of the range."""
    return Term(q.Atom(q.TimeIntegral(expression_of(term), over)))


def recurrence(*, start: Any, next: Callable[[Term], Any], name: str = "E") -> Term:
    """Define a sequence on the steps by its start and its rule.

    Parameters
    ----------
    start : scalar term that does not vary
    next : function of the previous value (a term), returning a term on steps

    Examples
    --------
    >>> import theorycheck as tc
    >>> tc.recurrence(start=1, next=lambda x: x / 2).latex()
    'E_{k}'
    """
    previous = sympy.Dummy("previous", real=True)
    following = expression_of(next(Term(previous)))
    first = expression_of(start)
    if axis_of(first.free_symbols) is not Axis.POINT:
        raise InvalidClaim("the start of a recurrence must not vary with time or step")
    if axis_of(following.free_symbols) is Axis.TIME:
        raise InvalidClaim("a recurrence lives on steps; put flow terms at tc.step * step_size")
    return Term(q.Atom(q.Recurrence(first, previous, following, step, name)))


def substitute(formula: Expr, values: dict[Expr, Any]) -> Term:
    """Fill the symbols of a named formula with terms and numbers.

    The formula is stated once as a SymPy expression; this is how a claim puts it on an instance.

    Raises
    ------
    InvalidClaim       a symbol of the formula got no value
    InvalidInstance    numbers beyond what SymPy can compare
    """
    missing = formula.free_symbols - set(values) - {time, step}
    if missing:
        names = ", ".join(sorted(map(str, missing)))
        raise InvalidClaim(f"the formula {formula} leaves {names} without a value")
    table = {s: expression_of(v) for s, v in values.items()}
    try:
        return Term(formula.xreplace(table))
    except (ZeroDivisionError, OverflowError) as error:  # SymPy compares numbers by their digits
        raise InvalidInstance(
            f"the formula {formula} cannot be put on these numbers ({type(error).__name__}); "
            "are some of them extremely large or small?"
        ) from None
