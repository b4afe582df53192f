"""A source of choices, so that a family is written once and drawn at random or by a search."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Protocol, TypeVar

from theorycheck.errors import InvalidInstance

__all__ = ["Choices", "RandomChoices"]

T = TypeVar("T")


class Choices(Protocol):
    """What a family may ask for. Simple choices come first: searches shrink towards them."""

    def integer(self, low: int, high: int) -> int:
        """Choose an integer, low <= value <= high; shrinks towards the one nearest to 0."""
        ...

    def fraction(self, low: int, high: int, max_denominator: int) -> Fraction:
        """Choose a rational in [low, high]; shrinks towards integers near 0."""
        ...

    def pick(self, options: Sequence[T]) -> T:
        """Choose one of the options; shrinks towards the first."""
        ...

    def boolean(self) -> bool:
        """Choose False or True; shrinks towards False."""
        ...


class RandomChoices:
    """Choices from a private pseudo-random source; the global state is not touched.

    Examples
    --------
    >>> RandomChoices(0).integer(1, 1)
    1
    """

    def __init__(self, seed: int | str) -> None:
        self._source = random.Random(f"theorycheck/{seed}")

    def integer(self, low: int, high: int) -> int:
        if low > high:
            raise InvalidInstance(f"integer({low}, {high}) has nothing to choose from")
        return self._source.randint(low, high)

    def fraction(self, low: int, high: int, max_denominator: int) -> Fraction:
        denominator = self.integer(1, max_denominator)
        return Fraction(self.integer(low * denominator, high * denominator), denominator)

    def pick(self, options: Sequence[T]) -> T:
        if not options:
            raise InvalidInstance("pick has no options to choose from")
        return options[self._source.randrange(len(options))]

    def boolean(self) -> bool:
        return self._source.random() < 0.5
