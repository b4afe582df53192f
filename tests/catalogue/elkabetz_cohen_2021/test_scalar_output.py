"""Nets with one output: printed vectors of theory A19 to A22."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy

import theorycheck as tc
from tests.catalogue.enclose import Case, agrees, enclose
from theorycheck.catalogue.elkabetz_cohen_2021 import (
    aligned_curvature_is_exact as aligned,
    descent_converges_from_near_zero as descent,
    flow_converges_in_known_time as flow_time,
    integrated_curvature_is_logarithmic as curvature,
    scalar_output_moves_in_a_plane as orbit_file,
)
from theorycheck.claims import integral, log, maximum, substitute, times
from theorycheck.claims.details import tabulate
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


# -- integrated curvature (A20, A20.b) -------------------------------------------------------------
@pytest.mark.parametrize(("share", "printed"), [(1, "5.2403"), (0, "0.6351")])
def test_curvature_bound_meets_the_printed_vector(share: int, printed: str) -> None:
    instance = curvature.small_and_nearly_aligned()

    assert agrees(enclose(curvature.bound(Case(instance), share), instance), printed)


@pytest.mark.slow
def test_integrated_curvature_meets_the_printed_value() -> None:
    instance = curvature.small_and_nearly_aligned(horizon=40)
    ball = enclose(curvature.integrated(Case(instance)), instance, bits=64)

    assert ball.lower <= Fraction("4.6693") <= ball.upper
    assert ball.radius < Fraction(1, 500)


def test_rows_of_a_figure_keep_truth_below_bound() -> None:
    starts = curvature.grid(["1/2", "3/4"], ["1/8", "1/2", 2], horizon=1)
    rows = tabulate(curvature.integrated_curvature_is_logarithmic, starts, bits=64)

    assert len(rows) == 4
    assert all(row["truth"].upper <= row["bound"].lower for row in rows)


@pytest.mark.parametrize(
    ("depth", "start", "printed", "bound"),
    [
        (2, Q(1, 100), "3.88788060060354050174510963301", 10),
        (3, Q(1, 1000), "32.605617016155033892109182819", 100),
    ],
)
def test_aligned_growth_meets_the_printed_vector(
    depth: int, start: Any, printed: str, bound: int
) -> None:
    values = {aligned.n: depth, aligned.w: start, aligned.s: 1}
    growth = aligned.GROWTH.subs(values)

    assert agrees(enclose(growth, orbit_file.example()), printed)
    assert aligned.GROWTH_BOUND.subs(values) == bound


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_eigenvalue_in_the_layer_is_the_derived_one(depth: int) -> None:
    derived = planar.LAMBDA.subs(planar.n, depth).subs(planar.value, aligned.p**depth)
    claimed = aligned.EIGENVALUE.subs({aligned.n: depth, aligned.factor: depth - 1})

    assert sympy.expand(derived - claimed) == 0


def test_negative_curvature_of_the_flow_integrates_to_the_growth() -> None:
    instance = aligned.example(depth=2, layer="1/2", horizon=1)
    flow = Case(instance).flow
    layer = aligned.first_layer(Case(instance))
    values = {aligned.p: layer, aligned.s: 1, aligned.factor: 1}
    curvature_there = substitute(aligned.EIGENVALUE.subs(aligned.n, 2), values)
    spent = enclose(integral(maximum([0, -curvature_there]), times(0, 1)), instance, bits=64)
    growth = enclose(
        log(aligned.GROWTH.subs({aligned.n: 2, aligned.w: Q(1, 4), aligned.s: 1})), instance
    )

    assert enclose(flow.end_to_end[0, 0].at(1), instance).lower > Fraction(1, 3)  # beyond w*
    assert spent.lower <= growth.upper
    assert growth.lower <= spent.upper
    assert spent.radius < Fraction(1, 1000)


# -- convergence (A21, A22) ------------------------------------------------------------------------
def test_first_vector_of_the_descent_theorem() -> None:
    angle, scale, goal = Q(9, 10), HALF, Q(1, 10)
    instance = orbit_file.example()
    loss = planar.LOSS.subs({planar.r: scale, planar.c: angle})
    time = flow_time.DECAY_TIME.subs(
        {flow_time.n: 2, flow_time.c_0: angle, flow_time.loss: loss, flow_time.goal: goal / 4}
    )
    curved = curvature.BOUND.subs(
        {curvature.n: 2, curvature.c_0: angle, curvature.r_0: scale, curvature.factor: 1}
    )
    values = {descent.n: 2, descent.T: time, descent.M_0: curved, descent.c_0: angle}
    values = {**values, descent.r_0: scale, descent.goal: goal}
    share = descent.SHARE.subs(values)
    size = descent.STEP_SIZE_BOUND.subs({**values, descent.a: share})

    for value, printed in (
        (time, "2.16212238783923700567261415938"),
        (curved, "0.797600402076235087253260696523"),
        (share, "0.0488105343530891046330956949361"),
        (size, "8.94914201754475857083955393597e-5"),
    ):
        assert agrees(enclose(value, instance), printed)


def test_the_time_of_the_paper_as_remembered_meets_the_printed_vector() -> None:
    at = {flow_time.n: 3, flow_time.angle: 0, flow_time.r_0: Q(1, 10), flow_time.goal: Q(1, 100)}

    assert agrees(enclose(flow_time.AS_REMEMBERED.subs(at), orbit_file.example()), "2029.307")


def test_example_of_the_descent_theorem_starts_above_its_goal() -> None:
    instance = descent.example()

    assert enclose(Case(instance).initial.loss, instance).lower > Fraction(1, 21)


def test_rows_of_descent_keep_truth_below_bound_and_satisfy_the_assumptions() -> None:
    starts = descent.grid(["7/8", "15/16"], [0, "1/8", 2], goal="1/8")
    rows = tabulate(descent.descent_converges_from_near_zero, starts, bits=64)

    assert len(rows) >= 2
    for row, start in zip(rows, starts, strict=True):
        assert row["truth"].upper <= row["bound"].lower
        assert tc.check(descent.descent_converges_from_near_zero, start).verdict is tc.HOLDS


@pytest.mark.slow
def test_descent_theorem_holds_near_the_first_printed_case() -> None:
    direction = [Fraction(k, 10) for k in (9, 3, 3, 1)]  # c_0 = 0.9, r_0 = 0.49
    instance = orbit_file.single_output_instance(
        depth=2, layer="7/10", direction=direction,
        goal="1/10", step_size=Fraction(1, 11800), steps=25820,
    )  # fmt: skip
    judgement = tc.check(descent.descent_converges_from_near_zero, instance)

    assert judgement.verdict is tc.HOLDS, judgement.reason
    assert not judgement.vacuous
