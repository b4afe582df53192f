"""A source of choices, so that a family is written once and drawn at random or by a search."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Protocol, TypeVar

__all__ = ["Choices", "RandomChoices"]

T = TypeVar("T")


class Choices(Protocol):
    """What a family may ask for. Simple choices come first: searches shrink towards them."""

    def integer(self, low: int, high: int) -> int: ...
    def pick(self, options: Sequence[T]) -> T: ...
    def fraction(self, low: int, high: int, max_denominator: int) -> Fraction: ...


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
        return self._source.randint(low, high)

    def pick(self, options: Sequence[T]) -> T:
        return options[self._source.randrange(len(options))]

    def fraction(self, low: int, high: int, max_denominator: int) -> Fraction:
        denominator = self._source.randint(1, max_denominator)
        return Fraction(self._source.randint(low * denominator, high * denominator), denominator)
