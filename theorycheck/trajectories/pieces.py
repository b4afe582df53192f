"""One certified piece of a trajectory: an exact polynomial, its time span, its radius."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from theorycheck.balls import Matrix, Real, le, real, upper_real
from theorycheck.balls.series import (
    column_of,
    entries_of,
    evaluate,
    norm_floor,
    norm_upper,
    polynomial_range,
    shift,
)
from theorycheck.trajectories.dynamics import Defect
from theorycheck.trajectories.effort import check_clock
from theorycheck.trajectories.gronwall import Growth, radius_at
from theorycheck.trajectories.norms import EUCLIDEAN, Norm
from theorycheck.verdicts import HOLDS

__all__ = ["Differences", "Piece", "ranges"]


class Differences(Protocol):
    """Enclosures of x - p for the solutions x of a set of starts; see `spread`."""

    def at(self, since: Fraction) -> Matrix:
        """Enclose x - p at a time since the begin of the piece, N x 1."""
        ...

    def over(self, first: Fraction, last: Fraction) -> Matrix:
        """Enclose x - p at every time of [first, last] since the begin of the piece."""
        ...


def ranges(packed: Matrix, first: Fraction, last: Fraction) -> list[Real]:
    """Enclose every coordinate of a packed polynomial over [first, last]."""
    if first == last:
        return entries_of(evaluate(packed, real(first)))
    half_width = upper_real(real((last - first) / 2))
    check_clock()
    shifted = shift(packed, real((first + last) / 2))
    orders, dimension = shifted.nrows(), shifted.ncols()
    entries = entries_of(shifted)
    return [
        polynomial_range([entries[k * dimension + i] for k in range(orders)], half_width)
        for i in range(dimension)
    ]


@dataclass(frozen=True)
class Piece:
    """Enclose the solution on [begin, begin + length] (times since the start of the trajectory).

    Parameters
    ----------
    begin, length : Fraction    begin dyadic; length dyadic except possibly for the last piece
    coefficients : Matrix       packed, exact, in powers of t - begin
    radius : Real               bound of |x - p| at `begin`, exact
    defect : Defect             of p
    growth : Growth             bounds on and at the end of the piece
    norm : Norm                 what radius, defect and growth are measured in; never less than the
                                Euclidean norm, so that the radii bound that distance, too
    spread : Differences        sharper bounds where the start is a set; the radii hold anyway
    """

    begin: Fraction
    length: Fraction
    coefficients: Matrix
    radius: Real
    defect: Defect
    growth: Growth
    norm: Norm = EUCLIDEAN
    spread: Differences | None = None

    @property
    def end(self) -> Fraction:
        return self.begin + self.length

    def value(self, time: Fraction) -> Matrix:
        """Enclose p(time), N x 1."""
        return evaluate(self.coefficients, real(time - self.begin))

    def radius_at(self, time: Fraction) -> Real:
        """Bound |x - p| in `norm` at a time of the piece."""
        if time == self.begin:
            return self.radius
        if time == self.end:
            return self.growth.end
        return radius_at(self.radius, self.defect, self.growth, time - self.begin)

    def distance_at(self, time: Fraction) -> Real:
        """Bound the Euclidean distance |x - p| at a time of the piece."""
        plain = self.radius_at(time)
        if self.spread is not None:
            sharp = norm_upper(self.spread.at(time - self.begin))
        else:
            reach = self.norm.reach(plain)
            sharp = norm_upper(reach) if isinstance(reach, Matrix) else plain
        return sharp if le(sharp, plain) is HOLDS else plain

    def state(self, time: Fraction) -> Matrix:
        """Enclose the solution at a time of the piece, N x 1."""
        if self.spread is not None:
            return self.value(time) + self.spread.at(time - self.begin)
        return self.norm.widened(self.value(time), self.radius_at(time))

    def state_over(self, first: Fraction, last: Fraction) -> Matrix:
        """Enclose the solution over [first, last], a part of the piece, N x 1."""
        over = column_of(self.range(first, last))
        if self.spread is not None:
            return over + self.spread.over(first - self.begin, last - self.begin)
        return self.norm.widened(over, self.growth.supremum)

    def range(self, first: Fraction, last: Fraction) -> list[Real]:
        """Enclose every coordinate of p over [first, last], a part of the piece."""
        return ranges(self.coefficients, first - self.begin, last - self.begin)

    def smallest_norm(self) -> Real:
        """Bound |p| from below over the whole piece; may be negative, then it says nothing."""
        return norm_floor(self.coefficients, real(self.length))
