"""Equalities on sets that the flow keeps: first integrals with logarithms, equal layers."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

import theorycheck as tc
from theorycheck.claims import Case, claim, conserved, equal, time, times


def scalar_net(depth: int = 3, last: Any = "1/10", target: Any = 1) -> tc.Instance:
    weights = [[["1/10"]]] * (depth - 1) + [[[last]]]
    return tc.deep_linear_instance(target=[[target]], weights=weights, horizon=1)


def judged(relation: Any, instance: tc.Instance) -> tc.Judgement:
    return tc.check(claim(source="test")(lambda case: relation(case)), instance)


def layers(case: Case) -> list[sympy.Expr]:
    return [w[0, 0].expression for w in case.flow.layers]


def equal_layers(case: Case) -> list[sympy.Expr]:
    first, *others = layers(case)
    return [p - first for p in others]


def test_equal_layers_stay_equal() -> None:
    def relation(case: Case) -> Any:
        first, second, _ = layers(case)
        return equal(first, second, over=times(0, 1), given=equal_layers(case))

    assert judged(relation, scalar_net()).verdict is tc.HOLDS


def test_equations_that_fail_at_the_start_prove_nothing() -> None:
    def relation(case: Case) -> Any:
        first, second, _ = layers(case)
        return equal(first, second, over=times(0, 1), given=[first - second])

    instance = tc.deep_linear_instance(
        target=[[1]], weights=[[["1/10"]], [["1/5"]], [["1/10"]]], horizon=1
    )

    assert judged(relation, instance).verdict is tc.VIOLATED


def test_equations_that_the_flow_leaves_prove_nothing() -> None:
    def relation(case: Case) -> Any:  # true at the start only
        tenth = sympy.Rational(1, 10)
        return equal(layers(case)[0], tenth, over=times(0, 1), given=[layers(case)[0] - tenth])

    assert judged(relation, scalar_net()).verdict is tc.VIOLATED


def test_a_first_integral_with_a_logarithm_is_conserved() -> None:
    def relation(case: Case) -> Any:  # p' = p^3 - p^5 backwards in w = p^2 at depth two
        p = layers(case)[0]
        elapsed = sympy.log(p**2 / (1 - p**2)) / 2
        return conserved(elapsed - time, over=times(0, 1), given=equal_layers(case))

    assert judged(relation, scalar_net(depth=2)).verdict is tc.HOLDS


def test_a_wrong_first_integral_is_refuted() -> None:
    def relation(case: Case) -> Any:
        p = layers(case)[0]
        elapsed = sympy.log(p**2 / (1 - p**2)) / 3
        return conserved(elapsed - time, over=times(0, 1), given=equal_layers(case))

    assert judged(relation, scalar_net(depth=2)).verdict is tc.VIOLATED


@pytest.mark.parametrize("shift", [sympy.Rational(1, 2), sympy.Rational(11, 1000)])
def test_a_term_that_leaves_its_domain_is_not_conserved(shift: sympy.Expr) -> None:
    def relation(case: Case) -> Any:  # log of a negative number, or of one that passes 0
        p = layers(case)[0]
        zero = sympy.log(p**2 - shift) - sympy.log(p * layers(case)[1] - shift)
        return conserved(zero, over=times(0, 1), given=equal_layers(case))

    assert judged(relation, scalar_net(depth=2)).verdict is tc.UNDECIDED


@pytest.mark.parametrize("place", [0, 1, 2 * time])
def test_the_state_at_another_time_is_not_the_running_state(place: Any) -> None:
    def relation(case: Case) -> Any:
        return equal(
            layers(case)[0], case.flow.layer(1)[0, 0].at(place), over=times(0, 1), given=[]
        )

    assert judged(relation, scalar_net()).verdict is tc.VIOLATED


def test_a_value_at_the_start_may_stand_in_a_first_integral() -> None:
    def relation(case: Case) -> Any:
        p = layers(case)[0]
        start = case.flow.layer(1)[0, 0].at(0)
        return conserved(sympy.log(p**2 / (1 - p**2)) / 2 - time + start, over=times(0, 1),
                         given=equal_layers(case))  # fmt: skip

    assert judged(relation, scalar_net(depth=2)).verdict is tc.HOLDS
