"""The batched float64 path estimates what the enclosure proves."""

from fractions import Fraction as F

import numpy as np
import pytest
import sympy as sp

from theorycheck.problems import SymPyObjective, VectorField
from theorycheck.trajectories import flow
from theorycheck.trajectories.floating import float_flow

from .zoo import random_problem, square_problem

x, y, t = sp.symbols("x y t")


def near(problem, starts, times):
    found = float_flow(problem, [[float(q) for q in s] for s in starts], [float(q) for q in times])
    for b, start in enumerate(starts):
        run = flow(problem, start, times[-1])
        for k, time in enumerate(times):
            truth = [float(ball) for ball in run.at(time)]
            assert np.allclose(found[k, b], truth, rtol=1e-10, atol=1e-11)


def test_fields_objectives_and_networks_agree_with_their_enclosures():
    starts, times = [[F(7, 5), F(12, 5)], [F(0), F(1)], [F(-1), F(1, 3)]], [F(1, 3), F(2)]
    near(VectorField([y, (1 - x**2) * y - x], [x, y]), starts, times)
    near(VectorField([sp.sin(t) - sp.tanh(y), sp.sqrt(1 + x**2)], [x, y], t), starts, times)
    near(SymPyObjective((x * y - 1) ** 2 / 2, [x, y]), starts, times)
    problem, start = square_problem(2, 2)
    near(problem, [start], times)


def test_a_blow_up_leaves_the_others_alone():
    found = float_flow(VectorField([x**2], [x]), [[-1.0], [0.5]], [0.5, 1.0])
    assert np.allclose(found[:, :, 0], [[-2 / 3, 2 / 3], [-0.5, 1.0]])

    late = float_flow(VectorField([x**2], [x]), [[1.0]], [2.0], max_steps=2000)
    assert not np.isfinite(late).all()


@pytest.mark.parametrize("data", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_networks_of_any_shape_agree_with_their_enclosures(seed, data):
    problem, start = random_problem(seed, data=data)
    near(problem, [start, [q / 2 for q in start]], [F(1, 4), F(1, 2)])
