"""Matrix terms: lazy expressions in the layers, data and iterates of an instance.

A matrix term describes a matrix; it holds no numbers but exact constants. It is evaluated by the
checker in balls, over the rationals, over a polynomial ring, or as words. Write `A @ B`, `A + B`,
`A.T`, `A[i, j]`, `A.at(t)`, `A.next()`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

import sympy
from sympy import Expr

from theorycheck.claims.axes import Axis, axis_of, step
from theorycheck.errors import InvalidClaim
from theorycheck.exact import as_fraction, format_fraction
from theorycheck.symbolic.latex import latex

if TYPE_CHECKING:
    from theorycheck.claims.terms import Term

__all__ = [
    "AbstractMatrix", "Data", "FromScalars", "Gradient", "Hessian", "Identity", "Layer",
    "MarginGradient", "MarginVelocity", "OuterGradient", "Position", "Product", "PsdPower",
    "Scaled", "Sum", "Transpose", "as_matrix", "constant", "node",
]  # fmt: skip

C = TypeVar("C", bound=type)
Shape = tuple[int, int]


@dataclass_transform(frozen_default=True)
def node(cls: C) -> C:
    """Make a frozen dataclass whose structural hash is computed once."""
    made: Any = dataclass(frozen=True)(cls)
    structural = made.__hash__

    def cached(self: Any) -> int:
        try:
            return int(self._hash)
        except AttributeError:
            object.__setattr__(self, "_hash", structural(self))
            return int(self._hash)

    made.__hash__ = cached
    return made  # type: ignore[no-any-return]


class AbstractMatrix:
    """Describe a matrix without evaluating it. Subclasses are final frozen dataclasses."""

    @property
    def shape(self) -> Shape:
        raise NotImplementedError

    def latex(self) -> str:
        raise NotImplementedError

    @property
    def parts(self) -> tuple[AbstractMatrix, ...]:
        """The matrix terms this one is made of."""
        return ()

    def with_parts(self, parts: tuple[AbstractMatrix, ...]) -> AbstractMatrix:
        return self

    @property
    def own_expressions(self) -> tuple[Expr, ...]:
        """Scalar expressions stored in this node itself (places, factors)."""
        return ()

    def with_expressions(self, change: Callable[[Expr], Expr]) -> AbstractMatrix:
        return self

    # -- algebra -----------------------------------------------------------------------------
    def __matmul__(self, other: AbstractMatrix) -> AbstractMatrix:
        other = _matrix(other, "a product")
        if self.shape[1] != other.shape[0]:
            raise InvalidClaim(
                f"a product needs inner dimensions that agree, got {self.shape} @ {other.shape}"
            )
        if isinstance(self, Identity):
            return other
        if isinstance(other, Identity):
            return self
        left = self.parts if isinstance(self, Product) else (self,)
        right = other.parts if isinstance(other, Product) else (other,)
        return Product(left + right)

    def __add__(self, other: AbstractMatrix) -> AbstractMatrix:
        other = _matrix(other, "a sum")
        if self.shape != other.shape:
            raise InvalidClaim(f"a sum needs equal shapes, got {self.shape} and {other.shape}")
        left = self.parts if isinstance(self, Sum) else (self,)
        right = other.parts if isinstance(other, Sum) else (other,)
        return Sum(left + right)

    def __neg__(self) -> AbstractMatrix:
        return Scaled(sympy.Integer(-1), self)

    def __sub__(self, other: AbstractMatrix) -> AbstractMatrix:
        return self + (-_matrix(other, "a difference"))

    def __mul__(self, factor: Any) -> AbstractMatrix:
        from theorycheck.claims.terms import expression_of

        return Scaled(expression_of(factor), self)

    __rmul__ = __mul__

    def __radd__(self, other: Any) -> AbstractMatrix:
        return _matrix(other, "a sum") + self

    def __rsub__(self, other: Any) -> AbstractMatrix:
        return _matrix(other, "a difference") - self

    def __truediv__(self, divisor: Any) -> AbstractMatrix:
        from theorycheck.claims.terms import expression_of

        return Scaled(1 / expression_of(divisor), self)

    @property
    def T(self) -> AbstractMatrix:
        if isinstance(self, Transpose):
            return self.inner
        if isinstance(self, (Identity, Hessian)):
            return self
        return Transpose(self)

    def __getitem__(self, index: Any) -> Term:
        from theorycheck.claims.terms import entry

        row, column = index if isinstance(index, tuple) else (index, 0)
        return entry(self, row, column)

    # -- places ------------------------------------------------------------------------------
    def map_expressions(self, change: Callable[[Expr], Expr]) -> AbstractMatrix:
        """Apply a change to every scalar expression below (places and factors)."""
        parts = tuple(p.map_expressions(change) for p in self.parts)
        return self.with_parts(parts).with_expressions(change)

    def all_expressions(self) -> tuple[Expr, ...]:
        """Every scalar expression in this node and below."""
        below = (e for part in self.parts for e in part.all_expressions())
        return (*self.own_expressions, *below)

    def free_symbols(self) -> frozenset[Expr]:
        symbols: set[Expr] = set()
        for expression in self.own_expressions:
            symbols |= expression.free_symbols
        for part in self.parts:
            symbols |= part.free_symbols()
        return frozenset(symbols)

    @property
    def axis(self) -> Axis:
        return axis_of(self.free_symbols())

    def at(self, place: Any) -> AbstractMatrix:
        """Put the term at a time (or at a step, for a term of descent)."""
        from theorycheck.claims.terms import expression_of, place_substitution

        return self.map_expressions(place_substitution(self.axis, expression_of(place)))

    def next(self) -> AbstractMatrix:
        """Put the term one step later."""
        if self.axis is not Axis.STEP:
            raise InvalidClaim("next() needs a term on steps; use a term of case.descent")
        return self.at(step + 1)

    def __repr__(self) -> str:
        return f"<matrix term {self.latex()} of shape {self.shape}>"


def where(path: str, place: Expr | None) -> str:
    """Typeset the place of a quantity: (t), _k, or nothing."""
    if place is None:
        return ""
    if path == "flow":
        return f"({latex(place)})"
    return f"^{{({latex(place)})}}"


@node
class Placed(AbstractMatrix):
    """Base of the leaves that live on a trajectory: `path` names it, `place` is where on it."""

    path: str
    place: Expr | None

    @property
    def own_expressions(self) -> tuple[Expr, ...]:
        return () if self.place is None else (self.place,)

    def with_expressions(self, change: Callable[[Expr], Expr]) -> AbstractMatrix:
        return self if self.place is None else replace(self, place=change(self.place))

    def located(self) -> str:
        return where(self.path, self.place)


@node
class Layer(Placed):
    """The weight matrix W_j, j = 1..n."""

    index: int
    rows: int
    columns: int

    @property
    def shape(self) -> Shape:
        return (self.rows, self.columns)

    def latex(self) -> str:
        return f"W_{{{self.index}}}{self.located()}"


@node
class Position(Placed):
    """All parameters as one column, layer by layer, row-major."""

    dimension: int

    @property
    def shape(self) -> Shape:
        return (self.dimension, 1)

    def latex(self) -> str:
        return rf"\theta{self.located()}"


@node
class Gradient(Placed):
    """The gradient of the objective as one column."""

    dimension: int

    @property
    def shape(self) -> Shape:
        return (self.dimension, 1)

    def latex(self) -> str:
        return rf"\nabla f(\theta{self.located()})"


@node
class OuterGradient(Placed):
    """The gradient of phi at the end-to-end matrix of a deep linear net, d_n x d_0."""

    rows: int
    columns: int

    @property
    def shape(self) -> Shape:
        return (self.rows, self.columns)

    def latex(self) -> str:
        return rf"\nabla\phi(W{self.located()})"


@node
class Hessian(Placed):
    """The Hessian of the objective, N x N, in the order of `Position`."""

    dimension: int

    @property
    def shape(self) -> Shape:
        return (self.dimension, self.dimension)

    def latex(self) -> str:
        return rf"\nabla^2 f(\theta{self.located()})"


@node
class MarginGradient(Placed):
    """The gradient h_i of the margin of a sample (from 0), N x 1.

    `branch` numbers the smooth nets that agree with the net at the start, where a kink has
    several; `scale` puts it at a multiple of the parameters.
    """

    sample: int
    dimension: int
    branch: int | None = None
    scale: Fraction = Fraction(1)

    @property
    def shape(self) -> Shape:
        return (self.dimension, 1)

    def latex(self) -> str:
        if self.scale != 1:
            return rf"h_{{{self.sample + 1}}}({format_fraction(self.scale)} \theta)"
        return f"h_{{{self.sample + 1}}}{self.located()}"


@node
class MarginVelocity(Placed):
    """The velocity u = sum_i r_i h_i of gradient flow over -l'(alpha), N x 1."""

    dimension: int

    @property
    def shape(self) -> Shape:
        return (self.dimension, 1)

    def latex(self) -> str:
        return f"u{self.located()}"


@node
class Data(AbstractMatrix):
    """An exact constant matrix; `symbol` is what the reader sees."""

    symbol: str
    rows: tuple[tuple[Fraction, ...], ...]

    @property
    def shape(self) -> Shape:
        return (len(self.rows), len(self.rows[0]))

    def latex(self) -> str:
        return self.symbol

    @property
    def is_symmetric(self) -> bool:
        return self.rows == tuple(zip(*self.rows, strict=True))


@node
class Identity(AbstractMatrix):
    size: int

    @property
    def shape(self) -> Shape:
        return (self.size, self.size)

    def latex(self) -> str:
        return "I"


@node
class Sum(AbstractMatrix):
    items: tuple[AbstractMatrix, ...]

    @property
    def parts(self) -> tuple[AbstractMatrix, ...]:
        return self.items

    def with_parts(self, parts: tuple[AbstractMatrix, ...]) -> AbstractMatrix:
        return Sum(parts)

    @property
    def shape(self) -> Shape:
        return self.items[0].shape

    def latex(self) -> str:
        text = self.items[0].latex()
        for item in self.items[1:]:
            piece = item.latex()
            text += f" - {piece[1:]}" if piece.startswith("-") else f" + {piece}"
        return text


def bracketed(part: AbstractMatrix) -> str:
    text = part.latex()
    return rf"\left({text}\right)" if isinstance(part, (Sum, Scaled)) else text


@node
class Product(AbstractMatrix):
    factors: tuple[AbstractMatrix, ...]

    @property
    def parts(self) -> tuple[AbstractMatrix, ...]:
        return self.factors

    def with_parts(self, parts: tuple[AbstractMatrix, ...]) -> AbstractMatrix:
        return Product(parts)

    @property
    def shape(self) -> Shape:
        return (self.factors[0].shape[0], self.factors[-1].shape[1])

    def latex(self) -> str:
        return " ".join(bracketed(f) for f in self.factors)


@node
class Transpose(AbstractMatrix):
    inner: AbstractMatrix

    @property
    def parts(self) -> tuple[AbstractMatrix, ...]:
        return (self.inner,)

    def with_parts(self, parts: tuple[AbstractMatrix, ...]) -> AbstractMatrix:
        return parts[0].T

    @property
    def shape(self) -> Shape:
        rows, columns = self.inner.shape
        return (columns, rows)

    def latex(self) -> str:
        plain = isinstance(self.inner, (Layer, Data)) and "^" not in self.inner.latex()
        inner = self.inner.latex() if plain else rf"\left({self.inner.latex()}\right)"
        return f"{inner}^\\top"


@node
class Scaled(AbstractMatrix):
    factor: Expr
    inner: AbstractMatrix

    @property
    def parts(self) -> tuple[AbstractMatrix, ...]:
        return (self.inner,)

    def with_parts(self, parts: tuple[AbstractMatrix, ...]) -> AbstractMatrix:
        return Scaled(self.factor, parts[0])

    @property
    def own_expressions(self) -> tuple[Expr, ...]:
        return (self.factor,)

    def with_expressions(self, change: Callable[[Expr], Expr]) -> AbstractMatrix:
        return Scaled(change(self.factor), self.inner)

    @property
    def shape(self) -> Shape:
        return self.inner.shape

    def latex(self) -> str:
        if self.factor == -1:
            return f"-{bracketed(self.inner)}"
        factor = latex(self.factor)
        if self.factor.is_Add:
            factor = rf"\left({factor}\right)"
        return f"{factor} {bracketed(self.inner)}"


@node
class PsdPower(AbstractMatrix):
    """A power p/q >= 0 of a positive semidefinite matrix; power 0 is the identity.

    `gram_factor` F, where given, is a guess that (F F^T)^degree equals the base; then the power
    p/q is (F F^T)^(degree p / q). The guess is verified exactly before it is used, never trusted.
    """

    base: AbstractMatrix
    exponent: Fraction
    gram_factor: AbstractMatrix | None = None
    degree: int = 1

    @property
    def exponent_of_root(self) -> int | None:
        """Degree * p / q where that is an integer."""
        product = self.degree * self.exponent
        return int(product) if product.denominator == 1 else None

    @property
    def parts(self) -> tuple[AbstractMatrix, ...]:
        return (self.base,) if self.gram_factor is None else (self.base, self.gram_factor)

    def with_parts(self, parts: tuple[AbstractMatrix, ...]) -> AbstractMatrix:
        return PsdPower(parts[0], self.exponent, parts[1] if len(parts) > 1 else None, self.degree)

    @property
    def shape(self) -> Shape:
        return self.base.shape

    def latex(self) -> str:
        return rf"\left[{self.base.latex()}\right]^{{{format_fraction(self.exponent)}}}"


@node
class FromScalars(AbstractMatrix):
    """A matrix of scalar expressions, row-major."""

    entries: tuple[tuple[Expr, ...], ...]

    @property
    def own_expressions(self) -> tuple[Expr, ...]:
        return tuple(e for row in self.entries for e in row)

    def with_expressions(self, change: Callable[[Expr], Expr]) -> AbstractMatrix:
        return FromScalars(tuple(tuple(change(e) for e in row) for row in self.entries))

    @property
    def shape(self) -> Shape:
        return (len(self.entries), len(self.entries[0]))

    def latex(self) -> str:
        rows = r" \\ ".join(" & ".join(latex(e) for e in row) for row in self.entries)
        return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


def _check_rows(table: tuple[tuple[Any, ...], ...]) -> None:
    lengths = sorted({len(row) for row in table})
    if len(lengths) != 1 or lengths[0] == 0:
        raise InvalidClaim(f"a matrix needs rows of one length >= 1, got lengths {lengths}")


def constant(rows: Any, symbol: str | None = None) -> Data:
    """Make an exact constant matrix from rows of numbers.

    Raises
    ------
    InvalidInstance    an entry that is no exact number
    """
    table = tuple(tuple(as_fraction(x, "entry") for x in row) for row in rows)
    _check_rows(table)
    if symbol is None:
        body = r" \\ ".join(" & ".join(format_fraction(x) for x in row) for row in table)
        symbol = rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"
    return Data(symbol, table)


def as_matrix(value: Any, shape: Shape) -> AbstractMatrix:
    """Coerce a matrix term, 0, rows of numbers or a list of scalar terms to a matrix term."""
    if isinstance(value, AbstractMatrix):
        return value
    if isinstance(value, (int, Fraction)) and value == 0:
        return Data("0", tuple((Fraction(0),) * shape[1] for _ in range(shape[0])))
    if isinstance(value, (list, tuple)):
        from theorycheck.claims.terms import expression_of

        rows = [row if isinstance(row, (list, tuple)) else (row,) for row in value]
        table = tuple(tuple(expression_of(x) for x in row) for row in rows)
        _check_rows(table)
        return FromScalars(table)
    raise InvalidClaim(f"a matrix of shape {shape} is compared with {value!r}; give a matrix term")


def _matrix(value: Any, operation: str) -> AbstractMatrix:
    if isinstance(value, AbstractMatrix):
        return value
    raise InvalidClaim(
        f"{operation} of matrix terms got {value!r}; write a number c as c times a matrix of its "
        "own, numbers in rows as constant([[...], ...])"
    )
