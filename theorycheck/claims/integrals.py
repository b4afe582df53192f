"""Enclose the integral of a term over times, on pieces that cover the range.

On a piece [a, b] with centre c, E(t) = E(c) + E'(x) (t - c) for some x between; the midpoint of an
enclosure of E' integrates to 0 against t - c, so that

    |int_a^b E - (b - a) E(c)| <= radius of E'([a, b]) * (b - a)^2 / 4
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from sympy import Expr

from theorycheck import balls
from theorycheck.claims.axes import Times
from theorycheck.claims.derivatives import NotDifferentiable, derivative
from theorycheck.claims.places import Place
from theorycheck.errors import BudgetExceeded, DomainViolation
from theorycheck.problems import Instance

__all__ = ["enclose_integral"]

FIRST_PIECES = 16
MAX_PIECES = 20_000
ACCURACY = Fraction(1, 2**12)
"""A piece whose relative radius is below this is not cut again."""


def enclose_integral(
    expression: Expr, over: Times, instance: Instance, value: Callable[[Expr, Place], Any]
) -> Any:
    """Enclose the integral, at the working precision.

    Parameters
    ----------
    expression : Expr                          a term on times
    over : Times
    value : function of a term and a place     its enclosure there, over all times of the place

    Raises
    ------
    DomainViolation    the term may be undefined somewhere on the range
    BudgetExceeded     too many pieces
    """
    try:
        slope: Expr | None = derivative(expression, instance)
    except NotDifferentiable:
        slope = None

    def piece(a: Fraction, b: Fraction) -> Any:
        width, place = balls.real(b - a), Place.over_times(a, b)
        whole = value(expression, place) * width
        if slope is None:
            return whole
        centre = value(expression, Place.at_time((a + b) / 2)) * width
        spread = balls.width(value(slope, place)) / 2 * (b - a) ** 2 / 4
        return balls.inflate(centre, balls.upper_real(balls.real(spread)))

    length = over.end - over.start
    cuts = [over.start + length * i / FIRST_PIECES for i in range(FIRST_PIECES + 1)]
    waiting = list(pairwise(cuts))
    total, count = balls.real(0), 0
    while waiting:
        a, b = waiting.pop()
        count += 1
        if count > MAX_PIECES:
            raise BudgetExceeded("the integral needs more pieces than are tried")
        try:
            part = piece(a, b)
        except DomainViolation:
            if (b - a) * 2**20 <= length:
                raise
            part = None
        if part is not None and (_is_sharp(part) or (b - a) * 2**12 <= length):
            total = total + part
            continue
        waiting += [((a + b) / 2, b), (a, (a + b) / 2)]
    return total


def _is_sharp(part: Any) -> bool:
    """A matter of effort: nothing is decided by it."""
    low, high = balls.lower(part), balls.upper(part)
    return high - low <= ACCURACY * abs(high + low)
