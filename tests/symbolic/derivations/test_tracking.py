"""Closed forms of tracking: printed vectors, quadrature, and spoiled formulas."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import pytest
import sympy

from theorycheck.symbolic.derivation import Derivation, StepFailed
from theorycheck.symbolic.derivations import tracking


@pytest.mark.parametrize(
    ("name", "spoiled", "derive"),
    [
        ("GROWTH", 2 * tracking.GROWTH, tracking.growth_at_constant_curvature),
        ("GROWTH", tracking.t, tracking.step_size_at_constant_curvature),
        ("STEP_SIZE", tracking.STEP_SIZE / 2, tracking.step_size_at_constant_curvature),
        ("CERTIFICATE", tracking.CERTIFICATE - tracking.gap, tracking.certificate_step),
    ],
)
def test_spoiled_formula_fails(
    name: str, spoiled: object, derive: Callable[[], Derivation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, name, spoiled)

    with pytest.raises(StepFailed):
        derive()


def test_printed_step_size_and_distance() -> None:
    """Theory A2, -x^2/2 from 1 up to time 1 within 1/10, and 64 steps of 1/64."""
    tenth = sympy.Rational(1, 10)
    given = {
        tracking.curvature: 1, tracking.t: 1, tracking.initial_gap: 0, tracking.beta: 1,
        tracking.gamma: sympy.E + tenth, tracking.epsilon: tenth,
    }  # fmt: skip
    growth = tracking.GROWTH.subs(given)
    step = tracking.STEP_SIZE.subs({**given, tracking.total: growth}).evalf(30)
    bound = sympy.S.Zero
    once = tracking.CERTIFICATE.subs({tracking.curvature: 1, tracking.t: sympy.Rational(1, 64)})
    for k in range(64):
        held = sympy.Rational(65, 64) ** k  # |Hess f grad f| = x_k
        bound = once.subs({tracking.gap: bound, tracking.held: held}).evalf(40)

    assert str(step).startswith("0.02065005355364102846025465")
    assert str(bound).startswith("0.02093687589394637975787819677")


def test_integrals_are_those_of_quadrature() -> None:
    with mpmath.workdps(30):
        for m, t in ((2, 3), (-3, 2), (1, 1)):
            here = {tracking.curvature: m, tracking.t: t}
            for formula, integrand in (
                (tracking.GROWTH, lambda s, m=m, t=t: mpmath.exp(m * (t - s))),
                (tracking.PSI, lambda s, m=m, t=t: mpmath.exp(m * (t - s)) * s),
            ):
                difference = formula.subs(here).evalf(30) - mpmath.quad(integrand, [0, t])

                assert abs(difference) < mpmath.mpf(10) ** -20


@pytest.mark.parametrize("x", [sympy.Rational(i, 8) for i in range(1, 9)])
def test_cited_inequalities_hold_below_one(x: sympy.Rational) -> None:
    logarithm = sympy.log(1 + x).evalf(40)
    lower, upper = x - x**2 / 2, (x - tracking.CONCAVITY * x**2).evalf(40)

    assert lower < logarithm
    assert logarithm < upper or x == 1
