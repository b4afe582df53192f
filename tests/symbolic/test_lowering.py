"""Lowered expressions: exact over the rationals, enclosed in balls, refused where unknown."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from sympy import Abs, Max, Min, Rational, Symbol, exp, log, sqrt

from theorycheck import balls, exact
from theorycheck.errors import DomainViolation, InvalidClaim
from theorycheck.symbolic.functions import psi
from theorycheck.symbolic.lowering import BallScalars, NotExact, RationalScalars, lower

x, y = Symbol("x", real=True), Symbol("y", real=True)


def exactly(expression: sympy.Expr, **values: int | Fraction) -> Fraction:
    program = lower(expression)
    known = {leaf: exact.rational(Fraction(values[str(leaf)])) for leaf in program.leaves}
    return exact.to_fraction(program.run(known, RationalScalars()))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (x**3 - 2 * x, Fraction(-1)),
        (sqrt(x**2 + 3), Fraction(2)),
        ((1 + 7 * x) ** Rational(-2, 3), Fraction(1, 4)),
        (Abs(-3 * x), Fraction(3)),
        (Max(x, 2, evaluate=False), Fraction(2)),
        (Min(x, 2, evaluate=False), Fraction(1)),
        (exp(x - 1), Fraction(1)),
        (log(x), Fraction(0)),
        (psi(x - 1, 3 * x), Fraction(9, 2)),
        (2**x, Fraction(2)),
    ],
    ids=str,
)
def test_exact_value_at_one(expression: sympy.Expr, expected: Fraction) -> None:
    assert exactly(expression, x=1) == expected


@pytest.mark.parametrize(
    "expression", [sqrt(1 + x), exp(x), sympy.pi * x, sympy.E + x, sympy.sin(x)]
)
def test_irrational_values_are_not_exact(expression: sympy.Expr) -> None:
    with pytest.raises(NotExact):
        exactly(expression, x=1)


@pytest.mark.parametrize("expression", [1 / x, x**-2, x**y])
def test_division_by_zero_leaves_the_domain(expression: sympy.Expr) -> None:
    with pytest.raises(DomainViolation):
        exactly(expression, x=0, y=-1)


@pytest.mark.parametrize(
    "expression", [1 / x, log(x), sqrt(x - 1), x ** Rational(1, 3) - 1, (x - 2) ** y]
)
def test_ball_outside_the_domain_is_refused(expression: sympy.Expr) -> None:
    program = lower(expression)
    values = {leaf: balls.interval(Fraction(-1), Fraction(1, 2)) for leaf in program.leaves}

    with pytest.raises(DomainViolation):
        program.run(values, BallScalars())


@pytest.mark.parametrize(
    "expression",
    [
        sympy.Float(0.1) * x,
        sympy.I * x,
        x + sympy.oo,
        sympy.floor(x),
        sympy.acot(x),
        sympy.sign(x),
        sympy.Piecewise((1, x < 1), (2, True)),
        sympy.Function("g")(x),
    ],
    ids=str,
)
def test_what_has_no_enclosure_is_refused(expression: sympy.Expr) -> None:
    with pytest.raises(InvalidClaim):
        lower(expression)


def test_shared_parts_are_computed_once() -> None:
    part = sympy.sin(x)

    assert len(lower(part**2 + exp(part)).instructions) == len(lower(part**2 + exp(x)).instructions)


def test_integer_power_of_an_interval_around_zero_is_no_nan() -> None:
    ball = lower(x**4).run({x: balls.interval(Fraction(-1), Fraction(1))}, BallScalars())

    assert balls.nonnegative(ball).value == "HOLDS"
    assert balls.upper(ball) >= 1
