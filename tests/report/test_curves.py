"""What is drawn: enclosures of both sides at exact places, and what is certain there."""

import csv
import io
from fractions import Fraction

import pytest
import sympy

import theorycheck as tc
from tests.report.lemmas import (
    INSTANCE,
    closed_form,
    made,
    position_decays,
    position_decays_if_open,
    position_is_small,
    root_exists,
    start_is_at_most_two,
)
from theorycheck.report.axes import Abscissas, maker, parse_over
from theorycheck.report.curves import Kind, Mark, csv_text
from theorycheck.report.drawing import Request, drawing_of

SLACK = Fraction(1, 10**38)


def decayed(place):
    return Fraction(str(sympy.exp(-sympy.Rational(str(place))).evalf(40)))


def test_curve_encloses_the_closed_form():
    curves = drawing_of(position_decays, INSTANCE)

    assert curves.kind is Kind.TIME
    assert (curves.places[0], curves.places[-1]) == (0, 2)
    for place, ball in zip(curves.places, curves.curves[0].balls, strict=True):
        assert ball.lower - SLACK <= decayed(place) <= ball.upper + SLACK
        assert ball.radius < Fraction(1, 10**12)
    assert curves.counts == {Mark.HOLDS: 201}


def test_verdicts_change_where_the_bound_is_crossed():
    curves = drawing_of(position_is_small, INSTANCE)

    assert curves.judgement.verdict is tc.VIOLATED
    for place, (mark, _) in zip(curves.places, curves.marks, strict=True):
        assert mark is (Mark.HOLDS if decayed(place) < Fraction(1, 2) else Mark.VIOLATED)


@tc.claim(source="false", example=INSTANCE)
def position_grows(case):
    """x(t) = e^-t does not decrease."""
    return tc.nondecreasing(case.flow.position[0, 0], over=tc.times(0, case.horizon))


def test_a_term_has_no_verdict_before_it_moves():
    curves = drawing_of(position_grows, INSTANCE)

    assert curves.counts == {Mark.VIOLATED: 200, Mark.UNDECIDED: 1}
    assert "since the place before" in curves.marks[0][1]


def test_nothing_holds_where_an_assumption_is_undecided():
    curves = drawing_of(position_decays_if_open, INSTANCE)

    assert curves.counts == {Mark.UNDECIDED: 201}
    assert "starts_small" in curves.marks[0][1]


def test_equality_encloses_its_difference():
    curves = drawing_of(closed_form, INSTANCE)

    assert curves.is_equality
    assert all(ball.contains(0) for ball in curves.difference.balls)
    assert curves.counts == {Mark.HOLDS: 201}


def test_caption_names_title_source_and_verdict():
    caption = drawing_of(position_decays, INSTANCE).caption

    assert all(part in caption for part in ("closed form", "x(t) = e^-t is at most 1", "HOLDS"))


def test_csv_is_exact_in_the_abscissa_and_outward_in_the_sides():
    curves = drawing_of(position_decays, INSTANCE.replace(horizon="3/7"))
    rows = list(csv.DictReader(io.StringIO(csv_text(curves))))

    for row, place, ball in zip(rows, curves.places, curves.curves[0].balls, strict=True):
        assert Fraction(row["t_lower"]) <= place <= Fraction(row["t_upper"])
        assert Fraction(row["lhs_lower"]) <= ball.lower <= ball.upper <= Fraction(row["lhs_upper"])
    exact = list(csv.DictReader(io.StringIO(csv_text(drawing_of(position_decays, INSTANCE)))))
    assert [Fraction(row["t"]) for row in exact] == [Fraction(i, 100) for i in range(201)]


def test_static_claim_is_drawn_over_the_parameter_that_moves_it():
    curves = drawing_of(start_is_at_most_two, made())

    assert (curves.kind, curves.axis) == (Kind.SWEEP, "start")
    for place, ball, (mark, _) in zip(
        curves.places, curves.curves[0].balls, curves.marks, strict=True
    ):
        assert ball.contains(place)
        assert mark is (Mark.HOLDS if place <= 2 else Mark.VIOLATED)


def test_sweep_over_scale_moves_the_start():
    request = Request(over=parse_over("scale=1/2..4:8"))
    curves = drawing_of(position_decays, INSTANCE, request)

    for place, ball, (mark, reason) in zip(
        curves.places, curves.curves[0].balls, curves.marks, strict=True
    ):
        # at the end of the range, or at the witness t = 0 of a violation
        factor = decayed(2) if mark is Mark.HOLDS else 1
        assert ball.lower - SLACK <= place * factor <= ball.upper + SLACK
        assert mark is (Mark.HOLDS if place <= 1 else Mark.VIOLATED), reason


def test_value_that_makes_no_instance_is_left_out_and_named():
    request = Request(over=Abscissas("horizon", (Fraction(-1), Fraction(1))))
    curves = drawing_of(position_decays, INSTANCE, request)

    [(value, reason)] = curves.left_out
    assert (value, curves.places) == (-1, (1,))
    assert "horizon" in reason
    assert curves.counts == {Mark.HOLDS: 1}
    assert "1 more makes no instance" in curves.caption


def counted(*, pieces="2", share="1"):
    """The quadratic from `share` over the whole part of `pieces`, which is read off silently."""
    return made(start=Fraction(share) / int(Fraction(pieces)))


@tc.claim(source="truncated", example=counted)
def share_is_small(case):
    """The share is at most 1."""
    return tc.le(case.initial.position[0, 0], 1)


@pytest.mark.parametrize("over", ["pieces=1/2..4", "pieces=1/3..9/2:11", "pieces=2^-1..2^2"])
def test_fractions_of_a_whole_number_are_no_abscissas(over):
    curves = drawing_of(share_is_small, counted(), Request(over=parse_over(over)))

    assert all(x.denominator == 1 for x in curves.places)
    assert len(curves.places) >= 3
    for place, ball in zip(curves.places, curves.curves[0].balls, strict=True):
        assert ball.contains(1 / place)


def test_the_natural_axis_of_a_count_has_no_fractions():
    claim = tc.shipped_claims()["lyu_li_2020.smoothed_margin_is_near_the_margin"]
    curves = drawing_of(claim, claim.example_instance())

    assert curves.axis == "samples"
    assert all(x.denominator == 1 for x in curves.places)


def test_a_parameter_that_takes_fractions_keeps_them():
    curves = drawing_of(share_is_small, counted(), Request(over=parse_over("share=1/2..3/2:5")))

    assert len(curves.places) == 5


@pytest.mark.parametrize(
    ("over", "told"),
    [("pieces=1,3/2", "got 3/2"), ("pieces=1/3..3/2", "fewer than two"),
     ("pieces=-3..-1", "none of the 3 values")],
)  # fmt: skip
def test_a_sweep_without_whole_numbers_is_refused(over, told):
    claim = tc.shipped_claims()["lyu_li_2020.smoothed_margin_is_near_the_margin"]
    example = claim.example_instance()

    with pytest.raises(tc.InvalidInstance, match=told):
        drawing_of(claim, example, Request(over=parse_over(over.replace("pieces", "samples"))))


@pytest.mark.slow
def test_sweep_does_not_depend_on_the_number_of_processes():
    claim = tc.shipped_claims()["elkabetz_cohen_2021.small_steps_are_necessary"]
    over = parse_over("step_size=2^-5..2^-7")
    one, two = (
        csv_text(drawing_of(claim, claim.example_instance(), Request(over=over, jobs=jobs)))
        for jobs in (1, 2)
    )

    assert one == two


def test_sweep_of_a_spoiled_claim_judges_the_spoiled_one():
    control = tc.Control("reversed", INSTANCE, changes={"bound": "1/10"})
    spoiled = start_is_small.spoiled(control)
    over = parse_over("start=1,2")
    counts = [
        drawing_of(claim, made(), Request(over=over, jobs=jobs)).counts
        for claim, jobs in ((start_is_small, 1), (spoiled, 2))
    ]

    assert counts == [{Mark.HOLDS: 2}, {Mark.VIOLATED: 2}]


@tc.claim(source="spoilt by its bound", example=made)
def start_is_small(case, *, bound=2):
    """The start is small."""
    return tc.le(case.initial.position[0, 0], bound)


@tc.claim(source="one relation or two", example=made)
def first_of_two(case):
    """The number of the drawn relation stays, though another one becomes more telling."""
    end = 0 if case.start[0] == 2 else 1
    position = case.flow.position[0, 0]
    return tc.le(case.initial.position[0, 0], 5), tc.le(position, 7, over=tc.times(0, end))


def test_every_abscissa_shows_the_same_relation():
    curves = drawing_of(first_of_two, made(), Request(over=parse_over("start=1,2,3")))
    _, bound = curves.curves

    assert curves.relation == (2, 2)
    assert all(ball.contains(7) for ball in bound.balls)


def halves(choices):
    return tc.Instance(a=choices.integer(1, 2), b=min(1, choices.integer(0, 3)))


@tc.claim(source="false where b = 0", family=tc.Family("halves", halves))
def a_is_at_most_b(case):
    """a is at most b."""
    return tc.le(case.a, 2 * case.b)


def test_an_instance_without_a_ratio_is_hidden_only_where_the_claim_holds():
    instance = tc.Instance(a=1, b=1)
    curves = drawing_of(a_is_at_most_b, instance)
    drawn = a_is_at_most_b.family.instances(seed=0, count=24)
    false = sum(one.b == 0 for one in drawn)

    assert 0 < false == curves.counts[Mark.VIOLATED]
    assert sum("ratio" in curve.name for curve in curves.curves) == 1


@tc.claim(source="closed form", example=INSTANCE)
def log_falls_like_time(case):
    """log x(t) + t is conserved."""
    return tc.conserved(tc.log(case.flow.position[0, 0]) + tc.time, over=tc.times(0, case.horizon))


def test_a_conserved_sum_shows_what_moves():
    curves = drawing_of(log_falls_like_time, INSTANCE)
    left, right = (curve.balls for curve in curves.curves)

    assert Mark.VIOLATED not in curves.counts
    for place, one, other in zip(curves.places, left, right, strict=True):
        assert one.contains(-place)
        assert other.contains(-place)


@tc.claim(source="a sign", family=tc.Family("halves", halves))
def a_is_positive(case):
    """a is positive."""
    return tc.lt(0, case.a)


def test_a_sign_is_drawn_as_the_slack_it_has():
    curves = drawing_of(a_is_positive, tc.Instance(a=1, b=1))

    assert curves.curves[0].name == "slack"
    assert {ball.midpoint for ball in curves.curves[0].balls} == {1, 2}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("step_size=2^-2..2^-4", ["1/16", "1/8", "1/4"]),
        ("depth=4..2", ["2", "3", "4"]),
        ("x=1/3,0.5", ["1/3", "1/2"]),
        ("x=0..1:3", ["0", "1/2", "1"]),
    ],
)
def test_ranges_are_exact(text, values):
    assert parse_over(text).values == tuple(map(Fraction, values))


@pytest.mark.parametrize(
    "text",
    [
        "depth",
        "=1..2",
        "x=1..1",
        "x=2^0..2^9999",
        "x=1..2:1",
        "x=a..b",
        "x=2^1100..2^1104",
        "x=1e-400,1",
    ],
)
def test_bad_ranges_are_refused(text):
    with pytest.raises(tc.InvalidInstance):
        parse_over(text)


def test_a_sweep_of_the_example_is_not_drawn_for_another_instance():
    other = counted(share="3")

    with pytest.raises(tc.InvalidInstance, match="this instance is another one"):
        drawing_of(share_is_small, other, Request(over=parse_over("pieces=1..3")))


def test_unknown_parameter_is_named():
    with pytest.raises(tc.InvalidInstance, match=r"no parameter 'dept'.*horizon"):
        maker(position_decays, INSTANCE)("dept", Fraction(2))


def test_statement_without_sides_says_why_it_has_no_figure():
    with pytest.raises(tc.InvalidInstance, match="existence statement has no two sides"):
        drawing_of(root_exists, INSTANCE)
