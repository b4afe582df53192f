"""General fields: external truths, scaled norms, budgets, singularities."""

import time
from fractions import Fraction as F

import pytest
import sympy as sp

from theorycheck.balls import precision, real, upper
from theorycheck.balls.series import column_of
from theorycheck.errors import EnclosureFailed, InvalidInstance
from theorycheck.problems import VectorField
from theorycheck.trajectories import Effort, flow
from theorycheck.trajectories.dispatch import dynamics_of
from theorycheck.trajectories.integrate import march
from theorycheck.trajectories.norms import KINDS, Norm

x, y, z, t = sp.symbols("x y z t")
rational = sp.Rational

VAN_DER_POL = VectorField([y, (1 - x**2) * y - x], [x, y])
LORENZ = VectorField([10 * (y - x), 28 * x - y - x * z, x * y - rational(8, 3) * z], [x, y, z])
RICCATI = VectorField([x**2 + t**2], [x], t)
PENDULUM = VectorField([y, sp.sin(t) - sp.sin(x)], [x, y], t)
ROBERTSON = VectorField(
    [
        -rational(2, 5) * x + 100 * y * z,
        rational(2, 5) * x - 100 * y * z - 1000 * y**2,
        1000 * y**2,
    ],
    [x, y, z],
)

# field, start, horizon, start_time, {time: printed values}
TRUTHS = {
    "parabola": (
        VectorField([1, y**2 - x], [x, y]),
        [0, "0.71875"],
        4,
        0,
        {4: ["4", "-1.92018052113225"]},
    ),
    "riccati": (RICCATI, [1], "1/8", 0, {"1/8": ["1.14355602501678488733"]}),
    "van_der_pol": (
        VAN_DER_POL,
        ["1.4", "2.4"],
        7,
        0,
        {7: ["1.8724296484281152121993", "0.9948328603324084776228"]},
    ),
    "pendulum": (
        PENDULUM,
        [1, 2],
        4,
        4,
        {
            5: ["2.0719023157504251928258", "0.1201383973721276791539"],
            8: ["-1.3297388770241008654314", "0.0567576883978247203369"],
        },
    ),
    "lorenz": (
        LORENZ,
        [15, 15, 36],
        20,
        0,
        {20: ["14.30414625127602082073", "9.579369077482801468183", "39.03832516773923579149"]},
    ),
}


@pytest.mark.parametrize(
    "name", [n if n != "lorenz" else pytest.param(n, marks=pytest.mark.slow) for n in TRUTHS]
)
def test_printed_truths_are_met(name):
    field, start, horizon, begin, truths = TRUTHS[name]
    run = flow(field, [F(q) for q in start], F(horizon), start_time=begin, digits=26)

    for moment, printed in truths.items():
        for ball, text in zip(run.at(F(moment)), printed, strict=True):
            value = F(text)
            unit = F(1, 10 ** len(text.partition(".")[2]))
            assert ball.lower <= value + unit
            assert value - unit <= ball.upper
            assert ball.radius <= max(1, abs(value)) / F(10) ** 25


def test_robertson_conserves_mass_and_keeps_the_promise():
    run = flow(ROBERTSON, [1, 0, 0], 40, digits=26)
    finer = flow(ROBERTSON, [1, 0, 0], 40, digits=35)

    total = sum(run.at(40), start=-1 * run.at(40)[0] + run.at(40)[0])
    assert total.contains(1)
    assert run.radius(40) <= F(1, 10**26)
    for one, two in zip(run.at(40), finer.at(40), strict=True):
        assert one.lower <= two.upper
        assert two.lower <= one.upper


@pytest.mark.parametrize("options", [{"digits": 26}, pytest.param({}, marks=pytest.mark.slow)])
def test_blow_up_is_approached_closely(options):
    with pytest.raises(EnclosureFailed) as caught:
        flow(RICCATI, [1], 1, effort=Effort(max_seconds=40), **options)
    assert F("0.969810653") < caught.value.reached <= F("0.96981065393109")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("exponents", [(0, 0), (1, -1), (-2, 0)])
def test_every_norm_encloses_the_same_solution(kind, exponents):
    norm = Norm.of_shape(exponents, kind)
    clock = Effort().start()
    truth = flow(VAN_DER_POL, [F(7, 5), F(12, 5)], 2, digits=40).at(2)
    dynamics = dynamics_of(VAN_DER_POL).measured_in(norm)
    pieces = march(dynamics, [F(7, 5), F(12, 5)], F(0), F(2), 90, clock)
    with precision(120):
        balls = pieces[-1].state(F(2)).entries()
        radius = upper(pieces[-1].growth.end)

    for ball, exact in zip(balls, truth, strict=True):
        assert ball.contains(exact.real())
        assert radius < F(1, 10**10)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 9])
def test_norms_bound_the_euclidean_one(kind, size):
    norm = Norm.of_shape([(5 * i) % 7 - 3 for i in range(size)], kind)
    with precision(64):
        for seed in range(20):
            entries = [F((seed * 7 + i * i * 3) % 11 - 5, 4) for i in range(size)]
            bound = norm.upper(column_of([real(q) for q in entries]))
            assert sum(q * q for q in entries) <= upper(bound) ** 2
            reach = norm.reach(bound)
            sizes = [reach] * size if not hasattr(reach, "entries") else reach.entries()
            assert all(abs(q) <= upper(s) for q, s in zip(entries, sizes, strict=True))


def test_a_hopeless_logarithmic_norm_is_named():
    # x'' = 10^8 x: the field contracts and expands by e^(10^4 t), whatever the norm
    with pytest.raises(EnclosureFailed, match="logarithmic norm"):
        flow(VectorField([y, 10**8 * x], [x, y]), [0, F(1, 10**300)], 1, digits=10)


def test_budget_of_steps():
    with pytest.raises(EnclosureFailed, match="steps"):
        flow(VAN_DER_POL, [1, 1], 7, effort=Effort(max_steps=5))
    with pytest.raises(InvalidInstance):
        Effort(max_steps=0)


def test_a_collision_is_approached_closely():
    # free fall from rest at 1 takes pi / 8^(1/2)
    u = sp.Symbol("u")
    with pytest.raises(EnclosureFailed) as caught:
        flow(VectorField([u, -1 / x**2], [x, u]), [1, 0], 3, digits=20)
    assert F("1.1107") < caught.value.reached < F("1.11072073454")


def test_a_close_encounter_is_passed():
    # perihelion 1/199 of the start; the energy is kept
    u, v = sp.symbols("u v")
    cube = (x**2 + y**2) ** rational(3, 2)
    field = VectorField([u, v, -x / cube, -y / cube], [x, y, u, v])
    run = flow(field, [1, 0, 0, F(1, 10)], 3, digits=20)
    a, b, c, d = run.at(2)

    energy = (c**2 + d**2) / 2 - (a**2 + b**2) ** F(-1, 2)
    assert energy.contains(F(1, 200) - 1)
    assert run.bits < 300


def test_near_collision_ends_within_its_seconds():
    # a comet that falls almost straight into the sun
    u, v = sp.symbols("u v")
    cube = (x**2 + y**2) ** rational(3, 2)
    field = VectorField([u, v, -x / cube, -y / cube], [x, y, u, v])
    begin = time.monotonic()
    with pytest.raises(EnclosureFailed) as caught:
        flow(field, [1, 0, 0, F(1, 10**6)], 3, digits=20, effort=Effort(max_seconds=6))
    assert 0 <= caught.value.reached <= 3
    assert time.monotonic() - begin < 25
