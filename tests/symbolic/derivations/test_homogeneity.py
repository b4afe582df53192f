"""Euler's identities: on explicit nets with exact entries, and spoiled."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sympy

from theorycheck.symbolic.derivation import Derivation, StepFailed
from theorycheck.symbolic.derivations import homogeneity
from theorycheck.symbolic.derivations.layers import GRADIENT_A, GRADIENT_B, A, B, G, P, Q
from theorycheck.symbolic.entries import entries
from theorycheck.symbolic.named import named
from theorycheck.symbolic.words import inner


@pytest.mark.parametrize(
    ("name", "spoiled", "derive"),
    [
        ("GRADIENT_A", GRADIENT_A + GRADIENT_A, homogeneity.linear_net_by_layers),
        ("GRADIENT_B", -GRADIENT_B, homogeneity.linear_net_by_layers),
        ("pairing", named("q", 2 * homogeneity.pairing), homogeneity.layers_grow_alike),
    ],
)
def test_spoiled_formula_fails(
    name: str, spoiled: object, derive: Callable[[], Derivation], monkeypatch: pytest.MonkeyPatch
) -> None:
    if name.startswith("GRADIENT"):
        spoiled = spoiled.named(name)  # type: ignore[attr-defined]
    monkeypatch.setattr(homogeneity, name, spoiled)

    with pytest.raises(StepFailed):
        derive()


def test_gradients_are_those_of_an_explicit_net() -> None:
    a = sympy.Matrix(2, 3, sympy.symbols("a_:6"))
    b = sympy.Matrix(2, 2, sympy.symbols("b_:4"))
    values = {
        A: a, B: b, P: sympy.Matrix([[1, -2], [3, 1]]),
        Q: sympy.Matrix([[1, 2], [0, 1], [-1, 1]]), G: sympy.Matrix([[2, 1], [-1, 4]]),
    }  # fmt: skip
    q = sympy.expand(entries(homogeneity.pairing, values))

    assert entries(GRADIENT_A, values).expand() == sympy.Matrix(2, 3, [q.diff(x) for x in a])
    assert entries(GRADIENT_B, values).expand() == sympy.Matrix(2, 2, [q.diff(x) for x in b])
    assert sympy.expand(entries(inner(GRADIENT_A, A), values) - q) == 0


def test_identities_hold_for_an_explicit_homogeneous_function() -> None:
    theta = sympy.Matrix(sympy.symbols("x y"))
    x, y = theta
    q, degree = x**3 * y - 2 * x * y**3, 4
    gradient = sympy.Matrix([q.diff(x), q.diff(y)])
    values = {
        homogeneity.theta: theta, homogeneity.gradient: gradient,
        homogeneity.hessian: sympy.hessian(q, (x, y)), homogeneity.direction: sympy.Matrix([2, -1]),
    }  # fmt: skip

    for statement in (
        homogeneity.euler_identity().statement("at c = 1"),
        homogeneity.hessian_identity().statement("derivative of Euler's identity"),
    ):
        left, right = (
            entries(side, values, {homogeneity.L: degree, homogeneity.q: q})
            for side in (statement.left, statement.right)
        )
        assert sympy.expand(left - right) == 0
    second = entries(
        homogeneity.hessian @ homogeneity.theta - homogeneity.gradient * (degree - 1), values
    )
    assert second.expand() == sympy.zeros(2, 1)
