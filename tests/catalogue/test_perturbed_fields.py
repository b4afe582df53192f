"""No claim trusts a field of its instance: any number may be another one.

A conclusion that reads a field must be protected by an assumption about it, or a true theorem is
VIOLATED on an instance it says nothing about. So every number of an instance is changed, one or
two fields at a time, and a claim that is expected to hold is never refuted.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

import theorycheck as tc
from theorycheck.claims import Claim
from theorycheck.claims.checker import judge
from theorycheck.errors import TheorycheckError
from theorycheck.verdicts import HOLDS

CLAIMS = [c for c in tc.shipped_claims().values() if c.expected is HOLDS]
EFFORT = tc.Effort(max_bits=128, max_seconds=1)
CHANGED = 12
"""Instances per claim."""


def another(number: int | Fraction, rng: random.Random) -> int | Fraction:
    if isinstance(number, int):
        return rng.choice([number + 1, number - 1, 0, 1, 2, -1])
    near = number + Fraction(rng.randrange(-4, 5), 4)
    return rng.choice([near, -number, Fraction(0), 2 * number, number / 2, number + 1])


def changed(value: Any, rng: random.Random) -> Any:
    """The value with one number changed; a table also without its last row."""
    if isinstance(value, bool) or not isinstance(value, (int, Fraction, tuple)) or value == ():
        return value
    if not isinstance(value, tuple):
        return another(value, rng)
    if len(value) > 1 and isinstance(value[0], tuple) and rng.random() < 1 / 20:
        return value[:-1]
    place = rng.randrange(len(value))
    return (*value[:place], changed(value[place], rng), *value[place + 1 :])


def drawn(claim: Claim, rng: random.Random) -> list[tc.Instance]:
    """Instances near the example and a few of the family, where they can be made."""
    assert claim.family is not None
    bases = [claim.example_instance(), *claim.family.instances(seed=5, count=3)]
    found = []
    for _ in range(CHANGED):
        base = rng.choice(bases)
        names = [k for k, v in base.fields.items() if isinstance(v, (int, Fraction, tuple))]
        chosen = rng.sample(names, min(len(names), rng.choice([1, 1, 2])))
        try:
            found.append(base.replace(**{k: changed(base.fields[k], rng) for k in chosen}))
        except TheorycheckError:
            continue
    return found


@pytest.mark.slow
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.full_name)
def test_no_field_is_trusted(claim: Claim) -> None:
    rng = random.Random(claim.full_name)
    for instance in drawn(claim, rng):
        try:
            judgement = judge(claim, instance, EFFORT)
        except TheorycheckError:  # refused at the door, in one line
            continue

        assert not judgement.contradicts, judgement.replay_line


def test_every_number_can_be_changed() -> None:
    """The changes reach numbers of every kind of field."""
    rng, value = random.Random(1), (Fraction(1), (2, (Fraction(1, 2),)))
    seen = {changed(value, rng) for _ in range(60)}

    assert {x[0] == 1 for x in seen} == {True, False}
    assert any(x[0] == 1 and x[1][0] != 2 for x in seen)
    assert any(x[0] == 1 and x[1][0] == 2 and x[1][1] != (Fraction(1, 2),) for x in seen)
