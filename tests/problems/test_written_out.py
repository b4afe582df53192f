"""Functions that SymPy writes on its own account are rewritten, not refused."""

import math
from fractions import Fraction as F
from typing import Any

import pytest
import sympy
from sympy import GoldenRatio, Integer, cot, coth, csc, csch, pi, sec, sech, symbols, tan

import theorycheck as tc
from theorycheck.problems import VectorField
from theorycheck.problems.expressions import FUNCTIONS, checked_expression
from theorycheck.trajectories import flow
from theorycheck.trajectories.observables import Observable

X = symbols("x")
CLOCK = VectorField([Integer(1)], [X])

QUOTIENTS = [
    (tan(X + pi / 2), lambda t: -math.cos(t) / math.sin(t)),
    (cot(X), lambda t: math.cos(t) / math.sin(t)),
    (sec(X) ** 2, lambda t: 1 / math.cos(t) ** 2),
    (csc(2 * X), lambda t: 1 / math.sin(2 * t)),
    (coth(X), lambda t: math.cosh(t) / math.sinh(t)),
    (sech(X) + X * csch(X), lambda t: 1 / math.cosh(t) + t / math.sinh(t)),
    (cot(sech(X)), lambda t: 1 / math.tan(1 / math.cosh(t))),
]


@pytest.mark.parametrize(("expression", "truth"), QUOTIENTS, ids=lambda p: str(p)[:20])
def test_quotients_of_functions(expression: Any, truth: Any) -> None:
    written = checked_expression(expression, [X], "objective")
    assert {type(f).__name__ for f in written.atoms(sympy.Function)} <= set(FUNCTIONS)
    # x = t: values and slopes are those of the function itself.
    seen = Observable(flow(CLOCK, [F(1, 2)], 1), expression, [X])
    for time in (F(0), F(1, 3), F(1)):
        ball = seen.at(time)
        assert abs(float(ball.midpoint) - truth(0.5 + float(time))) < 1e-12
        assert ball.radius < F(1, 10**12)


def test_golden_ratio_is_a_root() -> None:
    phi = checked_expression(GoldenRatio * X, [X], "objective")
    assert phi == (1 + sympy.sqrt(5)) / 2 * X
    grown = flow(VectorField([GoldenRatio * X], [X]), [1], 1, digits=20).at(1)[0]
    low, high = F("5.0431656433600286"), F("5.0431656433600287")
    assert low < grown.upper
    assert grown.lower < high


def test_what_is_written_with_them_is_stored() -> None:
    field = VectorField([cot(X)], [X])
    assert VectorField.from_json(field.to_json()).components == field.components


def test_others_are_still_refused() -> None:
    for expression in (sympy.Abs(X), sympy.gamma(X), sympy.EulerGamma * X):
        with pytest.raises(tc.InvalidInstance, match="contains"):
            VectorField([expression], [X])
