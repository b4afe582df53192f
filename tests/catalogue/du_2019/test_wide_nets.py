"""Wide nets as claims: iris decides, or says what is missing; runs keep to what is certified."""

from __future__ import annotations

import math
from fractions import Fraction as F
from typing import Any

import numpy as np
import pytest

import theorycheck as tc
from theorycheck import kernels
from theorycheck.catalogue.bu_xu_chen_2021.nesterov_is_exactly_cubic import (
    nesterov_is_exactly_cubic,
)
from theorycheck.catalogue.bu_xu_chen_2021.wide_nets_stay_close_to_the_limit_kernel import (
    wide_net_stays_close_to_the_limit_kernel,
)
from theorycheck.catalogue.bu_xu_chen_2021.wide_nets_with_momentum import (
    wide_net_converges_under_heavy_ball_steps,
)
from theorycheck.catalogue.du_2019 import wide_nets_converge_from_one_start as wide
from theorycheck.catalogue.du_2019.limit_kernels_are_definite import limit_kernels_are_definite
from theorycheck.catalogue.du_2019.start_kernel_concentrates import (
    example as concentrated,
    start_kernel_is_near_the_limit,
)
from theorycheck.claims.wide_nets import wide_net, wide_net_on_data
from theorycheck.problems import Dataset
from theorycheck.problems.unit_inputs import labels_of, late_kernel_on_data, unit_data
from theorycheck.trajectories.seedwise import SeedwiseNet


def on_iris(**settings: Any) -> tc.Instance:
    return wide_net_on_data(data=tc.iris(), **settings)


def limit_kernel(inputs: Any) -> np.ndarray:
    """Hinf in floats, by arccos, with the diagonal set to 1/2."""
    x = np.array([[float(q) for q in row] for row in inputs])
    rho = np.clip(x @ x.T, -1, 1)
    table = rho * (np.pi - np.arccos(rho)) / (2 * np.pi)
    np.fill_diagonal(table, 0.5)
    return table


def test_three_flowers_converge_at_width_200000_and_replay() -> None:
    judgement = tc.check(wide.wide_net_converges_under_flow, on_iris(samples=3, width=200_000))

    assert judgement.verdict is tc.HOLDS
    assert tc.replay(judgement.to_json()).verdict is tc.HOLDS


@pytest.mark.parametrize("samples", [8, 12])
def test_more_flowers_are_undecided_with_all_numbers(samples: int) -> None:
    case = on_iris(samples=samples, width=20_000)
    judgement = tc.check(wide.wide_net_converges_under_flow, case)
    least = float(np.linalg.eigvalsh(limit_kernel(case.inputs))[0])

    assert judgement.verdict is tc.UNDECIDED
    assert not judgement.vacuous
    assert "lambda_min(H(0)) - eps(R) > 0` that fails" in judgement.reason
    assert f"lambda_0 = [{least:.5f}"[:-1] in judgement.reason
    assert "asks for m >= " in judgement.reason


def test_parallel_samples_are_named() -> None:
    twice = Dataset("twice", [[1, 3, 1], [2, 1, 2]], [[0, 1, 5]], ("a", "b"), ("y",))
    for claim in (wide.wide_net_converges_under_flow, limit_kernels_are_definite):
        assert claim.on_data is not None
        judgement = tc.check(claim, claim.on_data(data=twice))

        assert judgement.vacuous
        assert "samples 1 and 3 are parallel" in judgement.reason


def test_labels_are_mapped_to_the_interval() -> None:
    data = Dataset("line", [[1, 2, 3]], [["1/2", 1, 2]], ("x",), ("y",))

    assert labels_of(data, [0, 1, 2]) == (-1, F(-1, 3), 1)
    assert "rounded to the grid 2^-30 and exact" in unit_data(tc.iris())["note"]


def test_late_times_are_six_over_the_root_of_the_least_eigenvalue() -> None:
    case = late_kernel_on_data(data=tc.iris(), samples=5)
    least = float(np.linalg.eigvalsh(limit_kernel(case.inputs))[0])

    assert 6 / math.sqrt(least) < case.since < 6 / math.sqrt(least) + 2


def test_other_weights_than_the_stored_ones_are_refused() -> None:
    case = wide.two_inputs(width=400)

    assert wide_net(case).net.fingerprint == case.fingerprint
    with pytest.raises(tc.InvalidInstance, match="fingerprint"):
        tc.check(wide.wide_net_converges_under_flow, case.replace(seed=1))


def test_second_gram_is_that_of_rational_arithmetic() -> None:
    net = wide_net(wide.two_inputs(width=60)).net
    weights = [[F(int(q), 2**net.weight_bits) for q in row] for row in net.weights]

    assert net.second_gram == kernels.finite_gram(net.inputs, weights, layers="second")


def heavy_ball_errors(net: Any, eta: float, beta: float, steps: int) -> list[float]:
    """|D_k| of heavy ball's iterates in floats."""
    x = np.array([[float(q) for q in row] for row in net.inputs])
    y = np.array([float(q) for q in net.labels])
    w = net.weights / 2.0**net.weight_bits
    a, root = net.outer.astype(float), math.sqrt(net.width)
    before, found = w.copy(), []
    for _ in range(steps):
        z = x @ w.T
        error = (np.maximum(z, 0) @ a) / root - y
        found.append(float(np.linalg.norm(error)))
        slope = ((z >= 0) * error[:, None]).T @ x * (a / root)[:, None]
        w, before = w + beta * (w - before) - eta * slope, w
    return found


@pytest.mark.parametrize("seed", range(3))
def test_heavy_ball_iterates_keep_to_the_certified_rate(seed: int) -> None:
    case = wide.two_inputs(width=1000, seed=seed)
    certificates = SeedwiseNet(wide_net(case).net)
    found = certificates.heavy_ball_iterates("7/10", "3/10")
    level, rate = (float(found.numbers[name].upper) for name in ("M", "q"))

    assert found.verdict is tc.HOLDS
    errors = heavy_ball_errors(certificates.net, 0.7, 0.3, 60)
    # floats only fail to contradict; rounding is some 1e-13
    assert all(e <= level * rate**k + 1e-12 for k, e in enumerate(errors))
    assert tc.check(wide_net_converges_under_heavy_ball_steps, case).verdict is tc.HOLDS


def test_mode_sums_of_one_critical_step_are_those_of_floats() -> None:
    net = wide_net(wide.two_inputs(width=1000))
    eta, beta = F(7, 10), F(3, 10)
    from theorycheck.balls import precision

    with precision(96):
        gap = net._complex_gap(eta, beta)
        rate = net._iterate_rate(beta)
        total, height = (float(x) for x in net._mode_sums(eta, beta, rate, gap))
    modes = np.linalg.eigvalsh(np.array([[float(q) for q in row] for row in net.net.gram]))
    now, before, sums, peaks = np.ones(2), np.ones(2), 0.0, []
    for j in range(400):
        largest = float(np.abs(now).max())
        sums += largest * float(rate) ** (-j - 1)
        peaks.append(largest * float(rate) ** -j)
        now, before = now + 0.3 * (now - before) - 0.7 * modes * now, now

    assert sums <= total <= sums * 1.001
    assert max(peaks) <= height <= max(peaks) * 1.001


def test_width_brings_the_limit_kernel_closer() -> None:
    claim = wide_net_stays_close_to_the_limit_kernel
    assert claim.grid is not None
    from theorycheck.claims.details import tabulate

    rows = tabulate(claim, claim.grid(width=(1000, 64_000), seed=(0,)))
    small, large = (float(row["sup |D - D_kernel| / |D(0)|"]) for row in rows)

    assert large < small / 3


@pytest.mark.parametrize("layers", ["second", "both"])
def test_other_limit_kernels_than_the_first_layer_s_are_refused(layers: str) -> None:
    """H(0) of the first layer is not near Hinf of other layers, at any width."""
    with pytest.raises(tc.InvalidInstance, match="first layer"):
        tc.check(start_kernel_is_near_the_limit, concentrated().replace(layers=layers))


@pytest.mark.parametrize("layers", ["first", "second", "both"])
def test_late_times_are_those_of_the_layers_kernel(layers: Any) -> None:
    case = late_kernel_on_data(data=tc.iris(), layers=layers)

    assert tc.check(nesterov_is_exactly_cubic, case).verdict is tc.HOLDS
