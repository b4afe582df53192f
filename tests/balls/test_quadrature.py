"""Integrals contain their closed forms; what is not integrable is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

from theorycheck import balls
from theorycheck.errors import DomainViolation, InvalidClaim
from theorycheck.symbolic.lowering import BallScalars, FloatScalars, RationalScalars, lower

x, y, b = sympy.symbols("x y b", real=True)


def enclosed(expression: sympy.Expr, values: dict[sympy.Expr, object], bits: int) -> object:
    with balls.precision(bits):
        return lower(expression).run(values, BallScalars())


@pytest.mark.parametrize("bits", [64, 200])
@pytest.mark.parametrize(
    ("integrand", "closed"),
    [
        (1 / x, sympy.log(2)),
        (sympy.sqrt(x), (2 * sympy.sqrt(8) - 2) / 3),
        (x ** sympy.Rational(-4, 3), 3 - 3 / sympy.cbrt(2)),
        (sympy.exp(-x) * x, 2 * sympy.exp(-1) - 3 * sympy.exp(-2)),
    ],
)
def test_integral_from_one_to_two_contains_its_closed_form(
    integrand: sympy.Expr, closed: sympy.Expr, bits: int
) -> None:
    ball = enclosed(sympy.Integral(integrand, (x, 1, 2)), {}, bits)
    with balls.precision(2 * bits):
        truth = lower(closed).run({}, BallScalars())

    assert ball.overlaps(truth)
    assert balls.width(ball) < Fraction(1, 2 ** (bits - 12))


@pytest.mark.parametrize("bits", [64, 200])
def test_a_wide_limit_covers_the_integrals_to_both_its_ends(bits: int) -> None:
    with balls.precision(bits):
        wide = balls.interval(Fraction(2), Fraction(3))
    ball = enclosed(sympy.Integral(1 / x, (x, 1, b)), {b: wide}, bits)

    for end in (2, 3):
        with balls.precision(2 * bits):
            truth = lower(sympy.log(end)).run({}, BallScalars())
        assert ball.contains(truth.mid())


def test_parameters_are_filled_and_bound_variables_are_not_leaves() -> None:
    program = lower(sympy.Integral(y * x, (x, 0, b)))

    assert set(program.leaves) == {b, y}
    assert program.run({b: 2, y: 3}, FloatScalars()) == 6


def test_a_pole_or_a_branch_point_between_the_limits_is_refused() -> None:
    for integrand in (1 / x, sympy.log(x), 1 / (x - 1) ** 2):
        with pytest.raises(DomainViolation):
            enclosed(sympy.Integral(integrand, (x, -1, 2)), {}, 64)


def test_an_integral_without_length_is_exactly_zero() -> None:
    assert lower(sympy.Integral(1 / x, (x, 2, 2))).run({}, RationalScalars()) == 0


def test_indefinite_integrals_are_refused() -> None:
    with pytest.raises(InvalidClaim):
        lower(sympy.Integral(x, x))
