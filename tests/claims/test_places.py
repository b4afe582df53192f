"""Places: exact wherever they are rational, refused where there is no such time or iterate."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy
from sympy import Rational

import theorycheck as tc
from tests.claims.cases import BLOW_UP, DECAY, SCALAR, coordinate, third, verdict
from theorycheck.claims import Case
from theorycheck.claims.places import Place, reach_of
from theorycheck.errors import DomainViolation, InvalidClaim

t, k = tc.time, tc.step
UNIT = tc.times(0, 1)
SLOW = pytest.mark.slow
STEPS = tc.steps(0, 3)


def halved() -> tc.claims.Term:
    return tc.recurrence(start=3, next=lambda e: e / 2)


# -- resolving ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (t, third()),
        (t / 2 + 1, Fraction(7, 6)),
        (t**2, Fraction(1, 9)),
        (sympy.sqrt(t + Rational(1, 9)), third(2)),
    ],
    ids=str,
)
def test_rational_place_is_resolved_exactly(expression: sympy.Expr, expected: Fraction) -> None:
    assert Place.at_time(third()).resolve(expression) == (expected, expected)


def test_affine_place_over_an_interval_is_exact() -> None:
    place = Place.over_times(third(), third(2))

    assert place.resolve(1 - t) == (third(), third(2))


def test_place_that_turns_is_enclosed() -> None:
    low, high = Place.over_times(Fraction(0), Fraction(1)).resolve(t * (1 - t))

    assert low <= 0
    assert high >= Fraction(1, 4)


def test_irrational_place_is_enclosed() -> None:
    low, high = Place.at_time(Fraction(2)).resolve(sympy.sqrt(t))

    assert low**2 < 2 < high**2
    assert high - low < Fraction(1, 10**9)


def test_place_that_varies_with_a_stranger_is_refused() -> None:
    with pytest.raises(DomainViolation):
        Place.at_time(Fraction(1)).resolve(k + 1)


@pytest.mark.parametrize("bad", [-1, Fraction(1, 2)])
def test_there_is_no_such_iterate(bad: Fraction) -> None:
    with pytest.raises(DomainViolation, match="no iterate"):
        Place().whole_step(Rational(bad))


# -- how far trajectories are needed --------------------------------------------------------------
def test_reach_covers_places_in_between() -> None:
    term = Case(DECAY).flow.loss.at(4 * t * (1 - t)).expression

    reach = reach_of([(term, UNIT)])

    assert reach.flow >= 1


def test_reach_of_steps_on_the_flow() -> None:
    term = Case(DECAY).flow.loss.at((k + 1) * Fraction(1, 4)).expression

    assert reach_of([(term, STEPS)]).flow == 1


# -- at and next ----------------------------------------------------------------------------------
def test_at_puts_every_quantity_at_the_place() -> None:
    def shifted(case: Case) -> object:
        both = case.flow.loss + coordinate(case)
        return tc.equal(both.at(t + 1).at(0), case.flow.loss.at(1) + case.flow.position[0].at(1))

    assert verdict(shifted, DECAY) is tc.HOLDS


def test_next_is_at_one_step_later() -> None:
    def chained(case: Case) -> object:
        loss = case.descent.loss
        return tc.equal(loss.next().next().at(1), loss.at(3))

    assert verdict(chained, DECAY) is tc.HOLDS


def test_next_moves_composite_places_in_factors_of_matrices() -> None:
    def weighted(case: Case) -> object:
        matrix = (
            case.flow.loss.at(k * case.step_size) * case.descent.position + case.descent.position
        )
        by_hand = (1 + case.flow.loss.at((k + 1) * case.step_size)) * case.descent.position.next()
        return tc.le(tc.norm(matrix.next() - by_hand), Rational(1, 10**9), over=STEPS)

    assert verdict(weighted, DECAY) is tc.HOLDS


@pytest.mark.parametrize(
    "conclusion",
    [
        lambda c: tc.le(c.descent.loss.at(-1), 1),
        lambda c: tc.le(c.descent.loss.at(Fraction(1, 2)), 1),
        lambda c: tc.le(c.descent.loss.at(k - 1), 1, over=STEPS),
        lambda c: tc.le(0, tc.norm(c.descent.position.at(k / 2)), over=STEPS),
        lambda c: tc.equal(c.descent.position.at(k / 2), c.descent.position.at(k / 2), over=STEPS),
        lambda c: tc.le(halved().at(-1), 100),
        lambda c: tc.le(halved().at(Fraction(1, 2)), 100),
        lambda c: tc.le(halved().at(k - 1), 100, over=STEPS),
        lambda c: tc.le(c.descent.step_bound("h").at(k - 1), 100, over=STEPS),
        lambda c: tc.le(c.flow.loss.at(-1), 100),
        lambda c: tc.le(0, tc.norm(c.flow.position.at(t - 1)), over=UNIT),
        lambda c: tc.le(c.flow.tube("m", Fraction(1, 8)).at(-1), 100),
        lambda c: tc.le(0, tc.frobenius_squared(c.flow.position.at(1 / t)), over=UNIT),
        lambda c: tc.equal(c.descent.position.at(t), c.flow.position, over=UNIT),
        lambda c: tc.le(c.flow.loss.at(c.flow.loss.at(0)), 100),
    ],
)
def test_place_outside_the_trajectory_is_undecided(conclusion: object) -> None:
    assert verdict(conclusion, SCALAR) is tc.UNDECIDED


def test_descent_far_along_is_compared_at_existing_steps() -> None:
    assert (
        verdict(lambda c: tc.le(c.descent.loss.at(k * (k + 1) / 2), 1, over=STEPS), DECAY)
        is tc.HOLDS
    )


def test_axes_do_not_mix() -> None:
    case = Case(DECAY)

    with pytest.raises(InvalidClaim, match="mixes"):
        tc.le(case.flow.loss, case.descent.loss, over=UNIT)
    with pytest.raises(InvalidClaim, match="say where"):
        tc.le(case.flow.loss, 1)
    with pytest.raises(InvalidClaim, match="stated over"):
        tc.le(case.flow.loss, 1, over=STEPS)
    with pytest.raises(InvalidClaim, match="next"):
        case.flow.loss.next()
    with pytest.raises(InvalidClaim, match="constant"):
        case.flow.loss.at(1).at(2)


@pytest.mark.parametrize("over", [[0, 1], (0, 1), 3])
def test_range_of_another_kind_is_refused(over: object) -> None:
    with pytest.raises(InvalidClaim, match=r"tc\.times"):
        tc.le(Case(DECAY).flow.loss, 1, over=over)  # type: ignore[arg-type]


@pytest.mark.parametrize("ends", [(1, 0), (-1, 1)])
def test_range_needs_ordered_ends(ends: tuple[int, int]) -> None:
    with pytest.raises(InvalidClaim):
        tc.times(*ends)
    with pytest.raises(InvalidClaim):
        tc.steps(*ends)


# -- the flow has to exist ------------------------------------------------------------------------
@pytest.mark.parametrize(
    "conclusion",
    [
        lambda c: tc.le(0, tc.norm(c.flow.position), over=UNIT),
        pytest.param(lambda c: tc.nonincreasing(c.flow.loss, over=UNIT), marks=SLOW),
        pytest.param(lambda c: tc.equal(c.flow.position, c.flow.position, over=UNIT), marks=SLOW),
        lambda c: tc.conserved(c.flow.position - c.flow.position),
        pytest.param(lambda c: tc.le(0, tc.norm(c.flow.position.at(2))), marks=SLOW),
        lambda c: tc.le(0, tc.norm(c.flow.position.at(4 * t * (1 - t))), over=UNIT),
        lambda c: tc.lt(tc.norm(c.flow.position) ** 2, 0, over=tc.times("3/4", 1)),
    ],
)
def test_structure_says_nothing_where_the_flow_does_not_exist(conclusion: object) -> None:
    assert verdict(conclusion, BLOW_UP) is tc.UNDECIDED


def test_structure_decides_before_the_blow_up() -> None:
    early = tc.times(0, "1/4")

    assert verdict(lambda c: tc.le(0, tc.norm(c.flow.position), over=early), BLOW_UP) is tc.HOLDS
    assert (
        verdict(lambda c: tc.lt(tc.norm(c.flow.position) ** 2, 0, over=early), BLOW_UP)
        is tc.VIOLATED
    )


@pytest.mark.parametrize(
    ("term", "place"),
    [
        (sympy.Abs(tc.time), -1),
        (sympy.Abs(tc.time), tc.time - 1),
        (sympy.sqrt(tc.time**2) + 1, -1),
        (sympy.cos(sympy.pi * tc.step), Fraction(1, 2)),
    ],
)
def test_what_was_written_on_the_axis_is_not_put_beside_it(term: Any, place: Any) -> None:
    with pytest.raises(InvalidClaim, match="was written for"):
        tc.claims.Term(term).at(place)


def test_flow_at_a_place_with_a_corner() -> None:
    corner = sympy.Abs(tc.time - Fraction(1, 2))  # the flow is e^{-t}: greatest at the corner

    def there(case: Case) -> Any:
        return case.flow.position[0].at(corner)

    unit = tc.times(0, 1)
    assert verdict(lambda c: tc.le(there(c), Fraction(101, 100), over=unit), DECAY) is tc.HOLDS
    assert verdict(lambda c: tc.nonincreasing(there(c), over=unit), DECAY) is tc.VIOLATED
    assert verdict(lambda c: tc.le(tc.integral(there(c), unit), "3/4"), DECAY) is tc.VIOLATED
