"""What every shipped claim must pass, by existing."""

from __future__ import annotations

import importlib
import xml.etree.ElementTree as ElementTree

import pytest
from latex2mathml.converter import convert

import theorycheck as tc
from theorycheck.claims import Case, Claim

CLAIMS = list(tc.shipped_claims().values())
CONTROLS = [(claim, control) for claim in CLAIMS for control in claim.controls]
DRAWN = 10

by_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.full_name)


def name_of(value: object) -> str:
    return (
        value.full_name
        if isinstance(value, Claim)
        else getattr(value, "name", "").replace(" ", "_")
    )


@by_claim
def test_example_comes_out_as_expected(claim: Claim) -> None:
    judgement = tc.check(claim)

    assert judgement.verdict is claim.expected, judgement.reason
    assert not judgement.vacuous


@by_claim
def test_claim_has_source_statement_controls_and_family(claim: Claim) -> None:
    assert claim.source.text
    assert claim.statement
    assert claim.controls
    assert claim.family is not None
    assert claim.source.label


@pytest.mark.parametrize(("claim", "control"), CONTROLS, ids=name_of)
def test_negative_control_is_caught(claim: Claim, control: tc.Control) -> None:
    judgement = tc.check(claim.spoiled(control), control.stored_instance())

    if control.outcome == "vacuous":
        assert judgement.vacuous, judgement.reason
    else:
        assert judgement.verdict is control.outcome, judgement.reason
        assert not judgement.vacuous


@by_claim
def test_drawn_instances_never_contradict_the_claim(claim: Claim) -> None:
    assert claim.family is not None
    effort = tc.Effort(max_bits=256, max_seconds=10)
    judged = [tc.check(claim, i, effort) for i in claim.family.instances(seed=0, count=DRAWN)]

    assert not [j.reason for j in judged if j.contradicts]
    assert [j for j in judged if not j.vacuous]
    assert [j for j in judged if j.verdict is claim.expected]


@by_claim
def test_verdicts_never_swap_with_the_precision(claim: Claim) -> None:
    opposite = tc.VIOLATED if claim.expected is tc.HOLDS else tc.HOLDS
    for bits in (64, 128, 256):
        judgement = tc.check(claim, effort=tc.Effort(max_bits=bits, max_seconds=30))

        assert judgement.verdict is not opposite


@by_claim
def test_judgement_replays_to_the_same_verdict(claim: Claim) -> None:
    judgement = tc.check(claim)
    again = tc.replay(judgement.to_json())

    assert again.verdict is judgement.verdict
    assert again.instance == judgement.instance


@by_claim
def test_statement_renders(claim: Claim) -> None:
    case = Case(claim.example_instance())
    for relation in claim.relations(case):
        text = relation.latex()

        tree = ElementTree.fromstring(convert(text))

        assert "\\" not in "".join(tree.itertext())  # every command is known to the parser
        assert "<" not in text.replace(" < ", " ")  # no repr of an object


@by_claim
def test_named_proof_exists_and_concludes(claim: Claim) -> None:
    if not claim.proof:
        return
    ends = [p for p in importlib.import_module(claim.proof).proofs() if p.claim is claim]

    assert ends
    assert all(p.ends for p in ends)
    assert all(d.conclusion is not None for p in ends for d in p.derivations)
