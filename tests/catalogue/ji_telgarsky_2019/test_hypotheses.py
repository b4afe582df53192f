"""What an instance may break of the hypotheses on classifiers leaves a claim vacuous."""

from __future__ import annotations

from fractions import Fraction as F

import pytest

import theorycheck as tc
from theorycheck.catalogue.frei_2022 import leaky_relu_kkt_points as frei
from theorycheck.catalogue.ji_telgarsky_2019 import (
    dual_margin_certificate as dual,
    layers_of_a_classifier_align as layers,
)
from theorycheck.catalogue.kou_2023 import activation_pattern_locks as kou
from theorycheck.catalogue.lyu_li_2020 import (
    euler_identities as euler,
    loss_and_norm_have_two_sided_rates as window,
    margin_sandwich as sandwich,
    rates_hold_for_all_time as rates,
)
from theorycheck.catalogue.schechtman_schreuder_2025 import normalised_step_remainder as step
from theorycheck.catalogue.soudry_2018 import weights_follow_the_log_of_time as soudry
from theorycheck.problems import classifier_instance


@pytest.mark.parametrize("weights", [["1/2"], [0], [2]])
def test_weights_outside_the_simplex_refute_no_duality(weights):
    """One sample z, w along it: |w| |p z| is below the margin as soon as p < 1."""
    judged = tc.check(dual.margin_is_within_a_dual_bound, dual.one_sample().replace(dual=weights))

    assert judged.vacuous


def test_a_dual_needs_a_weight_for_each_sample():
    with pytest.raises(tc.InvalidInstance, match="dual has 2 weights for 1 samples"):
        tc.check(dual.margin_is_within_a_dual_bound, dual.one_sample().replace(dual=["1/2", "1/2"]))


@pytest.mark.parametrize(
    "claim", [layers.layers_of_a_classifier_align, layers.neighbouring_layers_align]
)
def test_layers_of_other_nets_are_out_of_scope(claim):
    """W_1 = (a, -a)^T, W_2 = (a, a): W_2 W_1 = 0 at all times, while a^2 doubles."""
    assert tc.check(claim, layers.opposed()).vacuous


@pytest.mark.parametrize("weights", [[0, 0], [1, -1], [2, 0]])
def test_only_a_convex_combination_certifies_that_data_do_not_separate(weights):
    made = sandwich.equal_margins(samples=2).replace(combination=weights)

    assert tc.check(sandwich.smoothed_margin_is_near_the_margin, made).verdict is tc.HOLDS


def test_a_kink_of_too_many_nets_is_not_half_checked():
    """Seven units on the kink: 128 nets meet, more than are looked at."""
    made = classifier_instance(
        inputs=[[1], [0]], labels=[1], activation="relu",
        weights=[[[1, 0], *[[0, 1]] * 7], [[2] + [1] * 7]],
    )  # fmt: skip
    few = classifier_instance(
        inputs=[[1], [0]], labels=[1], activation="relu",
        weights=[[[1, 0], *[[0, 1]] * 6], [[2] + [1] * 6]],
    )  # fmt: skip

    assert tc.check(euler.gradients_are_homogeneous, few).verdict is tc.HOLDS
    judged = tc.check(euler.gradients_are_homogeneous, made)
    assert judged.verdict is tc.UNDECIDED
    assert "more than 64" in judged.reason


def test_labels_are_not_rounded():
    with pytest.raises(tc.InvalidInstance, match="3/2"):
        classifier_instance(inputs=[[1, 2]], labels=[1, "3/2"])


@pytest.mark.parametrize(
    ("claim", "instance"),
    [
        (kou.activation_pattern_locks, lambda: kou.example().replace(points=[[1, 0]])),
        (kou.activation_pattern_locks, lambda: kou.example().replace(points=[[1, 0], [1]])),
        (frei.kkt_point_has_two_kinds_of_units, lambda: frei.orthonormal().replace(labels=[1])),
        (step.direction_takes_an_euler_step, lambda: tc.Instance(w=[1, 0], z=["1/8"])),
    ],
)
def test_fields_that_do_not_fit_are_refused_by_name(claim, instance):
    with pytest.raises(tc.InvalidInstance, match=r"points|inputs|entries"):
        tc.check(claim, instance())


def test_a_sample_at_the_origin_is_out_of_scope():
    made = frei.orthonormal().replace(inputs=[[1, 0], [0, 0]], leak=F(1, 2))

    assert tc.check(frei.kkt_point_has_two_kinds_of_units, made).vacuous


@pytest.mark.parametrize(
    ("claim", "instance"),
    [
        (rates.rates_hold_for_all_time, lambda: on_line(clock="margin")),
        (rates.rates_hold_for_all_time, lambda: on_line(start=["1/2"])),
        (window.loss_and_norm_have_two_sided_rates, lambda: on_line(start=["1/2"])),
        (soudry.weights_follow_the_log_of_time, lambda: soudry.example(support=[1])),
        (kou.activation_pattern_locks, lambda: kou.example(slope=2)),
        (dual.margin_is_within_a_dual_bound, lambda: dual.one_sample().replace(dual=["1/2"])),
    ],
)
def test_what_a_theorem_concludes_is_not_shown_where_it_does_not_apply(claim, instance):
    shown = tc.enclose_details(claim, instance())
    silent = [d for d in shown if d.value is None]

    assert tc.check(claim, instance()).vacuous
    assert any(d.reason.startswith("not concluded: assumption") for d in silent)
    assert not any(
        word in d.name for d in shown if d.value is not None
        for word in ("at least", "at most", "by the dual")
    )  # fmt: skip
    assert all(d.value is not None for d in tc.enclose_details(claim, claim.example_instance()))


def on_line(**settings):
    """Two samples x = 1 of one weight, which separates from log 2 on."""
    chosen = {"inputs": [[1, 1]], "labels": [1, 1], "start": [2], "horizon": "1/4"}
    return classifier_instance(**{**chosen, **settings})


def test_neurons_that_start_together_stay_of_rank_one():
    """Groups of equal rows attain the bound of the stable rank, 1; a tilt keeps margins apart."""
    made = kou.example(weights=[[1, -1], [1, -1], ["-1/2", "1/2"], ["-1/2", "1/2"]])

    assert tc.check(kou.activation_pattern_locks, made).verdict is tc.HOLDS
