"""The constants of a claim that are keyword arguments of its conclusion, and how to scale them."""

from __future__ import annotations

import inspect
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

__all__ = ["MEANINGLESS", "Parameter", "parameters_of", "with_factor"]

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


def parameters_of(claim: Claim, instance: Instance) -> list[Parameter]:
    """The constants of a claim that can be scaled; the instance shows in which direction."""
    found = []
    for name, parameter in inspect.signature(claim.conclusion).parameters.items():
        value = claim.changes.get(name, parameter.default)
        if _is_scalable(value) and _can_be_scaled(claim, name, instance):
            found.append(Parameter(name, value, _stronger(claim, name, value, instance)))
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


def _can_be_scaled(claim: Claim, name: str, instance: Instance) -> bool:
    """Whether the conclusion can be stated with other values (an index, say, has none)."""
    try:
        for factor in (Fraction(1, 2), Fraction(2)):
            with_factor(claim, name, factor).relations(Case(instance))
    except MEANINGLESS:  # InvalidClaim is a TypeError
        return False
    return True


def _times(value: Any, factor: Fraction) -> Any:
    if isinstance(value, Expr):
        return value * Rational(factor.numerator, factor.denominator)
    if callable(value):
        return lambda *numbers: _times(value(*numbers), factor)
    return value * factor


def _stronger(claim: Claim, name: str, value: Any, instance: Instance) -> str:
    for factor, direction in ((Fraction(2), "smaller"), (Fraction(1, 2), "larger")):
        weaker = replace(claim, changes={**claim.changes, name: _times(value, factor)})
        if _implied(claim, weaker, instance):
            return direction
    return "both"


def _implied(claim: Claim, weaker: Claim, instance: Instance) -> bool:
    """Whether each inequality of one claim gives that of the other, on an instance.

    Because both sides move apart, or because the slack rhs - lhs grows.
    """
    case = Case(instance)
    pairs = list(zip(claim.relations(case), weaker.relations(case), strict=True))
    return all(_gives(ours, theirs, instance) for ours, theirs in pairs)


def _gives(ours: AbstractRelation, theirs: AbstractRelation, instance: Instance) -> bool:
    if not (isinstance(ours, Comparison) and isinstance(theirs, Comparison)):
        return False
    over = ours.over
    if theirs.over != over or (theirs.strict and not ours.strict):
        return False
    apart = [le(theirs.lhs, ours.lhs, over=over), le(ours.rhs, theirs.rhs, over=over)]
    slack = [le(ours.rhs - ours.lhs, theirs.rhs - theirs.lhs, over=over)]
    for steps in (apart, slack):
        try:
            if all(o.verdict is HOLDS for o in decide(steps, instance, QUICK)):
                return True
        except TheorycheckError:
            continue
    return False
