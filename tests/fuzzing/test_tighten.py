"""How tight a claim is: attained bounds are found, loose ones are told, wrong ones are refuted."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
import sympy

import theorycheck as tc
from theorycheck.claims import Assumption, Case, relations as r
from theorycheck.claims.ratios import closest_sides
from theorycheck.problems import Family
from theorycheck.verdicts import VIOLATED

EFFORT = tc.Effort(max_bits=128, max_seconds=5)
ATTAINED = [
    "elkabetz_cohen_2021.small_steps_are_necessary",  # A3.a
    pytest.param("elkabetz_cohen_2021.distance_is_certified_a_posteriori", marks=pytest.mark.slow),
    pytest.param("deep_linear_curvature.curvature_lower_bounds", marks=pytest.mark.slow),  # A6
]


def number(choices) -> tc.Instance:
    return tc.Instance(x=choices.fraction(1, 3, 4), y=choices.fraction(0, 2, 4))


numbers = Family("two numbers", number)


@tc.claim(source="planted", family=numbers)
def product_is_far_below_the_squares(case, *, constant=Fraction(5, 4)):
    """xy <= c (x^2 + y^2); the best c is 1/2."""
    return tc.le(case.x * case.y, constant * (case.x**2 + case.y**2))


@tc.claim(source="planted", family=numbers)
def product_is_below_too_little(case, *, constant=Fraction(2, 5)):
    """xy <= c (x^2 + y^2); false for c < 1/2."""
    return tc.le(case.x * case.y, constant * (case.x**2 + case.y**2))


@tc.claim(source="planted", family=numbers)
def product_is_above_minus_the_squares(case, *, factor=1):
    """-xy >= -(x^2 + y^2), a lower bound; the best factor is 1/2."""
    return tc.ge(-case.x * case.y, -factor * (case.x**2 + case.y**2))


@pytest.mark.parametrize("name", ATTAINED)
def test_attained_bound_is_found_from_cold_start(name) -> None:
    begin = time.monotonic()
    found = tc.tighten(tc.shipped_claims()[name])

    assert time.monotonic() - begin < 60
    assert found.constant.lower > Fraction(999, 1000)
    assert found.constant.lower <= 1
    assert found.bracket == (found.constant.lower, 1)


def test_loose_bound_has_a_ratio_below_a_half_and_its_bracket() -> None:
    found = tc.tighten(product_is_far_below_the_squares, max_examples=60)
    low, high = found.bracket

    # the best constant is 1/2 of 5/4: attained where x = y
    assert Fraction(2, 5) - Fraction(1, 1000) < low <= Fraction(2, 5)
    assert high == 1
    x, y = found.instance.x, found.instance.y
    assert found.constant.contains(Fraction(x * y, x * x + y * y) / Fraction(5, 4))


def test_constant_that_is_a_parameter_is_bracketed_with_a_certified_witness() -> None:
    (found,) = tc.tighten(product_is_far_below_the_squares, max_examples=60).parameters

    # factor 2/5 of 5/4 is the truth
    assert found.stronger == "smaller"
    assert found.refuted is not None
    assert found.kept is not None
    assert found.refuted < Fraction(2, 5) < found.kept + Fraction(1, 500)
    assert found.witness is not None
    assert found.witness.verdict is VIOLATED


def test_constant_of_a_wrong_claim_is_bracketed_on_the_weaker_side() -> None:
    found = tc.tighten(product_is_below_too_little, max_examples=60)
    (parameter,) = found.parameters

    # the least constant that holds is 5/4 of the stated one
    assert found.constant.lower > 1
    assert found.bracket[1] is None
    assert 1 <= parameter.refuted < Fraction(5, 4)
    assert abs(parameter.kept - Fraction(5, 4)) < Fraction(1, 100)


def test_lower_bound_has_the_ratio_of_its_sizes() -> None:
    found = tc.tighten(product_is_above_minus_the_squares, max_examples=60)

    assert Fraction(499, 1000) < found.constant.lower <= Fraction(1, 2)
    assert found.worst.lhs.upper < 0


def test_local_search_reaches_what_no_drawn_instance_attains() -> None:
    coarse = Family(
        "x = 1, y in {3/2, 2}",
        lambda choices: tc.Instance(x=1, y=Fraction(choices.integer(3, 4), 2)),
    )
    found = tc.tighten(product_is_far_below_the_squares, family=coarse, max_examples=5)

    # drawn: x y / (x^2 + y^2) = 6/13 at best; the climb reaches x = y
    assert found.local > 0
    assert found.constant.lower > Fraction(6, 13) / Fraction(5, 4)
    assert found.constant.lower > Fraction(2, 5) - Fraction(1, 10_000)


@tc.claim(source="planted", family=Family("points", lambda c: tc.Instance(x=c.integer(1, 3), y=0)))
def sum_is_at_most_four(case):
    """x + y <= 4 where the family alone says x <= 3 and y = 0."""
    return tc.le(case.x + case.y, 4)


def test_violation_found_by_local_search_refutes_the_claim_as_stated() -> None:
    found = tc.tighten(sum_is_at_most_four, max_examples=10)

    assert found.violation is not None
    assert found.violation.verdict is VIOLATED
    assert found.violation.instance.x + found.violation.instance.y > 4
    assert found.beyond
    assert found.contradicts
    assert found.constant.lower > 1
    assert found.bracket == (found.constant.lower, None)
    assert "violates the claim (found by local search; may lie outside the family)" in str(found)


def test_violation_that_was_drawn_is_of_the_family() -> None:
    found = tc.tighten(product_is_below_too_little, family=diagonal, max_examples=10)

    assert found.contradicts
    assert not found.beyond


diagonal = Family("x = y", lambda c: (lambda x: tc.Instance(x=x, y=x))(c.integer(1, 5)))


@tc.claim(source="planted", family=numbers)
def square_is_at_most_zero(case):
    """x^2 <= 0, false for x >= 1: no constant c makes x^2 <= c 0."""
    return tc.le(case.x**2, 0)


def test_violation_without_a_ratio_is_told() -> None:
    found = tc.tighten(square_is_at_most_zero, max_examples=5)

    assert found.contradicts
    assert found.bracket == (0, None)
    assert found.instance == found.violation.instance
    assert "violates the claim" in str(found)


@tc.claim(source="planted", family=numbers)
def twice_below_a_surrogate(case):
    """A surrogate is never refuted, whatever its ratio."""
    return tc.surrogate("x is small", tc.le(2 * case.x, case.x))


def test_surrogate_beyond_equality_is_no_violation() -> None:
    found = tc.tighten(twice_below_a_surrogate, max_examples=5)

    assert found.constant.lower > 1
    assert found.violation is None
    assert not found.contradicts
    assert found.bracket[1] is None


@tc.claim(source="planted", family=numbers)
def breaks_where_y_is_zero(case):
    """x / y >= x / 2 for y <= 2, written without care."""
    return tc.ge(case.x / case.y, case.x / 2)


def test_instance_on_which_the_claim_raises_is_counted_and_the_search_goes_on() -> None:
    found = tc.tighten(breaks_where_y_is_zero, max_examples=60)

    assert found.attained
    assert sum(found.errors.values()) >= 1
    assert any("ZeroDivisionError" in reason for reason in found.errors)


@tc.claim(
    source="planted",
    family=numbers,
    assumptions=[Assumption("y_is_small", lambda case: tc.le(case.y, case.x / 2))],
)
def product_of_a_pair_far_apart(case):
    """xy <= (2/5)(x^2 + y^2) if y <= x / 2: attained where y = x / 2."""
    return tc.le(case.x * case.y, Fraction(2, 5) * (case.x**2 + case.y**2))


def test_instances_that_fail_an_assumption_do_not_count() -> None:
    found = tc.tighten(product_of_a_pair_far_apart, max_examples=60)

    assert found.instance.y <= found.instance.x / 2
    assert Fraction(999, 1000) < found.constant.lower <= 1


def test_ratio_over_times_is_enclosed_at_an_exact_time() -> None:
    x = tc.Instance(horizon=2)
    relation = tc.le(tc.time * (2 - tc.time), 2, over=tc.times(0, 2))
    assert isinstance(relation, r.Comparison)
    (sides,) = closest_sides([relation], x, 64, EFFORT)

    assert sides is not None
    assert sides.place.low == 1
    assert sides.ratio.contains(Fraction(1, 2))


@tc.claim(source="planted", family=numbers)
def equality_and_inequality(case):
    """x = x, and x <= 2 x: ratio 1/2 of the second relation."""
    return [tc.equal(case.x, case.x), tc.le(case.x, 2 * case.x)]


def test_relation_is_counted_as_in_the_conclusion() -> None:
    (found,) = tc.tighten(equality_and_inequality, max_examples=5).attained

    assert found.relation == 2
    assert found.ratio.contains(Fraction(1, 2))


def test_ratio_along_trajectories_contains_the_closed_form() -> None:
    x = sympy.Symbol("x")
    half_square = tc.Objective.from_sympy(x**2 / 2, variables=[x])
    instance = tc.Instance(objective=half_square, start=[1], step_size="1/2", horizon=1)
    case = Case(instance)
    # the flow's loss is e^{-2t} / 2, the descent's 4^{-k} / 2
    flow = tc.le(case.flow.loss, tc.exp(-2 * tc.time), over=tc.times(0, 1))
    descent = tc.le(case.descent.loss, 1, over=tc.steps(1, 4))
    for bits in (64, 128):
        found = closest_sides([flow, descent], instance, bits, EFFORT, closer=1)

        assert all(sides is not None for sides in found)
        assert found[0].ratio.contains(Fraction(1, 2))
        assert found[1].ratio.contains(Fraction(1, 8))
        assert found[1].place.low == 1


def test_sides_of_opposite_sign_have_no_ratio() -> None:
    relations = [tc.le(-1, 2), tc.le(0, 2), tc.le(-2, -1), tc.le(-2, 0)]
    found = closest_sides(relations, tc.Instance(), 64, EFFORT)
    values = [None if s is None else s.ratio.midpoint for s in found]

    assert [None, 0, Fraction(1, 2), 0] == values


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"claim": 3}, "@tc.claim"),
        ({"max_examples": 0}, "max_examples=0"),
        ({"claim": "du_hu_lee_2018.balancedness_is_conserved_by_flow"}, "no instance has"),
    ],
    ids=str,
)
def test_bad_input_is_one_clear_line(arguments, message) -> None:
    claim = arguments.pop("claim", product_is_far_below_the_squares)
    claim = tc.shipped_claims().get(claim, claim) if isinstance(claim, str) else claim
    with pytest.raises(tc.TheorycheckError, match=message) as caught:
        tc.tighten(claim, **{"max_examples": 5, **arguments})

    assert "\n" not in str(caught.value)


def test_same_seed_sees_the_same() -> None:
    first, again = (
        tc.tighten(product_is_far_below_the_squares, seed=3, max_examples=20) for _ in range(2)
    )

    assert first.instance == again.instance
    assert first.examples == again.examples
