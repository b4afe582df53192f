"""Nets with one output: printed vectors of theory A19 to A22."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy

import theorycheck as tc
from tests.catalogue.enclose import Case, agrees, enclose
from theorycheck.catalogue.elkabetz_cohen_2021 import scalar_output_moves_in_a_plane as orbit_file
from theorycheck.symbolic.derivations import planar

Q = sympy.Rational
HALF = Q(1, 2)


def radius(depth: int, c_0: Any, r_0: Any, c: Any) -> sympy.Expr:
    """R on the orbit, the integral in closed form."""
    antiderivative = planar.INTEGRALS[depth]
    integral = antiderivative.subs(planar.x, c) - antiderivative.subs(planar.x, c_0)
    values = {planar.n: depth, planar.c: c, planar.first: c_0, planar.start: r_0}
    return 1 / planar.ORBIT.subs({**values, planar.integral: integral})


def test_orbit_meets_the_printed_vector_at_depth_two() -> None:
    ball = enclose(radius(2, 0, HALF, HALF), orbit_file.example())

    assert agrees(ball, "0.414597203301117770651746911937")


def test_orbit_at_depth_three_is_two_fifteenths_exactly() -> None:
    assert sympy.simplify(radius(3, -HALF, Q(1, 5), HALF)) == Q(2, 15)


def test_time_along_the_orbit_meets_the_printed_vector() -> None:
    x = planar.x
    along = radius(3, -HALF, Q(1, 5), x)
    time = sympy.Integral(along ** Q(-1, 3) / (1 - x**2), (x, -HALF, HALF))

    assert agrees(enclose(time, orbit_file.example()), "2.22454060743334856289742153267")


@pytest.mark.parametrize("depth", [2, 3, 4, 5, 6])
def test_orbit_holds_at_every_depth(depth: int) -> None:
    instance = orbit_file.example(depth=depth, horizon=1)

    assert tc.check(orbit_file.scalar_output_moves_in_a_plane, instance).verdict is tc.HOLDS


def test_orbit_holds_in_three_dimensions_from_an_obtuse_angle() -> None:
    direction = [Fraction(-2, 7), Fraction(3, 7), Fraction(6, 7)]
    instance = orbit_file.example().replace(horizon=1)
    tilted = orbit_file.single_output_instance(depth=3, layer="3/4", direction=direction, horizon=1)

    assert enclose(orbit_file.cosine(Case(tilted), Case(tilted).initial), tilted).upper < 0
    for case in (instance, tilted):
        assert tc.check(orbit_file.scalar_output_moves_in_a_plane, case).verdict is tc.HOLDS
