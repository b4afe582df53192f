"""Instances that break a hypothesis which a statement's formula presumes are vacuous, not wrong."""

from __future__ import annotations

from fractions import Fraction

import pytest

import theorycheck as tc
from theorycheck.catalogue.arora_2019 import loss_decays_exponentially as decay
from theorycheck.catalogue.arora_cohen_hazan_2018 import preconditioner_spectrum as spectrum
from theorycheck.catalogue.nguegnang_2021 import descent_stays_bounded_and_decreases as bounded
from theorycheck.losses import SquareLoss
from theorycheck.networks import PowerUnits
from theorycheck.problems import Instance
from theorycheck.problems.spoiled import (
    with_inputs_scaled,
    with_leaky_layers,
    with_logistic_loss,
    with_samples_twice,
)  # fmt: skip

CLAIMS = tc.shipped_claims()
OF_A_WHITENED_LOSS = (
    "arora_2019.loss_decays_exponentially",
    "elkabetz_cohen_2021.aligned_curvature_is_exact",
    "elkabetz_cohen_2021.flow_converges_in_known_time",
    "elkabetz_cohen_2021.integrated_curvature_is_logarithmic",
    "elkabetz_cohen_2021.scalar_output_moves_in_a_plane",
    "kreisler_2023.flow_sharpness_does_not_increase",
    "kreisler_2023.imbalance_shrinks_exactly",
    "saxe_2014.depth_four_has_a_closed_time",
    "saxe_2014.depth_one_is_exponential",
    "saxe_2014.depth_three_has_a_closed_time",
    "saxe_2014.every_depth_has_a_time_by_quadrature",
    "saxe_2014.matrix_closed_form",
    "saxe_2014.scalar_closed_form",
    "saxe_2014.unbalanced_closed_form",
)


@pytest.mark.parametrize("change", [with_inputs_scaled, with_samples_twice, with_logistic_loss])
@pytest.mark.parametrize("name", OF_A_WHITENED_LOSS)
def test_another_loss_is_vacuous(name: str, change: object) -> None:
    judged = tc.check(CLAIMS[name], change(CLAIMS[name].example_instance()))  # type: ignore[operator]

    assert judged.vacuous
    assert "loss_is_whitened" in judged.reason


def test_orthonormal_inputs_do_not_make_the_loss_a_distance_to_the_targets() -> None:
    loss = SquareLoss([["3/5", "4/5"]], [[1, "1/2"]])
    assert loss.gram == ((1,),)
    assert tc.check(decay.loss_decays_exponentially, decay.unreachable()).vacuous


@pytest.mark.parametrize(
    "name", ["balancedness_is_conserved_by_flow", "balancedness_drifts_exactly"]
)
def test_matrix_laws_are_of_linear_layers(name: str) -> None:
    claim = CLAIMS[f"du_hu_lee_2018.{name}"]

    assert tc.check(claim, with_leaky_layers(claim.example_instance())).vacuous
    linear = claim.example_instance().replace(network=tc.FullyConnected((1, 2, 2, 1), "linear"))
    assert tc.check(claim, linear).verdict is tc.HOLDS


@pytest.mark.parametrize("factor", ["1/2", 3])
def test_the_negative_point_is_built_from_the_gradient_of_phi(factor: object) -> None:
    from theorycheck.catalogue.deep_linear_curvature.curvature_is_unbounded_below import (
        curvature_is_unbounded_below,
        example,
        negative_point,
    )

    case = with_inputs_scaled(example(), factor)
    start = negative_point(case.network, case.loss.cross, case.level)
    assert tc.check(curvature_is_unbounded_below, case.replace(start=start)).verdict is tc.HOLDS


def test_the_imbalance_is_that_of_the_start_of_descent() -> None:
    base = bounded.scalar(step_size="1/1000", steps=4)
    far: Instance = base.replace(descent_start=[4, Fraction(1, 16)])
    claim = bounded.descent_stays_bounded_and_decreases

    assert tc.check(claim, base).verdict is tc.HOLDS
    assert tc.check(claim, far).verdict is not tc.VIOLATED


@pytest.mark.parametrize("name", ["layer_norms_drift_exactly", "neuron_balance_drifts_exactly"])
def test_powers_keep_another_balance(name: str) -> None:
    squares = Instance(
        network=PowerUnits((1, 1, 1), 2), loss=SquareLoss([[1]], [[2]]), start=[1, 1],
        horizon="1/4", step_size="1/8",
    )  # fmt: skip
    assert tc.check(CLAIMS[f"du_hu_lee_2018.{name}"], squares).vacuous


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_singular_values_are_not_negative(depth: int) -> None:
    assert tc.check(spectrum.preconditioner_spectrum, spectrum.turned(depth=depth)).vacuous
