"""Single-output and aligned starts: exactly balanced, of the length and frames they promise."""

from __future__ import annotations

from fractions import Fraction

import pytest

import theorycheck as tc
from tests.catalogue.enclose import Case
from theorycheck.claims import claim, constant, equal
from theorycheck.claims.wording import start_is_balanced
from theorycheck.errors import InvalidInstance
from theorycheck.problems.aligned import aligned_instance, plane_rotation
from theorycheck.problems.single_output import (
    single_output_family,
    single_output_instance,
    unit_vector,
)


@pytest.mark.parametrize("slope", [0, "1/2", "-3/7", 5])
def test_unit_vector_has_norm_one(slope: str) -> None:
    assert sum(x * x for x in unit_vector(slope)) == 1


def test_single_output_starts_are_balanced_and_as_long_as_promised() -> None:
    for instance in single_output_family((1, 5)).instances(count=20):
        layers = instance.network.layers(instance.start)

        assert start_is_balanced(instance)
        assert sum(Fraction(x) ** 2 for x in layers[0][0]) == Fraction(layers[-1][0][-1]) ** 2 or (
            instance.network.depth == 1
        )


def test_growing_starts_are_shorter_than_their_cosine() -> None:
    for instance in single_output_family((2, 4), grows=True).instances(count=30):
        q = Fraction(instance.start[-1])

        assert 0 < q**instance.network.depth <= Fraction(instance.start[0]) / q


def test_aligned_start_has_the_frames_it_names() -> None:
    @claim(source="test")
    def diagonal(case: Case) -> object:
        left, right = (constant(rows) for rows in (case.left, case.right))
        product = left.T @ case.initial.end_to_end @ right
        return equal(product, constant([[8, 0, 0], [0, 1, 0]]))

    instance = aligned_instance(target=[[1, 0, 2], [0, 1, 1]], diagonal=[2, 1])

    assert start_is_balanced(instance)
    assert tc.check(diagonal, instance).verdict is tc.HOLDS


def test_bad_sizes_are_refused() -> None:
    for refused in (
        lambda: plane_rotation(0, 1),
        lambda: aligned_instance(target=[[1]], diagonal=[1, 2]),
        lambda: single_output_instance(depth=0),
    ):
        with pytest.raises(InvalidInstance):
            refused()
