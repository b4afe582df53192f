"""Every claim's mutants: the stored witnesses kill them, and the survivors are declared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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

NOT_YET_AUDITED: set[str] = set()
"""Claims whose audit is still open: the stored witnesses of some mutants may be missing."""

AUDITED = [c for c in CLAIMS if c.full_name not in NOT_YET_AUDITED]

QUICK = 3
"""Witnesses of a claim that the default run judges again."""

by_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.full_name)


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
