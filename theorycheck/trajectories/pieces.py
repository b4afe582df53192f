"""One certified piece of a trajectory: an exact polynomial, its time span, its radius."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from theorycheck.balls import Matrix, Real, real, upper_real
from theorycheck.balls.series import column_of, evaluate, norm_floor, polynomial_range, shift
from theorycheck.trajectories.dynamics import Defect
from theorycheck.trajectories.gronwall import Growth, radius_at
from theorycheck.trajectories.norms import EUCLIDEAN, Norm

__all__ = ["Piece"]


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
    """

    begin: Fraction
    length: Fraction
    coefficients: Matrix
    radius: Real
    defect: Defect
    growth: Growth
    norm: Norm = EUCLIDEAN

    @property
    def end(self) -> Fraction:
        return self.begin + self.length

    def value(self, time: Fraction) -> Matrix:
        """Enclose p(time), N x 1."""
        return evaluate(self.coefficients, real(time - self.begin))

    def radius_at(self, time: Fraction) -> Real:
        """Bound |x - p| at a time of the piece."""
        if time == self.begin:
            return self.radius
        if time == self.end:
            return self.growth.end
        return radius_at(self.radius, self.defect, self.growth, time - self.begin)

    def state(self, time: Fraction) -> Matrix:
        """Enclose the solution at a time of the piece, N x 1."""
        return self.norm.widened(self.value(time), self.radius_at(time))

    def state_over(self, first: Fraction, last: Fraction) -> Matrix:
        """Enclose the solution over [first, last], a part of the piece, N x 1."""
        return self.norm.widened(column_of(self.range(first, last)), self.growth.supremum)

    def range(self, first: Fraction, last: Fraction) -> list[Real]:
        """Enclose every coordinate of p over [first, last], a part of the piece."""
        if first == last:
            return self.value(first).entries()
        middle = (first + last) / 2
        half_width = upper_real(real((last - first) / 2))
        shifted = shift(self.coefficients, real(middle - self.begin))
        orders, dimension = shifted.nrows(), shifted.ncols()
        entries = shifted.entries()
        return [
            polynomial_range([entries[k * dimension + i] for k in range(orders)], half_width)
            for i in range(dimension)
        ]

    def smallest_norm(self) -> Real:
        """Bound |p| from below over the whole piece; may be negative, then it says nothing."""
        return norm_floor(self.coefficients, real(self.length))
