"""The preconditioner's eigenvalues against the printed vector, and the bound where it is tight."""

from __future__ import annotations

import theorycheck as tc
from theorycheck.catalogue.arora_cohen_hazan_2018 import (
    preconditioner_spectrum as claim_file,
    singular_values_rate as rates,
)


def test_eigenvalues_meet_the_printed_vector() -> None:
    found = [[claim_file.eigenvalue(3, r, s) for s in (8, 1)] for r in (8, 1)]

    assert found == [[48, 21], [21, 3]]


def test_bound_is_attained_by_square_products() -> None:
    smallest = claim_file.eigenvalue(4, 16, 16)

    assert smallest == 4 * 16 * 4
    assert tc.check(
        claim_file.preconditioner_spectrum, claim_file.example(depth=4, diagonal=(2, 2))
    ).verdict is tc.HOLDS  # fmt: skip


def test_zeroth_power_of_a_zero_singular_value_is_one() -> None:
    assert claim_file.eigenvalue(3, 8, 0) == 16
    assert claim_file.eigenvalue(1, 0, 0) == 1


def test_rates_hold_at_depths_one_to_five() -> None:
    for depth in range(1, 6):
        instance = rates.example(depth=depth, diagonal=("5/4", 1), horizon="1/16")

        assert tc.check(rates.singular_values_rate, instance).verdict is tc.HOLDS


def test_wrong_frames_are_vacuous() -> None:
    instance = claim_file.example().replace(left=[[1, 0], [0, 1]])

    assert tc.check(claim_file.preconditioner_spectrum, instance).vacuous
