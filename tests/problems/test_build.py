from fractions import Fraction as F

import pytest

import theorycheck as tc
from theorycheck.errors import InvalidInstance
from theorycheck.exact import RationalAlgebra

TARGET = [[2, 0], [0, 1]]


def imbalances(case):
    layers = case.network.layer_matrices(RationalAlgebra, case.start)
    pairs = zip(layers[1:], layers[:-1], strict=True)
    return [b.transpose() * b - a * a.transpose() for b, a in pairs]


def refused(**settings):
    with pytest.raises(InvalidInstance) as caught:
        tc.deep_linear_instance(**settings)
    message = str(caught.value)

    assert "\n" not in message
    return message


def test_iris_instance_is_exactly_balanced_and_averages_over_the_flowers():
    case = tc.deep_linear_instance(data=tc.iris(), depth=3, horizon=1)

    assert case.network.widths == (4, 3, 3, 3)
    assert all(d == RationalAlgebra.zeros(3, 3) for d in imbalances(case))
    assert F(1, 150) == case.loss.factor
    assert (case.horizon, case.data_name) == (1, "iris")


def test_settings_may_be_texts():
    spelt = tc.deep_linear_instance(
        data=tc.iris(), depth="3", width="2", seed="5", scale="0.25", mean="false",
        step_size="2^-10", horizon="1/2", epsilon="1e-2",
    )  # fmt: skip
    meant = tc.deep_linear_instance(
        data=tc.iris(), depth=3, width=2, seed=5, scale=F(1, 4), mean=False,
        step_size=F(1, 1024), horizon=F(1, 2), epsilon=F(1, 100),
    )  # fmt: skip

    assert meant == spelt


@pytest.mark.parametrize("start", ["balanced", "identity"])
@pytest.mark.parametrize("widths", [(1, 1), (2, 5), (6, 2)])
def test_balanced_starts_are_exactly_balanced(start, widths):
    target = [[1] * widths[0]] * widths[1]
    case = tc.deep_linear_instance(target=target, depth=4, width=3, start=start, seed=3)

    assert all(d == RationalAlgebra.zeros(3, 3) for d in imbalances(case))


def test_depth_one_has_no_hidden_layer():
    assert tc.deep_linear_instance(target=TARGET, depth=1, width=7).network.widths == (2, 2)


def test_weights_give_the_widths_and_the_start():
    weights = [[[1, 2], [3, 4], [5, 6]], [[1, 0, "1/2"], [0, 1, 0]]]
    case = tc.deep_linear_instance(target=TARGET, weights=weights, depth=5, width=9)

    assert case.network.widths == (2, 3, 2)
    assert (1, 2, 3, 4, 5, 6, 1, 0, F(1, 2), 0, 1, 0) == case.start


def test_fields_that_are_not_given_are_left_out():
    assert {"network", "loss", "start"} == set(tc.deep_linear_instance(target=TARGET).fields)


def test_seeds_give_different_starts_and_the_same_again():
    first, second, again = (
        tc.deep_linear_instance(target=TARGET, start="random", seed=s).start for s in (0, 1, 0)
    )

    assert first == again
    assert first != second


@pytest.mark.parametrize(
    ("settings", "parts"),
    [
        ({}, ["neither of data and target"]),
        ({"data": tc.iris(), "target": TARGET}, ["both of data and target"]),
        ({"data": "iris.csv"}, ["'iris.csv'", "read_csv"]),
        ({"target": [1, 2]}, ["target"]),
        ({"target": "12"}, ["target"]),
        ({"target": [[1, 2], [3]]}, ["target"]),
        ({"target": TARGET, "depth": 0}, ["depth=0", ">= 1"]),
        ({"target": TARGET, "depth": "3/2"}, ["depth=3/2", "integer"]),
        ({"target": TARGET, "depth": True}, ["depth=True"]),
        ({"target": TARGET, "width": "two"}, ["width='two'"]),
        ({"target": TARGET, "width": -1}, ["width=-1"]),
        ({"target": TARGET, "seed": "1.5"}, ["seed=1.5"]),
        ({"target": TARGET, "scale": float("nan")}, ["scale=nan"]),
        ({"target": TARGET, "start": "balance"}, ["'balance'", "did you mean 'balanced'"]),
        ({"target": TARGET, "start": 3}, ["start=3", "identity"]),
        ({"data": tc.iris(), "mean": "perhaps"}, ["mean='perhaps'", "true or false"]),
        ({"target": TARGET, "step_size": "-1/2"}, ["step_size=-1/2", "positive"]),
        ({"target": TARGET, "horizon": 0}, ["horizon=0", "positive"]),
        ({"target": TARGET, "dpeth": 3}, ["'dpeth'", "did you mean depth"]),
        ({"target": TARGET, "stepsize": 1}, ["'stepsize'", "step_size"]),
        ({"target": TARGET, "weights": "w.npz"}, ["'w.npz'", "read_weights"]),
        ({"target": TARGET, "weights": []}, ["weights", "no matrix"]),
        ({"target": TARGET, "weights": 3}, ["weights=3"]),
        ({"target": TARGET, "weights": [[1, 2]]}, ["W_1"]),
        ({"target": TARGET, "weights": [TARGET, [[1], [2]]]}, ["W_2", "(2, 2)", "(2, 1)"]),
        ({"target": TARGET, "weights": [[[1, 2, 3], [1, 2, 3]]]}, ["(3, 2)", "2 features"]),
    ],
)
def test_settings_that_make_no_instance_are_refused(settings, parts):
    message = refused(**settings)

    assert [part for part in parts if part not in message] == [], message


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"depth": "1e9"}, "more than 1000000 parameters"),
        ({"width": 10**6}, "more than 1000000 parameters"),
        ({"mean": "maybe"}, "mean='maybe' must be true or false"),
    ],
    ids=str,
)
def test_settings_out_of_proportion_are_refused_at_once(settings, words):
    with pytest.raises(InvalidInstance, match=words):
        tc.deep_linear_instance(target=[[1]], **settings)
