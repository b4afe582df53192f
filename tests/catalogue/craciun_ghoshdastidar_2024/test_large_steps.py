"""Sharpness of global minimisers and the threshold of theory A25, hand-computed."""

from __future__ import annotations

import theorycheck as tc
from tests.catalogue.enclose import Case, enclose
from theorycheck.catalogue.craciun_ghoshdastidar_2024 import large_steps_are_unstable as stated


def test_threshold_meets_the_printed_vector() -> None:
    instance = stated.scalar()  # n = 3, Phi = 8: eta_c = 2 / (3 * 8^(4/3)) = 1/24
    bound = stated.sharpness_bound(Case(instance))

    assert enclose(24 * 2 / bound, instance).contains(1)
    assert enclose(tc.lambda_max(Case(instance).initial.hessian), instance).contains(48)


def test_equal_scalar_layers_attain_the_bound() -> None:
    judgement = tc.check(stated.minimisers_are_at_least_this_sharp, stated.scalar())

    assert judgement.verdict is not tc.VIOLATED
    assert judgement.verdict is tc.HOLDS or judgement.touching


def test_step_just_above_the_threshold_is_unstable() -> None:
    instance = stated.scalar(step_size="1001/24000")

    assert tc.check(stated.large_steps_are_unstable, instance).verdict is tc.HOLDS


def test_step_at_the_threshold_is_no_counterexample() -> None:
    judgement = tc.check(stated.large_steps_are_unstable, stated.scalar(step_size="1/24"))

    assert judgement.vacuous or judgement.verdict is tc.UNDECIDED


def test_depth_one_needs_a_step_above_2() -> None:
    judgement = tc.check(stated.large_steps_are_unstable, stated.scalar(depth=1, step_size="5/2"))

    assert judgement.verdict is tc.HOLDS
