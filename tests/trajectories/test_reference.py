"""Reference integrators agree with the enclosures to the digits they claim; they prove nothing."""

from fractions import Fraction as F

import pytest

from theorycheck.trajectories import descend, flow, reference_descent, reference_flow
from theorycheck.trajectories.floating import float_descent, float_flow

from .zoo import contains, exact, random_problem, square_problem


def test_float64_flow_is_close():
    objective, start = square_problem(3, 2)
    run = flow(objective, start, 2, bits=80)
    estimate = float_flow(objective, [[float(q) for q in start]] * 3, [0.5, 2.0])

    assert estimate.shape == (2, 3, 12)
    for index, time in enumerate((F(1, 2), 2)):
        for i, ball in enumerate(run.at(time)):
            assert abs(F(float(estimate[index, 1, i])) - ball.midpoint) < F(1, 10**11)


def test_float64_descent_is_close():
    objective, start = square_problem(2, 3)
    run = descend(objective, start, F(1, 32), 40, bits=80)
    estimate = float_descent(objective, [[float(q) for q in start]], 1 / 32, 40)

    for i, ball in enumerate(run.at(40)):
        assert abs(F(float(estimate[40, 0, i])) - ball.midpoint) < F(1, 10**11)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1040))
def test_many_random_nets_are_contained(seed):
    objective, start = random_problem(seed, data=seed % 2 == 1)
    horizon = F(seed % 7 + 1, 5)
    times = [horizon / 3, horizon]
    truth = reference_flow(objective, start, times, digits=45)
    # iterates carry the rest of their last machine word: sharper than their working precision
    iterates = reference_descent(objective, start, F(1, 80), 30, digits=90)
    for bits in (40, 64, 128):
        run = flow(objective, start, horizon, bits=bits)
        for time, state in zip(times, truth, strict=True):
            assert contains(run.at(time), [exact(x) for x in state])
        assert contains(run.over(times[0], horizon), [exact(x) for x in truth[0]])
        steps = descend(objective, start, F(1, 80), 30, bits=bits)
        assert contains(steps.at(30), [exact(x) for x in iterates[30]])
