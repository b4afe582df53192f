"""Two-layer ReLU nets with square loss: neurons die, slide and cross; exact rational data.

    w_r' = -a_r sum_i D_i theta_ri x_i,   D_i = sum_r a_r relu(w_r x_i) - y_i,

theta the indicators. The truth is solved apart from the engine: region by region with matrix
exponentials, where r slides on the inputs in Z_r its velocity being projected off their span
(Gram form), and by Euler's method with tiny steps, which chatters along what is slid on.
"""

import itertools
import random
from fractions import Fraction as F

import mpmath
import numpy as np
import pytest
import sympy as sp

from theorycheck.trajectories import KinkFailed, PiecewiseField, kinked_flow

from .zoo import exact

KINDS = {"fork", "tangency", "simultaneous kinks", "enclosure"}


def relu_net(inputs, outer, targets):
    """The gradient field of 1/2 |relu(X W^T) a - y|^2 in the hidden weights."""
    names = sp.symbols(f"w0:{len(outer) * len(inputs[0])}")
    size, count = len(inputs[0]), len(inputs)
    rows = [[sp.Rational(c.numerator, c.denominator) for c in row] for row in inputs]
    a = [sp.Rational(c.numerator, c.denominator) for c in outer]
    y = [sp.Rational(c.numerator, c.denominator) for c in targets]
    weights = [names[size * r : size * (r + 1)] for r in range(len(a))]
    z = [[sum(c * w for c, w in zip(row, ws, strict=True)) for row in rows] for ws in weights]

    def field(s):
        on = [[int(s[r * count + i] > 0) for i in range(count)] for r in range(len(a))]
        errors = [
            sum((a[r] * z[r][i] * on[r][i] for r in range(len(a))), -y[i]) for i in range(count)
        ]
        return [
            -a[r] * sum((errors[i] * rows[i][k] * on[r][i] for i in range(count)), sp.Integer(0))
            for r in range(len(a))
            for k in range(size)
        ]

    return PiecewiseField(names, [entry for row in z for entry in row], field)


def drawn(seed, neurons, samples, size):
    rng = random.Random(seed)
    values = [F(k, 4) for k in range(-8, 9) if k]

    def some(count):
        return [rng.choice(values) for _ in range(count)]

    inputs = [some(size) for _ in range(samples)]
    outer = [F(rng.choice((-2, -1, 1, 2)), 2) for _ in range(neurons)]
    return inputs, outer, some(samples), some(neurons * size)


def simulate(inputs, outer, targets, start, horizon, steps=40000):
    """Euler's method in float64: an estimate."""
    x, a, y = (np.array(part, dtype=float) for part in (inputs, outer, targets))
    w = np.array([float(q) for q in start]).reshape(len(a), -1)
    h = float(horizon) / steps
    for _ in range(steps):
        z = w @ x.T
        on = z > 0
        errors = a @ (z * on) - y
        w = w - h * a[:, None] * ((on * errors) @ x)
    return w.ravel()


# -- region by region ------------------------------------------------------------------------------
INPUTS = [
    [F(3, 4), F(-1), F(5, 4)],
    [F(-7, 4), F(-3, 2), F(-5, 4)],
    [F(1), F(-7, 4), F(-1, 2)],
]
OUTER, TARGETS = [F(-1), F(-1)], [F(3, 2), F(3, 2), F(-3, 2)]
START = [F(-1, 4), F(-3, 2), F(3, 2), F(-7, 4), F(-5, 4), F(-1, 4)]
SLIDES = None
# Indicators of both neurons, and the (neuron, input) at which the region is left.
REGIONS = [
    ([[1, 1, 1], [0, 1, 1]], (0, 1)),
    ([[1, SLIDES, 1], [0, 1, 1]], (1, 0)),
    ([[1, SLIDES, 1], [SLIDES, 1, 1]], (1, 2)),
    ([[1, SLIDES, 1], [SLIDES, 1, 0]], (1, 1)),
    ([[1, SLIDES, 1], [0, 0, 0]], (0, 0)),
    ([[SLIDES, SLIDES, 1], [0, 0, 0]], None),
]


class Region:
    """W' linear in the errors, each neuron's projected off the inputs it slides on."""

    def __init__(self, theta):
        self.theta = theta
        x = self.x = mpmath.matrix([[mpmath.mpf(c.numerator) / c.denominator for c in row]
                                    for row in INPUTS])  # fmt: skip
        self.a = [mpmath.mpf(q.numerator) / q.denominator for q in OUTER]
        self.y = [mpmath.mpf(q.numerator) / q.denominator for q in TARGETS]
        size, count = x.cols, x.rows
        self.slid = [[i for i in range(count) if row[i] is SLIDES] for row in theta]
        whole = mpmath.zeros(2 * size + 1)
        for r in range(2):
            projector = mpmath.eye(size)
            if self.slid[r]:
                s = mpmath.matrix([[x[i, k] for k in range(size)] for i in self.slid[r]])
                projector -= s.T * (s * s.T) ** -1 * s
            for i in range(count):
                if theta[r][i] == 1:
                    push = projector * x[i, :].T * -self.a[r]
                    for k in range(size):
                        whole[r * size + k, 2 * size] -= push[k] * self.y[i]
                        for p, l in itertools.product(range(2), range(size)):
                            if theta[p][i] == 1:
                                whole[r * size + k, p * size + l] += push[k] * self.a[p] * x[i, l]
        self.whole = whole

    def after(self, w, time):
        moved = mpmath.expm(self.whole * time) * mpmath.matrix([*w, 1])
        return list(moved)[:-1]

    def z(self, w, r, i):
        return sum(self.x[i, k] * w[r * self.x.cols + k] for k in range(self.x.cols))

    def zero(self, w, r, i):
        """The first zero of z_ri."""

        def g(time):
            return self.z(self.after(w, time), r, i)

        step = mpmath.mpf(1) / 200
        low, sign = step, g(step / 9)
        while g(low) * sign > 0:
            low += step
        return mpmath.findroot(g, (low - step, low), solver="anderson")

    def is_right(self, w):
        """Whether all signs and fractions are those of the region."""
        errors = [
            sum(self.a[r] * self.z(w, r, i) for r in range(2) if self.theta[r][i] == 1) - self.y[i]
            for i in range(self.x.rows)
        ]
        gram = self.x * self.x.T
        for r, row in enumerate(self.theta):
            dead = not any(row)
            for i, theta in enumerate(row):
                if theta is not SLIDES and not dead and (self.z(w, r, i) > 0) != (theta == 1):
                    return False
            if self.slid[r]:
                right = [-sum(gram[j, i] * errors[i] for i, on in enumerate(row) if on == 1)
                         for j in self.slid[r]]  # fmt: skip
                left = mpmath.matrix([[gram[j, i] * errors[i] for i in self.slid[r]]
                                      for j in self.slid[r]])  # fmt: skip
                if not all(0 < h < 1 for h in mpmath.lu_solve(left, mpmath.matrix(right))):
                    return False
        return True


@pytest.fixture(scope="module")
def truth():
    """Times of the kinks, and the state as a function of time, to 40 digits."""
    with mpmath.workdps(50):
        begin, w = mpmath.mpf(0), [mpmath.mpf(q.numerator) / q.denominator for q in START]
        parts = []
        for theta, left in REGIONS:
            region = Region(theta)
            parts.append((begin, region, w))
            span = mpmath.mpf(3)
            if left is not None:
                span = region.zero(w, *left)
            for k in range(1, 10):
                assert region.is_right(region.after(w, span * k / 10))
            begin, w = begin + span, region.after(w, span)
    return parts


@pytest.fixture(scope="module")
def net_run():
    return kinked_flow(relu_net(INPUTS, OUTER, TARGETS), START, 3, bits=128)


@pytest.mark.slow
def test_a_net_that_slides_crosses_and_dies_goes_through_the_known_regions(truth, net_run):
    changes = [
        {("sliding", 1)},
        {("sliding", 3)},
        {("crossing", 5)},
        {("sliding", 3), ("sliding", 4)},  # neuron 1 dies: both rest, without a fraction
        {("sliding", 0)},
    ]
    windows = [(e.first, e.last) for e in net_run.events]
    assert [
        {(e.kind, e.surface) for e in net_run.events if (e.first, e.last) == w}
        for w in sorted(set(windows))
    ] == changes
    for (first, last), (time, _, _) in zip(sorted(set(windows)), truth[1:], strict=True):
        assert first < exact(time) < last
    assert net_run.mode_at(3).slid == (0, 1)
    assert net_run.mode_at(3).dead == ((3, -1), (4, -1))


@pytest.mark.slow
def test_a_net_that_slides_crosses_and_dies_has_the_known_weights(truth, net_run):
    for k in range(1, 31):
        time = F(k, 10)
        with mpmath.workdps(50):
            begin, region, w = [p for p in truth if exact(p[0]) < time][-1]
            known = region.after(w, mpmath.mpf(time.numerator) / time.denominator - begin)
        for ball, value in zip(net_run.at(time), known, strict=True):
            assert ball.lower - F(1, 10**38) <= exact(value) <= ball.upper + F(1, 10**38)
            assert ball.radius < F(1, 10**25)


# -- random nets -----------------------------------------------------------------------------------
def followed(seed, shape, horizon, bits):
    inputs, outer, targets, start = drawn(seed, *shape)
    try:
        return kinked_flow(relu_net(inputs, outer, targets), start, horizon, bits=bits), None
    except KinkFailed as failure:
        return failure.partial, failure


def agrees_with_euler(run, seed, shape):
    inputs, outer, targets, start = drawn(seed, *shape)
    estimate = simulate(inputs, outer, targets, start, run.last)
    return all(
        abs(float(ball) - value) < 3e-3 * (1 + abs(value))
        for ball, value in zip(run.at(run.last), estimate, strict=True)
    )


@pytest.mark.parametrize("seed", [1, 3, 4])
def test_random_nets_agree_with_euler(seed):
    run, _ = followed(seed, (2, 2, 2), 3, 64)
    assert run.last > 0
    assert agrees_with_euler(run, seed, (2, 2, 2))


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2), (2, 3, 3)])
def test_random_nets_complete_and_agree_at_two_precisions(shape):
    done, reasons, joint = 0, [], 0
    for seed in range(100, 110):
        runs = [followed(seed, shape, 4, bits) for bits in (64, 128)]
        (low, _), (high, failure) = runs
        last = min(low.last, high.last)
        for time in [last * k / 8 for k in range(1, 9) if last > 0]:
            for a, b in zip(low.at(time), high.at(time), strict=True):
                assert a.lower <= b.upper
                assert b.lower <= a.upper
        assert high.last == 0 or agrees_with_euler(high, seed, shape)
        done += failure is None
        reasons += [] if failure is None else [str(failure)]
        assert failure is None or failure.kind in KINDS
        joint += any(len(event.after.held) > 1 for event in high.events)
    assert done >= 8, reasons
    assert joint > 0
