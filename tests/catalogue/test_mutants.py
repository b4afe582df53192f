"""Every claim's mutants: the stored witnesses kill them, and the survivors are declared."""

from __future__ import annotations

from pathlib import Path

import pytest

import theorycheck as tc
from theorycheck.claims import Claim
from theorycheck.claims.checker import judge
from theorycheck.fuzzing.mutants import Mutant, mutants_of
from theorycheck.fuzzing.witnesses import instances_of, read_witnesses, rejudge
from theorycheck.verdicts import HOLDS, VIOLATED

FILE = Path(__file__).parent / "mutants.json"
STORED = read_witnesses(FILE)
CLAIMS = [c for c in tc.shipped_claims().values() if c.expected is HOLDS]
REMEDY = "run: theorycheck audit CLAIM --store tests/catalogue/mutants.json"

NOT_YET_AUDITED = {
    "arora_2019.loss_decays_exponentially",
    "arora_cohen_hazan_2018.preconditioner_spectrum",
    "arora_cohen_hazan_2018.single_output_dynamics",
    "arora_cohen_hazan_2018.singular_values_rate",
    "craciun_ghoshdastidar_2024.large_steps_are_unstable",
    "craciun_ghoshdastidar_2024.minimisers_are_at_least_this_sharp",
    "deep_linear_curvature.curvature_bounds_on_a_ball",
    "elkabetz_cohen_2021.aligned_curvature_is_exact",
    "elkabetz_cohen_2021.bounded_flows_need_small_steps",
    "elkabetz_cohen_2021.convex_tubes_cost_a_square_root",
    "elkabetz_cohen_2021.descent_converges_from_near_zero",
    "elkabetz_cohen_2021.descent_tracks_flow_at_constant_curvature",
    "elkabetz_cohen_2021.descent_tracks_flow_from_another_start",
    "elkabetz_cohen_2021.flow_converges_in_known_time",
    "elkabetz_cohen_2021.initial_gap_grows_exponentially",
    "elkabetz_cohen_2021.integrated_curvature_is_logarithmic",
    "elkabetz_cohen_2021.near_solutions_stay_near_the_flow",
    "elkabetz_cohen_2021.one_step_size_suits_every_horizon_if_convex",
    "elkabetz_cohen_2021.scalar_output_moves_in_a_plane",
    "ji_telgarsky_2019.layers_of_a_classifier_align",
    "kou_2023.activation_pattern_locks",
    "kreisler_2023.flow_sharpness_does_not_increase",
    "kreisler_2023.flow_sharpness_is_attained_at_minimisers",
    "lyu_li_2020.descent_step_has_a_margin_certificate",
    "lyu_li_2020.direction_moves_little",
    "lyu_li_2020.loss_and_norm_have_two_sided_rates",
    "lyu_li_2020.smoothed_margin_is_nondecreasing",
    "nguegnang_2021.balanced_layers_are_roots_of_the_end_to_end_matrix",
    "nguegnang_2021.descent_stays_bounded_and_decreases",
    "nguegnang_2021.end_to_end_norm_is_at_least_a_falling_product",
    "nguegnang_2021.gram_matrix_is_nearly_a_power_of_the_first_layer",
    "nguegnang_2021.layer_norms_follow_the_end_to_end_matrix",
    "saxe_2014.depth_four_has_a_closed_time",
    "saxe_2014.depth_one_is_exponential",
    "saxe_2014.depth_three_has_a_closed_time",
    "saxe_2014.every_depth_has_a_time_by_quadrature",
    "saxe_2014.infinite_depth_has_a_closed_time",
    "saxe_2014.matrix_closed_form",
    "saxe_2014.unbalanced_closed_form",
    "soudry_2018.weights_follow_the_log_of_time",
    "telgarsky_2022.loss_falls_while_a_direction_separates",
}
"""Claims whose audit is still open: the stored witnesses of some mutants may be missing."""

AUDITED = [c for c in CLAIMS if c.full_name not in NOT_YET_AUDITED]

by_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.full_name)


@by_claim
def test_stored_witness_kills_its_mutant(claim: Claim) -> None:
    for entry in STORED.get(claim.full_name, []):
        judgement = rejudge(claim, entry)

        assert judgement.verdict is VIOLATED, (entry["mutant"], judgement.reason)
        assert not judgement.vacuous


@by_claim
def test_every_mutant_is_killed_or_declared_to_survive(claim: Claim) -> None:
    mutants = {m.name for m in mutants_of(claim, claim.example_instance())}
    killed = {Mutant.from_json(e["mutant"]).name for e in STORED.get(claim.full_name, [])}

    if claim.full_name in NOT_YET_AUDITED:
        assert killed <= mutants
    else:
        assert mutants == killed | set(claim.survives), REMEDY
    assert not killed & set(claim.survives)
    assert all(claim.survives.values())


def test_every_stored_claim_exists() -> None:
    assert set(STORED) <= {claim.full_name for claim in CLAIMS}


@pytest.mark.slow
@by_claim
def test_claim_itself_is_not_violated_on_the_witnesses(claim: Claim) -> None:
    effort = tc.Effort(max_bits=256, max_seconds=30)
    for entry in STORED.get(claim.full_name, []):
        judgement = judge(claim, tc.Instance.from_json(entry["instance"]), effort)

        assert not judgement.contradicts
        if entry["mutant"]["kind"] == "dropped":
            assert judgement.vacuous


def test_claims_whose_audit_is_open_are_those_without_all_witnesses() -> None:
    for name in NOT_YET_AUDITED:
        claim = tc.shipped_claims()[name]
        mutants = {m.name for m in mutants_of(claim, claim.example_instance())}
        killed = {Mutant.from_json(e["mutant"]).name for e in STORED.get(name, [])}

        assert mutants != killed | set(claim.survives), f"{name} is audited: take it off the list"


@pytest.mark.slow
@pytest.mark.parametrize("claim", AUDITED, ids=lambda c: c.full_name)
def test_audit_has_no_false_verdict_and_no_news(claim: Claim) -> None:
    known = instances_of(STORED.get(claim.full_name, []))
    audit = tc.audit(claim, seed=1, max_examples=8, known=known)

    assert not audit.contradictions
    assert not audit.unexplained
    assert not audit.outdated
