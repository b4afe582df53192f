"""Exact counts, patterns and Gram matrices against rational arithmetic, neuron by neuron."""

import random
from fractions import Fraction as F

import numpy as np
import pytest

from theorycheck.balls import le, precision, real
from theorycheck.errors import InvalidInstance
from theorycheck.trajectories.seedwise import WideNet, explicit_widths, parallel_pairs
from theorycheck.verdicts import HOLDS

INPUTS = [["3/8", "-1/2", 1], ["-7/8", "1/4", "1/2"], [1, 1, "-1/8"]]


def exact_rows(net):
    unit = F(1, 2**net.weight_bits)
    return [[int(q) * unit for q in row] for row in net.weights]


@pytest.mark.parametrize(("input_bits", "weight_bits"), [(30, 20), (40, 45)])
def test_counts_and_gram_are_those_of_rational_arithmetic(input_bits, weight_bits):
    net = WideNet.gaussian(
        INPUTS, [1, 2, 3], width=60, seed=5, symmetrised=False,
        input_bits=input_bits, weight_bits=weight_bits,
    )  # fmt: skip
    z = [[sum(w * q for w, q in zip(row, x, strict=True)) for row in exact_rows(net)]
         for x in net.inputs]  # fmt: skip
    rng = random.Random(0)
    for _ in range(20):
        bounds = [F(rng.randint(0, 2**20), 2**20) for _ in z]
        bounds[0] = abs(z[0][rng.randrange(60)])  # an equality case counts

        assert net.flips(bounds) == [
            sum(abs(q) <= b for q in row) for row, b in zip(z, bounds, strict=True)
        ]
    for i in range(3):
        signs = zip(z[i], net.outer, strict=True)

        assert net.output_sums[i] == sum(int(a) * max(q, F(0)) for q, a in signs)
        for j in range(3):
            both = sum(p >= 0 and q >= 0 for p, q in zip(z[i], z[j], strict=True))

            assert net.gram[i][j] == net.products[i][j] * both / 60


def test_symmetrised_start_has_output_zero_exactly():
    net = WideNet.gaussian(INPUTS, [1, 2, 3], width=2000, seed=1)

    assert net.output_sums == (0, 0, 0)
    assert (net.weights[0::2] == net.weights[1::2]).all()


def test_start_is_near_the_drawn_normal_numbers():
    net = WideNet.gaussian(INPUTS, [1, 2, 3], width=10, seed=3, symmetrised=False)
    drawn = np.random.Generator(np.random.PCG64(3)).standard_normal((10, 3))

    assert np.abs(net.weights / 2.0**20 - drawn).max() <= 2.0**-21


def test_explicit_widths_use_the_printed_least_eigenvalue():
    # n = 2, rho = 1/2: lambda_0 = 1/3 (theory B2)
    inputs = ((F(1), F(0), F(0), F(0)), (F(1, 2),) * 4)
    with precision(128):
        found = explicit_widths(inputs, F(2), F(1, 10), symmetrised=False)

        assert le(abs(found.least_eigenvalue - real(F(1, 3))), real(F(1, 10**29))) is HOLDS
        # B11b: m > 1024 n^2 |X|^2 |D(0)|^2 / l0^4 = 1024 * 4 * 3/2 * 2 * 81
        assert le(abs(found.movement - 995328), real(F(1, 10**20))) is HOLDS


def test_positively_parallel_inputs_are_named_and_antiparallel_ones_are_not():
    products = WideNet.gaussian(
        [[1, 0], [-2, 0], [3, 0], [1, 1]], [0] * 4, width=2, seed=0
    ).products  # fmt: skip

    assert parallel_pairs(products) == [(1, 3)]


def test_inputs_off_the_grid_are_refused():
    with pytest.raises(InvalidInstance, match="multiples of 2"):
        WideNet.gaussian([["1/3"]], [1], width=2, seed=0)
    with pytest.raises(InvalidInstance, match="even"):
        WideNet.gaussian([[1]], [1], width=3, seed=0)


def test_nets_off_their_own_terms_are_refused():
    inputs, ones = ((F(1, 2),),), np.array([[1], [2]])

    with pytest.raises(InvalidInstance, match=r"multiples of 2"):
        WideNet(((F(1, 3),),), (F(1),), ones, np.array([1, -1]))
    with pytest.raises(InvalidInstance, match=r"\+1 or -1"):
        WideNet(inputs, (F(1),), ones, np.array([1, 2]))
    with pytest.raises(InvalidInstance, match="integers"):
        WideNet(inputs, (F(1),), ones * 0.5, np.array([1, -1]))
    with pytest.raises(InvalidInstance, match="shape"):
        WideNet(inputs, (F(1),), np.array([[1, 2]]), np.array([1]))


def test_a_width_beyond_the_limit_is_refused_before_it_is_drawn() -> None:
    with pytest.raises(InvalidInstance, match="below"):
        WideNet.gaussian([[1]], [0], width=2**60, seed=0)
