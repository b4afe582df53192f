"""theorycheck tighten and theorycheck audit, as a user meets them."""

from __future__ import annotations

import json

import pytest

import theorycheck as tc

LEMMA = '''
"""A lemma of the user's."""
import theorycheck as tc
from theorycheck.problems import Family

@tc.claim(
    source="draft",
    family=Family("numbers", lambda c: tc.Instance(x=c.fraction(0, 3, 4), y=c.integer(0, 2))),
    survives={survives},
)
def mean(case, *, constant=1):
    """xy <= c (x^2 + y^2)"""
    return tc.le(case.x * case.y, constant * (case.x**2 + case.y**2))
'''


@pytest.fixture
def lemma(tmp_path):
    def written(survives="{}"):
        file = tmp_path / "lemma.py"
        file.write_text(LEMMA.replace("{survives}", survives))
        return str(file)

    return written


def test_tighten_prints_ratio_bracket_constant_and_instance(run, lemma, tmp_path):
    ran = run("tighten", lemma(), "--examples", "40", "--json", str(tmp_path / "i.json"))
    instance = tc.Instance.from_json(json.loads((tmp_path / "i.json").read_text()))

    assert ran.code == 0, ran
    assert "relation 1: ratio [0.5" in ran.out or "relation 1: ratio 0.5" in ran.out
    assert "(certified), 1 (the claim itself)]" in ran.out
    assert "constant = 1: refuted at 0.49" in ran.out
    assert instance.x == instance.y


def test_audit_tells_survivors_and_ends_with_three(run, lemma):
    ran = run("audit", lemma(), "--examples", "20")

    assert ran.code == 3, ran
    assert "constant: constant 9/10: SURVIVES" in ran.out
    assert "2 of 6 mutants killed, 0 survive as declared, 4 unexplained, 0 false" in ran.out


def test_audit_of_explained_survivors_ends_with_zero_and_stores_the_witnesses(run, lemma, tmp_path):
    names = [f"{part} {f}" for part in ("constant: constant", "relation 1: tightened")
             for f in ("1/2", "9/10")]  # fmt: skip
    store = tmp_path / "mutants.json"
    ran = run(
        "audit",
        lemma(repr(dict.fromkeys(names, "1/2 is enough"))),
        "--examples",
        "20",
        "--store",
        str(store),
    )

    assert ran.code == 0, ran
    assert "survives, as declared: 1/2 is enough" in ran.out
    assert len(json.loads(store.read_text())["witnesses"]["mean"]) == 2


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["tighten", "curvature_lower_bound"], "did you mean curvature_lower_bounds"),
        (["tighten", "balancedness_drifts_exactly"], "equalities and conservation have none"),
        (["tighten", "small_steps_are_necessary", "--examples", "0"], "max_examples=0"),
        (["tighten", "small_steps_are_necessary", "--max-seconds", "0"], "max_seconds"),
        (["audit", "nothing_like_it"], "theorycheck list"),
        (["audit", "small_steps_are_necessary", "--examples", "-1"], "max_examples=-1"),
        (["audit", "small_steps_are_necessary", "--store", "no/such/f.json"], "no/such/f.json"),
    ],
    ids=lambda value: " ".join(value)[:60],
)
def test_bad_input_is_one_line_and_exit_code_two(run, words, expected):
    ran = run(*words)

    assert ran.code == 2, ran
    assert ran.err.count("\n") == 1
    assert expected in ran.err


CARELESS = """
import theorycheck as tc
from theorycheck.problems import Family

numbers = Family("numbers", lambda c: tc.Instance(x=c.integer(0, 3)))

@tc.claim(source="draft", family=numbers)
def always_raises(case):
    return tc.le(1 / 0, case.x)

@tc.claim(source="draft", family=numbers)
def raises_at_zero(case):
    return tc.le(1 / case.x, 3)

@tc.claim(source="draft", family=numbers)
def fine(case):
    return tc.le(case.x, 4)
"""


def test_audit_goes_on_after_a_claim_that_raises_and_ends_with_two(run, tmp_path):
    file = tmp_path / "careless.py"
    file.write_text(CARELESS)
    ran = run("audit", file, "--examples", "10")

    assert ran.code == 2, ran
    assert "careless.py line 9 raises ZeroDivisionError" in ran.err
    assert "raises ZeroDivisionError" in ran.out
    assert "fine: " in ran.out
    assert "Traceback" not in ran.err + ran.out


def test_tighten_counts_what_raises_and_ends_with_two(run, tmp_path):
    file = tmp_path / "careless.py"
    file.write_text(CARELESS)
    some = run("tighten", f"{file}::raises_at_zero", "--examples", "20")
    every = run("tighten", f"{file}::always_raises", "--examples", "20")

    assert (some.code, every.code) == (2, 2)
    assert "best constant in [" in some.out
    assert "raises ZeroDivisionError" in some.out
    assert "line 9 raises ZeroDivisionError" in every.err


def test_tighten_of_a_claim_refuted_by_local_search_ends_with_one(run, tmp_path):
    file = tmp_path / "lemma.py"
    file.write_text(CARELESS.replace("c.integer(0, 3)", "c.integer(1, 3)"))
    ran = run("tighten", f"{file}::fine", "--examples", "20")

    assert ran.code == 1, ran
    assert "violates the claim (found by local search; may lie outside the family)" in ran.out
    assert "no upper end" in ran.out
