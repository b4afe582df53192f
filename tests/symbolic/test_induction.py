"""Inductions: the base, the step and the certificate of the step are all checked."""

from __future__ import annotations

import pytest
import sympy

from theorycheck.symbolic.derivation import Derivation, StepFailed
from theorycheck.symbolic.recursions import ScalarRecursion, sequence
from theorycheck.symbolic.signs import Sign, sign_of

n = sympy.Symbol("n", integer=True, nonnegative=True)
x = sequence("x", positive=True)
total: ScalarRecursion = ScalarRecursion("T", sympy.S.Zero, lambda i: total.at(i) + x(i + 1))
squares: ScalarRecursion = ScalarRecursion(
    "Q", sympy.S.Zero, lambda i: squares.at(i) + x(i + 1) ** 2 + 2 * total.at(i) * x(i + 1)
)


def test_a_positive_sequence_has_positive_terms() -> None:
    assert sign_of(x(n + 1)) is Sign.POSITIVE
    assert sign_of(sequence("y")(n)) is Sign.UNKNOWN


def test_inequality_is_shown_from_its_growth() -> None:
    proof = Derivation("a sum of positive terms is nonnegative")

    proof.induction_at_most("sum", n, lambda i: (sympy.S.Zero, total.at(i)), [total], [(x(n + 1),)])

    assert proof.slack("sum") == total.at(n)


@pytest.mark.parametrize("terms", [[], [(x(n),)], [(2 * x(n + 1),)]])
def test_growth_that_is_not_certified_fails(terms: list[tuple[sympy.Expr, ...]]) -> None:
    proof = Derivation("a sum of positive terms is nonnegative")

    with pytest.raises(StepFailed):
        proof.induction_at_most("sum", n, lambda i: (sympy.S.Zero, total.at(i)), [total], terms)


def test_growth_of_unknown_sign_fails() -> None:
    y = sequence("y")
    partial: ScalarRecursion = ScalarRecursion(
        "T", sympy.S.Zero, lambda i: partial.at(i) + y(i + 1)
    )

    with pytest.raises(StepFailed, match="sign"):
        Derivation("a sum of real terms").induction_at_most(
            "sum", n, lambda i: (sympy.S.Zero, partial.at(i)), [partial], [(y(n + 1),)]
        )


def test_base_that_differs_fails() -> None:
    with pytest.raises(StepFailed, match="base"):
        Derivation("a sum of positive terms is at least 1").induction_at_most(
            "sum", n, lambda i: (sympy.S.One, total.at(i)), [total], [(x(n + 1),)]
        )


def test_equality_by_induction_holds_for_every_length() -> None:
    proof = Derivation("(x_1 + ... + x_n)^2 in terms of its parts")

    proof.induction("square", n, lambda i: (squares.at(i), total.at(i) ** 2), [squares, total])

    assert proof.rule("square").zeros == (squares.at(n) - total.at(n) ** 2,)
