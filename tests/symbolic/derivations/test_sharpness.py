"""Two scalar layers under descent: exact steps and the sharpness where the flow would end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sympy

from theorycheck.symbolic.derivation import Derivation, StepFailed
from theorycheck.symbolic.derivations import sharpness


@pytest.mark.parametrize(
    ("name", "spoiled", "derive"),
    [
        ("IMBALANCE_AFTER", sharpness.IMBALANCE_AFTER + sharpness.eta, sharpness.imbalance_step),
        ("AFTER", {**sharpness.AFTER, sharpness.b: sharpness.b}, sharpness.imbalance_step),
        ("IMBALANCE_AFTER", 2 * sharpness.IMBALANCE_AFTER, sharpness.imbalance_does_not_grow),
        ("FLOW_SHARPNESS", sharpness.FLOW_SHARPNESS / 2, sharpness.flow_sharpness),
    ],
)
def test_spoiled_formula_fails(
    name: str, spoiled: object, derive: Callable[[], Derivation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharpness, name, spoiled)

    with pytest.raises(StepFailed):
        derive()


def test_steps_of_descent_agree_exactly() -> None:
    a, b = sympy.Rational(2), sympy.Rational(1, 3)
    given = {sharpness.s: 1, sharpness.eta: sympy.Rational(1, 4)}
    for _ in range(4):
        here = {**given, sharpness.a: a, sharpness.b: b}
        expected = sharpness.IMBALANCE_AFTER.subs(here)
        residual = a * b - 1
        a, b = a - residual * b / 4, b - residual * a / 4

        assert a**2 - b**2 == expected


def test_sharpness_is_the_largest_eigenvalue_at_the_end() -> None:
    # the flow keeps a^2 - b^2 and ends at ab = s
    end = sympy.Rational(5, 2), sympy.Rational(3, 5)
    s = end[0] * end[1]
    b_0 = sympy.Rational(1, 5)
    a_0 = sympy.sqrt(end[0] ** 2 - end[1] ** 2 + b_0**2)
    residual = sharpness.a * sharpness.b - s
    hessian = sympy.hessian(residual**2 / 2, (sharpness.a, sharpness.b))
    values = hessian.subs({sharpness.a: end[0], sharpness.b: end[1]}).eigenvals()

    predicted = sharpness.FLOW_SHARPNESS.subs({sharpness.a: a_0, sharpness.b: b_0, sharpness.s: s})
    assert max(values) == predicted
