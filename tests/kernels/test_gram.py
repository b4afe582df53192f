"""Gram matrices: the printed spectrum, exact finite width, definiteness with its certificates."""

from __future__ import annotations

import random
from fractions import Fraction as F
from typing import Any

import pytest

from tests.kernels.truth import agrees
from theorycheck import balls, kernels
from theorycheck.errors import InvalidInstance
from theorycheck.exact import Rows
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED

X = ((F(1), F(0)), (F(3, 5), F(4, 5)))
W = ((F(1), F(0)), (F(1, 2), F(1)), (F(-1), F(1)), (F(1), F(-1)))


def unit(t: F) -> tuple[F, F]:
    return (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)


def test_least_eigenvalue_of_two_inputs_at_sixty_degrees() -> None:
    root = balls.sqrt(balls.real(F(3, 4)))
    inputs = balls.matrix_from_reals(
        2, 2, [balls.real(1), balls.real(0), balls.real(F(1, 2)), root]
    )

    assert balls.lambda_min(kernels.limit_gram(inputs)).overlaps(balls.real(F(1, 3)))


def test_small_net_of_theory_b12_has_its_gram_matrix() -> None:
    assert kernels.finite_gram(X, W) == ((F(3, 4), F(3, 10)), (F(3, 10), F(3, 4)))


def test_free_outer_weights_enter_squared() -> None:
    outer = [2, -1, 1, F(1, 2)]
    pattern = kernels.activation_pattern(X, W)
    expected = (
        F(3, 5)
        * sum((F(a) ** 2 for a, p, q in zip(outer, *pattern, strict=True) if p and q), F(0))
        / 4
    )

    assert kernels.finite_gram(X, W, outer)[0][1] == expected


def test_second_layer_is_the_mean_of_products() -> None:
    k = kernels.finite_gram(X, W, layers="second")
    both = kernels.finite_gram(X, W, layers="both")

    assert k[0][1] == (1 * F(3, 5) + F(1, 2) * F(11, 10)) / 4
    assert both[1][1] == k[1][1] + F(3, 4)


def test_two_time_matrix_counts_neurons_active_at_both_times() -> None:
    later = ((F(1), F(0)), (F(1, 2), F(1)), (F(-1), F(-1)), (F(1), F(-1)))

    assert kernels.two_time_gram(X, W, W) == kernels.finite_gram(X, W)
    assert kernels.two_time_gram(X, later, W)[1][1] == F(2, 4)


def test_wide_nets_are_near_the_limit() -> None:
    rng = random.Random(1)
    weights = [[F(rng.gauss(0, 1)) for _ in range(2)] for _ in range(4000)]
    limit = kernels.limit_gram(X)[0, 1]

    assert abs(float(kernels.finite_gram(X, weights)[0][1]) - float(limit)) < 0.03


def quadratic_form(matrix: Rows, v: tuple[F, ...]) -> F:
    return sum((v[i] * row[j] * v[j] for i, row in enumerate(matrix) for j in range(len(v))), F(0))


SINGULAR = [
    [[1, 2], [2, 4]],
    [[1, 0], [0, 0]],
    [[1, 0], [-2, 0], [0, 1], [0, -1], [1, 1], [-1, -1]],
    [[1, 1, 0], [-3, -3, 0], [0, 1, 2], [0, -1, -2], [1, 2, 2], [-2, -4, -4], [5, 0, 1]],
]


@pytest.mark.parametrize("inputs", SINGULAR, ids=len)
def test_null_vector_annihilates_the_kernel_at_every_width(inputs: list[list[int]]) -> None:
    found = kernels.definiteness(inputs)
    rng = random.Random(0)
    weights = [[F(rng.randint(-99, 99), 7) + F(1, 1000) for _ in inputs[0]] for _ in range(30)]

    assert found.verdict is VIOLATED
    assert found.null_vector is not None
    assert any(found.null_vector)
    assert quadratic_form(kernels.finite_gram(inputs, weights), found.null_vector) == 0
    for layers in ("first", "second", "both"):
        v = balls.matrix([[x] for x in found.null_vector])
        gram = kernels.limit_gram(inputs, layers=layers)
        assert (v.transpose() * gram * v)[0, 0].contains(0)
    # pairs that differ by a linear function cancel on the second layer as well
    second = kernels.finite_gram(inputs, weights, layers="second")
    assert quadratic_form(second, found.null_vector) == 0


@pytest.mark.parametrize(
    "inputs",
    [
        [[1, 0], [0, 1]],
        [[1, 0], [-2, 0]],
        [[1, 0], [-1, 0], [0, 1], [0, -3], [1, 1]],
        [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]],
    ],
    ids=len,
)
def test_definite_kernels_have_a_positive_least_eigenvalue(inputs: list[list[int]]) -> None:
    assert kernels.definiteness(inputs).verdict is HOLDS
    for layers in ("first", "second", "both"):
        assert balls.is_positive_definite(kernels.limit_gram(inputs, layers=layers)) is HOLDS


def test_parallel_pair_is_named() -> None:
    found = kernels.definiteness([[1, 2], [0, 1], [2, 4]])

    assert found.parallel == (0, 2)
    assert found.null_vector == (1, 0, F(-1, 2))


def test_balls_that_may_be_parallel_are_undecided() -> None:
    third = balls.real(F(1, 3))
    inputs = balls.matrix_from_reals(2, 2, [balls.real(1), balls.real(3), third, balls.real(1)])

    assert kernels.definiteness(inputs).verdict is UNDECIDED
    assert kernels.definiteness(balls.matrix(X)).verdict is HOLDS


def test_bound_is_attained_by_two_inputs() -> None:
    bound, _ = kernels.least_eigenvalue_bound(X)

    assert bound.overlaps(balls.lambda_min(kernels.limit_gram(X)))


def test_bound_is_below_the_least_eigenvalue() -> None:
    rng = random.Random(3)
    for n in (3, 4, 6):
        inputs = [unit(F(rng.randint(-60, 60), 17)) for _ in range(n)]
        if kernels.definiteness(inputs).verdict is not HOLDS:
            continue
        bound, _ = kernels.least_eigenvalue_bound(inputs)
        assert balls.le(bound, balls.lambda_min(kernels.limit_gram(inputs))) is not VIOLATED
        assert balls.lower(bound) >= 0 or bound.contains(0)


def test_parallel_inputs_get_no_bound() -> None:
    bound, _ = kernels.least_eigenvalue_bound([X[0], X[0]])

    assert bound.contains(0) or balls.lower(bound) <= 0


def test_bound_without_the_linear_part_meets_the_printed_values() -> None:
    # largest cosine 1/2 of three inputs: 1/6 at K = 0; theory B5 prints K = 1, too
    from theorycheck.kernels.definiteness import _tail_bound

    with balls.precision(128):
        assert _tail_bound(3, F(1, 2), 0).overlaps(balls.real(F(1, 6)))
        assert agrees(_tail_bound(3, F(1, 2), 1), "0.0870891951207189987822247849804")


def test_inputs_that_are_no_unit_vectors_are_refused() -> None:
    with pytest.raises(InvalidInstance, match="unit"):
        kernels.least_eigenvalue_bound([[1, 1]])
    with pytest.raises(InvalidInstance, match="normalised"):
        kernels.limit_gram([[0, 0]], normalised=True)


@pytest.mark.parametrize("layers", ["first", "second", "both"])
def test_an_input_zero_has_a_row_of_zeros_wherever_it_is(layers: Any) -> None:
    rows = [[0, 0], [1, 2], [0, 0], ["1/3", 0]]
    gram = kernels.limit_gram(rows, layers=layers).tolist()

    assert all(gram[i][j] == 0 == gram[j][i] for i in (0, 2) for j in range(4))
    assert all(x > 0 for x in (gram[1][1], gram[3][3], gram[1][3]))


def test_normalised_inputs_have_half_on_the_diagonal() -> None:
    gram = kernels.limit_gram([[1, 1], [3, 1]], normalised=True)
    plain = kernels.limit_gram([[1, 1], [3, 1]])

    assert gram[1, 1] == 0.5
    assert (gram[0, 1] * balls.sqrt(balls.real(20))).overlaps(plain[0, 1])
