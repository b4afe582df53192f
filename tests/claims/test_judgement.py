"""Judgements replay to the same verdict from exact JSON, and refuse what is no judgement."""

from __future__ import annotations

import json

import pytest
import sympy
from sympy import Rational, cos, sin

import theorycheck as tc
from tests.claims.cases import BLOW_UP, CROSSING, DECAY, POINT, SCALAR, coordinate
from theorycheck.claims import Judgement
from theorycheck.errors import InvalidInstance, UnknownClaim

ONE = sin(1) ** 2 + cos(1) ** 2
EASY = tc.le(sympy.pi, Rational(22, 7))
HARD = tc.le(ONE, 1 + Rational(1, 10**60))
UNIT = tc.times(0, 1)


def made(conclusion: object, **options: object) -> tc.Claim:
    return tc.claim(source="test", name="lemma", **options)(conclusion)  # type: ignore[arg-type]


STORED = {
    "structure": (made(lambda c: tc.ge(c.flow.loss, 0, over=UNIT)), SCALAR),
    "balls": (made(lambda c: tc.le(coordinate(c), 1, over=UNIT)), DECAY),
    "violated": (made(lambda c: tc.le(Rational(1, 3), coordinate(c), over=tc.times(0, 2))), DECAY),
    "violated inside": (made(lambda c: tc.nonincreasing(coordinate(c) ** 2, over=UNIT)), CROSSING),
    "touching": (made(lambda c: tc.le(ONE, 1)), POINT),
    "blow-up": (made(lambda c: tc.le(0, tc.norm(c.flow.position), over=UNIT)), BLOW_UP),
    "hard then easy": (made(lambda c: [HARD, EASY]), POINT),
    "easy with a hard flow": (
        made(lambda c: [tc.le(coordinate(c), 1, over=UNIT), HARD]), DECAY,
    ),
    "hard assumption": (
        made(lambda c: EASY, assumptions=[tc.Assumption("h", lambda c: HARD)]), POINT,
    ),
    "hard assumption, structure": (
        made(lambda c: tc.le(1, 2), assumptions=[tc.Assumption("h", lambda c: HARD)]), POINT,
    ),
    "vacuous": (
        made(lambda c: EASY, assumptions=[tc.Assumption("h", lambda c: tc.ge(3, sympy.pi))]), POINT,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STORED)
def test_replay_gives_the_same_verdict(name: str) -> None:
    claim, instance = STORED[name]

    judgement = tc.check(claim, instance, tc.Effort(max_bits=512, max_seconds=20))
    again = tc.replay(judgement.to_json(), claims=[claim])

    assert again.verdict is judgement.verdict
    assert again.vacuous is judgement.vacuous
    assert again.where == judgement.where
    assert again.instance == instance


@pytest.mark.parametrize("name", ["balls", "violated", "touching", "vacuous"])
def test_json_reads_back(name: str) -> None:
    claim, instance = STORED[name]
    judgement = tc.check(claim, instance)

    read = Judgement.from_dict(json.loads(judgement.to_json()))

    assert read.verdict is judgement.verdict
    assert read.reason == judgement.reason
    assert read.to_dict() == judgement.to_dict()


def test_bits_are_the_highest_rung_that_was_needed() -> None:
    for name in ("hard then easy", "easy with a hard flow", "hard assumption"):
        claim, instance = STORED[name]

        assert tc.check(claim, instance).bits == 256


def text_with(**changes: object) -> str:
    claim, instance = STORED["balls"]
    stored = tc.check(claim, instance).to_dict()
    return json.dumps({**stored, **changes})


@pytest.mark.parametrize("schema", [0, 2, "1", None])
def test_unknown_schema_is_refused(schema: object) -> None:
    with pytest.raises(InvalidInstance, match="schema"):
        tc.replay(text_with(schema=schema))


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}", '{"claim": "x"}', "3"])
def test_what_is_no_judgement_is_refused(text: str) -> None:
    with pytest.raises(InvalidInstance):
        tc.replay(text)


def test_claim_that_is_nowhere_is_named() -> None:
    with pytest.raises(UnknownClaim, match="lemma"):
        tc.replay(text_with(file=""))
