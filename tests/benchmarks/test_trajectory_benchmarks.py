"""One table of measurements (CPU time): pytest tests/benchmarks -m benchmark -s"""

import time
from fractions import Fraction as F

import mpmath
import pytest

from theorycheck.balls import midpoint, precision, real
from theorycheck.balls.series import evaluate, pack_layers
from theorycheck.losses import SquareLoss
from theorycheck.networks import DeepLinear
from theorycheck.trajectories import a_posteriori, descend, flow
from theorycheck.trajectories.deep_linear import DeepLinearDynamics
from theorycheck.trajectories.integrate import GUARD_BITS, order_for, start_column
from theorycheck.trajectories.recurrence import deep_linear_series

BITS = 170


def model(depth, width):
    """The model problem: square layers near the identity, dyadic data."""
    network = DeepLinear(widths=(width,) * (depth + 1))
    target = [[F((3 * i + 5 * j) % 7 - 3, 4) for j in range(width)] for i in range(width)]
    start = [
        F(int(i == j)) / 2 + F((i * 5 + j * 3 + k) % 5 - 2, 16)
        for k in range(depth)
        for i in range(width)
        for j in range(width)
    ]
    return network.objective(SquareLoss.whitened(target)), start


def uncertified(objective, start, pieces, bits):
    """The same ball Taylor steps without defect, curvature or radius."""
    dynamics = DeepLinearDynamics(objective)
    with precision(bits + GUARD_BITS):
        gram, cross, _ = dynamics.data()
        centre = start_column(start)[0]
        for piece in pieces:
            layers = dynamics.parts(centre)
            series = deep_linear_series(
                dynamics.arithmetic, layers, gram, cross, order_for(bits), midpoint
            )
            packed = pack_layers(series.layers)
            centre = midpoint(evaluate(packed, real(piece.length)))


def seconds(function):
    begin = time.process_time()
    value = function()
    return time.process_time() - begin, value


def odefun(objective, start, horizon, digits):
    """mpmath's Taylor integrator on the same right-hand side, list based."""
    depth, shapes = objective.network.depth, objective.network.shapes
    target = objective.loss.targets
    with mpmath.workdps(digits):
        goal = mpmath.matrix([[mpmath.mpf(q.numerator) / q.denominator for q in r] for r in target])

        def field(_, flat):
            layers, position = [], 0
            for rows, columns in shapes:
                layer = mpmath.matrix(rows, columns)
                for p in range(rows * columns):
                    layer[p // columns, p % columns] = flat[position + p]
                position += rows * columns
                layers.append(layer)
            prefix = [layers[0]]
            for layer in layers[1:]:
                prefix.append(layer * prefix[-1])
            suffix = prefix[-1] - goal
            gradients = [None] * depth
            for j in range(depth - 1, 0, -1):
                gradients[j] = suffix * prefix[j - 1].T
                suffix = layers[j].T * suffix
            gradients[0] = suffix
            return [-g[i, k] for g in gradients for i in range(g.rows) for k in range(g.cols)]

        begin = [mpmath.mpf(q.numerator) / q.denominator for q in start]
        return mpmath.odefun(field, 0, begin)(horizon)


@pytest.mark.benchmark
def test_table_of_measurements():
    rows = []
    for depth, width, bits in ((3, 4, 170), (3, 4, 53), (3, 2, 53), (2, 8, 170)):
        objective, start = model(depth, width)
        certified, plain = [], []
        for _ in range(3):
            spent, run = seconds(
                lambda o=objective, s=start, b=bits: flow(o, s, 2, bits=b, engine="taylor")
            )
            certified.append(spent)
            spent, _ = seconds(
                lambda o=objective, s=start, r=run, b=bits: uncertified(o, s, r.pieces, b)
            )
            plain.append(spent)
        ratio = min(certified) / min(plain)
        units = float(run.radius(2) * 2**bits)
        rows.append(
            f"flow n={depth} d={width} {bits:4d} bits  {min(certified) * 1e3:9.1f} ms"
            f"  certified/uncertified {ratio:5.2f}  radius {units:8.1f} units"
        )
        if (depth, width, bits) == (3, 4, 170):
            reference = certified
            model_run = run
            assert run.radius(2) <= F(1, 10**46)
            assert ratio <= 1.3

    times = [F(i, 500) for i in range(1001)]
    spent, _ = seconds(lambda: [None for _ in model_run.bulk(times)])
    rows.append(f"bulk evaluation, N = 48, 170 bits  {spent / len(times) * 1e6:6.1f} us per time")

    objective, start = model(3, 4)
    spent, run = seconds(lambda: descend(objective, start, F(1, 100), 2000, bits=BITS))
    rows.append(
        f"descent N = 48, 170 bits  {spent / 2000 * 1e6:6.1f} us per step"
        f"  radius {float(run.radius(2000) * 2**BITS):.0f} units"
    )
    objective, start = model(3, 2)
    spent, run = seconds(lambda: descend(objective, start, F(1, 2048), 32768, bits=64))
    rows.append(f"descent N = 12, 64 bits, 32768 steps  {spent:6.2f} s")
    spent, _ = seconds(lambda: a_posteriori(objective, run.extended(2000)))
    rows.append(f"a-posteriori certificate N = 12  {spent / 2000 * 1e6:6.1f} us per step")

    objective, start = model(3, 4)
    spent, _ = seconds(lambda: odefun(objective, start, 2, 50))
    factor = spent / min(reference)
    rows.append(
        f"mpmath.odefun n=3 d=4 50 digits  {spent:6.2f} s, {factor:.0f} times the enclosure"
    )
    print("\n" + "\n".join(rows))
    assert factor >= 15


@pytest.mark.benchmark
def test_certified_chebyshev_against_certified_taylor():
    rows, factors = [], {}
    for depth, width in ((3, 4), (3, 2), (3, 8), (2, 4), (2, 8)):
        objective, start = model(depth, width)
        spent = {"taylor": [], "chebyshev": []}
        for _ in range(3 if width < 8 else 2):
            runs = {}
            for engine, times in spent.items():
                taken, runs[engine] = seconds(
                    lambda e=engine, o=objective, s=start: flow(o, s, 2, bits=BITS, engine=e)
                )
                times.append(taken)
        best = {engine: min(times) for engine, times in spent.items()}
        factors[depth, width] = best["taylor"] / best["chebyshev"]
        told = "  ".join(
            f"{engine} {best[engine] * 1e3:7.1f} ms {len(run.pieces):3d} pieces "
            f"{float(run.radius(2) * 2**BITS):6.2f} units"
            for engine, run in runs.items()
        )
        rows.append(f"n={depth} d={width}  {told}  factor {factors[depth, width]:.2f}")
        assert runs["chebyshev"].radius(2) <= 10 * runs["taylor"].radius(2)
    print("\n" + "\n".join(rows))
    assert factors[3, 4] >= 1.6
    assert min(factors.values()) >= 1.2
