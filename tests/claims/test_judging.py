"""Claims from relations to judgements: Kleene's and, assumptions, expectation, surrogates."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from sympy import Rational, cos, sin

import theorycheck as tc
from tests.claims.cases import DECAY, POINT, SCALAR, ask, verdict
from theorycheck.claims import Case, Evidence, rung
from theorycheck.errors import InvalidClaim, InvalidInstance

ONE = sin(1) ** 2 + cos(1) ** 2
TRUE, FALSE = tc.le(1, 2), tc.le(2, 1)
OPEN = tc.le(1 / (tc.step - 3), 9, over=tc.steps(0, 5))
TOUCHING = tc.le(ONE, 1)
UNIT = tc.times(0, 1)


# -- several relations ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("relations", "expected"),
    [
        ([TRUE, TRUE], tc.HOLDS),
        ([TRUE, FALSE], tc.VIOLATED),
        ([OPEN, FALSE], tc.VIOLATED),
        ([FALSE, OPEN], tc.VIOLATED),
        ([TRUE, OPEN], tc.UNDECIDED),
        ([OPEN, TOUCHING], tc.UNDECIDED),
        ([[TRUE], (TRUE, [FALSE])], tc.VIOLATED),
    ],
)
def test_relations_are_joined_by_kleenes_and(relations: object, expected: tc.Verdict) -> None:
    assert verdict(lambda c: relations) is expected


def test_touching_is_named_only_where_nothing_else_is_open() -> None:
    assert ask(lambda c: [TRUE, TOUCHING]).summary == "UNDECIDED (touching)"
    assert ask(lambda c: [TOUCHING, OPEN]).summary == "UNDECIDED"


def test_conjunction_carries_the_weakest_evidence_and_the_least_margin() -> None:
    judgement = ask(lambda c: [TRUE, tc.le(sympy.pi, 4), tc.le(sympy.pi, Rational(22, 7))])

    assert judgement.evidence is Evidence.ENCLOSURE
    assert judgement.margin is not None
    assert judgement.margin.upper < Rational(1, 100)


@pytest.mark.parametrize(
    "returned", [True, None, 3, [], [TRUE, True], tc.HOLDS, np.bool_(True), "TRUE", {}, ONE],
    ids=repr,
)  # fmt: skip
def test_conclusion_that_is_no_relation_is_refused(returned: object) -> None:
    with pytest.raises(InvalidClaim):
        verdict(lambda c: returned)


def test_error_inside_a_claim_is_the_users() -> None:
    with pytest.raises(ZeroDivisionError):
        verdict(lambda c: tc.le(1 // 0, 1))


def test_field_that_is_missing_is_named_with_those_there_are() -> None:
    with pytest.raises(AttributeError, match="'epsilon'; its fields are a"):
        verdict(lambda c: tc.le(c.epsilon, 1))


def test_trajectory_without_objective_is_refused() -> None:
    with pytest.raises(InvalidInstance, match="no objective"):
        verdict(lambda c: tc.le(c.flow.loss, 1, over=UNIT))


def test_instance_without_objective_serves_for_numbers() -> None:
    assert verdict(lambda c: tc.le(c.a, 1), POINT) is tc.HOLDS


# -- assumptions ----------------------------------------------------------------------------------
def assumed(*relations: object) -> list[tc.Assumption]:
    return [tc.Assumption(f"a{i}", lambda c, r=r: r) for i, r in enumerate(relations)]


def test_violated_assumption_makes_the_instance_vacuous() -> None:
    judgement = ask(lambda c: FALSE, assumptions=assumed(TRUE, FALSE))

    assert judgement.vacuous
    assert judgement.verdict is tc.UNDECIDED
    assert judgement.witness is None
    assert not judgement.contradicts
    assert judgement.reason.startswith("vacuous: assumption a1 fails")


def test_conclusion_is_not_looked_at_where_vacuous() -> None:
    def raises(case: Case) -> object:
        raise AssertionError("evaluated")

    assert ask(raises, assumptions=assumed(FALSE)).vacuous


@pytest.mark.parametrize("conclusion", [TRUE, FALSE])
def test_undecided_assumption_makes_the_judgement_undecided(conclusion: object) -> None:
    judgement = ask(lambda c: conclusion, assumptions=assumed(OPEN))

    assert judgement.verdict is tc.UNDECIDED
    assert not judgement.vacuous
    assert judgement.reason.startswith("assumption a0 is undecided")


def test_violated_assumption_outweighs_an_undecided_one() -> None:
    assert ask(lambda c: TRUE, assumptions=assumed(OPEN, FALSE)).vacuous


def test_assumptions_are_judged_one_by_one() -> None:
    judgement = ask(lambda c: TRUE, assumptions=assumed(TRUE, OPEN, TRUE))

    assert [a.outcome.verdict for a in judgement.assumptions] == [
        tc.HOLDS, tc.UNDECIDED, tc.HOLDS,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "vacuous"), [([["1/2"]], False), ([["1/4"]], True)], ids=["equal", "unequal"]
)
def test_balanced_is_judged_exactly(start: list[list[str]], vacuous: bool) -> None:
    instance = tc.deep_linear_instance(target=[[1]], weights=[[["1/2"]], start], horizon=1)

    assert ask(lambda c: TRUE, instance, assumptions=[tc.assume.balanced]).vacuous is vacuous


def test_depth_assumption() -> None:
    assert ask(lambda c: TRUE, SCALAR, assumptions=[tc.assume.depth_at_least(3)]).vacuous
    assert not ask(lambda c: TRUE, SCALAR, assumptions=[tc.assume.depth_at_least(2)]).vacuous


# -- expectation and surrogates -------------------------------------------------------------------
def test_refutation_that_is_expected_is_no_contradiction() -> None:
    judgement = ask(lambda c: FALSE, expected=tc.VIOLATED)

    assert judgement.summary == "refuted, as expected"
    assert not judgement.contradicts
    assert ask(lambda c: TRUE, expected=tc.VIOLATED).contradicts
    assert ask(lambda c: FALSE).contradicts


def test_witness_is_the_instance_of_a_violation() -> None:
    assert ask(lambda c: FALSE, DECAY).witness == DECAY
    assert ask(lambda c: TRUE, DECAY).witness is None


@pytest.mark.parametrize("finite", [TRUE, FALSE, OPEN])
def test_surrogate_decides_nothing(finite: tc.claims.AbstractRelation) -> None:
    assert verdict(lambda c: tc.surrogate("x tends to 0", finite)) is tc.UNDECIDED


def test_surrogate_decides_nothing_beside_a_place_that_does_not_exist() -> None:
    def both(case: Case) -> object:
        return [
            tc.surrogate("x tends to 0", FALSE),
            tc.le(case.flow.loss.at(1 / tc.time), 9, over=UNIT),
        ]

    assert verdict(both, DECAY) is tc.UNDECIDED


def test_surrogate_of_conservation_decides_nothing() -> None:
    def conclusion(case: Case) -> object:
        return tc.surrogate("s", tc.conserved(case.flow.imbalance(1)))

    assert verdict(conclusion, SCALAR) is tc.UNDECIDED


def test_surrogate_needs_a_relation() -> None:
    with pytest.raises(InvalidClaim):
        tc.surrogate("s", True)  # type: ignore[arg-type]


# -- making claims --------------------------------------------------------------------------------
def test_decorator_checks_its_arguments() -> None:
    with pytest.raises(InvalidClaim, match="assumptions"):
        tc.claim(source="x", assumptions=[lambda c: TRUE])  # type: ignore[list-item]
    with pytest.raises(InvalidClaim, match="expected"):
        tc.claim(source="x", expected="HOLDS")  # type: ignore[arg-type]
    made = tc.claim(source="x")(lambda c: TRUE)
    with pytest.raises(InvalidClaim, match="already"):
        tc.claim(source="x")(made)


def test_check_needs_a_claim_and_an_instance() -> None:
    made = tc.claim(source="x")(lambda c: TRUE)

    with pytest.raises(InvalidClaim):
        tc.check(lambda c: TRUE)  # type: ignore[arg-type]
    with pytest.raises(InvalidClaim):
        tc.check(made, {"a": 1})  # type: ignore[arg-type]


# -- existence ------------------------------------------------------------------------------------
x = sympy.Symbol("x")


def test_root_near_a_point_exists() -> None:
    assert (
        verdict(lambda c: tc.exists([x**2 - 2], near={x: "1.4"}, satisfying=tc.gt(x, 1)))
        is tc.HOLDS
    )


@pytest.mark.parametrize(
    ("equation", "near", "condition"),
    [(x**2, 0, ()), (x**2 + 1, 0, ()), (x**2 - 2, "1.4", tc.gt(x, 2)), (x - 1, 1, tc.lt(x, 1))],
    ids=["double", "none", "condition fails", "strict at contact"],
)
def test_existence_is_never_refuted_nor_invented(
    equation: sympy.Expr, near: object, condition: object
) -> None:
    assert (
        verdict(lambda c: tc.exists([equation], near={x: near}, satisfying=condition))
        is tc.UNDECIDED
    )


def test_root_has_the_sign_that_its_symbol_declares() -> None:
    p = sympy.Symbol("p", positive=True)
    false = tc.lt(sympy.sqrt(p**2), 0)  # SymPy writes p < 0

    assert (
        verdict(lambda c: tc.exists([p**2 - 2], near={p: "-1.4"}, satisfying=false)) is tc.UNDECIDED
    )
    assert verdict(lambda c: tc.exists([p**2 - 2], near={p: "1.4"})) is tc.HOLDS
    with pytest.raises(InvalidClaim, match="real"):
        tc.exists([tc.step - 1], near={tc.step: 1})


# -- trajectories are shared ----------------------------------------------------------------------
@pytest.mark.parametrize(("horizon", "expected"), [(1, 1), (2, 2)])
def test_flow_is_enclosed_once_for_assumption_and_conclusion(
    horizon: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    enclosed = []

    def counted(*args: object, **options: object) -> object:
        enclosed.append(options["horizon"])
        return tc.flow(*args, **options)

    monkeypatch.setattr(rung, "flow", counted)
    assumption = tc.Assumption(
        "small", lambda c: tc.lt(sin(c.flow.loss.expression), 1, over=UNIT), "the loss stays small"
    )
    judgement = ask(
        lambda c: tc.lt(cos(c.flow.loss.expression), 2, over=tc.times(0, horizon)),
        DECAY.replace(horizon=horizon),
        assumptions=[assumption],
    )

    assert judgement.verdict is tc.HOLDS
    assert len(enclosed) == expected
