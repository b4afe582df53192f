"""The segment-wise solution against the general engines on the same equations written out."""

import random
from fractions import Fraction as F

import pytest
import sympy as sp

from theorycheck.errors import InvalidInstance
from theorycheck.trajectories import PiecewiseField, kinked_flow
from theorycheck.trajectories.two_layer import (
    Flow,
    HeavyBall,
    Nesterov,
    NetKinkFailed,
    TwoLayer,
    two_layer_run,
)


def written_out(net, method):
    """The equations of a net of square width as a piecewise field, for `kinked_flow`."""
    d, m = len(net.inputs[0]), net.width
    root = sp.sqrt(m)
    w = sp.symbols(f"w0:{m * d}")
    v = sp.symbols(f"v0:{m * d}")
    rows = [sp.Matrix(w[r * d : (r + 1) * d]) for r in range(m)]
    x = [sp.Matrix([sp.Rational(q.numerator, q.denominator) for q in row]) for row in net.inputs]
    pairs = [(r, i) for r in range(m) for i in range(net.samples)]
    switches = [x[i].dot(rows[r]) for r, i in pairs]

    def components(signs):
        on = {pair: s > 0 for pair, s in zip(pairs, signs, strict=True)}
        error = [
            sum(net.outer[r] * x[i].dot(rows[r]) for r in range(m) if on[r, i]) / root
            - sp.Rational(str(net.labels[i]))
            for i in range(net.samples)
        ]
        force = []
        for r in range(m):
            pull = sum((error[i] * x[i] for i in range(net.samples) if on[r, i]), sp.zeros(d, 1))
            force += [-net.outer[r] / root * p for p in pull]
        if isinstance(method, Flow):
            return force
        return [*v, *(f - method.friction * s for f, s in zip(force, v, strict=True))]

    state = w if isinstance(method, Flow) else (*w, *v)
    return PiecewiseField(state, switches, components)


NETS = [
    TwoLayer.of([[1, 0], ["3/5", "4/5"]], [-2, "1/2"], [[1, 1]], [1]),
    TwoLayer.of([[1, 1], [-1, "1/2"]], [1, -1], [["1/2", 0], [1, "-3/4"], [0, 2], [-1, "1/3"]],
                [1, -1, 1, -1]),
]  # fmt: skip


@pytest.mark.parametrize("method", [Flow(), HeavyBall(F(1, 2))], ids=["flow", "heavy ball"])
@pytest.mark.parametrize("net", NETS, ids=["1 neuron", "4 neurons"])
def test_state_meets_the_piecewise_engine(net, method):
    run = two_layer_run(net, method, 2, digits=20)
    field = written_out(net, method)
    start = [q for row in net.weights for q in row]
    general = kinked_flow(
        field, start + [0] * (len(field.state) - len(start)), 2, digits=15
    )  # fmt: skip

    assert len(run.kinks) == len(general.events)
    flat = [ball for row in run.state(2) for ball in row]
    for ours, theirs in zip(flat, general.at(2), strict=False):
        assert ours.lower <= theirs.upper
        assert theirs.lower <= ours.upper
        assert ours.radius <= F(1, 10**20)


def random_net(rng):
    n, m, d = rng.randint(1, 3), rng.randint(1, 4), rng.randint(1, 3)
    inputs, weights = (
        [[F(rng.randint(-14, 14), 7) for _ in range(d)] for _ in range(rows)] for rows in (n, m)
    )
    labels = [F(rng.randint(-9, 9), 3) for _ in range(n)]
    return TwoLayer.of(inputs, labels, weights, [rng.choice([-1, 1]) for _ in range(m)])


METHODS = [Flow(), HeavyBall(F(1)), Nesterov(F(3)), Nesterov(F(5, 2))]


@pytest.mark.parametrize("seed", range(3))
def test_two_precisions_overlap_and_the_energy_decreases(seed):
    rng = random.Random(seed)
    done = 0
    while done < 2:
        net, method = random_net(rng), rng.choice(METHODS)
        try:
            low = two_layer_run(net, method, 2, bits=80)
            high = two_layer_run(net, method, 2, bits=160)
        except NetKinkFailed:
            continue
        done += 1

        assert len(low.kinks) == len(high.kinks)
        for time in (F(1, 3), F(2)):
            for a, b in zip(low.error(time), high.error(time), strict=True):
                assert a.lower <= b.upper
                assert b.lower <= a.upper
        for first, second in zip(low.kinks, high.kinks, strict=True):
            assert first.first <= second.last
            assert second.first <= first.last
        assert low.loss(2).lower <= low.loss(0).upper


def test_parallel_inputs_share_a_line_and_zero_inputs_have_none():
    net = TwoLayer.of([[1, 2], [-2, -4], [0, 0], [2, 1]], [0] * 4, [[1, 1]], [1])

    assert [line.factors for line in net.lines] == [{0: 1, 1: -2}, {3: 1}]


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(InvalidInstance, match="as many labels"):
        TwoLayer.of([[1]], [1, 2], [[1]], [1])
    with pytest.raises(InvalidInstance, match="outer weights"):
        TwoLayer.of([[1]], [1], [[1]], [1, 2])
    with pytest.raises(InvalidInstance, match="must agree"):
        TwoLayer.of([[1, 2]], [1], [[1]], [1])
