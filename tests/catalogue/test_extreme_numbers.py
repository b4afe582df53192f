"""Numbers beyond the range of floats end in a verdict or one clear line, never in a traceback."""

from __future__ import annotations

from fractions import Fraction

import pytest

import theorycheck as tc
from theorycheck.claims.checker import judge
from theorycheck.errors import InvalidInstance, short_text
from theorycheck.exact import nearest_float

LARGE = Fraction(10) ** 400
CASES = [
    ("arora_2019.loss_decays_exponentially", "horizon"),
    ("bu_xu_chen_2021.nesterov_is_exactly_cubic", "horizon"),
    ("bu_xu_chen_2021.heavy_ball_has_a_lyapunov_function", "horizon"),
    ("bu_xu_chen_2021.error_equation_without_impulses_as_remembered", "after"),
    ("kreisler_2023.flow_sharpness_does_not_increase", "step_size"),
]


@pytest.mark.parametrize(("name", "field"), CASES)
def test_number_beyond_floats_is_undecided_with_a_reason(name: str, field: str) -> None:
    claim = tc.shipped_claims()[name]
    instance = claim.example_instance().replace(**{field: LARGE})
    judgement = judge(claim, instance, tc.Effort(max_bits=128, max_seconds=1))

    assert judgement.verdict is tc.UNDECIDED
    assert judgement.reason


def test_formula_that_cannot_be_filled_is_refused_in_one_line() -> None:
    claim = tc.shipped_claims()["bu_xu_chen_2021.iterates_track_the_heavy_ball_ode"]
    with pytest.raises(InvalidInstance, match="extremely large or small"):
        tc.check(claim, claim.example_instance().replace(damping=1 / LARGE))


def test_texts_and_guesses_of_such_numbers() -> None:
    assert short_text(LARGE / 3, 4) == "3.333e+399"
    assert short_text(Fraction(1, 3), 4) == "0.3333"
    assert nearest_float(-LARGE) == -float("inf")
    assert nearest_float(Fraction(1, 10**400)) == 0.0


def test_search_ranks_ratios_beyond_floats() -> None:
    family = tc.problems.Family("x", lambda c: tc.Instance(x=c.integer(1, 4) * LARGE))

    @tc.claim(source="test", family=family, example=lambda: tc.Instance(x=LARGE))
    def product_is_large(case: object) -> object:
        """A ratio of sides of about 10^800."""
        return tc.le(1, case.x**2)

    found = tc.tighten(product_is_large, max_examples=4)

    assert found.instance is not None
