"""Integrated curvature: the plane's own integral, printed times, and spoiled formulas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import pytest
import sympy

from theorycheck.symbolic.derivation import Derivation, StepFailed
from theorycheck.symbolic.derivations import integrated_curvature as ic


@pytest.mark.parametrize(
    ("name", "spoiled", "derive"),
    [
        ("POTENTIAL", ic.POTENTIAL / 2, ic.integrated_curvature),
        ("CURVATURE", 2 * ic.CURVATURE, ic.integrated_curvature),
        ("DECAY_RATE", 2 * ic.DECAY_RATE, ic.loss_decays),
        ("GROWTH_TIME", 2 * ic.GROWTH_TIME, ic.growth_time),
        ("GROWTH_TIME_AT_DEPTH_TWO", -ic.GROWTH_TIME_AT_DEPTH_TWO, ic.growth_time_at_depth_two),
    ],
)
def test_spoiled_formula_fails(
    name: str, spoiled: object, derive: Callable[[], Derivation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ic, name, spoiled)

    with pytest.raises(StepFailed):
        derive()


@pytest.mark.parametrize(
    ("depth", "cosine", "radius"), [(2, 0.9, 0.5), (3, 0.6, 0.5), (5, 0.3, 0.1)]
)
def test_potential_falls_at_least_as_the_curvature_rises(
    depth: int, cosine: float, radius: float
) -> None:
    """The plane's flow by Taylor series of mpmath, far below the slack of the bound."""

    def field(_: Any, place: Any) -> list[Any]:
        r, c, _ = place
        power = r ** (1 - mpmath.mpf(2) / depth)
        length = mpmath.sqrt(r * r - 2 * r * c + 1)
        return [depth * power * r * (c - r), power * (1 - c * c), (depth - 1) * length * power]

    def potential(r: Any, c: Any) -> Any:
        return (depth - 1) * (mpmath.acos(c) - mpmath.log(r) / depth)

    solution = mpmath.odefun(field, 0, [radius, cosine, 0])
    for time in (mpmath.mpf(1) / 4, 1, 2):
        r, c, integral = solution(time)
        spent = potential(radius, cosine) - potential(r, c)

        assert 0 < integral < spent + mpmath.mpf(10) ** -10
        assert spent < 2 * integral


def test_printed_time() -> None:
    """Theory A22, first case: n = 2, r_0 = 1/2, c_0 = 9/10, the goal 1/40."""
    loss = (sympy.Rational(1, 4) - sympy.Rational(9, 10) + 1) / 2
    rate = ic.DECAY_RATE.subs({ic.first: sympy.Rational(9, 10), ic.n: 2})
    time = (sympy.log(40 * loss) / rate).evalf(35)

    assert abs(time - sympy.Float("2.16212238783923700567261415938", 35)) < sympy.Float(10) ** -28
