"""Replays find the claim without executing a script a second time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import theorycheck as tc
from theorycheck.claims import claims_in_file

SCRIPT = """
import theorycheck as tc

print("executed")

@tc.claim(source="test", family=tc.families.deep_linear())
def loss_is_nonincreasing(case):
    return tc.nonincreasing(case.flow.loss, over=tc.times(0, case.horizon))

judgement = tc.check(loss_is_nonincreasing)
print(tc.replay(judgement.to_json()).verdict)
"""


def test_script_replays_its_own_claim_without_running_twice(tmp_path: Path) -> None:
    file = tmp_path / "script.py"
    file.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, timeout=60)

    assert done.stdout.split() == ["executed", "HOLDS"], done.stderr


def test_file_that_asks_for_its_own_claims_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "loop.py"
    text = "from theorycheck.claims import claims_in_file\nclaims_in_file(__file__)\n"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(tc.InvalidClaim, match="while it is executed"):
        claims_in_file(file)


def test_a_name_that_two_claims_bear_is_refused():
    def below(bound):
        @tc.claim(source=f"below {bound}", example=tc.Instance(a=1))
        def is_below(case):
            """The number is below a bound."""
            return tc.le(case.a, bound)

        return is_below

    large, small = below(2), below(0)
    text = tc.check(small).to_json()

    with pytest.raises(tc.UnknownClaim, match="2 claims are called 'is_below'"):
        tc.replay(text, claims=[large, small])
    assert tc.replay(text, claims=[small]).verdict is tc.VIOLATED


@tc.claim(source="own", example=tc.Instance(a=1), assumptions=[
    tc.Assumption("one_is_one", lambda case: tc.equal(case.a, 1))
])  # fmt: skip
def is_small(case, *, bound=2):
    """The number is at most a bound."""
    return tc.le(case.a, bound)


@pytest.mark.parametrize(
    "spoil", [{"changes": {"bound": 0}}, {"drop": ("one_is_one",), "changes": {"bound": 2}}]
)
def test_a_judgement_of_a_spoiled_claim_is_not_replayed_on_the_sound_one(spoil):
    spoiled = is_small.spoiled(tc.Control("spoilt", tc.Instance(a=1), **spoil))
    judgement = tc.check(spoiled)
    text = judgement.to_json()

    with pytest.raises(tc.UnknownClaim, match="changed"):
        tc.replay(text)
    with pytest.raises(tc.UnknownClaim, match="changed"):
        tc.report.figure(judgement)
    assert tc.replay(text, claims=[is_small, spoiled]).verdict is judgement.verdict
    assert tc.replay(tc.check(is_small).to_json()).verdict is tc.HOLDS
