"""Enclose how differences of solutions move over one piece: the C1 step.

Let x, x_c be two solutions that stay within R of p on [0, h], z = x - x_c. Then z' = A(t) z with
A(t) = int_0^1 F'(t, x_c + s (x - x_c)) ds (the ball is convex), a matrix that depends on x. Hence
z(t) = Phi(t) z(0), Phi' = A Phi, Phi(0) = I. For a polynomial W with W(0) = I, E = Phi - W obeys

    E' = A E + (A - J) W + (J W - W'),    E(0) = 0,    J(t) = F'(t, p(t)),

and the logarithmic norm of A, an average of matrices whose own is at most m, is at most m. So

    |E(t)| <= int_0^t e^{m (t-s)} (|A - J| |W| + |J W - W'|) ds           (operator norms)

where |A - J| is bounded entry by entry by the second derivatives over the tube, W and the orders
below K of J W - W' come from the Taylor series of J along p, run in balls, and the orders from K on
from majorants, exactly as the defect of p itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy

from theorycheck.balls import (
    Matrix,
    Real,
    inflate,
    is_finite,
    matrix_from_reals,
    midpoint,
    precision,
    real,
    upper_real,
)
from theorycheck.balls.series import absolute_upper, entries_of, evaluate, hull, pack, power_list
from theorycheck.errors import DomainViolation
from theorycheck.trajectories.defect import Majorant, product_tail, scaled_sizes
from theorycheck.trajectories.dynamics import Defect
from theorycheck.trajectories.effort import check_clock
from theorycheck.trajectories.gronwall import RADIUS_BITS, grow
from theorycheck.trajectories.norms import Norm
from theorycheck.trajectories.pieces import Piece, ranges
from theorycheck.trajectories.tape import compile_tape
from theorycheck.trajectories.tape_series import (
    BallFunctions,
    TailBounds,
    TapeSeries,
    tape_jacobian,
)

__all__ = ["Transition", "Variations"]

ORDER = 18
VALUE_BITS = 72


@dataclass(frozen=True)
class Transition:
    """State that Phi(t) lies in W(t) + [-error, error] for every t of a piece, whatever x and x_c.

    Parameters
    ----------
    size : int
    coefficients : Matrix    W, packed (K+1) x N^2, exact, in powers of t - begin
    error : Matrix           N x N, entries >= 0, exact
    """

    size: int
    coefficients: Matrix
    error: Matrix

    def at(self, since: Fraction) -> Matrix:
        """Enclose Phi(since), N x N."""
        with precision(VALUE_BITS):
            return self._widened(entries_of(evaluate(self.coefficients, real(since))))

    def over(self, first: Fraction, last: Fraction) -> Matrix:
        """Enclose Phi(t) for every t in [first, last]."""
        with precision(VALUE_BITS):
            return self._widened(ranges(self.coefficients, first, last))

    def _widened(self, entries: Sequence[Real]) -> Matrix:
        return inflate(matrix_from_reals(self.size, self.size, entries), self.error)


class Variations:
    """The Jacobian of a field as a tape of its own, with its Taylor series and derivatives."""

    def __init__(self, expressions: Sequence[Any], variables: Sequence[Any], time: Any) -> None:
        self.size = len(variables)
        entries = [sympy.diff(e, x) for e in expressions for x in variables]
        self.tape = compile_tape(entries, variables, time)

    def transition(self, piece: Piece, time: Fraction) -> Transition | None:
        """Enclose Phi over a piece that begins at the flow time `time`; None if nothing is known.

        The piece's curvature must bound the logarithmic norm on the tube of its supremum.
        """
        try:
            with precision(VALUE_BITS):
                return self._transition(piece, time)
        except DomainViolation:
            return None

    def _transition(self, piece: Piece, time: Fraction) -> Transition | None:
        norm, size = piece.norm, self.size
        with precision(RADIUS_BITS):
            step = upper_real(real(piece.length))
            powers = power_list(step, piece.coefficients.nrows() + ORDER + 1)
        rows = _rows(piece.coefficients)
        zero = real(0)
        series = TapeSeries(self.tape, BallFunctions, rows[0], real(time))
        jacobians = [self._square(series.outputs())]
        for k in range(1, ORDER):
            row = rows[k] if k < len(rows) else [zero] * size
            jacobians.append(self._square(series.extend(row)))
        terms = [self._square([real(int(i == j)) for i in range(size) for j in range(size)])]
        low_defects = []
        for k in range(ORDER):
            check_clock()
            slope = jacobians[0] * terms[k]
            for i in range(1, k + 1):
                slope = slope + jacobians[i] * terms[k - i]
            terms.append(midpoint(slope * real(Fraction(1, k + 1))))
            low_defects.append(terms[-1] * real(k + 1) - slope)
        with precision(RADIUS_BITS):
            late = list(zip(rows[ORDER:], powers[ORDER:], strict=False))
            beyond = [
                upper_real(sum((absolute_upper(row[i]) * p for row, p in late), zero))
                for i in range(size)
            ]
            tails = TailBounds(series).bounds(powers, beyond)
            if tails is None:
                return None
            sizes = scaled_sizes([_operator(norm, w) for w in terms], powers)
            left = Majorant(
                scaled_sizes([_operator(norm, a) for a in jacobians], powers),
                _operator(norm, self._square(tails)),
            )
            tail = product_tail(left, Majorant(sizes[:ORDER], sizes[ORDER]))
            low = sum(scaled_sizes([_operator(norm, d) for d in low_defects], powers), zero)
            largest = sum(sizes, zero)
            spread = self._spread(piece, time, step)
            uniform = upper_real(low + spread * largest)
            growth = grow(zero, Defect(uniform, tail, ORDER), piece.growth.curvature, step)
            if not is_finite(growth.supremum):
                return None
            error = norm.entry_bound(size, growth.supremum)
        return Transition(size, pack([entries_of(w) for w in terms]), error)

    def _spread(self, piece: Piece, time: Fraction, step: Real) -> Real:
        """Bound |F'(t, x) - F'(t, p(t))| over the tube of the piece by second derivatives."""
        box = entries_of(piece.state_over(piece.begin, piece.end))
        begin = real(time)
        seconds = tape_jacobian(self.tape, BallFunctions, box, hull(begin, begin + step))[1]
        reach = piece.norm.reach(piece.growth.supremum)
        reaches = entries_of(reach) if isinstance(reach, Matrix) else [reach] * self.size
        moved = [
            upper_real(
                sum((absolute_upper(s) * r for s, r in zip(row, reaches, strict=True)), real(0))
            )
            for row in seconds
        ]
        return _operator(piece.norm, self._square(moved))

    def _square(self, entries: Sequence[Real]) -> Matrix:
        return matrix_from_reals(self.size, self.size, entries)


def _rows(packed: Matrix) -> list[list[Real]]:
    columns, entries = packed.ncols(), entries_of(packed)
    return [entries[k : k + columns] for k in range(0, len(entries), columns)]


def _operator(norm: Norm, matrix: Matrix) -> Real:
    return norm.operator_upper(_rows(matrix))
