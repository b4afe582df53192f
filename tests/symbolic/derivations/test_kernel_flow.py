"""Closed forms of the kernel's flow: quadrature, the printed factor 2, and spoiled formulas."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import pytest
import sympy

from theorycheck.symbolic.derivation import Derivation, StepFailed
from theorycheck.symbolic.derivations import kernel_flow as flow


@pytest.mark.parametrize(
    ("name", "spoiled", "derive"),
    [
        ("DECAY", flow.DECAY.subs(flow.rate, 2 * flow.rate), flow.error_decays),
        ("MOVEMENT", flow.MOVEMENT / 2, flow.movement),
        ("MOVEMENT", 2 * flow.MOVEMENT, flow.movement_has_a_limit),
        ("CLOSENESS", 2 * flow.CLOSENESS, flow.distance_from_the_kernel),
        ("CLOSENESS", 2 * flow.CLOSENESS, flow.closeness_has_a_ceiling),
        ("CEILING", flow.CEILING * (1 - sympy.exp(-1)), flow.closeness_has_a_ceiling),
        ("STEP_GAP", flow.STEP_GAP.subs(flow.x, flow.x / 2), flow.steps_track_the_flow),
    ],
)
def test_spoiled_formula_fails(
    name: str, spoiled: object, derive: Callable[[], Derivation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, name, spoiled)

    with pytest.raises(StepFailed):
        derive()


def test_one_active_neuron_moves_twice_what_is_remembered() -> None:
    """Theory B8: n = 1, H = 1/4: sqrt(m) |w - w_0| / |D_0| tends to 4, not to 2."""
    given = {flow.rate: sympy.Rational(1, 4), flow.spread: 1, flow.error: 1}
    limit = sympy.limit(flow.MOVEMENT.subs(given), flow.t, sympy.oo)

    assert limit == 4


def test_movement_is_an_integral() -> None:
    given = {flow.rate: sympy.Rational(3, 4), flow.spread: 2, flow.error: 5}
    with mpmath.workdps(30):
        for t in (1, 3):
            integral = mpmath.quad(lambda s: 10 * mpmath.exp(-mpmath.mpf(3) / 4 * s), [0, t])

            assert abs(flow.MOVEMENT.subs({**given, flow.t: t}).evalf(30) - integral) < 1e-20


@pytest.mark.parametrize("x", [sympy.Rational(i, 16) for i in (1, 4, 9, 16)])
def test_gap_of_steps_is_below_its_bound_and_close(x: sympy.Rational) -> None:
    gaps = [(sympy.exp(-k * x) - (1 - x) ** k).evalf(30) for k in range(1, 200)]
    bound = flow.STEP_GAP.subs(flow.x, x).evalf(30)

    assert 0 < max(gaps) < bound
    assert max(gaps) > bound / 2
