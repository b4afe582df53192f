"""A claim as a test: what passes, what fails, and what is said of it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from sympy import Symbol

import theorycheck as tc
from tests.fuzzing import lemmas
from theorycheck.errors import InvalidInstance
from theorycheck.fuzzing import Trial, replay_claim, try_claim

x = Symbol("x")
DECAY = tc.Instance(
    objective=tc.Objective.from_sympy(x**2 / 2, variables=[x]), start=[1], horizon=1
)
"""The flow is e^{-t}."""


def tried(claim: tc.Claim, *, examples: int = 10, undecided_fails: bool = True) -> Trial:
    effort = tc.Effort(max_bits=256, max_seconds=10)
    return try_claim(
        claim, examples=examples, seed=0, effort=effort, undecided_fails=undecided_fails
    )


def lemma(conclusion: Any, **options: Any) -> tc.Claim:
    return tc.claim(source="test", name="lemma", **options)(conclusion)


def at_one(case: Any) -> Any:
    return case.flow.position[0, 0].at(1)


def test_violation_found_by_the_search_fails_with_its_witness():
    trial = tried(lemmas.loss_is_at_most_one, examples=50)

    assert trial.outcome == "VIOLATED"
    assert not trial.passed
    assert trial.judgement is not None
    assert tc.replay(trial.judgement.to_json()).verdict is tc.VIOLATED


def test_refutation_passes_once_an_instance_refutes_it():
    trial = tried(lemmas.loss_is_at_most_one_refuted, examples=50)

    assert (trial.outcome, trial.passed) == ("refuted, as expected", True)


def test_refutation_that_nothing_refutes_fails():
    true = lemma(lambda case: tc.ge(case.initial.loss, 0), family=lemmas.POINTS,
                 expected=tc.VIOLATED)  # fmt: skip
    trial = tried(true)

    assert trial.outcome == "not refuted"
    assert "none of" in trial.failure


def test_example_that_contradicts_fails_before_any_search():
    trial = tried(lemma(lambda case: tc.le(at_one(case), Fraction(1, 3)), example=DECAY,
                        family=lemmas.POINTS))  # fmt: skip

    assert trial.counts == {"VIOLATED": 1}  # 1/e > 1/3
    assert trial.judgement is not None
    assert trial.judgement.instance == DECAY


def test_example_that_holds_where_a_refutation_is_expected_fails():
    trial = tried(lemma(lambda case: tc.le(at_one(case), Fraction(2, 5)), example=DECAY,
                        expected=tc.VIOLATED))  # fmt: skip

    assert (trial.outcome, trial.passed) == ("HOLDS", False)  # 1/e < 2/5


@pytest.mark.parametrize("fails", [True, False])
def test_undecided_fails_where_it_is_told_to(fails):
    open_lemma = lemma(lambda case: tc.surrogate("asymptotic", tc.le(at_one(case), 1)),
                       example=DECAY)  # fmt: skip
    trial = tried(open_lemma, undecided_fails=fails)

    assert trial.outcome == "UNDECIDED"
    assert trial.passed is not fails


def test_undecided_instance_of_the_search_is_shown():
    trial = tried(lemma(lambda case: tc.surrogate("asymptotic", tc.ge(case.initial.loss, 0)),
                        family=lemmas.POINTS))  # fmt: skip

    assert trial.counts["UNDECIDED"] == trial.instances
    assert trial.judgement is not None
    assert trial.judgement.verdict is tc.UNDECIDED


def test_equality_case_never_fails():
    trial = tried(lemma(lambda case: tc.le(at_one(case), tc.exp(-1)), example=DECAY))

    assert (trial.outcome, trial.passed) == ("UNDECIDED (touching)", True)


def test_all_vacuous_fails_and_names_the_assumption():
    trial = tried(lemmas.nothing_is_checked)

    assert trial.outcome == "vacuous"
    assert trial.judgement is not None
    assert "assumption impossible fails" in trial.judgement.reason


def test_claim_that_raises_fails_with_the_line_of_the_file():
    trial = tried(lemmas.asks_for_a_field_that_is_not_there)

    assert trial.outcome == "error"
    assert any("lemmas.py line" in reason for reason in trial.reasons)


def test_claim_with_nothing_to_be_checked_on_is_refused():
    with pytest.raises(InvalidInstance, match="no example and no family"):
        tried(lemma(lambda case: tc.le(0, 1)))


def test_control_is_replayed_as_the_spoiled_claim():
    control = tc.Control("two", DECAY, changes={"bound": 2})
    claim = lemma(lambda case, bound=1: tc.le(case.flow.position[0, 0].at(0), bound),
                  example=DECAY, controls=[control])  # fmt: skip
    trial = tried(claim)
    assert (trial.outcome, trial.control) == ("control", "two")
    assert trial.judgement is not None
    text = trial.judgement.to_json().replace("{", '{"control": "two",', 1)
    again = replay_claim(claim, text, undecided_fails=True)

    assert again is not None
    assert again.control == "two"
    assert "must come out" in trial.failure
    assert "the same verdict as recorded" in again.failure


def test_repaired_claim_passes_its_replay():
    wrong = tried(lemma(lambda case: tc.le(at_one(case), Fraction(1, 3)), example=DECAY))
    right = lemma(lambda case: tc.le(at_one(case), Fraction(2, 5)), example=DECAY)
    assert wrong.judgement is not None
    again = replay_claim(right, wrong.judgement.to_json(), undecided_fails=True)

    assert again is not None
    assert (again.outcome, again.passed) == ("HOLDS", True)
