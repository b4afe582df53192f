"""Nesterov's modes: Bessel values, the power series at any alpha, exact entries of the energy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import pytest
import sympy

from theorycheck.symbolic.derivation import Derivation, StepFailed
from theorycheck.symbolic.derivations import nesterov
from theorycheck.symbolic.derivations.heavy_ball import D, H, velocity
from theorycheck.symbolic.entries import entries


@pytest.mark.parametrize(
    ("name", "spoiled", "derive"),
    [
        ("ALPHA_TWO", nesterov.ALPHA_TWO.subs(nesterov.root, 1), nesterov.alpha_two),
        ("ALPHA_TWO", nesterov.ALPHA_TWO * nesterov.t, nesterov.alpha_two),
        ("ALPHA_THREE", 2 * nesterov.J[0], nesterov.alpha_three),
        ("ALPHA_FOUR", nesterov.ALPHA_FOUR.subs(nesterov.t, -2 * nesterov.t), nesterov.alpha_four),
        ("ENERGY", nesterov.ENERGY / nesterov.t, nesterov.energy_decay),
        ("cosine", nesterov.sine, nesterov.alpha_four),
        ("closed", nesterov.sine, nesterov.power_series),
        ("coefficient", nesterov.cosine, nesterov.power_series),
    ],
)
def test_spoiled_formula_fails(
    name: str, spoiled: object, derive: Callable[[], Derivation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nesterov, name, spoiled)

    with pytest.raises(StepFailed):
        derive()


def series(alpha: Any, z: Any) -> Any:
    """Sum the power series by the recursion of the derivation, exactly."""
    step = nesterov.coefficient.step(nesterov.k).subs(nesterov.alpha, alpha)
    term, total = nesterov.coefficient.start, sympy.S.Zero
    for i in range(30):
        total += term * z ** (2 * i)
        term = step.subs({nesterov.coefficient.at(nesterov.k): term, nesterov.k: i})
    return total.evalf(40)


@pytest.mark.parametrize(
    ("alpha", "expected"),
    [
        ("3", "0.576724807756873387202448242269"),
        ("4", "0.653096662469987426021683621842"),
        ("9/2", "0.681589681314084890670731255951"),
    ],
)
def test_series_takes_the_printed_values(alpha: str, expected: str) -> None:
    value = series(sympy.Rational(alpha), sympy.Integer(2))

    assert abs(value - sympy.Float(expected, 40)) < 1e-29


@pytest.mark.parametrize("alpha", ["2", "3", "4", "7/3"])
def test_series_is_the_bessel_function(alpha: str) -> None:
    with mpmath.workdps(40):
        exact = sympy.Rational(alpha)
        order = (mpmath.mpf(exact.p) / exact.q - 1) / 2
        z = mpmath.mpf(5) / 2
        expected = mpmath.gamma(order + 1) * (2 / z) ** order * mpmath.besselj(order, z)

        assert abs(series(exact, sympy.Rational(5, 2)) - sympy.Float(expected, 40)) < 1e-28


def test_elementary_modes_are_the_series() -> None:
    at = {nesterov.root: sympy.Rational(3, 2), nesterov.t: 2}

    for alpha, curve in ((2, nesterov.ALPHA_TWO), (4, nesterov.ALPHA_FOUR)):
        assert abs(curve.subs(at).evalf(40) - series(alpha, sympy.Integer(3))) < 1e-28


def test_velocity_at_alpha_three_is_the_printed_one() -> None:
    statement = nesterov.alpha_three().statement("velocity")
    bessel = {j: sympy.besselj(i, 2).evalf(40) for i, j in enumerate(nesterov.J)}
    at = {**bessel, nesterov.root: 1, nesterov.t: 2}

    for side in (statement.left, statement.right):
        expected = sympy.Float("-0.352834028615637719150620787619", 40)
        assert abs(side.subs(at) - expected) < 1e-29


def test_energy_identity_on_exact_entries() -> None:
    d, x = sympy.Matrix([1, sympy.Rational(-2, 3)]), sympy.Matrix([3, sympy.Rational(1, 2)])
    h = sympy.Matrix([[2, 1], [1, 3]])
    t, alpha, step = sympy.Rational(3, 2), sympy.Integer(5), sympy.Symbol("h")

    def energy(t: Any, d: Any, x: Any) -> Any:
        lean = d + t * x / (alpha - 1)
        return t**2 / (alpha - 1) * d.dot(h * d) + (alpha - 1) * lean.dot(lean)

    moved = energy(t + step, d + step * x, x + step * (-alpha / t * x - h * d))
    rate = sympy.expand(moved).coeff(step, 1)

    said = nesterov.energy_decay().statement("exact decay")
    values, scalars = {D: d, velocity: x, H: h}, {nesterov.t: t, nesterov.alpha: alpha}
    assert entries(nesterov.ENERGY, values, scalars) == energy(t, d, x)
    assert entries(said.right, values, scalars) == rate
