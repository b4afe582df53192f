"""Stability of H near the start: outer weights enter H, so that the bound needs small ones."""

from __future__ import annotations

import pytest

import theorycheck as tc
from theorycheck.catalogue.du_2019 import kernel_is_stable_near_the_start as stable


def test_an_outer_weight_is_in_both_kernels() -> None:
    """a = 1/2 and no movement: H = H(0) = 1/4, and every bound holds."""
    still = stable.flipped().replace(outer=["1/2"], moved=[["1/10"]])

    assert tc.check(stable.kernel_is_stable_near_the_start, still).verdict is tc.HOLDS


def test_a_large_outer_weight_is_vacuous() -> None:
    assert tc.check(stable.kernel_is_stable_near_the_start, stable.louder()).vacuous


def test_neurons_and_moved_neurons_must_be_as_many() -> None:
    with pytest.raises(tc.InvalidInstance, match="must be as many"):
        tc.check(stable.kernel_is_stable_near_the_start, stable.flipped().replace(moved=[[1], [2]]))
