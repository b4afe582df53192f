"""Mutants of claims: what is spoiled, what kills it, and what an author declares to survive."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

import theorycheck as tc
from theorycheck.claims import Assumption
from theorycheck.claims.checker import judge
from theorycheck.fuzzing.mutants import mutants_of
from theorycheck.fuzzing.witnesses import read_witnesses, rejudge, write_witnesses
from theorycheck.problems import Family
from theorycheck.verdicts import HOLDS, VIOLATED

EFFORT = tc.Effort(max_bits=128, max_seconds=5)


def pair(choices) -> tc.Instance:
    return tc.Instance(x=choices.fraction(0, 3, 4), y=choices.fraction(0, 2, 4))


pairs = Family("two numbers", pair)


@tc.claim(source="planted", family=pairs, example=tc.Instance(x=1, y=1))
def arithmetic_mean_is_larger(case, *, constant=Fraction(1, 2)):
    """xy <= c (x^2 + y^2), c = 1/2: attained where x = y."""
    return tc.le(case.x * case.y, constant * (case.x**2 + case.y**2))


@tc.claim(source="planted", family=pairs, example=tc.Instance(x=2, y=1))
def product_is_far_below(case, *, constant=2):
    """xy <= c (x^2 + y^2), c = 2: four times more than is needed."""
    return tc.le(case.x * case.y, constant * (case.x**2 + case.y**2))


@tc.claim(
    source="planted",
    family=pairs,
    example=tc.Instance(x=2, y=1),
    assumptions=[
        Assumption("y_is_at_most_x", lambda case: tc.le(case.y, case.x)),
        Assumption("x_is_at_most_five", lambda case: tc.le(case.x, 5)),
    ],
)
def square_is_larger(case):
    """y^2 <= x^2 if y <= x; that x <= 5 is not needed."""
    return tc.le(case.y**2, case.x**2)


@tc.claim(source="planted", family=pairs, example=tc.Instance(x=2, y=1))
def square_of_the_sum(case, *, weight=2):
    """(x + y)^2 = x^2 + y^2 + c xy, c = 2."""
    x, y = case.x, case.y
    return tc.equal((x + y) ** 2, x**2 + y**2 + weight * x * y)


def outcomes(claim, **options) -> dict[str, bool]:
    audit = tc.audit(claim, max_examples=30, **options)
    return {trial.mutant.name: trial.killed for trial in audit.trials}


def test_attained_bound_loses_every_mutant() -> None:
    found = tc.audit(arithmetic_mean_is_larger, max_examples=30)

    assert {
        "constant: constant 1/2", "constant: constant 9/10", "relation 1: tightened 1/2",
        "relation 1: tightened 9/10", "relation 1: strict", "relation 1: reversed",
    } == {t.mutant.name for t in found.trials}  # fmt: skip
    assert found.killed == 6
    assert not found.survivors
    assert not found.contradictions


def test_loose_constant_survives_as_news() -> None:
    found = tc.audit(product_is_far_below, max_examples=30)

    # x y / (x^2 + y^2) <= 1/2 < 9/10 * 2, and 1/2 * 2: only reversed and, at 0, strict are killed
    assert {"relation 1: strict", "relation 1: reversed"} == {
        t.mutant.name for t in found.trials if t.killed
    }
    assert found.unexplained == found.survivors
    assert len(found.survivors) == 4


def test_declared_survivor_is_explained_and_an_outdated_one_is_told() -> None:
    declared = replace(
        product_is_far_below,
        survives={"constant: constant 1/2": "c = 1/2 is enough", "relation 1: strict": "wrong"},
    )
    found = tc.audit(declared, max_examples=30)

    assert {t.mutant.name for t in found.unexplained} == {
        "constant: constant 9/10", "relation 1: tightened 1/2", "relation 1: tightened 9/10",
    }  # fmt: skip
    assert [t.mutant.name for t in found.outdated] == ["relation 1: strict"]


def test_assumption_that_is_not_needed_survives_being_dropped() -> None:
    found = outcomes(square_is_larger)

    assert found["y_is_at_most_x: dropped"]
    assert not found["x_is_at_most_five: dropped"]


def test_equality_loses_its_sign_and_its_constant() -> None:
    found = outcomes(square_of_the_sum)

    assert all(found.values())
    assert {"relation 1: negated", "relation 1: scaled 9/10"} <= set(found)
    # in an equality neither way is the weaker one
    assert {"weight: constant 1/2", "weight: constant 2"} <= set(found)


@tc.claim(source="planted", family=Family("one", lambda c: tc.Instance(x=c.integer(1, 3))))
def number_is_at_most_three(case):
    """x <= 3: the family says so, no assumption does."""
    return tc.le(case.x, 3)


def test_dropped_assumption_is_killed_only_where_it_fails() -> None:
    claim = replace(
        number_is_at_most_three,
        assumptions=(Assumption("x_is_positive", lambda case: tc.gt(case.x, 0)),),
    )
    found = tc.audit(claim, max_examples=30)
    (dropped,) = [t for t in found.trials if t.mutant.kind == "dropped"]

    # widened instances with x > 3 violate the claim, but they satisfy the assumption
    assert not dropped.killed
    assert not found.contradictions


def test_witness_on_which_the_claim_itself_fails_is_a_contradiction() -> None:
    wrong = replace(arithmetic_mean_is_larger, changes={"constant": Fraction(2, 5)})
    found = tc.audit(wrong, max_examples=30)

    assert found.contradictions


def test_stored_witness_is_judged_as_recorded(tmp_path: Path) -> None:
    found = tc.audit(arithmetic_mean_is_larger, max_examples=30)
    write_witnesses(tmp_path / "w.json", {found.claim: found.witnesses()})
    stored = read_witnesses(tmp_path / "w.json")[found.claim]

    assert len(stored) == 6
    for entry in stored:
        assert rejudge(arithmetic_mean_is_larger, entry).verdict is VIOLATED


def test_claim_itself_holds_on_the_witness_that_kills_its_mutant() -> None:
    for entry in tc.audit(arithmetic_mean_is_larger, max_examples=30).witnesses():
        instance = tc.Instance.from_json(entry["instance"])

        assert judge(arithmetic_mean_is_larger, instance, EFFORT).verdict is HOLDS


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        ({}, "damaged"),
        ({"mutant": {"kind": "strict"}, "instance": {}, "bits": 64}, "damaged"),
        ({"mutant": {"kind": "eaten", "subject": "relation 1"}, "instance": {}, "bits": 0}, "kind"),
        (
            {"mutant": {"kind": "strict", "subject": "here"}, "instance": {}, "bits": 0},
            "no relation",
        ),
        (
            {"mutant": {"kind": "dropped", "subject": "luck"}, "instance": {}, "bits": 0},
            "no assumption 'luck'",
        ),
        (
            {
                "mutant": {"kind": "constant", "subject": "c", "factor": "1/2"},
                "instance": {},
                "bits": 0,
            },
            "no constant 'c'",
        ),
    ],
    ids=lambda value: str(value)[:30],
)
def test_damaged_witness_is_one_clear_line(stored, message) -> None:
    with pytest.raises(tc.TheorycheckError, match=message) as caught:
        rejudge(arithmetic_mean_is_larger, stored)

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("claim", "options", "message"),
    [
        (3, {}, "@tc.claim"),
        (replace(square_is_larger, expected=VIOLATED), {}, "not expected to hold"),
        (replace(square_is_larger, family=None), {}, "no family"),
        (square_is_larger, {"max_examples": 0}, "max_examples=0"),
        (replace(square_is_larger, survives={"spelling": "?"}), {}, "no mutants of it: spelling"),
    ],
    ids=["claim", "expected", "family", "examples", "survivor"],
)
def test_bad_input_is_one_clear_line(claim, options, message) -> None:
    with pytest.raises(tc.TheorycheckError, match=message) as caught:
        tc.audit(claim, **options)

    assert "\n" not in str(caught.value)


@tc.claim(source="planted", family=pairs, example=tc.Instance(x=2, y=1))
def nothing_is_above_minus_a_square(case):
    """0 >= -x^2 and -x^2 <= 0: half of 0 is 0."""
    return [tc.le(-(case.x**2), 0), tc.le(case.x * case.y, 2 * case.x)]


def test_mutant_that_states_the_same_is_none() -> None:
    square = replace(nothing_is_above_minus_a_square, conclusion=lambda case: tc.le(0, 0))
    names = {mutant.name for mutant in mutants_of(square, tc.Instance(x=2, y=1))}

    assert names == {"relation 1: strict"}


def test_side_that_is_zero_on_the_example_alone_is_spoiled() -> None:
    product = replace(
        nothing_is_above_minus_a_square, conclusion=lambda case: tc.le(-1, case.x * case.y)
    )
    zero, other = tc.Instance(x=2, y=0), tc.Instance(x=2, y=1)
    alone, both = ({m.name for m in mutants_of(product, zero, x)} for x in ([], [other]))

    assert "relation 1: tightened 1/2" in both
    assert alone <= both
