"""Terms are lazy, exact and immutable; whatever is not exact is refused with its remedy."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

import theorycheck as tc
from tests.claims.cases import DECAY, SCALAR, verdict
from theorycheck.claims import Case, constant, expression_of
from theorycheck.errors import InvalidClaim

CASE = Case(DECAY)
LOSS = CASE.flow.loss


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (3, sympy.Integer(3)),
        (Fraction(1, 3), sympy.Rational(1, 3)),
        ("1/3", sympy.Rational(1, 3)),
        (Decimal("0.1"), sympy.Rational(1, 10)),
        (0.5, sympy.Rational(1, 2)),
        (0.1, sympy.Rational(3602879701896397, 36028797018963968)),
        (np.float64(0.1), sympy.Rational(3602879701896397, 36028797018963968)),
        (np.float32(0.1), sympy.Rational(13421773, 134217728)),
        (np.int64(3), sympy.Integer(3)),
        (sympy.pi, sympy.pi),
    ],
    ids=repr,
)
def test_exact_number_becomes_its_expression(given: object, expected: sympy.Expr) -> None:
    assert expression_of(given) == expected
    assert (LOSS + given).expression == LOSS.expression + expected
    assert (given * LOSS if not isinstance(given, sympy.Expr) else LOSS * given).expression == (
        expected * LOSS.expression
    )


@pytest.mark.parametrize(
    "given",
    [True, np.bool_(True), None, float("nan"), float("inf"), 1j, [1], sympy.Float(0.1),
     sympy.Float(0.1) * tc.time, sympy.true, "one third"],
    ids=repr,
)  # fmt: skip
def test_what_is_no_exact_number_is_refused(given: object) -> None:
    with pytest.raises(InvalidClaim):
        LOSS + given
    with pytest.raises(InvalidClaim):
        tc.le(LOSS, given, over=tc.times(0, 1))


def test_terms_have_no_truth_value_and_no_order() -> None:
    with pytest.raises(TypeError):
        bool(LOSS)
    with pytest.raises(TypeError):
        LOSS == LOSS  # noqa: B015
    with pytest.raises(TypeError):
        LOSS < 1  # noqa: B015
    with pytest.raises(TypeError):
        bool(tc.le(1, 2))


def test_terms_are_immutable() -> None:
    with pytest.raises(AttributeError):
        LOSS.expression = sympy.Integer(0)


def test_arithmetic_is_that_of_real_numbers() -> None:
    def laws(case: Case) -> object:
        a, b = case.initial.position[0], case.initial.position[1]
        return [
            tc.equal(2 - a, Fraction(3, 2)),
            tc.equal(1 / a, 2),
            tc.equal(a**2 + b / 2, Fraction(1, 2)),
            tc.equal(abs(-a), a),
            tc.equal(2 ** (2 * a), 2),
            tc.equal(-a + sum([a, a]), a),
        ]

    assert verdict(laws, SCALAR) is tc.HOLDS


def test_matrix_arithmetic_checks_shapes() -> None:
    wide, tall = constant([[1, 2]]), constant([[1], [2]])

    with pytest.raises(InvalidClaim):
        wide @ wide
    with pytest.raises(InvalidClaim):
        wide + tall
    with pytest.raises(InvalidClaim):
        tc.inner(wide, tall)
    with pytest.raises(InvalidClaim):
        tc.equal(wide, tall)
    with pytest.raises(InvalidClaim):
        tc.lambda_max(wide)
    with pytest.raises(InvalidClaim):
        wide[0, 2]
    with pytest.raises(InvalidClaim):
        expression_of(wide)


@pytest.mark.parametrize(
    "conclusion",
    [
        lambda c: tc.equal(tc.norm(constant([[3, 4]])), 5),
        lambda c: tc.equal(tc.norm(constant([[3, 4]]) * -2), 10),
        lambda c: tc.equal(tc.trace(constant([[1, 2], [3, 4]])), 5),
        lambda c: tc.equal(tc.inner(constant([[1, 2]]), constant([[3, 4]])), 11),
        lambda c: tc.equal(constant([[1, 2]]).T @ constant([[1, 1]]), [[1, 1], [2, 2]]),
        lambda c: tc.equal((constant([[1, 2]]) @ constant([[1], [3]]))[0, 0], 7),
        lambda c: tc.equal(tc.maximum([1, 3, 2]) - tc.minimum([1, 3, 2]), 2),
        lambda c: tc.equal(tc.spectral_norm(constant([[3], [4]])), 5),
        lambda c: tc.inside(tc.spectral_norm(constant([[2, 0], [0, -3]])), "2.999", "3.001"),
        lambda c: tc.inside(tc.nuclear_norm(constant([[2, 0], [0, -3]])), "4.999", "5.001"),
        lambda c: tc.inside(tc.lambda_min(constant([[0, 1], [1, 0]])), "-1.001", "-0.999"),
        lambda c: tc.inside(tc.lambda_max(constant([[0, 1], [1, 0]])), "0.999", "1.001"),
        lambda c: tc.equal(constant([[0, 0]]), 0),
    ],
)
def test_functions_of_constant_matrices(conclusion: object) -> None:
    assert verdict(conclusion) is tc.HOLDS


def test_extreme_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidClaim):
        tc.maximum([])
    with pytest.raises(InvalidClaim):
        tc.minimum([])


def test_formula_with_a_symbol_without_value_is_refused() -> None:
    u, v = sympy.symbols("u v")

    with pytest.raises(InvalidClaim, match="v without a value"):
        tc.substitute(u + v, {u: LOSS})


def test_layers_need_a_deep_linear_net() -> None:
    with pytest.raises(InvalidClaim, match="deep linear"):
        CASE.flow.layer(1)
    with pytest.raises(InvalidClaim, match="layers count from 1"):
        Case(SCALAR).flow.layer(0)


def test_sympy_functions_accept_one_term_again_and_again() -> None:
    case = Case(DECAY)

    assert sympy.sin(case.flow.loss) == sympy.sin(case.flow.loss)
    assert sympy.sin(case.flow.loss) != sympy.sin(case.flow.loss + 1)


@pytest.mark.parametrize(
    "operation",
    [
        lambda m: m + 1,
        lambda m: 1 + m,
        lambda m: m - 1,
        lambda m: 1 - m,
        lambda m: m @ 2,
        lambda m: m + "x",
    ],
)
def test_numbers_are_not_added_to_matrices(operation: Any) -> None:
    with pytest.raises(InvalidClaim, match=r"constant\(\[\["):
        operation(Case(DECAY).flow.position)
