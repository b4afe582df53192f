"""Norms of the layers from the end-to-end matrix: the vector of theory A11 and equality cases."""

from __future__ import annotations

from fractions import Fraction

import pytest

import theorycheck as tc
from tests.catalogue.enclose import Case, enclose
from theorycheck.catalogue.nguegnang_2021 import layer_norms_follow_the_end_to_end_matrix as stated


def test_falling_product_is_attained_by_the_printed_vector() -> None:
    instance = stated.scalar()  # W_1 = 2, W_2 = 1: delta = 3, x = 4, M^2 = 4 = 4 (4 - 3)
    case = Case(instance)
    squares = stated.squared_norms(case)

    assert enclose(stated.delta(case), instance).contains(3)
    assert enclose(stated.falling_product(squares[0], stated.delta(case), 2), instance).contains(4)


def test_attained_product_holds_exactly() -> None:
    judgement = tc.check(stated.end_to_end_norm_is_at_least_a_falling_product, stated.scalar())

    assert judgement.verdict is tc.HOLDS


def test_n_minus_1_is_attained_by_1_and_0() -> None:
    judgement = tc.check(stated.layer_norms_follow_the_end_to_end_matrix, stated.scalar(1, 0))

    assert judgement.verdict is tc.HOLDS


def test_gram_defect_is_attained_by_the_scalar_net() -> None:
    instance = stated.scalar()  # |4 - 16| = 12 = 3 * 4
    bound = tc.substitute(stated.GRAM_DEFECT, stated.values(Case(instance), 1))

    assert enclose(bound, instance).contains(12)


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_layers_of_a_balanced_net_share_their_norm(depth: int) -> None:
    instance = stated.balanced(depth=depth)
    case = Case(instance)
    whole = tc.spectral_norm(case.initial.end_to_end)

    for layer in case.initial.layers:
        difference = enclose(tc.spectral_norm(layer) ** depth - whole, instance)
        assert difference.contains(0)
        assert difference.radius < Fraction(1, 10**40)
