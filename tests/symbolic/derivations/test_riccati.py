"""The Riccati form: printed vectors, a singular F against the flow of the layers, exact entries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import pytest
import sympy

from theorycheck.symbolic.derivation import Derivation, StepFailed
from theorycheck.symbolic.derivations import riccati
from theorycheck.symbolic.entries import entries
from theorycheck.symbolic.words import Words


@pytest.mark.parametrize(
    ("name", "spoiled", "derive"),
    [
        ("HALF", sympy.Rational(1, 3), riccati.layers_to_riccati),
        ("HALF", sympy.Rational(1, 3), riccati.closed_form),
        ("HALF", sympy.S.One, riccati.closed_form_when_invertible),
        ("coupling", [[riccati.coupling[0][0], -riccati.S.T], [riccati.S, riccati.coupling[1][1]]],
         riccati.layers_to_riccati),
        ("middle", riccati.middle + Words.identity(riccati.d_1), riccati.inverse_exists),
        ("solution", riccati.E @ riccati.Q_0 @ riccati.Q_0.T @ riccati.E.T, riccati.closed_form),
        ("SINE", riccati.COSINE, riccati.one_pair),
        ("INTEGRALS", (riccati.SINE, riccati.COSINE - 1), riccati.one_pair),
    ],
)  # fmt: skip
def test_spoiled_formula_fails(
    name: str, spoiled: object, derive: Callable[[], Derivation], monkeypatch: pytest.MonkeyPatch
) -> None:
    if name in ("middle", "solution"):
        assert isinstance(spoiled, Words)
        spoiled = spoiled.named(name)
    monkeypatch.setattr(riccati, name, spoiled)

    with pytest.raises(StepFailed):
        derive()


def test_blocks_agree_with_the_equation_on_exact_balanced_layers() -> None:
    rotation = sympy.Matrix([[3, -4], [4, 3]]) / 5
    W_1 = sympy.Matrix([[1, 2], [sympy.Rational(-1, 3), 1]])
    W_2, S = rotation * W_1.T, sympy.Matrix([[2, 1], [0, sympy.Rational(1, 2)]])
    values = {riccati.W_1: W_1, riccati.W_2: W_2, riccati.S: S}
    flow = riccati.layers_flow()
    velocity = sympy.Matrix.vstack(
        entries(flow.of_words(riccati.W_1.T), values), entries(flow.of_words(riccati.W_2), values)
    )

    Q = sympy.Matrix.vstack(W_1.T, W_2)
    F = sympy.Matrix([[0, 0, 2, 0], [0, 0, 1, sympy.Rational(1, 2)],
                      [2, 1, 0, 0], [0, sympy.Rational(1, 2), 0, 0]])  # fmt: skip
    assert W_2.T * W_2 == W_1 * W_1.T
    assert velocity == F * Q - Q * Q.T * Q / 2


def closed_form(Q_0: Any, F: Any, integral: Any, t: Any) -> Any:
    """Evaluate the exposed words at high precision; `integral` is B(t)."""
    E = _sympy(mpmath.expm(_mpmath(F) * t))
    values = {riccati.Q_0: Q_0, riccati.B: integral}
    inverse = entries(riccati.middle, values).inv()
    return entries(riccati.solution, {riccati.E: E, riccati.Q_0: Q_0, riccati.inverse: inverse})


def _mpmath(matrix: Any) -> Any:
    return mpmath.matrix([[mpmath.mpf(x.p) / x.q for x in row] for row in matrix.tolist()])


def _sympy(matrix: Any) -> Any:
    rows = matrix.tolist()
    return sympy.Matrix([[sympy.Float(x, 40) for x in row] for row in rows])


def test_closed_form_takes_the_printed_values() -> None:
    half = sympy.Rational(1, 2)
    S = sympy.Matrix([[2, 1], [1, 2]])
    F = sympy.BlockMatrix([[sympy.zeros(2), S.T], [S, sympy.zeros(2)]]).as_explicit()
    Q_0 = sympy.Matrix.vstack(half * sympy.eye(2), half * sympy.eye(2))
    with mpmath.workdps(45):
        squared = _sympy(mpmath.expm(_mpmath(F)))
        B = F.inv() * (squared - sympy.eye(4)) / 2
        P = closed_form(Q_0, F, B, mpmath.mpf(1) / 2)

    assert abs(P[2, 0] - sympy.Float("1.2068899735397758713008793543", 40)) < 1e-27
    assert abs(P[2, 1] - sympy.Float("0.731523087121104180203225871687", 40)) < 1e-27


def test_closed_form_follows_the_flow_where_F_is_singular() -> None:
    # widths (1, 1, 2): W_1 = p, W_2 = p (3, 4)/5 is balanced; F is 3 x 3 of rank two
    p = sympy.Rational(1, 2)
    F = sympy.Matrix([[0, 1, 2], [1, 0, 0], [2, 0, 0]])
    Q_0 = sympy.Matrix([p, 3 * p / 5, 4 * p / 5])
    # int_0^1 e^{2Fs} ds as a power series; the tail is below 1e-30
    B = sum(((2 * F) ** i / sympy.factorial(i + 1) for i in range(45)), sympy.zeros(3))
    with mpmath.workdps(25):
        P = closed_form(Q_0, F, B, mpmath.mpf(1))

        def field(_t: Any, y: list[Any]) -> list[Any]:
            a, b = y[0] * y[1] - 1, y[0] * y[2] - 2
            return [-(y[1] * a + y[2] * b), -y[0] * a, -y[0] * b]

        end = mpmath.odefun(field, 0, [mpmath.mpf(x.p) / x.q for x in Q_0])(1)
        layers = [sympy.Float(x, 25) for x in end]

    assert F.det() == 0
    for i in range(2):
        assert abs(P[1 + i, 0] - layers[0] * layers[1 + i]) < 1e-18
