"""Choices drawn by Hypothesis, so that what a family draws is searched and shrunk by it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from hypothesis import strategies as st

from theorycheck.errors import InvalidInstance
from theorycheck.problems import Family, Instance

__all__ = ["DrawnChoices", "RoundChoices", "instances_of", "round_instances_of"]

T = TypeVar("T")


class DrawnChoices:
    """Make every choice by Hypothesis's `draw`; see `problems.choices.Choices`."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        self._draw = draw

    def integer(self, low: int, high: int) -> int:
        if low > high:
            raise InvalidInstance(f"integer({low}, {high}) has nothing to choose from")
        return int(self._draw(st.integers(low, high)))

    def fraction(self, low: int, high: int, max_denominator: int) -> Fraction:
        denominator = self.integer(1, max_denominator)
        return Fraction(self.integer(low * denominator, high * denominator), denominator)

    def pick(self, options: Sequence[T]) -> T:
        if not options:
            raise InvalidInstance("pick has no options to choose from")
        return options[self.integer(0, len(options) - 1)]

    def boolean(self) -> bool:
        return bool(self._draw(st.booleans()))


class RoundChoices(DrawnChoices):
    """Draw rationals with denominators of at most `most`, where there is a choice."""

    def __init__(self, draw: Callable[[Any], Any], most: int) -> None:
        super().__init__(draw)
        self._most = most

    def fraction(self, low: int, high: int, max_denominator: int) -> Fraction:
        return super().fraction(low, high, min(max_denominator, self._most))

    def pick(self, options: Sequence[T]) -> T:
        plain = [x for x in options if isinstance(x, Fraction) and x.denominator <= self._most]
        return super().pick(plain or options)


def instances_of(family: Family) -> st.SearchStrategy[Instance]:
    """Return the strategy of a family's instances; it shrinks as the family's choices do."""

    @st.composite
    def drawn(draw: Callable[[Any], Any]) -> Instance:
        return family.draw(DrawnChoices(draw))

    return drawn()


def round_instances_of(family: Family) -> st.SearchStrategy[Instance]:
    """Return a strategy of the same instances that prefers integers, then halves."""

    @st.composite
    def drawn(draw: Callable[[Any], Any]) -> Instance:
        most = draw(st.sampled_from((1, 2, 1000)))
        return family.draw(RoundChoices(draw, most))

    return drawn()
