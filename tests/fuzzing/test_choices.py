"""Choices by Hypothesis: ranges kept, simple values first, round ones preferred on demand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings, strategies as st

import theorycheck as tc
from theorycheck.fuzzing.choices import DrawnChoices, RoundChoices, round_instances_of
from theorycheck.fuzzing.shards import size_of
from theorycheck.problems.draws_numbers import SCALES, draw_size

PLAIN = settings(max_examples=100, database=None, deadline=None, derandomize=True)
SHRINK = settings(PLAIN, phases=[Phase.generate, Phase.shrink])


@PLAIN
@given(st.data())
def test_drawn_choices_stay_in_their_ranges(data: Any) -> None:
    choices = DrawnChoices(data.draw)
    value = choices.fraction(-2, 2, 3)

    assert -2 <= value <= 2
    assert value.denominator <= 3
    assert -1 <= choices.integer(-1, 4) <= 4
    assert choices.pick("abc") in "abc"
    assert choices.boolean() in (False, True)
    assert Fraction(1, 9) <= draw_size(choices, Fraction(1, 9), Fraction(1, 4)) <= Fraction(1, 4)


@PLAIN
@given(st.data())
def test_round_choices_have_small_denominators_where_there_is_a_choice(data: Any) -> None:
    choices = RoundChoices(data.draw, 2)

    assert choices.fraction(-2, 2, 12).denominator <= 2
    assert choices.pick(SCALES).denominator <= 2
    assert choices.pick((Fraction(1, 3), Fraction(1, 5))).denominator > 2
    assert choices.pick("abc") in "abc"


def test_round_instances_shrink_to_integers() -> None:
    strategy = round_instances_of(tc.families.points(start="entries", loss="whitened"))
    case = find(strategy, lambda c: any(x > 1 for x in c.start), settings=SHRINK)

    assert case.network == tc.DeepLinear((1, 1))
    assert case.start == (2,)


@pytest.mark.parametrize("source", [DrawnChoices, lambda draw: RoundChoices(draw, 2)])
def test_nothing_to_choose_from_is_refused(source: Any) -> None:
    choices = source(lambda strategy: None)

    with pytest.raises(tc.InvalidInstance, match="nothing to choose"):
        choices.integer(1, 0)
    with pytest.raises(tc.InvalidInstance, match="no options"):
        choices.pick(())


def test_sizes_order_by_depth_width_and_then_by_roundness() -> None:
    def net(widths: tuple[int, ...], entry: str) -> tc.Instance:
        network = tc.DeepLinear(widths)
        return tc.Instance(network=network, start=[entry] * network.dimension)

    ordered = [net((1, 1), "1/2"), net((1, 1), "1/3"), net((2, 1), "1"), net((2, 2), "1"),
               net((1, 1, 1), "1")]  # fmt: skip

    assert sorted(map(size_of, ordered)) == [size_of(case) for case in ordered]
    assert len({size_of(case) for case in ordered}) == len(ordered)


def test_instances_without_a_net_have_a_size() -> None:
    assert size_of(tc.Instance(curvature=2, step_size="1/3")) < size_of(tc.Instance(start=[1]))
