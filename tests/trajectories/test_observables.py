"""Observables along flows: containment of closed forms, tight ranges, no false verdicts."""

import random
from fractions import Fraction as F

import mpmath
import pytest
import sympy as sp

from theorycheck import HOLDS, UNDECIDED, VIOLATED
from theorycheck.errors import InvalidInstance
from theorycheck.problems import VectorField
from theorycheck.trajectories import Observable, flow

from .zoo import exact, random_problem, square_problem

x, y, z, t = sp.symbols("x y z t")
LORENZ = VectorField([10 * (y - x), x * (28 - z) - y, x * y - F(8, 3) * z], [x, y, z])


def mp(function):
    with mpmath.workdps(60):
        return exact(mpmath.mpf(function(mpmath)))


def holds(ball, value):
    slack = F(1, 10**50)
    return ball.lower - slack <= value <= ball.upper + slack


@pytest.fixture(scope="module")
def circle():
    return flow(VectorField([y, -x], [x, y]), [0, 1], 7, digits=25)  # sin, cos


RUNS = {
    "circle": lambda: flow(VectorField([y, -x], [x, y]), [0, 1], 12, bits=80),
    "stiff": lambda: flow(VectorField([-200 * x, x - y], [x, y]), [1, 1], 1, bits=200),
    "lorenz": lambda: flow(LORENZ, [15, 15, 36], 1, bits=128),
    "deep": lambda: flow(*random_problem(3), 4, bits=160),
    "collocation": lambda: flow(*square_problem(3, 2), 4, bits=160, engine="chebyshev"),
    "converged": lambda: flow(*square_problem(2, 2), 200, bits=64),
}


@pytest.mark.parametrize("name", RUNS)
def test_over_contains_random_times_and_is_tight_within_long_pieces(name):
    run, rng = RUNS[name](), random.Random(1)
    longest = max(run.pieces, key=lambda piece: piece.length)
    spans = [(longest.begin, longest.end), (F(0), run.horizon)]
    for _ in range(4):
        a, b = sorted(run.horizon * F(rng.randint(0, 997), 997) for _ in range(2))
        spans.append((a, b))
    for a, b in spans:
        over = run.over(a, b)
        times = [a + (b - a) * F(rng.randint(0, 1000), 1000) for _ in range(40)]
        parts = [run.over(a + (b - a) * i / 16, a + (b - a) * (i + 1) / 16) for i in range(16)]
        for i, ball in enumerate(over):
            for time in times:
                state = run.at(time)[i]
                assert ball.lower <= state.upper
                assert state.lower <= ball.upper
                assert ball.lower <= state.midpoint <= ball.upper
            low, high = min(p[i].lower for p in parts), max(p[i].upper for p in parts)
            assert ball.upper - ball.lower <= F(11, 10) * (high - low) + F(1, 2**40)


def test_sample_estimates_the_state(circle):
    points = circle.sample([0, F(1, 2), 7])

    assert len(points) == 3
    assert points[1] == pytest.approx([0.479425538604203, 0.877582561890373])


def test_values_ranges_and_integrals_contain_the_closed_forms(circle):
    product = Observable(circle, x * y, [x, y])
    bell = Observable(circle, sp.exp(-x), [x, y])
    clocked = Observable(circle, t * x, [x, y], t)

    assert holds(product.at(3), mp(lambda m: m.sin(3) * m.cos(3)))
    assert holds(product.integral(1, 6), mp(lambda m: (m.sin(6) ** 2 - m.sin(1) ** 2) / 2))
    assert product.integral(1, 6).radius < F(1, 10**22)
    area = mp(lambda m: m.quad(lambda s: m.exp(-m.sin(s)), m.linspace(0, 7, 8)))
    assert holds(bell.integral(0, 7), area)
    assert holds(clocked.integral(0, 7), mp(lambda m: m.sin(7) - 7 * m.cos(7)))
    assert holds(clocked.slope_over(2, 2), mp(lambda m: m.sin(2) + 2 * m.cos(2)))
    whole = product.over(0, 7)
    assert whole.lower <= F(-1, 2) < F(1, 2) <= whole.upper
    assert whole.upper - whole.lower < F(101, 100)
    constant = Observable(circle, x**2 + y**2, [x, y]).over(0, 7)
    assert constant.contains(1)
    assert constant.radius < F(1, 10**20)
    assert Observable(circle, 3, [x, y]).integral(0, 7).contains(21)


def test_ranges_contain_values_of_transcendental_observables():
    rng = random.Random(5)
    run = flow(LORENZ, [1, 1, 20], 1, bits=96)
    for g in (sp.sin(x) * y, 1 / (1 + z**2), sp.sqrt(1 + x**2), sp.log(2 + y**2), sp.tanh(x - y)):
        seen = Observable(run, g, [x, y, z])
        for _ in range(3):
            a, b = sorted(F(rng.randint(0, 500), 500) for _ in range(2))
            over, slope = seen.over(a, b), seen.slope_over(a, b)
            samples = [seen.at(a + (b - a) * i / 20) for i in range(21)]
            low, high = min(s.lower for s in samples), max(s.upper for s in samples)
            assert over.lower <= low
            assert high <= over.upper
            assert over.upper - over.lower <= F(3, 2) * (high - low) + F(1, 2**30)
            if a < b:
                mean = (samples[-1] - samples[0]) / (b - a)
                assert slope.lower <= mean.upper
                assert mean.lower <= slope.upper


def test_loss_of_a_deep_net_decreases_and_one_entry_does_not():
    objective, start = square_problem(2, 1)
    a, b = sp.symbols("a b")
    target = objective.loss.cross[0][0]
    run = flow(objective, start, 3, bits=96)
    loss = Observable(run, (a * b - target) ** 2, [a, b])
    imbalance = Observable(run, a**2 - b**2, [a, b])

    assert loss.nonincreasing(0, 3).verdict is HOLDS
    assert loss.nondecreasing(0, 3).verdict is VIOLATED
    # Conserved: neither its sign nor a counterexample can be certified.
    assert imbalance.nonincreasing(0, 1).verdict is UNDECIDED
    assert imbalance.slope_over(0, 1).contains(0)


def test_monotonicity_is_refuted_by_two_times_only(circle):
    sine = Observable(circle, x, [x, y])
    answer = sine.nondecreasing(0, 2)
    s, u = answer.witness

    assert answer.verdict is VIOLATED
    assert s < u
    assert sine.at(u).upper < sine.at(s).lower
    assert sine.nondecreasing(0, F(3, 2)).verdict is HOLDS
    # sin' = 0 at pi / 2, which is no binary time: the truth holds, no bisection finds it.
    assert Observable(circle, x**3, [x, y]).nondecreasing(0, F(3, 2)).verdict is not VIOLATED


def test_bad_requests_are_refused(circle):
    with pytest.raises(InvalidInstance):
        Observable(circle, x, [x])
    with pytest.raises(InvalidInstance):
        Observable(circle, sp.Float(1.5) * x, [x, y])
    with pytest.raises(InvalidInstance):
        Observable(circle, x, [x, y]).over(0, 8)
