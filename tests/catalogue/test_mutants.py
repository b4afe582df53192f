"""Every claim's mutants: the stored witnesses kill them, and the survivors are declared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import theorycheck as tc
from theorycheck.claims import Case, Claim
from theorycheck.claims.checker import judge
from theorycheck.fuzzing.mutants import Mutant, mutants_of
from theorycheck.fuzzing.witnesses import instances_of, read_witnesses, rejudge
from theorycheck.verdicts import HOLDS, VIOLATED

FILE = Path(__file__).parent / "mutants.json"
STORED = read_witnesses(FILE)
CLAIMS = [c for c in tc.shipped_claims().values() if c.expected is HOLDS]
REMEDY = "run: theorycheck audit CLAIM --store tests/catalogue/mutants.json"

QUICK = 3
"""Witnesses of a claim that the default run judges again."""

LONG = {
    "elkabetz_cohen_2021.convex_tubes_cost_a_square_root",
    "elkabetz_cohen_2021.curvature_stays_small_for_homogeneous_nets",
    "elkabetz_cohen_2021.descent_tracks_flow",
    "elkabetz_cohen_2021.descent_tracks_flow_at_constant_curvature",
    "elkabetz_cohen_2021.descent_tracks_flow_from_another_start",
    "elkabetz_cohen_2021.one_step_size_suits_every_horizon_if_convex",
    "ji_telgarsky_2019.layers_of_a_classifier_align",
    "ji_telgarsky_2019.neighbouring_layers_align",
    "kou_2023.activation_pattern_locks",
    "lyu_li_2020.alignment_is_small_in_the_mean",
    "lyu_li_2020.direction_moves_little",
    "lyu_li_2020.loss_and_norm_have_two_sided_rates",
    "shi_du_jordan_su_2021.both_high_resolution_odes_decay_alike",
}
"""Audits of more than half a minute each: in the campaign, outside the continuous check."""


def by_length(claims: list[Claim]) -> list[Any]:
    """Mark audits by their length; stored witnesses are judged in the other tests."""
    return [
        pytest.param(c, marks=pytest.mark.campaign if c.full_name in LONG else pytest.mark.slow)
        for c in claims
    ]


by_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.full_name, scope="module")
"""The scope puts the tests of one claim next to each other, so that they share `mutants`."""


@pytest.fixture(scope="module")
def mutants(claim: Claim) -> list[Mutant]:
    return mutants_of(claim, claim.example_instance())


@by_claim
def test_first_stored_witnesses_kill_their_mutants(claim: Claim) -> None:
    _kill(claim, STORED.get(claim.full_name, [])[:QUICK])


@pytest.mark.slow
@by_claim
def test_other_stored_witnesses_kill_their_mutants(claim: Claim) -> None:
    _kill(claim, STORED.get(claim.full_name, [])[QUICK:])


def _kill(claim: Claim, entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        judgement = rejudge(claim, entry)

        assert judgement.verdict is VIOLATED, (entry["mutant"], judgement.reason)
        assert not judgement.vacuous


@by_claim
def test_every_mutant_is_killed_or_declared_to_survive(claim: Claim, mutants: list[Mutant]) -> None:
    names = {mutant.name for mutant in mutants}
    killed = {Mutant.from_json(e["mutant"]).name for e in STORED.get(claim.full_name, [])}

    assert names == killed | set(claim.survives), REMEDY
    assert not killed & set(claim.survives)
    assert all(claim.survives.values())


@by_claim
def test_every_mutant_is_rebuilt_from_its_description(claim: Claim, mutants: list[Mutant]) -> None:
    case = Case(claim.example_instance())
    before = claim.relations(case)
    for mutant in mutants:
        again = Mutant.from_json(mutant.to_json())

        assert again == mutant
        if mutant.kind not in ("constant", "dropped"):
            after = again.of(claim).relations(case)

            assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_every_stored_claim_exists() -> None:
    assert set(tc.shipped_claims()) >= LONG
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


@pytest.mark.parametrize("claim", by_length(CLAIMS), ids=lambda c: c.full_name)
def test_audit_has_no_false_verdict_and_no_news(claim: Claim) -> None:
    known = instances_of(STORED.get(claim.full_name, []))
    audit = tc.audit(claim, seed=1, max_examples=4, known=known)

    assert not audit.contradictions
    assert not audit.unexplained
    assert not audit.outdated
