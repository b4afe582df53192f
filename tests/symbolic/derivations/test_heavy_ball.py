"""Heavy ball modes: printed vectors, exact entries of the Lyapunov identity, spoiled formulas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import pytest
import sympy

from theorycheck.symbolic.derivation import Derivation, StepFailed
from theorycheck.symbolic.derivations import heavy_ball as hb
from theorycheck.symbolic.entries import entries


@pytest.mark.parametrize(
    ("name", "spoiled", "derive"),
    [
        ("UNDERDAMPED", hb.UNDERDAMPED.subs(hb.frequency, 2 * hb.frequency), hb.underdamped),
        ("UNDERDAMPED", 2 * hb.UNDERDAMPED, hb.underdamped),
        ("CRITICAL", hb.CRITICAL * sympy.exp(hb.t), hb.critically_damped),
        ("OVERDAMPED", (sympy.exp(-hb.slow * hb.t) + sympy.exp(-hb.fast * hb.t)) / 2,
         hb.overdamped),
        ("UNIFORM", hb.UNIFORM.subs(hb.S, 2 * hb.S), hb.uniform_formula),
        ("OVERDAMPED", hb.CRITICAL, hb.uniform_formula),
        ("CRITICAL", hb.CRITICAL / 2, hb.uniform_bound),
        ("OVERDAMPED", 2 * hb.OVERDAMPED, hb.uniform_bound),
        ("SLOW_ROOT", hb.b - hb.SLOW_ROOT / 2, hb.slow_root),
        ("LYAPUNOV", hb.LYAPUNOV + hb.PSEUDO_LOSS, hb.lyapunov_decay),
    ],
)  # fmt: skip
def test_spoiled_formula_fails(
    name: str, spoiled: object, derive: Callable[[], Derivation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hb, name, spoiled)

    with pytest.raises(StepFailed):
        derive()


def uniform(damping: Any, stiffness: Any, time: Any) -> Any:
    """Sum the power series of C and S by the recursions of the derivation, exactly."""
    x = (damping**2 / 4 - stiffness) * time**2
    totals = []
    for series in (hb.even, hb.odd):
        step = sympy.lambdify((hb.k, series.at(hb.k)), series.step(hb.k))
        term, total, power = series.start, sympy.S.Zero, sympy.S.One
        for i in range(40):
            total += term * power
            term, power = sympy.Rational(step(sympy.Integer(i), term)), power * x
        totals.append(total)
    return hb.UNIFORM.subs({hb.b: damping, hb.t: time, hb.C: totals[0], hb.S: totals[1]}).evalf(45)


@pytest.mark.parametrize(
    ("damping", "expected"),
    [
        (1, sympy.Float("0.150574365145887613773409656338", 40)),
        (2, (3 * sympy.exp(-2)).evalf(40)),
        (3, sympy.Float("0.544495666009862878359248901080", 40)),
    ],
)
def test_regimes_take_the_printed_values(damping: int, expected: sympy.Expr) -> None:
    b, root = sympy.Integer(damping), sympy.sqrt(abs(sympy.Rational(damping**2, 4) - 1))
    curve, given = [
        (hb.UNDERDAMPED, {hb.frequency: root}),
        (hb.CRITICAL, {}),
        (hb.OVERDAMPED, {hb.slow: b / 2 - root, hb.fast: b / 2 + root}),
    ][damping - 1]
    value = curve.subs(given).subs({hb.b: b, hb.t: 2}).evalf(40)

    assert abs(value - expected) < 1e-29
    assert abs(uniform(b, sympy.Integer(1), sympy.Integer(2)) - expected) < 1e-29


def test_uniform_formula_follows_the_equation() -> None:
    with mpmath.workdps(20):
        solution = mpmath.odefun(
            lambda _t, y: [y[1], -mpmath.mpf(3) / 2 * y[1] - 2 * y[0]], 0, [mpmath.mpf(1), 0]
        )
        expected = sympy.Float(solution(1)[0], 18)

    value = uniform(sympy.Rational(3, 2), sympy.Integer(2), sympy.Integer(1))
    assert abs(value - expected) < 1e-15


def test_lyapunov_identity_on_exact_entries() -> None:
    D, X = sympy.Matrix([1, sympy.Rational(-2, 3), 2]), sympy.Matrix([3, 1, sympy.Rational(1, 2)])
    H = sympy.Matrix([[2, 1, 0], [1, 3, -1], [0, -1, 2]])
    root, step = sympy.Rational(1, 2), sympy.Symbol("h")

    def energy(D: Any, X: Any) -> Any:
        lean = X + root * D
        return (D.dot(H * D) + lean.dot(lean)) / 2

    moved = energy(D + step * X, X + step * (-2 * root * X - H * D))
    rate = sympy.expand(moved).coeff(step, 1) + root * energy(D, X)

    said = hb.lyapunov_decay().statement("exact decay")
    values = {hb.D: D, hb.velocity: X, hb.H: H}
    assert entries(said.right, values, {hb.root: root}) == rate
    assert entries(said.left, values, {hb.root: root}) == rate
