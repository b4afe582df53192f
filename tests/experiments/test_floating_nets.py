"""Loss, gradient and Hessian in float64 against differences of the written-out formula."""

from itertools import pairwise

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from theorycheck.experiments.curvature import bounds, integrated, least_eigenvalue
from theorycheck.experiments.floating_nets import FloatNet, distance, xavier_uniform

INPUTS = [[0.5, -1.25, 2.0], [1.5, 0.75, -0.5]]
LABELS = [0, 1, 1]
WIDTHS = (2, 2, 2, 2)
ROUNDING = 1e-12


def net(*, relu):
    return FloatNet(np.array(INPUTS), np.eye(2)[LABELS].T.copy(), relu)


def value_at(parameters, *, relu):
    """The mean cross-entropy written out sample by sample, at mpmath's precision."""
    total = mpf(0)
    for i, label in enumerate(LABELS):
        signal, used = [mpf(row[i]) for row in INPUTS], 0
        for j, (low, high) in enumerate(pairwise(WIDTHS)):
            rows = [parameters[used + r * low : used + (r + 1) * low] for r in range(high)]
            used += high * low
            signal = [sum(w * x for w, x in zip(row, signal, strict=True)) for row in rows]
            if relu and j < len(WIDTHS) - 2:
                signal = [max(z, mpf(0)) for z in signal]
        total += mpmath.log(sum(mpmath.exp(h) for h in signal)) - signal[label]
    return total / len(LABELS)


def moved(parameters, *steps):
    found = list(parameters)
    for k, step in steps:
        found[k] += step
    return found


def differences(parameters, *, relu):
    """Value, gradient and Hessian by central differences with a step of 1e-20."""
    h, size = mpf("1e-20"), len(parameters)

    def f(*steps):
        return value_at(moved(parameters, *steps), relu=relu)

    gradient = [float((f((k, h)) - f((k, -h))) / (2 * h)) for k in range(size)]
    hessian = [
        [
            float((f((k, h), (l, h)) - f((k, h), (l, -h)) - f((k, -h), (l, h))
                   + f((k, -h), (l, -h))) / (4 * h * h))
            for l in range(size)
        ]
        for k in range(size)
    ]  # fmt: skip
    return float(f()), gradient, hessian


def flat(layers):
    return np.concatenate([layer.ravel() for layer in layers])


def columns_of_hessian(f, layers):
    size = flat(layers).size
    found = []
    for k in range(size):
        unit = np.split(np.eye(size)[k], np.cumsum([w.size for w in layers])[:-1])
        direction = [u.reshape(w.shape) for u, w in zip(unit, layers, strict=True)]
        found.append(flat(f.hessian_product(layers, direction)))
    return np.array(found)


@pytest.mark.parametrize("relu", [False, True])
def test_value_gradient_and_hessian_are_those_of_the_formula(relu):
    layers, f = xavier_uniform(WIDTHS, seed=4), net(relu=relu)
    with mpmath.workdps(70):
        value, slopes, table = differences([mpf(x) for x in flat(layers)], relu=relu)
    loss, computed = f.loss_and_gradient(layers)

    assert loss == pytest.approx(value, abs=ROUNDING)
    np.testing.assert_allclose(flat(computed), slopes, atol=ROUNDING, rtol=0)
    np.testing.assert_allclose(columns_of_hessian(f, layers), table, atol=ROUNDING, rtol=0)
    if relu:
        assert not all(mask.all() for mask in f.forward(layers)[1])


@pytest.mark.parametrize("relu", [False, True])
def test_least_eigenvalue_is_the_dense_one_and_respects_the_bounds(relu):
    layers, f = xavier_uniform(WIDTHS, seed=4), net(relu=relu)
    least = np.linalg.eigvalsh(columns_of_hessian(f, layers))[0]
    estimate, limits = least_eigenvalue(f, layers), bounds(f, layers)

    assert estimate == pytest.approx(least, rel=1e-6)
    assert -least <= limits["samples"]
    if not relu:
        assert -least <= limits["blocks"] <= limits["paper"] <= limits["samples"]


def test_bounds_are_attained_by_a_net_of_zeros():
    """One sample x = 2 in two classes at h = 0: r = (1/2, -1/2), n - 1 = 1, no product left."""
    f = FloatNet(np.array([[2.0]]), np.array([[0.0], [1.0]]), relu=False)
    layers = [np.zeros((1, 1)), np.zeros((2, 1))]

    assert bounds(f, layers)["samples"] == pytest.approx(2 * np.sqrt(0.5))
    assert bounds(f, layers)["blocks"] == pytest.approx(2 * np.sqrt(0.5))
    assert least_eigenvalue(f, layers) == pytest.approx(-2 * np.sqrt(0.5))


def test_blocks_of_samples_give_the_mean_over_all_of_them():
    """601 samples are 100 copies of six, and one more that counts once."""
    source = np.random.default_rng(2)
    inputs, labels = source.standard_normal((2, 6)), [0, 1, 1, 0, 1, 0]
    layers = xavier_uniform(WIDTHS, seed=4)
    few, one, many = (
        FloatNet(x, np.eye(2)[y].T.copy(), relu=True)
        for x, y in (
            (inputs, labels),
            (inputs[:, :1], labels[:1]),
            (np.hstack([inputs] * 100 + [inputs[:, :1]]), labels * 100 + labels[:1]),
        )
    )
    parts = [f.loss_and_gradient(layers) for f in (few, one, many)]
    products = [f.hessian_product(layers, layers) for f in (few, one, many)]

    assert [len(f.blocks) for f in (few, one, many)] == [1, 1, 4]
    assert parts[2][0] == pytest.approx((600 * parts[0][0] + parts[1][0]) / 601, abs=ROUNDING)
    for a, b, c in (*zip(*(p[1] for p in parts), strict=True), *zip(*products, strict=True)):
        np.testing.assert_allclose(c, (600 * a + b) / 601, atol=ROUNDING, rtol=0)


def test_xavier_weights_fill_their_interval_and_repeat():
    first, second = xavier_uniform((64, 20, 10), 1), xavier_uniform((64, 20, 10), 1)
    bound = np.sqrt(6 / 84)

    assert distance(first, second) == 0
    assert 0.99 * bound < np.abs(first[0]).max() <= bound
    assert distance(first, xavier_uniform((64, 20, 10), 2)) > 0


def test_distance_is_euclidean_over_all_layers():
    assert distance([np.zeros((1, 2)), np.zeros((1, 1))], [[[2.0, 3.0]], [[6.0]]]) == 7


def test_trapezoidal_sums_are_exact_for_straight_lines():
    assert integrated([1.0, 3.0, 7.0], [0.0, 1.0, 3.0]) == [0.0, 2.0, 12.0]
