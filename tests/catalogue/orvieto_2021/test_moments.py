"""Moments at random initialisation: printed vectors of theory A27, and a brute-force expansion."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

from tests.catalogue.enclose import Case
from theorycheck.catalogue.orvieto_2021 import moments_at_random_initialisation as stated
from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.gaussian import gaussian_mean


@pytest.mark.parametrize(
    ("power", "rectified", "printed"),
    [
        (2, False, "2.823576"),  # 0.7^6 * 24
        (4, False, "39.86290713888"),  # 0.7^12 * 2880; the note prints the double ...879976
        (2, True, "0.705894"),  # 0.7^6 * 6
        (4, True, "5.979436070832"),  # 0.7^12 * 432; the note prints the double ...831995
    ],
)
def test_moments_meet_the_printed_vectors(power: int, rectified: bool, printed: str) -> None:
    mean = stated.mean_power(Case(stated.example()), power, rectified=rectified)

    assert Fraction(int(mean.p), int(mean.q)) == Fraction(printed)


def test_mean_logarithm_meets_the_printed_vector() -> None:
    # E ln (||W y||^2 / ||y||^2) for d = 5, s^2 = 1/5: psi(5/2) = 8/3 - gamma - 2 ln 2
    mean = sympy.digamma(sympy.Rational(5, 2)) + sympy.log(sympy.Rational(2, 5))

    printed = Fraction("-0.2131340912289118779578368781")
    assert abs(Fraction(str(mean.evalf(40))) - printed) < Fraction(1, 10**27)


def test_layerwise_mean_is_the_mean_of_the_expanded_net() -> None:
    case = Case(stated.example().replace(scales=["1/2", 2], input=[1, "1/3"]))
    case = Case(case.instance.replace(network=stated.DeepLinear((2, 2, 1))))
    product, variances = stated.chain(case, 2, 1)
    output = (product * sympy.Matrix([1, sympy.Rational(1, 3)]))[0]

    assert stated.mean_power(case, 4) == gaussian_mean(output**4, variances)


def test_gradient_mean_square_of_a_scalar_net() -> None:
    # G_1 = g w_2 for two scalar layers: E = g^2 s_2^2
    w = sympy.Symbol("w")

    assert gaussian_mean((3 * w) ** 2, {w: sympy.Rational(1, 4)}) == sympy.Rational(9, 4)


def test_odd_power_of_a_rectified_variable_is_refused() -> None:
    z = sympy.Symbol("z")

    with pytest.raises(InvalidExpression, match="not rational"):
        gaussian_mean(z**3, {z: sympy.S.One}, rectified=True)
