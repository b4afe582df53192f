"""Starts of positive radius: every solution of the set is enclosed, and sets are not wrapped."""

import random
from fractions import Fraction as F

import pytest
import sympy as sp

from theorycheck.balls import Ball, lower
from theorycheck.errors import EnclosureFailed, InvalidInstance
from theorycheck.problems import VectorField
from theorycheck.trajectories import Effort, flow

from .zoo import scalar_problem

x, y, z, t = sp.symbols("x y z t")
VAN_DER_POL = VectorField([y, (1 - x**2) * y - x], [x, y])
FIELDS = {
    "van_der_pol": (VAN_DER_POL, [F(7, 5), F(12, 5)], F(4)),
    "lorenz": (
        VectorField([10 * (y - x), 28 * x - y - x * z, x * y - sp.Rational(8, 3) * z], [x, y, z]),
        [F(15), F(15), F(36)],
        F(1),
    ),
    "forced": (VectorField([y, sp.sin(t) - sp.sin(x)], [x, y], t), [F(1), F(2)], F(3)),
    "rational": (VectorField([y / (1 + x**2), -sp.exp(-x)], [x, y]), [F(1, 3), F(1)], F(2)),
    "contracting": (VectorField([-x, -3 * y + x**2], [x, y]), [F(1), F(1, 2)], F(3)),
}


def around(start, radius):
    return [(q - radius, q + radius) for q in start]


def centre_of(run, time):
    return [lower(c) for c in run.centre(time).entries()]


def assert_inside(inner, outer):
    for one, two in zip(inner, outer, strict=True):
        assert two.lower <= one.lower
        assert one.upper <= two.upper


@pytest.mark.parametrize("radius", [F(1, 10**9), F(1, 10**4), F(1, 300)])
@pytest.mark.parametrize("name", FIELDS)
def test_every_start_of_the_set_is_enclosed(name, radius):
    field, start, horizon = FIELDS[name]
    rng = random.Random(name)
    run = flow(field, around(start, radius), horizon)

    times = [F(0), horizon / 7, horizon * 5 / 9, run.pieces[1].begin, horizon]
    for _ in range(4):
        corner = [q + radius * rng.choice((-1, 1, F(rng.randint(-9, 9), 9))) for q in start]
        one = flow(field, corner, horizon, bits=160)
        for time in times:
            assert_inside(one.at(time), run.at(time))
            distance = sum(
                (a.midpoint - F(b)) ** 2
                for a, b in zip(one.at(time), centre_of(run, time), strict=True)
            )
            assert distance <= (run.radius(time) + one.radius(time)) ** 2
        assert_inside(one.at(horizon / 2), run.over(horizon / 3, horizon * 2 / 3))
        assert_inside(one.at(horizon / 7), run.over(0, horizon))


def test_van_der_pol_set_stays_sharp():
    run = flow(VAN_DER_POL, around([F(7, 5), F(12, 5)], F(1, 10**6)), 7)

    assert run.radius(7) < F(1, 10**4)
    assert max(b.radius for b in run.at(7)) < F(1, 10**5)
    assert run.radius(0) < F(2, 10**6)


def test_rotation_does_not_wrap():
    run = flow(VectorField([y, -x], [x, y]), around([1, 0], F(1, 1000)), 60)

    assert run.radius(60) < F(2, 1000)
    assert run.at(60)[0].radius < F(15, 10000)


def test_shear_keeps_its_shape():
    # x' = y, y' = 0: at t the set is {x + t y}, exactly
    run = flow(VectorField([y, 0 * x], [x, y]), around([0, 1], F(1, 100)), 20)

    assert F(21, 100) <= run.at(20)[0].radius <= F(22, 100)
    assert run.at(20)[1].radius <= F(102, 10000)


def test_balls_are_starts():
    run = flow(VectorField([-x], [x]), [Ball.between(F(1), F(3, 2))], 1)

    assert run.at(1)[0].lower <= F("0.367879441171442") <= F("0.367879441171443")
    assert run.at(1)[0].upper >= F("0.551819161757163")
    assert run.at(1)[0].radius < F("0.1")
    assert F(1, 4) <= run.start_radii[0] < F(26, 100)


def test_networks_take_sets_by_the_logarithmic_norm():
    problem = scalar_problem(2)
    run = flow(problem, around([1, F(1, 2)], F(1, 1000)), 2)
    for corner in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        start = [1 + F(corner[0], 1000), F(1, 2) + F(corner[1], 1000)]
        assert_inside(flow(problem, start, 2, bits=100).at(2), run.at(2))


def test_large_systems_take_sets_by_the_logarithmic_norm():
    names = sp.symbols("x0:22")
    field = VectorField([-v for v in names], names)
    run = flow(field, around([1] * 22, F(1, 1000)), 1)

    assert run.radius(1) < F(2, 1000)
    assert_inside(flow(field, [F(1001, 1000)] * 22, 1, bits=100).at(1), run.at(1))


def test_a_promise_beyond_the_start_is_refused():
    with pytest.raises(EnclosureFailed, match="start"):
        flow(VAN_DER_POL, around([1, 1], F(1, 10**6)), 1, digits=20)
    with pytest.raises(InvalidInstance):
        flow(VAN_DER_POL, [(2, 1), 1], 1)


def test_a_wide_set_ends_in_an_enclosure_or_by_name():
    with pytest.raises(EnclosureFailed):
        flow(VectorField([x**2], [x]), [(1, 2)], 1, effort=Effort(max_seconds=10))
    run = flow(VectorField([x**2], [x]), [(F(1, 4), F(3, 4))], F(1, 2))
    assert run.at(F(1, 2))[0].lower <= F(2, 7)
    assert run.at(F(1, 2))[0].upper >= F(6, 5)
