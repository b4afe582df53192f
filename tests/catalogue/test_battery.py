"""What every shipped claim must pass, by existing."""

from __future__ import annotations

import functools
import importlib
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from latex2mathml.converter import convert

import theorycheck as tc
from theorycheck.claims import Case, Claim, Judgement
from theorycheck.claims.checker import judge

CLAIMS = list(tc.shipped_claims().values())
CONTROLS = [(claim, control) for claim in CLAIMS for control in claim.controls]
DRAWN = 5
MORE_BITS = 128
"""A rung above the ladder's first one, which decides most examples."""

by_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.full_name, scope="module")
"""The scope puts the tests of one claim next to each other, so that they share `judged`."""


def name_of(value: object) -> str:
    return (
        value.full_name
        if isinstance(value, Claim)
        else getattr(value, "name", "").replace(" ", "_")
    )


@pytest.fixture(scope="module")
def judged(claim: Claim) -> Judgement:
    """The example of a claim at the default effort."""
    return tc.check(claim)


@by_claim
def test_example_comes_out_as_expected(claim: Claim, judged: Judgement) -> None:
    assert judged.verdict is claim.expected, judged.reason
    assert not judged.vacuous


@by_claim
def test_judgement_replays_to_the_same_verdict(claim: Claim, judged: Judgement) -> None:
    again = tc.replay(judged.to_json())

    assert again.verdict is judged.verdict
    assert again.instance == judged.instance


@by_claim
def test_verdict_does_not_swap_at_more_bits(claim: Claim, judged: Judgement) -> None:
    opposite = tc.VIOLATED if claim.expected is tc.HOLDS else tc.HOLDS
    effort = tc.Effort(max_bits=MORE_BITS, max_seconds=30)

    assert judge(claim, judged.instance, effort, first_bits=MORE_BITS).verdict is not opposite


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
    outcomes = [tc.check(claim, i, effort) for i in claim.family.instances(seed=0, count=DRAWN)]

    assert not [j.reason for j in outcomes if j.contradicts]
    assert [j for j in outcomes if not j.vacuous]
    assert [j for j in outcomes if j.verdict is claim.expected]


@by_claim
def test_statement_renders(claim: Claim) -> None:
    case = Case(claim.example_instance())
    for relation in claim.relations(case):
        text = relation.latex()

        tree = ElementTree.fromstring(convert(text))

        assert "\\" not in "".join(tree.itertext())  # every command is known to the parser
        assert "<" not in text.replace(" < ", " ")  # no repr of an object


@functools.cache
def proofs_of(module: str) -> list[Any]:
    """The proofs of a module, which may end on several claims."""
    return list(importlib.import_module(module).proofs())


@by_claim
def test_named_proof_exists_and_concludes(claim: Claim) -> None:
    if not claim.proof:
        return
    ends = [p for p in proofs_of(claim.proof) if p.claim is claim]

    assert ends
    assert all(p.ends for p in ends)
    assert all(d.conclusion is not None for p in ends for d in p.derivations)
