"""The axes a term can live on, their symbols, and the ranges a relation is asserted over."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

import sympy
from sympy import Expr

from theorycheck.errors import InvalidClaim
from theorycheck.exact import as_fraction

__all__ = ["Axis", "Steps", "Times", "axis_of", "step", "steps", "time", "times"]

time = sympy.Symbol("t", nonnegative=True)
step = sympy.Symbol("k", integer=True, nonnegative=True)


class Axis(Enum):
    """Say what a term varies with: nothing, flow time, or the number of steps."""

    POINT = "point"
    TIME = "time"
    STEP = "step"


@dataclass(frozen=True)
class Times:
    """Every real time in [start, end], flow time, exact end points."""

    start: Fraction
    end: Fraction

    axis = Axis.TIME
    symbol = time

    def __str__(self) -> str:
        return f"all t in [{self.start}, {self.end}]"


@dataclass(frozen=True)
class Steps:
    """Every integer k with start <= k <= end."""

    start: int
    end: int

    axis = Axis.STEP
    symbol = step

    def __str__(self) -> str:
        return f"all k in {{{self.start}, ..., {self.end}}}"


def times(start: Any, end: Any) -> Times:
    """State a relation for every time in [start, end].

    Raises
    ------
    InvalidClaim    end < start or start < 0
    """
    low, high = as_fraction(start, "start"), as_fraction(end, "end")
    if low < 0 or high < low:
        raise InvalidClaim(f"times({low}, {high}) needs 0 <= start <= end; swap or mend the ends")
    return Times(low, high)


def steps(start: int, end: int) -> Steps:
    """State a relation for every iterate k with start <= k <= end.

    Raises
    ------
    InvalidClaim    not integers, end < start or start < 0
    """
    low, high = as_fraction(start, "start"), as_fraction(end, "end")
    if low.denominator != 1 or high.denominator != 1 or not 0 <= low <= high:
        raise InvalidClaim(f"steps({start}, {end}) needs integers 0 <= start <= end")
    return Steps(int(low), int(high))


def axis_of(symbols: set[Expr] | frozenset[Expr]) -> Axis:
    """Return the axis of a term from its free symbols.

    Raises
    ------
    InvalidClaim    both axes occur
    """
    if time in symbols and step in symbols:
        raise InvalidClaim(
            "a term mixes the axes time and step; write flow.at(tc.step * step_size) "
            "to put the flow on the steps of descent"
        )
    return Axis.TIME if time in symbols else Axis.STEP if step in symbols else Axis.POINT
