"""A stored judgement is used again for the same statement only, whatever that was built from."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
import sympy

import theorycheck as tc
from tests.fuzzing import lemmas
from theorycheck.claims import Case, find
from theorycheck.claims.settled import Settled
from theorycheck.fuzzing.statements import statement_of
from theorycheck.problems import Family

NUMBERS = Family("numbers", lambda c: tc.Instance(x=c.fraction(1, 3, 4)))
EFFORT = tc.Effort(max_bits=64, max_seconds=5)


def at_most(bound, assumptions=()):
    """A factory: its claims differ in a closure alone."""

    @tc.claim(source="planted", family=NUMBERS, assumptions=assumptions)
    def bounded(case):
        """x is at most a bound."""
        return tc.le(case.x, bound)

    return bounded


def counts(claim, store):
    return set(tc.fuzz(claim, max_examples=5, store=store).counts)


def test_claims_of_one_name_that_differ_in_a_closure_share_no_judgement(tmp_path: Path) -> None:
    store = tmp_path / "s.db"

    assert counts(at_most(10**9), store) == {"HOLDS"}
    assert counts(at_most(0), store) == {"VIOLATED"}
    assert counts(at_most(10**9), store) == {"HOLDS"}


def test_assumptions_of_one_name_that_differ_share_no_judgement(tmp_path: Path) -> None:
    def small(bound):
        return [tc.Assumption("small", lambda case: tc.le(case.x, bound))]

    store = tmp_path / "s.db"

    assert counts(at_most(4, small(0)), store) == {"vacuous"}
    assert counts(at_most(4, small(9)), store) == {"HOLDS"}


def test_constant_in_an_imported_module_is_part_of_the_statement(tmp_path: Path) -> None:
    (tmp_path / "lemma.py").write_text(
        "import theorycheck as tc\n"
        "from theorycheck.problems import Family\n"
        "import bounds\n"
        "@tc.claim(source='t', family=Family('n', lambda c: tc.Instance(x=c.integer(1, 3))))\n"
        "def bounded(case):\n"
        "    return tc.le(case.x, bounds.BOUND)\n"
    )
    script = (
        "import theorycheck as tc\n"
        "from theorycheck.claims import find\n"
        "(claim,) = find('lemma.py')\n"
        "print(set(tc.fuzz(claim, max_examples=3, store='s.db').counts))\n"
    )
    seen = []
    for bound in ("9", "0"):
        (tmp_path / "bounds.py").write_text(f"BOUND = {bound}\n")
        command = [sys.executable, "-B", "-c", f"import sys; sys.path.insert(0, '.')\n{script}"]
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        seen.append(ran.stdout.strip())

    assert seen == ["{'HOLDS'}", "{'VIOLATED'}"]


def test_digest_is_the_same_in_another_process() -> None:
    code = (
        "from theorycheck.claims import find\n"
        "import theorycheck as tc\n"
        "from theorycheck.fuzzing.statements import statement_of\n"
        f"claim = find({lemmas.__file__!r})[0]\n"
        "print(statement_of(claim, claim.example_instance(), tc.Effort()))\n"
    )
    command = [sys.executable, "-c", code]
    there = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    claim = find(lemmas.__file__)[0]

    assert statement_of(claim, claim.example_instance(), tc.Effort()) == there != ""


def test_digest_tells_statements_apart() -> None:
    instance = tc.Instance(x=Fraction(1, 2), horizon=1)
    x = sympy.Symbol("x")
    start = tc.Instance(objective=tc.Objective.from_sympy(x**2, variables=[x]), start=[1],
                        horizon=1)  # fmt: skip
    statements = [
        lambda case: tc.le(0, 1),
        lambda case: tc.le(0, 2),
        lambda case: tc.lt(0, 1),
        lambda case: tc.le(0, sympy.pi),
        lambda case: tc.le(0, sympy.E),
        lambda case: [tc.le(0, 1), tc.le(0, 1)],
        lambda case: tc.equal(0, 1),
        lambda case: tc.le(tc.time, 1, over=tc.times(0, 1)),
        lambda case: tc.le(tc.time, 1, over=tc.times(0, 2)),
    ]
    lazy = [
        lambda case: tc.le(case.flow.loss, 1, over=tc.times(0, 1)),
        lambda case: tc.le(case.flow.loss.at(1), 1),
        lambda case: tc.le(case.flow.loss.at(0), 1),
        lambda case: tc.nonincreasing(case.flow.loss, over=tc.times(0, 1)),
        lambda case: tc.nondecreasing(case.flow.loss, over=tc.times(0, 1)),
    ]
    digests = []
    for stated, where in [(s, instance) for s in statements] + [(s, start) for s in lazy]:
        made = tc.claim(source="t", name="one")(stated)
        digests += [statement_of(made, where, EFFORT)]
        again = tc.claim(source="t", name="one")(stated)
        assert statement_of(again, where, EFFORT) == digests[-1]

    assert "" not in digests
    assert len(set(digests)) == len(digests)


def test_effort_is_part_of_what_is_stored() -> None:
    claim, instance = at_most(2), tc.Instance(x=1)
    efforts = [tc.Effort(max_bits=64), tc.Effort(max_bits=128), tc.Effort(max_seconds=1),
               tc.Effort(max_steps=5)]  # fmt: skip

    assert len({statement_of(claim, instance, effort) for effort in efforts}) == 4


def test_statement_that_cannot_be_told_apart_is_judged_anew(tmp_path: Path) -> None:
    class mystery(sympy.Function):
        """A user's own function may mean anything."""

    claim = at_most(mystery(sympy.Integer(1)))
    assert statement_of(claim, tc.Instance(x=1), EFFORT) == ""


def test_every_shipped_claim_has_a_digest_unless_a_procedure_settles_it() -> None:
    for name, claim in tc.shipped_claims().items():
        case = Case(claim.example_instance())
        relations = [
            *claim.relations(case),
            *(r for a in claim.assumptions for r in a.relations(case)),
        ]
        settled = any(isinstance(relation, Settled) for relation in relations)

        assert bool(statement_of(claim, case.instance, EFFORT)) is not settled, name


@pytest.mark.slow
def test_two_claims_of_one_name_are_told_apart_by_worker_processes(tmp_path: Path) -> None:
    file = tmp_path / "pair.py"
    file.write_text(
        "import theorycheck as tc\n"
        "from theorycheck.problems import Family\n"
        "def make(bound):\n"
        "    numbers = Family('n', lambda c: tc.Instance(x=c.fraction(1, 3, 4)))\n"
        "    @tc.claim(source='t', family=numbers)\n"
        "    def bounded(case):\n"
        "        return tc.le(case.x, bound)\n"
        "    return bounded\n"
        "big, nil = make(10**9), make(0)\n"
    )
    big, nil = find(str(file))
    store = tmp_path / "s.db"
    told = [tc.fuzz(c, max_examples=60, jobs=2, store=store) for c in (big, nil)]

    assert [set(campaign.counts) for campaign in told] == [{"HOLDS"}, {"VIOLATED"}]


@pytest.mark.slow
def test_claim_that_workers_would_find_otherwise_is_judged_here() -> None:
    claim = next(c for c in find(lemmas.__file__) if c.name == "loss_is_at_most_one")
    weaker = lemmas.changed(claim)
    campaign = tc.fuzz(weaker, max_examples=60, jobs=2)

    assert set(campaign.counts) == {"HOLDS"}
