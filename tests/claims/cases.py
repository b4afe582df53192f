"""Instances with known solutions, and a short way to ask the checker."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy
from sympy import Symbol

import theorycheck as tc
from theorycheck.claims import Case, Judgement
from theorycheck.problems import Instance

x, y = Symbol("x"), Symbol("y")

POINT = Instance(a=1)


def objective(expression: Any, start: list[Any], *variables: Any, **fields: Any) -> Instance:
    """An instance with a SymPy objective, step size 1/4 and horizon 1."""
    fields = {"horizon": 1, "step_size": "1/4", **fields}
    return Instance(
        objective=tc.Objective.from_sympy(expression, variables=variables or (x,)),
        start=start,
        **fields,
    )


DECAY = objective(x**2 / 2, [1])
"""The flow is e^{-t}, descent (3/4)^k."""

CROSSING = objective((x - 1) ** 2 / 2, [-1])
"""The flow is 1 - 2 e^{-t}: it crosses 0 at log 2."""

BLOW_UP = objective(-(x**4) / 4, [1])
"""The flow is (1 - 2t)^{-1/2}: it ends at t = 1/2."""

NEGATIVE = objective(x**2 / 2, [-4])
ZERO = objective(x**2 / 2, [0])

SCALAR = tc.deep_linear_instance(
    target=[[1]], weights=[[["1/2"]], [["1/2"]]], horizon=1, step_size="1/10", steps=5
)
"""A balanced scalar net of depth two: f = (ab - 1)^2 / 2."""


def ask(
    conclusion: Callable[[Case], Any],
    instance: Instance = POINT,
    *,
    max_bits: int = 256,
    max_seconds: float = 20,
    **options: Any,
) -> Judgement:
    """Judge a lemma on an instance."""
    made = tc.claim(source="test", name="lemma", **options)(conclusion)
    return tc.check(made, instance, tc.Effort(max_bits=max_bits, max_seconds=max_seconds))


def verdict(
    conclusion: Callable[[Case], Any], instance: Instance = POINT, **options: Any
) -> tc.Verdict:
    return ask(conclusion, instance, **options).verdict


def coordinate(case: Case) -> sympy.Expr:
    """The first coordinate of the flow."""
    return case.flow.position[0].expression


def third(n: int = 1) -> Fraction:
    return Fraction(n, 3)
