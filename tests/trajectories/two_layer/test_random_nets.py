"""Random nets against fixed-step integration in floats: no kink is missed, none is invented."""

import random
from fractions import Fraction as F

import numpy as np
import pytest

from theorycheck.trajectories.two_layer import (
    Flow,
    HeavyBall,
    Nesterov,
    NetKinkFailed,
    TwoLayer,
    two_layer_run,
)

STEPS = 8_000


def floats(table):
    return np.array([[float(q) for q in row] for row in table])


def simulated(net, method, horizon):
    """Semi-implicit Euler; the error at the horizon and how often a sign of z changed."""
    x, w = floats(net.inputs), floats(net.weights)
    y, a = (np.array([float(q) for q in row]) for row in (net.labels, net.outer))
    scale, h, v = a / np.sqrt(len(a)), horizon / STEPS, 0 * w
    flips, signs = 0, x @ w.T >= 0
    for k in range(STEPS):
        z = x @ w.T
        flips += int((signs != (z >= 0)).sum())
        signs = z >= 0
        error = np.maximum(z, 0) @ scale - y
        force = -scale[:, None] * (((z >= 0) * error[:, None]).T @ x)
        if isinstance(method, Flow):
            w = w + h * force
            continue
        friction = float(method.friction)
        if isinstance(method, Nesterov):
            friction = friction / (h * (k + 0.5))
        v = (v + h * force) / (1 + h * friction)
        w = w + h * v
    return np.maximum(x @ w.T, 0) @ scale - y, flips


def random_net(rng):
    n, m, d = rng.randint(1, 4), rng.randint(1, 5), rng.randint(1, 3)
    inputs = [[F(rng.randint(-14, 14), 7) for _ in range(d)] for _ in range(n)]
    if n > 1 and rng.random() < 0.2:
        inputs[1] = [-2 * q for q in inputs[0]]  # an antiparallel pair
    weights = [[F(rng.randint(-22, 22), 11) for _ in range(d)] for _ in range(m)]
    labels = [F(rng.randint(-9, 9), 3) for _ in range(n)]
    return TwoLayer.of(inputs, labels, weights, [rng.choice([-1, 1]) for _ in range(m)])


@pytest.mark.slow
@pytest.mark.parametrize("method", [Flow(), HeavyBall(F(1, 2)), Nesterov(F(3))], ids=str)
def test_certified_run_meets_the_simulation(method):
    rng, done, kinks = random.Random(2), 0, 0
    while done < 15:
        net = random_net(rng)
        try:
            run = two_layer_run(net, method, 4, digits=15)
        except NetKinkFailed:
            continue
        error, flips = simulated(net, method, 4)
        done, kinks = done + 1, kinks + len(run.kinks)

        for ball, value in zip(run.error(4), error, strict=True):
            assert abs(float(ball) - value) < 2e-2
        if method.second_order:
            assert flips == len(run.kinks)
    assert kinks > 15
