"""Scalar quantities: what a scalar term is made of, beside numbers and the axis symbols.

A quantity is a description ("spectral norm of that matrix term"); as an `Atom` it takes part in
SymPy expressions. Its value in balls, rationals or polynomials is found by the evaluator.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, total_ordering
from typing import Any

import sympy
from sympy import Expr

from theorycheck.claims.matrices import AbstractMatrix, node, where
from theorycheck.symbolic.latex import latex
from theorycheck.symbolic.signs import Sign, is_total

__all__ = [
    "AbstractQuantity", "Atom", "Entry", "Extremum", "FrobeniusSquared", "Inner", "LambdaMax",
    "LambdaMin", "Loss", "MarginQuantity", "MaxNorm", "Named", "NetValue", "NuclearNorm",
    "Recurrence", "SpectralNorm", "StepBound", "SumNorm", "TimeIntegral", "Trace", "TubeBound",
    "map_expression",
]  # fmt: skip


class AbstractQuantity:
    """Describe a real number attached to an instance. Subclasses are final frozen dataclasses."""

    structural_sign: Sign = Sign.UNKNOWN

    @property
    def is_total_quantity(self) -> bool:
        """Whether it is defined for all values of the quantities inside it."""
        inside = [e for matrix in self.matrices for e in matrix.all_expressions()]
        return all(map(is_total, [*self.own_expressions, *inside]))

    @property
    def matrices(self) -> tuple[AbstractMatrix, ...]:
        return ()

    def with_matrices(self, matrices: tuple[AbstractMatrix, ...]) -> AbstractQuantity:
        return self

    @property
    def own_expressions(self) -> tuple[Expr, ...]:
        return ()

    def with_expressions(self, change: Callable[[Expr], Expr]) -> AbstractQuantity:
        return self

    def map_expressions(self, change: Callable[[Expr], Expr]) -> AbstractQuantity:
        matrices = tuple(m.map_expressions(change) for m in self.matrices)
        return self.with_matrices(matrices).with_expressions(change)

    def free_symbols(self) -> frozenset[Expr]:
        symbols: set[Expr] = set()
        for expression in self.own_expressions:
            symbols |= expression.free_symbols
        for matrix in self.matrices:
            symbols |= matrix.free_symbols()
        return frozenset(symbols)

    def latex(self) -> str:
        raise NotImplementedError


@lru_cache(maxsize=4096)
def _text(quantity: AbstractQuantity) -> str:
    """The LaTeX of a quantity, which sorting asks for again and again."""
    return quantity.latex()


@total_ordering
class _Key:
    """A quantity as SymPy sorts it: equal as descriptions, ordered by their text."""

    __slots__ = ("quantity",)

    def __init__(self, quantity: AbstractQuantity) -> None:
        self.quantity = quantity

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.quantity == other.quantity

    def __hash__(self) -> int:
        return hash(self.quantity)

    def __lt__(self, other: _Key) -> bool:
        mine, its = _text(self.quantity), _text(other.quantity)
        return mine < its if mine != its else repr(self.quantity) < repr(other.quantity)


class Atom(sympy.AtomicExpr):  # type: ignore[misc]
    """A quantity as a real, commutative SymPy atom."""

    is_commutative = True
    is_real = True
    is_extended_real = True
    is_complex = True
    is_finite = True
    _diff_wrt = True
    quantity: AbstractQuantity

    def __new__(cls, quantity: AbstractQuantity) -> Atom:
        made: Atom = sympy.AtomicExpr.__new__(cls)
        made.quantity = quantity
        return made

    def __getnewargs__(self) -> tuple[AbstractQuantity]:
        return (self.quantity,)

    def _hashable_content(self) -> tuple[Any, ...]:
        return (_Key(self.quantity),)

    @property
    def structural_sign(self) -> Sign:
        return self.quantity.structural_sign

    @property
    def is_total_quantity(self) -> bool:
        return self.quantity.is_total_quantity

    def _eval_is_nonnegative(self) -> bool | None:
        return True if self.structural_sign.at_least_zero else None

    def _eval_is_extended_nonnegative(self) -> bool | None:
        return self._eval_is_nonnegative()

    @property
    def free_symbols(self) -> set[Expr]:
        return {self, *self.quantity.free_symbols()}

    def _eval_derivative(self, symbol: Expr) -> Expr:
        return sympy.S.One if symbol == self else sympy.S.Zero

    def sort_key(self, order: Any = None) -> Any:
        return self.class_key(), (1, (str(self),)), sympy.S.One.sort_key(), sympy.S.One

    def _latex(self, _printer: Any) -> str:
        return self.quantity.latex()

    def _sympystr(self, _printer: Any) -> str:
        return self.quantity.latex()


def map_expression(expression: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """Apply a change to the axis symbols, inside the quantities too."""
    atoms = expression.atoms(Atom)
    changed = {a: Atom(a.quantity.map_expressions(change)) for a in atoms}
    plain = {s: change(s) for s in expression.free_symbols if s.is_Symbol}
    return expression.xreplace({**plain, **changed})


class _OfMatrix(AbstractQuantity):
    matrix: AbstractMatrix

    @property
    def matrices(self) -> tuple[AbstractMatrix, ...]:
        return (self.matrix,)

    def with_matrices(self, matrices: tuple[AbstractMatrix, ...]) -> AbstractQuantity:
        return replace(self, matrix=matrices[0])  # type: ignore[type-var]


@node
class Entry(_OfMatrix):
    matrix: AbstractMatrix
    row: int
    column: int

    def latex(self) -> str:
        if self.matrix.shape == (1, 1):
            return self.matrix.latex()
        return rf"\left[{self.matrix.latex()}\right]_{{{self.row + 1},{self.column + 1}}}"


@node
class Trace(_OfMatrix):
    matrix: AbstractMatrix

    def latex(self) -> str:
        return rf"\operatorname{{tr}}\left({self.matrix.latex()}\right)"


@node
class FrobeniusSquared(_OfMatrix):
    """Sum of the squared entries."""

    matrix: AbstractMatrix
    structural_sign = Sign.NONNEGATIVE

    def latex(self) -> str:
        return f"{self.root_latex()}^2"

    def root_latex(self) -> str:
        return rf"\left\|{self.matrix.latex()}\right\|_F"


@node
class SumNorm(_OfMatrix):
    """Sum of the absolute entries."""

    matrix: AbstractMatrix
    structural_sign = Sign.NONNEGATIVE

    def latex(self) -> str:
        return rf"\left\|{self.matrix.latex()}\right\|_1"


@node
class MaxNorm(_OfMatrix):
    """Greatest absolute entry."""

    matrix: AbstractMatrix
    structural_sign = Sign.NONNEGATIVE

    def latex(self) -> str:
        return rf"\left\|{self.matrix.latex()}\right\|_\infty"


@node
class SpectralNorm(_OfMatrix):
    matrix: AbstractMatrix
    structural_sign = Sign.NONNEGATIVE

    def latex(self) -> str:
        return rf"\left\|{self.matrix.latex()}\right\|_s"


@node
class NuclearNorm(_OfMatrix):
    matrix: AbstractMatrix
    structural_sign = Sign.NONNEGATIVE

    def latex(self) -> str:
        return rf"\left\|{self.matrix.latex()}\right\|_*"


@node
class LambdaMin(_OfMatrix):
    """Least eigenvalue of a symmetric matrix."""

    matrix: AbstractMatrix

    def latex(self) -> str:
        return rf"\lambda_{{\min}}\left({self.matrix.latex()}\right)"


@node
class LambdaMax(_OfMatrix):
    """Greatest eigenvalue of a symmetric matrix."""

    matrix: AbstractMatrix

    def latex(self) -> str:
        return rf"\lambda_{{\max}}\left({self.matrix.latex()}\right)"


@node
class Inner(AbstractQuantity):
    """Sum of the products of corresponding entries."""

    left: AbstractMatrix
    right: AbstractMatrix

    @property
    def matrices(self) -> tuple[AbstractMatrix, ...]:
        return (self.left, self.right)

    def with_matrices(self, matrices: tuple[AbstractMatrix, ...]) -> AbstractQuantity:
        return Inner(*matrices)

    def latex(self) -> str:
        return rf"\left\langle {self.left.latex()}, {self.right.latex()}\right\rangle"


class _OnTrajectory(AbstractQuantity):
    path: str
    place: Expr | None

    @property
    def own_expressions(self) -> tuple[Expr, ...]:
        return () if self.place is None else (self.place,)

    def with_expressions(self, change: Callable[[Expr], Expr]) -> AbstractQuantity:
        if self.place is None:
            return self
        return replace(self, place=change(self.place))  # type: ignore[type-var]


@node
class Loss(_OnTrajectory):
    """The objective's value; `is_square` says that it is a sum of terms >= 0 by construction."""

    path: str
    place: Expr | None
    is_square: bool

    @property
    def structural_sign(self) -> Sign:  # type: ignore[override]
        return Sign.NONNEGATIVE if self.is_square else Sign.UNKNOWN

    def latex(self) -> str:
        return rf"f(\theta{where(self.path, self.place)})"


_MARGIN_NAMES = {
    "margins": "q", "alpha": r"\alpha", "gap": r"\left(q - \alpha\right)", "weights": "p",
    "relative_weights": "r", "entropy": "H(p)", "lagrange": r"\left\|\theta \wedge u\right\|^2",
    "slack_gap": r"\left(\nu / \lambda - \alpha\right)",
}  # fmt: skip
_MARGIN_SIGNS = {
    "weights": Sign.POSITIVE, "relative_weights": Sign.POSITIVE, "entropy": Sign.NONNEGATIVE,
    "gap": Sign.NONNEGATIVE, "lagrange": Sign.NONNEGATIVE,
}  # fmt: skip


@node
class MarginQuantity(_OnTrajectory):
    """A quantity of the classifier's margins, by its name in `problems.margins.Margins`.

    `sample` counts from 0 where there is one per sample; `total` says that it is defined at
    every point, as a velocity on kinks is not.
    """

    path: str
    place: Expr | None
    name: str
    sample: int | None = None
    total: bool = True

    @property
    def structural_sign(self) -> Sign:  # type: ignore[override]
        return _MARGIN_SIGNS.get(self.name, Sign.UNKNOWN)

    @property
    def is_total_quantity(self) -> bool:
        return self.total

    def latex(self) -> str:
        name = _MARGIN_NAMES[self.name]
        index = "" if self.sample is None else f"_{{{self.sample + 1}}}"
        return f"{name}{index}{where(self.path, self.place)}"


@node
class TubeBound(_OnTrajectory):
    """A step function of time that bounds the objective on a tube around the flow (A2).

    kind : "m" bound of -lambda_min, "mu" its integral, "I" int_0^t e^{mu(t)-mu(s)} ds,
           "beta" running bound of the Hessian's norm, "gamma" running bound of the gradient's
    """

    path: str
    place: Expr | None
    kind: str
    radius: Expr

    @property
    def structural_sign(self) -> Sign:  # type: ignore[override]
        return Sign.NONNEGATIVE if self.kind in ("I", "beta", "gamma") else Sign.UNKNOWN

    def latex(self) -> str:
        name = {"mu": r"\mu", "beta": r"\beta", "gamma": r"\gamma"}.get(self.kind, self.kind)
        return f"{name}({latex(self.place)})"


@node
class NetValue(AbstractQuantity):
    """A value on the training of a two-layer ReLU net, see `claims.nets`.

    kind : "error" D_i, "error_speed" D_i' (row), "weight" W_rc (row, column), or "lambda_min" of H,
           "gram_change" |H - H(0)|
    """

    source: Any
    kind: str
    row: int
    column: int
    place: Expr

    @property
    def own_expressions(self) -> tuple[Expr, ...]:
        return (self.place,)

    def with_expressions(self, change: Callable[[Expr], Expr]) -> AbstractQuantity:
        return replace(self, place=change(self.place))

    def latex(self) -> str:
        at = latex(self.place)
        names = {
            "error": rf"D_{{{self.row + 1}}}({at})",
            "error_speed": rf"\dot{{D}}_{{{self.row + 1}}}({at})",
            "weight": rf"W_{{{self.row + 1},{self.column + 1}}}({at})",
        }
        names["gram_change"] = rf"\|H({at}) - H(0)\|"
        return names.get(self.kind, rf"\lambda_{{\min}}(H({at}))")


@node
class StepBound(_OnTrajectory):
    """A certified bound on one step of descent (A2.d): "m" curvature on the hull, "h" defect."""

    path: str
    place: Expr | None
    kind: str
    gap: Expr

    @property
    def structural_sign(self) -> Sign:  # type: ignore[override]
        return Sign.NONNEGATIVE if self.kind == "h" else Sign.UNKNOWN

    def latex(self) -> str:
        return f"{self.kind}_{{{latex(self.place)}}}"


@node
class Recurrence(AbstractQuantity):
    """The sequence x_0 = start, x_{k+1} = next(x_k, k), at step `place`."""

    start: Expr
    previous: Expr
    following: Expr
    place: Expr
    name: str

    @property
    def own_expressions(self) -> tuple[Expr, ...]:
        return (self.place,)

    @property
    def is_total_quantity(self) -> bool:
        return is_total(self.start) and is_total(self.following)

    def with_expressions(self, change: Callable[[Expr], Expr]) -> AbstractQuantity:
        return replace(self, place=change(self.place))

    def latex(self) -> str:
        return f"{self.name}_{{{latex(self.place)}}}"


@node
class Named(AbstractQuantity):
    """An expression under a name of its own: evaluated once, and never expanded."""

    expression: Expr
    name: str

    @property
    def own_expressions(self) -> tuple[Expr, ...]:
        return (self.expression,)

    @property
    def is_total_quantity(self) -> bool:
        return is_total(self.expression)

    def with_expressions(self, change: Callable[[Expr], Expr]) -> AbstractQuantity:
        return replace(self, expression=change(self.expression))

    def latex(self) -> str:
        return self.name


@node
class Extremum(AbstractQuantity):
    """The greatest or least value of a term over a range of times or steps."""

    expression: Expr
    over: Any
    greatest: bool

    @property
    def is_total_quantity(self) -> bool:
        return is_total(self.expression)

    def latex(self) -> str:
        name = r"\sup" if self.greatest else r"\inf"
        return rf"{name}_{{{latex(self.over.symbol)}}} {latex(self.expression)}"


@node
class TimeIntegral(AbstractQuantity):
    """The integral of a term over a range of times."""

    expression: Expr
    over: Any

    @property
    def is_total_quantity(self) -> bool:
        return is_total(self.expression)

    def latex(self) -> str:
        low, high = latex(self.over.start), latex(self.over.end)
        return rf"\int_{{{low}}}^{{{high}}} {latex(self.expression)} \, dt"
