"""Closed-form solutions of gradient flow, verified by substitution into its equation.

If theta(t) is given in closed form, smooth on [0, T], with theta' = -grad f(theta) and the right
initial value, it is the flow, because the flow is unique (the gradient is locally Lipschitz).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy
from sympy import Expr

from theorycheck.claims import matrices as m, quantities as q
from theorycheck.claims.axes import time
from theorycheck.claims.evaluation import Evaluator
from theorycheck.claims.kernel_terms import AbstractKernelTerm
from theorycheck.claims.places import Place
from theorycheck.errors import InvalidClaim
from theorycheck.problems import Instance
from theorycheck.symbolic.algebra import SymbolicArithmetic, SymbolicScalars
from theorycheck.symbolic.lowering import NotExact
from theorycheck.symbolic.normal_forms import cancels_to_zero
from theorycheck.symbolic.signs import is_total
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED, Verdict

__all__ = ["at_running_point", "solves_flow", "substituted"]


class ClosedFormStates:
    """The flow's state given by closed forms in time."""

    def __init__(self, solution: tuple[Expr, ...], instance: Instance) -> None:
        self.solution = solution
        self.instance = instance

    def state(self, path: str, place: Expr | None, where: Place) -> Any:
        arithmetic = SymbolicArithmetic
        if path == "start" or place is None:
            return arithmetic.matrix([[x] for x in self.instance.start])
        if path != "flow":
            raise NotExact("a closed form is given for the flow only")
        return arithmetic.from_scalars(
            len(self.solution), 1, [x.xreplace({time: place}) for x in self.solution]
        )

    def axis_value(self, where: Place) -> Any:
        return time

    def special(self, quantity: q.AbstractQuantity, where: Place) -> Any:
        raise NotExact(type(quantity).__name__)

    def kernel(self, term: AbstractKernelTerm, where: Place) -> Any:
        raise NotExact("the kernel model is no flow of parameters")


class RunningStates(ClosedFormStates):
    """The running point of the flow by its coordinates: known at the time t itself and at 0."""

    def state(self, path: str, place: Expr | None, where: Place) -> Any:
        if path == "flow" and place == 0:
            return super().state("start", None, where)
        if path == "flow" and place is not None and place != time:
            raise NotExact(f"the running point at t says nothing of t = {place}")
        return super().state(path, place, where)


def _evaluator(states: ClosedFormStates, instance: Instance) -> Evaluator:
    place = Place(time, Fraction(0), Fraction(1))
    return Evaluator(instance.objective, SymbolicArithmetic, SymbolicScalars(), states, place)


def substituted(term: Any, solution: tuple[Expr, ...], instance: Instance) -> list[Expr]:
    """Evaluate a scalar or matrix term on the closed form, entry by entry."""
    return _entries(term, _evaluator(ClosedFormStates(solution, instance), instance))


def at_running_point(term: Any, coordinates: tuple[Expr, ...], instance: Instance) -> list[Expr]:
    """Evaluate a term at the running point of the flow, entry by entry.

    Raises
    ------
    NotExact    the term is about other times than t and 0, or has no such value
    """
    return _entries(term, _evaluator(RunningStates(coordinates, instance), instance))


def _entries(term: Any, evaluator: Evaluator) -> list[Expr]:
    if isinstance(term, m.AbstractMatrix):
        return list(SymbolicArithmetic.scalars(evaluator.matrix(term)))
    return [evaluator.scalar(term)]


def solves_flow(solution: tuple[Expr, ...], instance: Instance) -> tuple[Verdict, str]:
    """Verify a closed form by its initial value and by substitution into the flow's equation.

    HOLDS is a proof. VIOLATED only for a wrong initial value; UNDECIDED where the normal form
    does not show that the equation holds, or the expression might be undefined somewhere.
    """
    dimension = instance.objective.dimension
    if len(solution) != dimension:
        raise InvalidClaim(f"the solution needs {dimension} coordinates, got {len(solution)}")
    start = [sympy.Rational(x.numerator, x.denominator) for x in instance.start]
    for given, closed in zip(start, solution, strict=True):
        if closed.free_symbols - {time}:
            raise InvalidClaim(f"the closed form {closed} may vary with t alone")
        if not is_total(closed):
            return UNDECIDED, f"the closed form {closed} is not defined by structure for all t"
        initial = closed.xreplace({time: sympy.S.Zero}) - given
        if not cancels_to_zero(initial):
            exact = initial.is_Rational
            return (VIOLATED if exact else UNDECIDED), f"initial value off by {initial}"
    position = m.Gradient("flow", time, dimension)
    try:
        gradient = substituted(position, solution, instance)
    except NotExact as reason:
        return UNDECIDED, f"the flow's equation is no expression here: {reason}"
    for closed, slope in zip(solution, gradient, strict=True):
        if not cancels_to_zero(sympy.diff(closed, time) + slope):
            return UNDECIDED, "substitution into the flow's equation does not reduce to 0"
    return HOLDS, "the closed form solves the flow's equation with its initial value"
