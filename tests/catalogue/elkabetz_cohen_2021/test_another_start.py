"""The main theorem with two starts: the gap enters as stated, and is measured exactly."""

from __future__ import annotations

from fractions import Fraction

import theorycheck as tc
from tests.catalogue.enclose import Case, enclose
from theorycheck.catalogue.elkabetz_cohen_2021 import (
    descent_tracks_flow as tracking,
    descent_tracks_flow_from_another_start as stated,
)


def test_gap_is_the_distance_of_the_starts() -> None:
    instance = stated.example(gap="1/64")

    assert enclose(64 * tracking.gap_at_start(Case(instance)), instance).contains(1)


def test_one_parameter_is_moved_by_the_whole_gap() -> None:
    net = tc.DeepLinear((1, 1))
    flat = tc.Instance(network=net, loss=tc.SquareLoss.whitened([[1]]), start=[2], step_size=1)

    assert stated.moved(flat, Fraction(1, 3)).descent_start == (Fraction(7, 3),)


def test_gap_tightens_the_step_size() -> None:
    judgements = [
        tc.check(stated.descent_tracks_flow_from_another_start, stated.example(gap=gap))
        for gap in ("1/64", "1/9")
    ]

    assert judgements[0].verdict is tc.HOLDS
    assert judgements[1].vacuous
