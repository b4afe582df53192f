"""Which relation of a claim is drawn, and what of it: its two sides, and their difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Any

from sympy import Add, Expr

from theorycheck.claims import AbstractRelation, Case, Claim, Steps, Times, relations as r
from theorycheck.claims.axes import time
from theorycheck.claims.matrices import AbstractMatrix, FromScalars, Gradient, Hessian, Scaled, Sum
from theorycheck.claims.quantities import (
    Atom,
    Extremum,
    Recurrence,
    StepBound,
    TimeIntegral,
    TubeBound,
)  # fmt: skip
from theorycheck.claims.terms import Term, expression_of, norm
from theorycheck.errors import InvalidInstance
from theorycheck.problems import Instance
from theorycheck.symbolic.latex import latex

__all__ = ["Subject", "names_of_sides", "subject_of"]

DRAWABLE = (r.Comparison, r.Monotone, r.Equality, r.Conserved)


@dataclass(frozen=True)
class Subject:
    """One relation as a figure shows it.

    Parameters
    ----------
    relation : AbstractRelation      with a range where it varies, and no surrogate
    number, count : int              its number in the conclusion, from 1, and how many there are
    sides : tuple of (name, LaTeX, term)    lhs and rhs; value (and start) of one term
    difference : Expr or None        rhs - lhs of a comparison, its size for an equality
    """

    relation: AbstractRelation
    number: int
    count: int
    sides: tuple[tuple[str, str, Expr], ...]
    difference: Expr | None

    @property
    def over(self) -> Times | Steps | None:
        return self.relation.over

    @property
    def is_equality(self) -> bool:
        """Whether both sides are meant to agree, so that the figure shows their difference."""
        return isinstance(self.relation, (r.Equality, r.Conserved))

    @property
    def apart(self) -> str:
        """What the difference is called."""
        is_matrix = any(isinstance(term, AbstractMatrix) for term in self.relation.terms())
        return "|difference|" if is_matrix else "difference"

    @property
    def terms(self) -> list[Expr]:
        """All that is evaluated: the sides, and their difference where there is one."""
        own = [expression for _, _, expression in self.sides]
        return own if self.difference is None else [*own, self.difference]


def subject_of(
    claim: Claim, instance: Instance, number: int | None = None, *, of: int | None = None
) -> Subject:
    """Choose the relation that is drawn, the `number`-th or the most telling one.

    `of` says how many relations `number` was counted among: where the claim states another number
    of them, it says nothing.

    An inequality over times or steps comes first; then an inequality that the conclusion states
    first; then whatever runs over times or steps; then what is stated first, signs last.

    Raises
    ------
    InvalidInstance    there is no such relation, or none that has two sides
    """
    found = [_plain(one, instance) for one in claim.relations(Case(instance))]
    if number is not None and of in (None, len(found)):
        if not 1 <= number <= len(found):
            raise InvalidInstance(
                f"--relation {number}: {claim.full_name} states {len(found)} relations on this "
                "instance; count from 1"
            )
        chosen = number - 1
    else:
        chosen = min(range(len(found)), key=lambda i: (_rank(found[i], first=i == 0), i))
    relation = found[chosen]
    if not isinstance(relation, DRAWABLE):
        raise InvalidInstance(
            f"{claim.full_name} has nothing to draw: a {type(relation).__name__.lower()} statement "
            "has no two sides"
        )
    sides, difference = _parts(relation)
    return Subject(relation, chosen + 1, len(found), sides, difference)


def _plain(relation: AbstractRelation, instance: Instance) -> AbstractRelation:
    """Look into a surrogate; give a conservation law without a range the horizon."""
    if isinstance(relation, r.Surrogate):
        return _plain(relation.relation, instance)
    if not isinstance(relation, r.Conserved) or relation.over is not None:
        return relation
    over: Times | Steps = Steps(0, int(getattr(instance, "steps", 16)))
    if time in _symbols(relation.term):
        over = Times(Fraction(0), getattr(instance, "horizon", Fraction(1)))
    return replace(relation, over=over)


def _symbols(term: Any) -> Any:
    return term.free_symbols() if isinstance(term, AbstractMatrix) else term.free_symbols


def _varies(relation: AbstractRelation) -> bool:
    over = relation.over
    return over is not None and over.end > over.start


def _rank(relation: AbstractRelation, *, first: bool) -> int:
    if not isinstance(relation, DRAWABLE):
        return 9
    if isinstance(relation, r.Comparison):
        is_sign = 0 in (relation.lhs, relation.rhs)
        if is_sign and not first:
            return 6  # stated on the side
        if _varies(relation):
            return 0
        return (5 if is_sign else 1) if first else 4
    if _varies(relation):
        return 3 if isinstance(relation, r.Conserved) else 2
    return 4


def _parts(
    relation: AbstractRelation,
) -> tuple[tuple[tuple[str, str, Expr], ...], Expr | None]:
    match relation:
        case r.Monotone():
            return (("value", _latex(relation.term), relation.term),), None
        case r.Comparison():
            lhs, rhs = relation.lhs, relation.rhs
            return (("lhs", _latex(lhs), lhs), ("rhs", _latex(rhs), rhs)), rhs - lhs
        case r.Equality():
            sides = tuple(
                (name, *_sized(side))
                for name, side in (("lhs", relation.lhs), ("rhs", relation.rhs))
            )
            return sides, _apart(relation.lhs, relation.rhs)
        case r.Conserved(term):
            assert relation.over is not None
            start = _at(term, relation.over)
            halves = _halves(term)
            if halves is None:
                sides = (("value", *_sized(term)), ("start", *_sized(start)))
            else:  # both move, and a flat line would tell nothing
                sides = (("lhs", *_sized(halves[0])), ("rhs", *_sized(halves[1] + start)))
            return sides, _apart(term, start)
    raise AssertionError(f"{type(relation).__name__} is not drawn")


def _halves(term: Any) -> tuple[Any, Any] | None:
    """The u and v of a term u - v whose parts move; time alone goes to the right."""
    if isinstance(term, Sum):
        negative = [x.inner for x in term.items if isinstance(x, Scaled) and x.factor == -1]
        positive = [x for x in term.items if not (isinstance(x, Scaled) and x.factor == -1)]
        if not positive or not negative:
            return None
        return reduce(add, positive), reduce(add, negative)
    if isinstance(term, FromScalars):
        entries = [[_halves(entry) for entry in row] for row in term.entries]
        if any(pair is None for row in entries for pair in row):
            return None
        left, right = (
            FromScalars(tuple(tuple(pair[i] for pair in row if pair) for row in entries))
            for i in (0, 1)
        )
        return left, right
    if not isinstance(term, Expr) or not term.is_Add:
        return None
    timed = [x for x in term.args if x.free_symbols == {time} and not x.has(Atom)]
    taken = timed or [x for x in term.args if x.could_extract_minus_sign()]
    left = Add(*(x for x in term.args if x not in taken))
    right = -Add(*taken)
    return (left, right) if all(time in _symbols(side) for side in (left, right)) else None


def _sized(term: Any) -> tuple[str, Expr]:
    """A scalar as it is, a matrix by its norm."""
    scalar = expression_of(norm(term)) if isinstance(term, AbstractMatrix) else term
    return _latex(scalar), scalar


def _apart(left: Any, right: Any) -> Expr:
    """The difference of scalars, the norm of the difference of matrices."""
    if isinstance(left, AbstractMatrix):
        return expression_of(norm(left - right))
    return right - left


def _at(term: Any, over: Times | Steps) -> Any:
    if isinstance(term, AbstractMatrix):
        return term.at(over.start)
    return expression_of(Term(term).at(over.start))


def _latex(expression: Expr) -> str:
    return str(latex(expression))


def names_of_sides(subject: Subject) -> dict[str, str]:
    """What the legend calls the sides: truth and bound, where one is measured and one is not."""
    names = {"lhs": "left side", "rhs": "right side", "value": "value", "start": "value at start"}
    if isinstance(subject.relation, r.Conserved):
        return names | {"lhs": "one part", "rhs": "other part + value at start"}
    if not isinstance(subject.relation, r.Comparison):
        return names
    for measured in (_moves, _is_on_path, _is_derived):
        found = {name: _some(term, measured) for name, _, term in subject.sides}
        if found["lhs"] != found["rhs"]:
            return names | {name: "truth" if truth else "bound" for name, truth in found.items()}
    return names


def _some(term: Any, measured: Callable[[Any], bool]) -> bool:
    """Whether something in a term is measured; certified bounds along a path are not."""
    if isinstance(term, Expr):
        return any(_some(atom.quantity, measured) for atom in term.atoms(Atom))
    if isinstance(term, (TubeBound, StepBound, Recurrence)):
        return False
    inside = list(term.own_expressions)
    if isinstance(term, (Extremum, TimeIntegral)):
        inside.append(term.expression)
    inside += term.parts if isinstance(term, AbstractMatrix) else term.matrices
    return measured(term) or any(_some(x, measured) for x in inside)


def _moves(node: Any) -> bool:
    """Whether a node is read off a trajectory at the running time or step."""
    place = getattr(node, "place", None)
    return _is_on_path(node) and place is not None and bool(place.free_symbols)


def _is_on_path(node: Any) -> bool:
    return bool(getattr(node, "path", "start") != "start")


def _is_derived(node: Any) -> bool:
    """Whether a node is a derivative of the objective."""
    return isinstance(node, (Hessian, Gradient))
