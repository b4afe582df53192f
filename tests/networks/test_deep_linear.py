"""Deep linear nets: shapes, exactly balanced starts, errors."""

import random
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from theorycheck.errors import InvalidInstance
from theorycheck.exact import RationalAlgebra, rank, rows_of
from theorycheck.networks import DeepLinear
from theorycheck.networks.frames import near_identity_frame, random_frame

WIDTHS = [(1, 1), (3, 2), (2, 1, 3), (3, 3, 3), (1, 4, 2, 3), (4, 3, 3), (2, 9, 2), (7, 8, 7)]


def imbalances(network, start):
    layers = network.layer_matrices(RationalAlgebra, start)
    return [b.transpose() * b - a * a.transpose() for a, b in pairwise(layers)]


def is_balanced(network, start):
    return all(not any(d.entries()) for d in imbalances(network, start))


def end_to_end(network, start):
    product = RationalAlgebra.identity(network.widths[0])
    for layer in network.layer_matrices(RationalAlgebra, start):
        product = layer * product
    return rows_of(product)


def test_shapes_of_a_hand_made_net():
    network = DeepLinear(widths=(3, 2, 1))

    assert network.depth == 2
    assert network.shapes == ((2, 3), (1, 2))
    assert network.dimension == 8
    assert network.layers(range(8)) == (((0, 1, 2), (3, 4, 5)), ((6, 7),))


def test_parameters_invert_layers():
    network = DeepLinear(widths=(2, 3, 1, 2))
    flat = tuple(Fraction(i, 7) for i in range(network.dimension))

    assert network.parameters(network.layers(flat)) == flat


def test_arrays_are_read_as_the_dyadics_they_hold():
    network = DeepLinear(widths=np.array([1, 2]))

    assert network.parameters([np.array([[0.1], [2.0]])]) == (Fraction(0.1), Fraction(2))


@pytest.mark.parametrize("widths", WIDTHS)
@pytest.mark.parametrize("seed", range(4))
def test_balanced_starts_are_exactly_balanced(widths, seed):
    network = DeepLinear(widths)
    start = network.balanced_start(seed=seed, scale="1/10")

    assert is_balanced(network, start)
    assert rank(end_to_end(network, start)) == min(widths)
    assert len(set(start)) > 1 or network.dimension == 1 or min(widths) == max(widths) == 1


@pytest.mark.parametrize("widths", WIDTHS)
def test_other_starts_that_promise_balance_keep_it(widths):
    network = DeepLinear(widths)
    near = network.near_identity_start(seed=3, scale="1/2")
    distance = max(abs(a - b) for a, b in zip(near, network.identity_start("1/2"), strict=True))

    assert is_balanced(network, near)
    assert is_balanced(network, network.identity_start(scale="7/3"))
    assert distance <= Fraction(1, 4)


@pytest.mark.parametrize("widths", [(3, 3, 3), (4, 3, 3), (3, 4, 5, 3)])
@pytest.mark.parametrize("wanted", range(4))
def test_rank_of_a_balanced_start_is_the_wanted_one(widths, wanted):
    network = DeepLinear(widths)

    assert rank(end_to_end(network, network.balanced_start(rank=wanted))) == wanted


def test_diagonal_gives_the_singular_values():
    network = DeepLinear((2, 3, 2))
    product = RationalAlgebra.matrix(end_to_end(network, network.balanced_start(diagonal=[2, 1])))
    gram = product * product.transpose()

    assert (gram[0, 0] + gram[1, 1], gram.det()) == (16 + 1, 16)


def test_random_starts_are_mostly_unbalanced_and_bounded():
    network = DeepLinear((2, 2, 2))
    starts = [network.random_start(seed=s, scale="1/3") for s in range(20)]

    assert sum(is_balanced(network, s) for s in starts) <= 2
    assert max(abs(x) for s in starts for x in s) <= Fraction(1, 3)


def test_starts_repeat_with_their_seed_and_vary_between_seeds():
    network = DeepLinear((2, 2, 2))

    assert network.balanced_start(seed=5) == network.balanced_start(seed=5)
    assert len({network.balanced_start(seed=s) for s in range(10)}) == 10


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6, 11, 24])
@pytest.mark.parametrize("frame", [random_frame, near_identity_frame])
def test_frames_are_orthogonal_with_short_entries(size, frame):
    rows = frame(size, random.Random(size))
    matrix = RationalAlgebra.matrix(rows)

    assert matrix * matrix.transpose() == RationalAlgebra.identity(size)
    assert max(x.denominator for row in rows for x in row) < 10**12


def test_frames_reach_both_components_of_the_orthogonal_group():
    determinants = {
        int(RationalAlgebra.matrix(random_frame(3, random.Random(s))).det().p) for s in range(30)
    }

    assert determinants == {1, -1}


@pytest.mark.parametrize(
    ("widths", "words"),
    [
        ((3,), "at least two"),
        ((), "at least two"),
        ((2, 0), "got 0"),
        ((2, -1), "got -1"),
        ((2, 1.5), "got 1.5"),
        ((2, True), "got True"),
        (("2", "3"), "got '2'"),
        ("3,2", "sequence of integers"),
        (5, "sequence of integers"),
        (None, "sequence of integers"),
    ],
)
def test_bad_widths_are_refused_in_one_line(widths, words):
    with pytest.raises(InvalidInstance, match=words) as caught:
        DeepLinear(widths)

    assert "\n" not in str(caught.value)


def test_message_names_the_shapes_to_pass():
    with pytest.raises(InvalidInstance) as caught:
        DeepLinear((2, 3, 4)).parameters([[[1]], [[1]], [[1]]])

    assert str(caught.value) == (
        "widths=(2, 3, 4) need 2 weight matrices, got 3; pass weights of shapes (3, 2) and (4, 3)"
    )


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([[[1, 2], [3]]], r"shape \(2, 2\), got \(2, -1\)"),
        ([[1, 2]], r"got \(2,\)"),
        ([[["a", 2], [3, 4]]], r"W_1\[0\]\[0\]='a'"),
        ([[[float("nan"), 2], [3, 4]]], r"W_1\[0\]\[0\]=nan"),
        (["ab"], r"got \(\)"),
    ],
)
def test_bad_weights_are_refused(layers, words):
    with pytest.raises(InvalidInstance, match=words):
        DeepLinear((2, 2)).parameters(layers)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"rank": 3}, "rank=3"),
        ({"rank": -1}, "rank=-1"),
        ({"diagonal": [1, 2, 3]}, "3 entries"),
        ({"scale": "x"}, "scale='x'"),
    ],
)
def test_bad_options_of_balanced_starts_are_refused(options, words):
    with pytest.raises(InvalidInstance, match=words):
        DeepLinear((2, 2, 2)).balanced_start(**options)


def test_wrong_number_of_parameters_is_refused():
    with pytest.raises(InvalidInstance, match="need 4 parameters, got 3"):
        DeepLinear((2, 2)).layers([1, 2, 3])
