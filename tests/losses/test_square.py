"""The square loss: exact moments, bounds of its curvature, errors."""

import random
from fractions import Fraction

import numpy as np
import pytest
import sympy

from theorycheck.errors import InvalidInstance
from theorycheck.exact import RationalAlgebra, psd_verdict
from theorycheck.losses import SquareLoss
from theorycheck.verdicts import HOLDS


def random_table(rng, rows, columns):
    return [
        [Fraction(rng.randint(-9, 9), rng.randint(1, 6)) for _ in range(columns)]
        for _ in range(rows)
    ]


def test_moments_of_a_hand_computed_loss():
    loss = SquareLoss(inputs=[[1, 2], [0, 1]], targets=[[3, -1]], mean=True)

    assert loss.factor == Fraction(1, 2)
    assert loss.gram == ((Fraction(5, 2), 1), (1, Fraction(1, 2)))
    assert loss.cross == ((Fraction(1, 2), Fraction(-1, 2)),)
    assert loss.constant == Fraction(5, 2)
    assert (loss.input_dimension, loss.output_dimension, loss.samples) == (2, 1, 2)


def test_whitened_loss_is_half_the_squared_distance():
    loss = SquareLoss.whitened([[2, 0, 1], [0, 1, "1/2"]])

    assert loss.is_whitened
    assert loss.gram == tuple(tuple(int(i == j) for j in range(3)) for i in range(3))
    assert loss.cross == loss.targets
    assert loss.curvature_bound == 1


def test_value_expands_into_the_moments():
    rng = random.Random(1)
    for _ in range(20):
        inputs, outputs, samples = (rng.randint(1, 4) for _ in range(3))
        mean = rng.random() < 0.5
        loss = SquareLoss(
            random_table(rng, inputs, samples), random_table(rng, outputs, samples), mean=mean
        )
        q = RationalAlgebra
        w = q.matrix(random_table(rng, outputs, inputs))
        residual = w * q.matrix(loss.inputs) - q.matrix(loss.targets)
        direct = q.square_sum(residual) * q.scalar(loss.factor / 2)
        half = q.scalar(Fraction(1, 2))
        moments = half * q.inner(w * q.matrix(loss.gram), w) - q.inner(w, q.matrix(loss.cross))

        assert direct == moments + q.scalar(loss.constant)


def test_curvature_bound_exceeds_every_eigenvalue_and_is_tight():
    rng = random.Random(2)
    for _ in range(20):
        size, samples = rng.randint(1, 4), rng.randint(1, 5)
        loss = SquareLoss(random_table(rng, size, samples), random_table(rng, 1, samples))
        bound = loss.curvature_bound
        gap = [
            [bound * int(i == j) - x for j, x in enumerate(row)] for i, row in enumerate(loss.gram)
        ]
        estimate = np.linalg.eigvalsh(np.array(loss.gram, dtype=float))[-1]

        assert psd_verdict(gap) is HOLDS
        assert float(bound) <= estimate * (1 + 1e-12) + 1e-300


def test_identity_with_mean_is_not_whitened():
    assert not SquareLoss([[1, 0], [0, 1]], [[1, 2]], mean=True).is_whitened


def test_tables_may_be_arrays_and_sympy_matrices():
    expected = SquareLoss([["1/2", 1]], [[1, 2]])

    assert SquareLoss(np.array([[0.5, 1.0]]), np.array([[1, 2]])) == expected
    assert SquareLoss(sympy.Matrix([[sympy.Rational(1, 2), 1]]).tolist(), [[1, 2]]) == expected
    assert hash(SquareLoss([[0.5, 1]], [[1, 2]])) == hash(expected)


@pytest.mark.parametrize(
    ("inputs", "targets", "words"),
    [
        ([[1, 2]], [[1]], "2 samples .* targets 1"),
        ([], [[1]], "inputs"),
        ([[]], [[]], "inputs"),
        ([1, 2], [[1, 2]], r"inputs"),
        ("12", [[1]], "inputs"),
        (["12"], [[1, 2]], "inputs"),
        ([[1, 2], [3]], [[1, 2]], "inputs"),
        ([[1, "x"]], [[1, 2]], r"inputs\[0\]\[1\]='x'"),
        ([[1, float("inf")]], [[1, 2]], r"inputs\[0\]\[1\]=inf"),
        ([[1, None]], [[1, 2]], r"inputs\[0\]\[1\]=None"),
        ([[1, True]], [[1, 2]], "truth value"),
        (3, [[1]], "inputs"),
    ],
)
def test_bad_tables_are_refused_in_one_line(inputs, targets, words):
    with pytest.raises(InvalidInstance, match=words) as caught:
        SquareLoss(inputs, targets)

    assert "\n" not in str(caught.value)


def test_mean_must_be_a_truth_value():
    with pytest.raises(InvalidInstance, match="mean='yes'"):
        SquareLoss([[1]], [[1]], mean="yes")
