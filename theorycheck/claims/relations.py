"""Relations between terms: what a claim's conclusion and assumptions return.

A relation is data. It is built once per instance and decided by the checker; it has no truth
value of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from sympy import Expr

from theorycheck.claims.axes import Axis, Steps, Times, axis_of
from theorycheck.claims.matrices import AbstractMatrix, as_matrix
from theorycheck.claims.terms import Term, expression_of
from theorycheck.errors import InvalidClaim
from theorycheck.symbolic.latex import latex

__all__ = [
    "AbstractRelation", "Comparison", "Conserved", "Equality", "Monotone", "Surrogate", "conserved",
    "equal", "ge", "gt", "inside", "le", "lt", "nondecreasing", "nonincreasing", "relations_of",
    "surrogate",
]  # fmt: skip

Over = Times | Steps | None


class AbstractRelation:
    """A statement about terms. Subclasses are final frozen dataclasses."""

    over: Over

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "a relation has no truth value; return it from the claim, the checker decides"
        )

    def latex(self) -> str:
        raise NotImplementedError

    def terms(self) -> tuple[Any, ...]:
        """The terms that must be evaluated over `over`."""
        raise NotImplementedError

    def _range(self) -> str:
        if self.over is None:
            return ""
        low, high = self.over.start, self.over.end
        if isinstance(self.over, Times):
            return rf" \qquad \forall\, t \in [{low}, {high}]"
        return rf" \qquad k = {low}, \dots, {high}"


@dataclass(frozen=True)
class Comparison(AbstractRelation):
    """lhs <= rhs, or lhs < rhs where strict; at a point, for all times or for all steps."""

    lhs: Expr
    rhs: Expr
    strict: bool
    over: Over = None

    def latex(self) -> str:
        sign = "<" if self.strict else r"\le"
        return f"{latex(self.lhs)} {sign} {latex(self.rhs)}{self._range()}"

    def terms(self) -> tuple[Any, ...]:
        return (self.lhs, self.rhs)


@dataclass(frozen=True)
class Equality(AbstractRelation):
    """lhs = rhs, scalars or matrices. HOLDS only exactly.

    `solution` is a closed form of all parameters along the flow; it is verified by substitution
    into the flow's equation and its initial value, and then the left side is evaluated on it.
    `given` are expressions that are 0 on an invariant set of the flow; that they are is verified.
    """

    lhs: AbstractMatrix | Expr
    rhs: AbstractMatrix | Expr
    over: Over = None
    solution: tuple[Expr, ...] | None = None
    given: tuple[Expr, ...] | None = None

    def latex(self) -> str:
        return f"{_latex(self.lhs)} = {_latex(self.rhs)}{self._range()}"

    def terms(self) -> tuple[Any, ...]:
        return (self.lhs, self.rhs)


@dataclass(frozen=True)
class Monotone(AbstractRelation):
    """The term does not increase (or does not decrease) over times or steps."""

    term: Expr
    over: Times | Steps
    increasing: bool = False

    def latex(self) -> str:
        word = "nondecreasing" if self.increasing else "nonincreasing"
        return rf"{latex(self.term)} \text{{ is {word}}}{self._range()}"

    def terms(self) -> tuple[Any, ...]:
        return (self.term,)


@dataclass(frozen=True)
class Conserved(AbstractRelation):
    """The term keeps its value along the trajectory, exactly; `given` as for an equality."""

    term: AbstractMatrix | Expr
    over: Over = None
    given: tuple[Expr, ...] | None = None

    def latex(self) -> str:
        return rf"{_latex(self.term)} \text{{ is conserved}}{self._range()}"

    def terms(self) -> tuple[Any, ...]:
        return (self.term,)


@dataclass(frozen=True)
class Surrogate(AbstractRelation):
    """A finite relation that stands for an asymptotic statement, which it can never prove."""

    statement: str
    relation: AbstractRelation

    @property
    def over(self) -> Over:  # type: ignore[override]
        return self.relation.over

    def latex(self) -> str:
        return rf"\text{{{self.statement}}}, \text{{ checked as: }} {self.relation.latex()}"

    def terms(self) -> tuple[Any, ...]:
        return self.relation.terms()


def _latex(term: Any) -> str:
    return term.latex() if isinstance(term, AbstractMatrix) else str(latex(term))


def _check_axis(terms: Iterable[Any], over: Over) -> None:
    if over is not None and not isinstance(over, (Times, Steps)):
        raise InvalidClaim(f"over={over!r} must be tc.times(start, end) or tc.steps(start, end)")
    symbols: set[Expr] = set()
    for term in terms:
        symbols |= term.free_symbols() if isinstance(term, AbstractMatrix) else term.free_symbols
    axis = axis_of(symbols)
    if axis is Axis.POINT:
        return
    if over is None:
        remedy = "over=tc.times(0, case.horizon)" if axis is Axis.TIME else "over=tc.steps(0, K)"
        raise InvalidClaim(f"the relation varies with {axis.value}; say where it holds: {remedy}")
    if over.axis is not axis:
        raise InvalidClaim(f"the relation varies with {axis.value} but is stated over {over}")


def _comparison(lhs: Any, rhs: Any, over: Over, *, strict: bool) -> Comparison:
    left, right = expression_of(lhs), expression_of(rhs)
    _check_axis([left, right], over)
    return Comparison(left, right, strict, over)


def le(lhs: Any, rhs: Any, *, over: Over = None) -> Comparison:
    """State lhs <= rhs (at a point, for every time, or for every step)."""
    return _comparison(lhs, rhs, over, strict=False)


def lt(lhs: Any, rhs: Any, *, over: Over = None) -> Comparison:
    """State lhs < rhs."""
    return _comparison(lhs, rhs, over, strict=True)


def ge(lhs: Any, rhs: Any, *, over: Over = None) -> Comparison:
    """State lhs >= rhs."""
    return _comparison(rhs, lhs, over, strict=False)


def gt(lhs: Any, rhs: Any, *, over: Over = None) -> Comparison:
    """State lhs > rhs."""
    return _comparison(rhs, lhs, over, strict=True)


def equal(
    lhs: Any, rhs: Any, *, over: Over = None, solution: Any = None, given: Any = None
) -> Equality:
    """State lhs = rhs for scalars or matrices of one shape.

    Balls may refute it; only exact arithmetic, a normal form, or a closed-form solution
    (verified by substitution into the flow's equation) can make it HOLD. With `given=[g, ...]`
    it may hold modulo equations g = 0 that the flow keeps, as is verified (`invariants.py`).
    """
    left: Any
    right: Any
    if isinstance(lhs, AbstractMatrix) or isinstance(rhs, AbstractMatrix):
        shape = lhs.shape if isinstance(lhs, AbstractMatrix) else rhs.shape
        left, right = as_matrix(lhs, shape), as_matrix(rhs, shape)
        if left.shape != right.shape:
            raise InvalidClaim(f"equal() needs one shape, got {left.shape} and {right.shape}")
    else:
        left, right = expression_of(lhs), expression_of(rhs)
    _check_axis([left, right], over)
    closed = None if solution is None else tuple(expression_of(x) for x in solution)
    return Equality(left, right, over, closed, _invariant_set(given))


def _invariant_set(given: Any) -> tuple[Expr, ...] | None:
    return None if given is None else tuple(expression_of(g) for g in given)


def nonincreasing(term: Any, *, over: Times | Steps) -> Monotone:
    """State that a term does not increase: its derivative along the flow, or its step, is <= 0."""
    return _monotone(term, over, increasing=False)


def nondecreasing(term: Any, *, over: Times | Steps) -> Monotone:
    """State that a term does not decrease."""
    return _monotone(term, over, increasing=True)


def _monotone(term: Any, over: Any, *, increasing: bool) -> Monotone:
    expression = expression_of(term)
    if not isinstance(over, (Times, Steps)):
        raise InvalidClaim("monotonicity needs over=tc.times(a, b) or over=tc.steps(a, b)")
    _check_axis([expression], over)
    return Monotone(expression, over, increasing)


def conserved(
    term: Any, *, within: Any = None, over: Over = None, given: Any = None
) -> AbstractRelation | tuple[AbstractRelation, ...]:
    """State that a term keeps its value along its trajectory.

    Without `within` this is exact (zero derivative, or zero difference per step). With
    `within=c` it is the inequality |x - x_0| <= c (Frobenius norm) over the range. `given` as
    for `equal`; over a range of times from 0 the term need not be defined everywhere.
    """
    if isinstance(term, (list, tuple)):
        each = (conserved(t, within=within, over=over, given=given) for t in term)
        return tuple(r for one in each for r in relations_of(one))
    subject: Any = term if isinstance(term, AbstractMatrix) else expression_of(term)
    if within is None:
        if over is not None:
            _check_axis([subject], over)
        return Conserved(subject, over, _invariant_set(given))
    from theorycheck.claims.terms import norm

    if over is None:
        raise InvalidClaim(
            "conserved(..., within=c) is an inequality; say over which times or steps"
        )
    moved = term if isinstance(term, AbstractMatrix) else Term(subject)
    return le(norm(moved - moved.at(over.start)), within, over=over)


def inside(term: Any, lower: Any, upper: Any, *, over: Over = None) -> tuple[AbstractRelation, ...]:
    """State lower <= term <= upper."""
    return (le(lower, term, over=over), le(term, upper, over=over))


def surrogate(statement: str, relation: AbstractRelation) -> Surrogate:
    """Let a finite relation stand for an asymptotic statement.

    It can refute nothing and prove nothing of the statement itself: where the relation holds the
    verdict is UNDECIDED with that reason.
    """
    if not isinstance(relation, AbstractRelation):
        raise InvalidClaim(f"surrogate() needs one relation, got {relation!r}")
    return Surrogate(statement, relation)


def relations_of(value: Any) -> tuple[AbstractRelation, ...]:
    """Flatten what a conclusion returned.

    Raises
    ------
    InvalidClaim    a bool, a verdict, a number, None, or nothing at all
    """
    if isinstance(value, AbstractRelation):
        return (value,)
    if isinstance(value, (list, tuple)):
        flat = tuple(r for item in value for r in relations_of(item))
        if not flat:
            raise InvalidClaim("the conclusion returned no relation; return tc.le(a, b) or similar")
        return flat
    raise InvalidClaim(
        f"the conclusion returned {value!r} ({type(value).__name__}); "
        "return a relation such as tc.le(a, b), not a bool or a number"
    )
