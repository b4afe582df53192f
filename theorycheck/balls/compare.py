"""Compare balls. The only place where balls are compared.

flint's `<` and `<=` mean *certainly*: overlapping balls compare False both ways, and so does
anything with nan. Here the answer is a Verdict, and it is sharp: HOLDS and VIOLATED are found
whenever the exact end points decide. Rationals are compared as what they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Protocol, TypeAlias

import flint

from theorycheck.balls.convert import Real, lower, real, upper
from theorycheck.errors import DomainViolation, InvalidInstance
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED, Verdict

__all__ = [
    "ge",
    "gt",
    "hull",
    "is_finite",
    "le",
    "lower_real",
    "lt",
    "maximum",
    "minimum",
    "negative",
    "nonnegative",
    "positive",
    "upper_real",
    "width",
]

_arb = flint.arb


class HasReal(Protocol):
    """Anything that wraps a ball, such as `Ball`."""

    def real(self) -> Real: ...


Comparable: TypeAlias = Real | Fraction | int | HasReal


def _unwrapped(x: Comparable) -> Real | Fraction:
    if isinstance(x, _arb | Fraction):
        return x
    if isinstance(x, int):
        return Fraction(x)
    return x.real()


def _ends(x: Real | Fraction) -> tuple[Fraction, Fraction]:
    return (x, x) if isinstance(x, Fraction) else (lower(x), upper(x))


def _compare(left: Comparable, right: Comparable, *, strict: bool) -> Verdict:
    a, b = _unwrapped(left), _unwrapped(right)
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return HOLDS if (a < b if strict else a <= b) else VIOLATED
    x = a if isinstance(a, _arb) else real(a)
    y = b if isinstance(b, _arb) else real(b)
    if x < y or (not strict and x <= y):
        return HOLDS
    if x > y or (strict and x >= y):
        return VIOLATED
    if x is a and y is b:
        return UNDECIDED
    # A rational was rounded to a ball: look again, exactly.
    try:
        (a_low, a_high), (b_low, b_high) = _ends(a), _ends(b)
    except DomainViolation:
        return UNDECIDED
    if a_high < b_low or (not strict and a_high <= b_low):
        return HOLDS
    if a_low > b_high or (strict and a_low >= b_high):
        return VIOLATED
    return UNDECIDED


def le(a: Comparable, b: Comparable) -> Verdict:
    """Decide a <= b: HOLDS iff certain, VIOLATED iff a > b is certain.

    Examples
    --------
    >>> le(real(1), real(1)), le(Fraction(1, 3), real(0)), le(_arb(0, 1), _arb(1, 1))
    (HOLDS, VIOLATED, UNDECIDED)
    """
    return _compare(a, b, strict=False)


def lt(a: Comparable, b: Comparable) -> Verdict:
    """Decide a < b: HOLDS iff certain, VIOLATED iff a >= b is certain."""
    return _compare(a, b, strict=True)


def ge(a: Comparable, b: Comparable) -> Verdict:
    """Decide a >= b."""
    return _compare(b, a, strict=False)


def gt(a: Comparable, b: Comparable) -> Verdict:
    """Decide a > b."""
    return _compare(b, a, strict=True)


def nonnegative(x: Real) -> Verdict:
    """Decide x >= 0. flint's comparison with 0 is exact."""
    if x >= 0:
        return HOLDS
    return VIOLATED if x < 0 else UNDECIDED


def positive(x: Real) -> Verdict:
    """Decide x > 0."""
    if x > 0:
        return HOLDS
    return VIOLATED if x <= 0 else UNDECIDED


def negative(x: Real) -> Verdict:
    """Decide x < 0."""
    if x < 0:
        return HOLDS
    return VIOLATED if x >= 0 else UNDECIDED


def is_finite(x: Real) -> bool:
    """Say whether the ball bounds its number: neither nan nor of infinite radius."""
    return x.is_finite()


def width(x: Real) -> Fraction:
    """Return twice the radius, exactly."""
    return upper(x) - lower(x)


def upper_real(x: Real) -> Real:
    """Return an exact upper bound: the upper end, rounded up to the working precision.

    It is +inf where nothing is known (nan).
    """
    return _arb.pos_inf() if x.is_nan() else x.upper()


def lower_real(x: Real) -> Real:
    """Return an exact lower bound: the lower end, rounded down to the working precision."""
    return _arb.neg_inf() if x.is_nan() else x.lower()


def _extremum(items: Iterable[Real], *, greatest: bool) -> Real:
    values = list(items)
    name = "maximum" if greatest else "minimum"
    if not values:
        raise InvalidInstance(f"the {name} of no balls is undefined; pass at least one")
    if any(x.is_nan() for x in values):
        raise DomainViolation(f"the {name} of nan is unknown; a term before it left its domain")
    for x in values:
        if all(x is y or (x >= y if greatest else x <= y) for y in values):
            return x
    # Exact balls are totally ordered, so that the ends do not depend on the order of the items.
    low, high = values[0].lower(), values[0].upper()
    for x in values[1:]:
        x_low, x_high = x.lower(), x.upper()
        if (x_low > low) if greatest else (x_low < low):
            low = x_low
        if (x_high > high) if greatest else (x_high < high):
            high = x_high
    return low.union(high)


def maximum(items: Iterable[Real]) -> Real:
    """Enclose the maximum of the numbers in the balls, whatever their order.

    Raises
    ------
    DomainViolation    one of them is nan
    """
    return _extremum(items, greatest=True)


def minimum(items: Iterable[Real]) -> Real:
    """Enclose the minimum; see `maximum`."""
    return _extremum(items, greatest=False)


def hull(items: Iterable[Real]) -> Real:
    """Return a ball that contains all the balls."""
    values = list(items)
    if not values:
        raise InvalidInstance("the hull of no balls is undefined; pass at least one")
    result = values[0]
    for x in values[1:]:
        result = result.union(x)
    return result
