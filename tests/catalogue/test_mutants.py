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


@pytest.mark.slow
@by_claim
def test_audit_has_no_false_verdict_and_no_news(claim: Claim) -> None:
    known = instances_of(STORED.get(claim.full_name, []))
    audit = tc.audit(claim, seed=1, max_examples=20, known=known)

    assert not audit.contradictions
    assert not audit.unexplained
    assert not audit.outdated
