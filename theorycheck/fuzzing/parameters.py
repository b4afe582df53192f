"""The constants of a claim that are keyword arguments of its conclusion, and how to scale them."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sympy import Expr, Rational

from theorycheck.claims import AbstractRelation, Case, Claim, decide, le
from theorycheck.claims.relations import Comparison
from theorycheck.errors import TheorycheckError
from theorycheck.problems import Instance
from theorycheck.trajectories import Effort
from theorycheck.verdicts import HOLDS

__all__ = ["MEANINGLESS", "Parameter", "Stated", "parameters_of", "with_factor"]

MEANINGLESS = (ArithmeticError, LookupError, TypeError, ValueError)
"""What a conclusion may raise when it is given a constant it was not written for."""

QUICK = Effort(max_bits=128, max_seconds=60.0)


@dataclass(frozen=True)
class Parameter:
    """A numeric constant of a conclusion.

    Parameters
    ----------
    name : str
    value : number, SymPy number, or function of the instance's numbers returning one
    stronger : str    "smaller" or "larger" makes the statement stronger; "both" for equalities
    """

    name: str
    value: Any
    stronger: str

    @property
    def text(self) -> str:
        return f"{self.name} = {self.value}" if not callable(self.value) else self.name


class Stated:
    """What a claim states on one instance, as it is and with a constant scaled: each built once."""

    def __init__(self, claim: Claim, instance: Instance) -> None:
        self.claim, self.instance = claim, instance
        self._built: dict[tuple[str, Fraction], tuple[AbstractRelation, ...]] = {}

    def relations(
        self, name: str = "", factor: Fraction = Fraction(1)
    ) -> tuple[AbstractRelation, ...]:
        """The relations; with a name, those with this constant times the factor."""
        if (name, factor) not in self._built:
            claim = with_factor(self.claim, name, factor) if name else self.claim
            self._built[name, factor] = claim.relations(Case(self.instance))
        return self._built[name, factor]


def parameters_of(
    claim: Claim, instance: Instance, stated: Stated | None = None
) -> list[Parameter]:
    """The constants of a claim that can be scaled; the instance shows in which direction."""
    found, stated = [], stated or Stated(claim, instance)
    for name, parameter in inspect.signature(claim.conclusion).parameters.items():
        value = claim.changes.get(name, parameter.default)
        if _is_scalable(value) and _can_be_scaled(stated, name):
            found.append(Parameter(name, value, _stronger(stated, name)))
    return found


def with_factor(claim: Claim, name: str, factor: Fraction) -> Claim:
    """The claim with one of its constants multiplied by a factor."""
    parameter = inspect.signature(claim.conclusion).parameters[name]
    value = claim.changes.get(name, parameter.default)
    return replace(claim, changes={**claim.changes, name: _times(value, factor)})


def _is_scalable(value: Any) -> bool:
    if value is inspect.Parameter.empty or isinstance(value, (bool, str)):
        return False
    if isinstance(value, Expr):
        return bool(value.is_number) and value != 0
    return callable(value) or (isinstance(value, (int, Fraction)) and value != 0)


def _can_be_scaled(stated: Stated, name: str) -> bool:
    """Whether the conclusion can be stated with other values (an index, say, has none)."""
    try:
        for factor in (Fraction(1, 2), Fraction(2)):
            stated.relations(name, factor)
    except MEANINGLESS:  # InvalidClaim is a TypeError
        return False
    return True


def _times(value: Any, factor: Fraction) -> Any:
    if isinstance(value, Expr):
        return value * Rational(factor.numerator, factor.denominator)
    if callable(value):
        return lambda *numbers: _times(value(*numbers), factor)
    return value * factor


def _stronger(stated: Stated, name: str) -> str:
    for factor, direction in ((Fraction(2), "smaller"), (Fraction(1, 2), "larger")):
        if _implied(stated.relations(), stated.relations(name, factor), stated.instance):
            return direction
    return "both"


def _implied(
    claimed: Sequence[AbstractRelation], weaker: Sequence[AbstractRelation], instance: Instance
) -> bool:
    """Whether each inequality of one claim gives that of the other, on an instance.

    Because both sides move apart, or because the slack rhs - lhs grows.
    """
    return all(_gives(ours, theirs, instance) for ours, theirs in zip(claimed, weaker, strict=True))


def _gives(ours: AbstractRelation, theirs: AbstractRelation, instance: Instance) -> bool:
    if not (isinstance(ours, Comparison) and isinstance(theirs, Comparison)):
        return False
    over = ours.over
    if theirs.over != over or (theirs.strict and not ours.strict):
        return False
    left, right = ours.lhs == theirs.lhs, ours.rhs == theirs.rhs
    apart = [] if left else [le(theirs.lhs, ours.lhs, over=over)]
    apart += [] if right else [le(ours.rhs, theirs.rhs, over=over)]
    if all(_holds(step, instance) for step in apart):
        return True
    if left or right:
        return False  # then the slack grows with the other side alone
    return _holds(le(ours.rhs - ours.lhs, theirs.rhs - theirs.lhs, over=over), instance)


def _holds(step: AbstractRelation, instance: Instance) -> bool:
    try:
        return all(o.verdict is HOLDS for o in decide([step], instance, QUICK))
    except TheorycheckError:
        return False
