"""Rates of margins: exact numbers put into the identities, and spoiled formulas."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy

from theorycheck.symbolic.derivation import Derivation, StepFailed
from theorycheck.symbolic.derivations import margin_rates as mr


@pytest.mark.parametrize(
    ("name", "spoiled", "derive"),
    [
        ("SLOWEST", 2 * mr.SLOWEST, mr.clock_is_at_least_as_fast),
        ("FASTEST", mr.FASTEST / 2, mr.clock_is_at_most_as_fast),
        ("CLOCK", mr.CLOCK * mr.alpha, mr.clock_is_at_least_as_fast),
        ("STEEPEST", mr.STEEPEST + mr.a, mr.steepest_flow),
        ("FENCHEL_GAP", 2 * mr.FENCHEL_GAP, mr.fenchel_gap),
        ("MODIFIED", mr.MODIFIED + mr.drift, mr.modified_margin_grows),
        ("DIRECTION", mr.DIRECTION + mr.radial, mr.modified_margin_grows),
        ("REMAINDER", mr.REMAINDER - mr.across, mr.normalised_step),
    ],
)
def test_spoiled_formula_fails(
    name: str, spoiled: object, derive: Callable[[], Derivation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mr, name, spoiled)

    with pytest.raises(StepFailed):
        derive()


def test_one_sample_attains_the_slowest_rate() -> None:
    """L = 2, q = ab at a = b: |v|^2 = lambda^2 (a^2 + b^2), alpha = ab, g = 1/2."""
    side = Fraction(7, 3)
    given = {
        mr.L: 2, mr.alpha: side**2, mr.slope: 5, mr.velocity: 25 * 2 * side**2,
        mr.g: Fraction(1, 2),
    }  # fmt: skip

    assert mr.CLOCK.subs(given) == mr.SLOWEST.subs(given) == 2


def test_remainder_of_a_pythagorean_step() -> None:
    """u = (1, 0), z = (1/5, 9/10), |u + z| = 3/2: u+ = (4/5, 3/5)."""
    given = {
        mr.along: sympy.Rational(1, 5), mr.across: sympy.Rational(81, 100),
        mr.length: sympy.Rational(3, 2),
    }  # fmt: skip
    difference = (Fraction(4, 5) - 1, Fraction(3, 5) - Fraction(9, 10))

    assert mr.REMAINDER.subs(given) == sum(x * x for x in difference)


def test_fenchel_gap_of_a_plane() -> None:
    """N = l2, theta = (3, 4), u = (0, 5), L nu = <u, theta> = 20."""
    s = (0, 5)
    gap = Fraction(25, 2) + Fraction(sum(x * x for x in s), 2) - (3 * s[0] + 4 * s[1])

    assert mr.FENCHEL_GAP.subs({mr.N: 5, mr.beta: sympy.Rational(20, 25)}) == gap == 5
