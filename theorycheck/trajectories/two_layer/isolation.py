"""The first zero of several polynomials with error bounds, by certified exclusion.

A *watch* is a function f with side * f > 0 inside the mode (or = 0 at the start of a piece, on
the way in). On [a, b] it has no zero where f excludes 0, nor where side * f' > 0, since f moves
away and nothing happened before a. Where side * f' < 0, f has at most one zero, told by its sign at
b. Everything else is halved, the earlier half first, so that what is found is the first zero, and
complete: there is no other before it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from theorycheck.balls import Real, inflate, lower, negative, positive, real, upper, upper_real
from theorycheck.balls.series import polynomial_range, shift_polynomial
from theorycheck.trajectories.effort import check_clock
from theorycheck.trajectories.two_layer.methods import horner
from theorycheck.trajectories.two_layer.modes import Surface
from theorycheck.verdicts import HOLDS

__all__ = ["Found", "Unresolved", "Watch", "first_zero"]


@dataclass(frozen=True)
class Watch:
    """A function that ends a mode where it reaches 0.

    Parameters
    ----------
    surface : Surface
    exit_to : int            0 for w_r . direction; else the side a held line is left to
    side : int               the sign of the function inside the mode
    values : list of Real    coefficients in tau
    errors : tuple of Real   bounds of |f - p|, |f' - p'| (and |f'' - p''|) on the piece
    since : Fraction         f is certainly off 0 on (0, since]
    """

    surface: Surface
    exit_to: int
    side: int
    values: list[Real]
    errors: tuple[Real, ...]
    since: Fraction = Fraction(0)

    def at(self, tau: Fraction) -> Real:
        return inflate(horner(self.values, real(tau)), self.errors[0])

    def over(self, first: Fraction, last: Fraction, order: int = 0) -> Real:
        """Enclose f, f' or f'' at every tau of [first, last]."""
        shifted = shift_polynomial(self.values, real((first + last) / 2))
        for _ in range(order):
            shifted = [c * j for j, c in enumerate(shifted)][1:] or [real(0)]
        found = polynomial_range(shifted, upper_real(real((last - first) / 2)), 1)
        return inflate(found, self.errors[order])

    def sign_at(self, tau: Fraction) -> int:
        """The certain sign of side * f, 0 where it is not certain."""
        return sign(self.at(tau)) * self.side

    def direction_over(self, first: Fraction, last: Fraction) -> int:
        """The certain sign of side * f' on [first, last], 0 where it is not certain."""
        return sign(self.over(first, last, 1)) * self.side

    def is_excluded(self, first: Fraction, last: Fraction) -> bool:
        if last <= self.since:
            return True
        return sign(self.over(first, last)) == self.side or self.direction_over(first, last) > 0

    def left_tangentially(self, length: Fraction, resolution: Fraction) -> Watch:
        """Certify a start at f = f' = 0 or beyond both on the side: there side * f'' > 0.

        Raises
        ------
        Unresolved    side * f'' > 0 is not certain until f is certainly off 0
        """
        since = length
        while since > resolution:
            if sign(self.over(Fraction(0), since, 2)) == self.side and self.sign_at(since) > 0:
                return replace(self, since=since)
            since /= 2
        raise Unresolved([self], Fraction(0), since)


@dataclass(frozen=True)
class Found:
    """The first zeros on a piece: of all these watches, at tau in [first, last]."""

    watches: tuple[Watch, ...]
    first: Fraction
    last: Fraction


class Unresolved(ArithmeticError):
    """Watches of which it is not known whether they vanish in [first, last], or in which order."""

    def __init__(self, watches: list[Watch], first: Fraction, last: Fraction) -> None:
        super().__init__(watches, first, last)
        self.watches, self.first, self.last = watches, first, last


def sign(x: Real) -> int:
    """The certain sign of a ball, 0 where there is none."""
    if positive(x) is HOLDS:
        return 1
    return -1 if negative(x) is HOLDS else 0


def first_zero(
    watches: list[Watch], first: Fraction, last: Fraction, resolution: Fraction
) -> Found | None:
    """Isolate the first zero of any watch on [first, last] and narrow it down.

    Raises
    ------
    Unresolved    below the resolution a sign is still open, or two zeros are not told apart
    """
    check_clock()
    open_ones = [w for w in watches if not w.is_excluded(first, last)]
    if not open_ones:
        return None
    falling = [w for w in open_ones if w.direction_over(first, last) < 0]
    if len(falling) == len(open_ones):
        ending = [(w, w.sign_at(last)) for w in open_ones]
        reaching = [w for w, s in ending if s < 0]
        if not reaching and all(s > 0 for _, s in ending):
            return None
        if len(reaching) == 1 and all(s > 0 for w, s in ending if w is not reaching[0]):
            low, high = narrowed(reaching[0], first, last)
            return Found((reaching[0],), low, high)
    if last - first < resolution:
        raise Unresolved(open_ones, first, last)
    middle = (first + last) / 2
    found = first_zero(open_ones, first, middle, resolution)
    return found or first_zero(open_ones, middle, last, resolution)


def narrowed(watch: Watch, first: Fraction, last: Fraction) -> tuple[Fraction, Fraction]:
    """Narrow the only zero of a falling function by interval Newton steps."""
    while True:
        middle = (first + last) / 2
        slope = watch.over(first, last, 1)
        if not sign(slope):
            return first, last
        step = real(middle) - watch.at(middle) / slope
        low, high = max(first, lower(step)), min(last, upper(step))
        if high - low > (last - first) * Fraction(3, 4):
            return first, last
        first, last = low, high
