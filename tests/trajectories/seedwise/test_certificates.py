"""Seed-wise certificates: on iris, against runs of narrow nets, and where they must fail."""

import math
from fractions import Fraction as F

import numpy as np
import pytest

import theorycheck as tc
from theorycheck.errors import InvalidInstance
from theorycheck.problems.unit_inputs import spread_rows, standardised_inputs
from theorycheck.trajectories import two_layer_flow, two_layer_heavy_ball, two_layer_nesterov
from theorycheck.trajectories.seedwise import SeedwiseNet, WideNet
from theorycheck.verdicts import HOLDS, UNDECIDED


def iris_net(samples, width, seed=0):
    data = tc.iris()
    rows = spread_rows(data.samples, samples)
    labels = [1 if data.targets[0][k] else -1 for k in rows]
    return WideNet.gaussian(standardised_inputs(data, rows), labels, width=width, seed=seed)


def test_three_rows_of_iris_are_one_flower_of_each_species():
    data = tc.iris()

    assert [[row[k] for row in data.targets] for k in spread_rows(150, 3)] == [
        [1, 0, 0], [0, 1, 0], [0, 0, 1],
    ]  # fmt: skip


def test_standardised_inputs_are_on_the_grid_and_nearly_unit():
    data = tc.iris()
    table = np.array([[float(q) for q in row] for row in data.inputs])
    scaled = (table - table.mean(axis=1, keepdims=True)) / table.std(axis=1, keepdims=True)
    scaled = scaled / np.linalg.norm(scaled, axis=0)
    rows = [0, 50, 149]

    for k, found in zip(rows, standardised_inputs(data, rows), strict=True):
        assert all((q * 2**30).denominator == 1 for q in found)
        assert abs(sum(q * q for q in found) - 1) < F(1, 2**27)
        assert np.abs(np.array([float(q) for q in found]) - scaled[:, k]).max() < 2e-9


def test_two_flowers_at_width_20000_converge_for_all_times():
    found = SeedwiseNet(iris_net(2, 20_000)).flow()

    assert found.verdict is HOLDS
    assert found.numbers["rate"].lower > F(3, 10)
    assert found.numbers["movement"].upper < found.radius


@pytest.mark.slow
def test_three_flowers_at_width_a_million_converge_for_all_times():
    net = SeedwiseNet(iris_net(3, 1_000_000))

    assert net.flow().verdict is HOLDS
    assert net.descent().verdict is HOLDS
    assert net.descent("1/3").verdict is HOLDS
    assert net.nesterov(6).verdict is HOLDS


@pytest.mark.parametrize("samples", [8, 12])
def test_many_flowers_are_undecided_and_say_what_is_missing(samples):
    found = SeedwiseNet(iris_net(samples, 4_000)).flow()

    assert found.verdict is UNDECIDED
    assert not found.vacuous
    assert "mu = lambda_min(H(0)) - eps(R) > 0` that fails" in found.reason
    assert "lambda_0 = 0.0" in found.reason.replace("[", "")
    assert found.numbers["lambda_0"].upper < F(2, 100)
    assert found.numbers["explicit_width"].lower > 10**13
    assert "asks for m >=" in found.reason


def test_duplicate_inputs_are_vacuous_with_the_pair_named():
    net = WideNet.gaussian([[1, 0], [0, 1], [2, 0]], [1, 2, 3], width=100, seed=0)
    found = SeedwiseNet(net).flow()

    assert found.verdict is UNDECIDED
    assert found.vacuous
    assert "samples 1 and 3 are parallel" in found.reason


def narrow(scale=40, labels=("1/2", "-1/3")):
    """Four neurons in pairs, far from all kinks, so that the certificates fire at width 4."""
    weights = np.array([[1, 1], [1, 1], [1, -2], [1, -2], [-1, 2], [-1, 2]]) * scale
    inputs = ((F(3, 4), F(1, 2)), (F(1, 4), F(7, 8)))
    return WideNet(
        inputs, tuple(F(y) for y in labels), weights * 2**20, np.array([1, -1] * 3)
    )  # fmt: skip


def as_run(net, run, horizon, **options):
    rows = [[F(int(q), 2**net.weight_bits) for q in row] for row in net.weights]
    return run(net.inputs, net.labels, rows, [int(a) for a in net.outer], horizon, **options)


TIMES = [F(1, 10), F(1), F(4), F(12)]


def size(balls):
    return math.sqrt(sum(float(b) ** 2 for b in balls))


def test_flow_obeys_its_certificate():
    net = narrow()
    found = SeedwiseNet(net).flow()
    run = as_run(net, two_layer_flow, 12, digits=12)
    start, rate = size(run.error(0)), float(found.numbers["rate"])

    assert found.verdict is HOLDS
    assert not run.kinks
    for time in TIMES:
        assert size(run.error(time)) <= start * math.exp(-rate * float(time)) * (1 + 1e-12)
        moved = np.array([[float(b) for b in row] for row in run.state(time)]) - net.weights / 2**20

        assert np.linalg.norm(moved, axis=1).max() < float(found.numbers["movement"])


def test_heavy_ball_obeys_its_certificate():
    net = narrow()
    found = SeedwiseNet(net).heavy_ball()
    damping = F(found.statement.rpartition("damping ")[2].rstrip(")"))
    run = as_run(net, two_layer_heavy_ball, 12, damping=damping, digits=12)
    top, rate = float(found.numbers["M"]), float(found.numbers["rate"])

    assert found.verdict is HOLDS
    for time in TIMES:
        assert size(run.error(time)) <= top * math.exp(-rate * float(time) / 2)


def test_nesterov_obeys_its_certificate():
    net = narrow()
    found = SeedwiseNet(net).nesterov(4)
    run = as_run(net, two_layer_nesterov, 4, digits=12)

    assert found.verdict is HOLDS
    for time in (F(1, 2), F(2), F(4)):
        assert size(run.error(time)) <= float(found.numbers["M"])


def test_descent_obeys_its_certificate():
    net = narrow()
    found = SeedwiseNet(net).descent("1/4")
    x = np.array([[float(q) for q in row] for row in net.inputs])
    y, w = np.array([float(q) for q in net.labels]), net.weights / 2**20
    scale = net.outer / math.sqrt(net.width)
    rate, sizes = float(found.numbers["rate"]), []
    for _ in range(60):
        z = x @ w.T
        error = np.maximum(z, 0) @ scale - y
        sizes.append(np.linalg.norm(error))
        w = w - scale[:, None] * (((z >= 0) * error[:, None]).T @ x) / 4

    assert found.verdict is HOLDS
    for k, value in enumerate(sizes):
        assert value <= sizes[0] * (1 - rate / 4) ** k * (1 + 1e-12)


def test_both_layers_need_more_than_one():
    wide, close = narrow(400), narrow(1)

    assert SeedwiseNet(narrow(40, ("1/90000", "1/70000"))).both_layers().verdict is HOLDS
    assert SeedwiseNet(close).both_layers().verdict is UNDECIDED
    assert SeedwiseNet(wide).flow().verdict is HOLDS


def test_too_long_steps_and_starts_on_a_kink_are_undecided():
    net = narrow()
    touching = WideNet(net.inputs, net.labels, net.weights * 0, net.outer)

    assert "exceeds 1/|X|^2" in SeedwiseNet(net).descent(5).reason
    assert "starts on its kink" in SeedwiseNet(touching).heavy_ball(1).reason
    assert SeedwiseNet(touching).flow().verdict is UNDECIDED


def test_zero_error_holds_at_once():
    assert SeedwiseNet(narrow(labels=(0, 0))).flow().verdict is HOLDS


def test_heavy_ball_never_fires_without_positive_damping():
    tiny = F(1, 2**22)
    net = WideNet(((tiny,),), (F(1, 10**11),), np.array([[2**20], [2**20]]), np.array([1, -1]))
    found = SeedwiseNet(net).heavy_ball()

    assert found.verdict is UNDECIDED or found.numbers["rate"].lower > 0


def test_zero_samples_are_named():
    net = WideNet(
        ((F(1), F(0)), (F(0), F(0))), (F(1), F(1)), np.array([[5, 1], [3, 2]]), np.array([1, -1])
    )
    found = SeedwiseNet(net).flow()

    assert found.vacuous
    assert "sample 2 is zero" in found.reason


def test_explicit_width_is_said_of_flow_and_unit_inputs_alone():
    for size, told in [(1, True), (3, False)]:
        net = WideNet(
            ((F(size), F(0)), (F(0), F(size))), (F(9), F(-9)),
            np.array([[2**19, 2**19], [-(2**19), 2**19]]), np.array([1, -1]),
        )  # fmt: skip
        found = SeedwiseNet(net)

        assert ("explicit-width" in found.flow().reason) is told
        assert "explicit-width" not in found.heavy_ball().reason


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"seed": "a"}, "seed='a'"),
        ({"seed": -1}, "seed=-1"),
        ({"weight_bits": 70}, "weight_bits=70"),
        ({"inputs": [[2**40]]}, "scale the data"),
        ({"labels": [10**400]}, "scale the data"),
    ],
)
def test_bad_input_is_one_line(changes, told):
    given = {"inputs": [[1]], "labels": [1], "width": 4, "seed": 0, **changes}
    with pytest.raises(InvalidInstance, match=told):
        WideNet.gaussian(given.pop("inputs"), given.pop("labels"), **given)


def test_a_negative_step_of_heavy_ball_is_refused_by_name() -> None:
    net = SeedwiseNet(WideNet.gaussian([[1]], [1], width=100, seed=0))

    with pytest.raises(InvalidInstance, match="step_size"):
        net.heavy_ball_iterates(-1)
