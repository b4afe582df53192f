"""The narrow certificate agrees with the wide engine's, and its numbers are the exact ones."""

from fractions import Fraction as F

import numpy as np

from theorycheck.catalogue.du_2019.flow_converges_from_one_start import far_from_kinks
from theorycheck.trajectories.seedwise import SeedwiseNet, WideNet
from theorycheck.trajectories.two_layer import TwoLayer
from theorycheck.verdicts import HOLDS


def test_initial_gram_and_counts_of_the_printed_net():
    # theory B12: H(0) = [[3/4, 3/10], [3/10, 3/4]], z_2 = (3/5, 11/10, 1/5, -1/5)
    net = TwoLayer.of(
        [[1, 0], ["3/5", "4/5"]], [1, -1], [[1, 0], ["1/2", 1], [-1, 1], [1, -1]], [1, -1, 1, -1]
    )

    assert net.initial_gram == ((F(3, 4), F(3, 10)), (F(3, 10), F(3, 4)))
    assert net.preactivations[1] == (F(3, 5), F(11, 10), F(1, 5), F(-1, 5))
    assert net.flips(F(1, 5)) == [0, 2]
    assert net.flips(F(1, 2)) == [1, 2]
    assert net.perturbation(F(1, 5)) == ((0, F(3, 10)), (F(3, 10), F(1, 2)))


def test_wide_engine_counts_the_same():
    case = far_from_kinks()
    small = TwoLayer.of(case.inputs, case.labels, case.weights, case.outer)
    # the same net on a dyadic grid: inputs (3/5, 4/5) times 5/4, weights times 4/5 keep z
    inputs = tuple(tuple(q * F(5, 4) for q in x) for x in small.inputs)
    wide = WideNet(
        inputs, small.labels, np.array([[int(q * 2**20) for q in w] for w in small.weights]),
        np.array([int(a) for a in small.outer]),
    )  # fmt: skip

    for radius in (F(1), F(8), F(33, 2)):
        bounds = [radius * F(5, 4)] * 2

        assert wide.flips(bounds) == small.flips(radius)
    assert [[q * F(16, 25) for q in row] for row in wide.gram] == [
        list(row) for row in small.initial_gram
    ]
    assert SeedwiseNet(wide).flow().verdict is HOLDS
