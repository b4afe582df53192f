"""Definiteness of limit kernels: edge cases of the exact criterion, and the vacuous duplicates."""

from __future__ import annotations

import pytest

import theorycheck as tc
from theorycheck.catalogue.du_2019 import (
    least_eigenvalue_is_bounded_below as bound,
    limit_kernels_are_definite as definite,
)


@pytest.mark.parametrize("layers", ["first", "second", "both"])
def test_two_antiparallel_pairs_and_a_single_input_are_definite(layers: str) -> None:
    instance = definite.definite().replace(layers=layers)

    assert tc.check(definite.limit_kernels_are_definite, instance).verdict is tc.HOLDS


def test_a_third_pair_in_the_plane_makes_the_kernels_singular() -> None:
    claim = definite.singular_kernels_have_an_exact_null_vector

    assert tc.check(definite.limit_kernels_are_definite, definite.dependent()).vacuous
    assert tc.check(claim, definite.dependent()).evidence.value in ("exact", "proof")


def test_bound_touches_for_two_inputs_and_is_never_refuted() -> None:
    instance = bound.example(terms=0).replace(inputs=[(1, 0), ("3/5", "4/5")], error=[1, 1])
    claim = bound.least_eigenvalue_is_bounded_below
    free = claim.spoiled(tc.Control("n = 2", instance, drop=("inputs_are_not_parallel",)))

    assert tc.check(claim, instance).vacuous
    assert tc.check(free, instance, tc.Effort(max_bits=256)).verdict is tc.UNDECIDED


def test_bound_of_the_first_layer_is_none_of_the_second() -> None:
    """Orthogonal inputs: lambda_min is 1/2 - 1/(2 pi) = 0.34, where the bound is 1/2."""
    judgement = tc.check(bound.least_eigenvalue_is_bounded_below, bound.second_layer())

    assert judgement.vacuous
