"""The window of a kink: a box that holds every Filippov solution while the mode changes.

All fields that may act are bounded by V on a box about the state at the begin of the window; if V
times its length is below the box's margin, the solution stays in the box (first exit).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from theorycheck.balls import (
    Matrix,
    Real,
    inflate,
    interval,
    is_finite,
    is_positive_definite,
    lt,
    matrix_from_reals,
    maximum,
    real,
    upper_real,
)
from theorycheck.balls.series import column_of, entries_of, infinity, inverse, norm_upper
from theorycheck.errors import DomainViolation
from theorycheck.trajectories.crossings import sign_of
from theorycheck.trajectories.piecewise import Mode, PiecewiseField
from theorycheck.trajectories.sliding import Floats, Sliding, weights
from theorycheck.trajectories.tape_series import BallFunctions, tape_values
from theorycheck.verdicts import HOLDS

__all__ = ["Place", "window"]

MARGIN = Fraction(17, 16)
WINDOW_ATTEMPTS = 4
STILL = 2.0**-10


@dataclass(frozen=True)
class Place:
    """A box of states over an interval of times, on which expressions have certified signs.

    Parameters
    ----------
    field : PiecewiseField
    box : Matrix              N x 1
    first, last : Fraction
    """

    field: PiecewiseField
    box: Matrix
    first: Fraction
    last: Fraction

    @property
    def clock(self) -> Real:
        return interval(self.first, self.last)

    def value(self, expression: Any) -> Real:
        """Enclose an expression on the box.

        Raises
        ------
        DomainViolation    the box may leave its domain
        """
        tape = self.field.tape(expression)
        values = tape_values(tape, BallFunctions, entries_of(self.box), self.clock)
        value: Real = values[tape.outputs[0]]
        return value

    def sign(self, expression: Any) -> int:
        """Return the certified sign of an expression on the box, 0 if there is none."""
        try:
            return sign_of(self.value(expression))
        except DomainViolation:
            return 0

    def speed_sign(self, mode: Mode, j: int) -> int:
        """Return the certified sign of sigma_j' under the field of a mode, 0 if there is none."""
        try:
            if not mode.slid:
                return sign_of(self.value(self.field.normal(mode, j)))
            sliding = self.field.sliding(Mode(mode.acting))
            surfaces = sliding.surfaces
            rows = [self.value(sliding.matrix[i, k]) for i in surfaces for k in surfaces]
            inverted = inverse(matrix_from_reals(len(surfaces), len(surfaces), rows))
            if inverted is None:
                return 0
            constants = column_of([self.value(sliding.constants[i]) for i in surfaces])
            total = self.value(self.field.normal(sliding.base, j))
            for h, k in zip(entries_of(inverted * constants), surfaces, strict=True):
                gain = self.field.along(self.field.switches[j], sliding.jumps[k])
                total = total - h * self.value(gain)
            return sign_of(total)
        except DomainViolation:
            return 0

    def speed(self, modes: Iterable[Mode]) -> Real:
        """Bound the speed of the fields of some modes; infinite where one is not known."""
        fastest = real(0)
        for mode in modes:
            tape = self.field.dynamics(mode).tape
            try:
                values = tape_values(tape, BallFunctions, entries_of(self.box), self.clock)
            except DomainViolation:
                return infinity()
            speed = norm_upper(column_of([values[place] for place in tape.outputs]))
            # nan, of which nothing is known, becomes infinite here.
            fastest = upper_real(maximum([fastest, upper_real(speed)]))
        return fastest

    def attracts(self, sliding: Sliding) -> bool:
        """Whether the condition *staying* of `sliding.py`, but for the fractions, holds here."""
        return all(self.holds_block(sliding, block) for block in sliding.blocks)

    def attracts_jointly(self, sliding: Sliding) -> bool:
        """Whether the same holds for surfaces that act on one another; a single speed's sign will
        do for the others.
        """
        return all(self.holds_block(sliding, b) for b in sliding.blocks if len(b) > 1)

    def holds_block(self, sliding: Sliding, block: tuple[int, ...]) -> bool:
        """Whether surfaces that act on one another attract: definite, or like a gradient's."""
        if self._attracts(sliding, block):
            return True
        pushes = sliding.pushes(block) if len(block) > 1 else None
        return pushes is not None and all(self.sign(d) > 0 for d in pushes)

    def nearly_still(self, mode: Mode, j: int) -> bool:
        """Whether the normal speeds on both sides of a surface are small there: a guess."""
        try:
            speeds = [
                abs(float(self.value(self.field.normal(mode.with_sign(j, side), j))))
                for side in (1, -1)
            ]
        except DomainViolation:
            return False
        return max(speeds) < STILL

    def _attracts(self, sliding: Sliding, block: tuple[int, ...]) -> bool:
        """Whether P M + (P M)^T is certainly negative definite on the box, for some P."""
        size = len(block)
        try:
            rows = [
                [self.value(sliding.matrix[i, j]) * sliding.sides[i] for j in block] for i in block
            ]
            if size == 1:
                return sign_of(rows[0][0]) < 0
            slopes = [
                sum(
                    float(self.value(sliding.field.switches[i].diff(x))) ** 2
                    for x in self.field.state
                )
                for i in block
            ]
        except DomainViolation:
            return False
        guide: Floats = np.array([[float(entry) for entry in row] for row in rows])
        for proposal in weights(guide, slopes):
            p = [real(Fraction(q)) for q in proposal]
            entries = [
                -(p[i] * rows[i][j] + p[j] * rows[j][i]) for i in range(size) for j in range(size)
            ]
            if is_positive_definite(matrix_from_reals(size, size, entries)) is HOLDS:
                return True
        return False


def window(
    field: PiecewiseField, state: Matrix, first: Fraction, last: Fraction, acting: list[Mode]
) -> Place | None:
    """Box every Filippov solution over [first, last]: first exit from a box of margin > V h."""
    length = upper_real(real(last - first))
    reach = upper_real(Place(field, state, first, last).speed(acting) * length * real(MARGIN))
    for _ in range(WINDOW_ATTEMPTS):
        # Positive even where nothing moves.
        margin = upper_real(reach + real(Fraction(1, 2**4000)))
        if not is_finite(margin):
            return None
        place = Place(field, inflate(state, margin), first, last)
        moved = upper_real(place.speed(acting) * length)
        if is_finite(moved) and lt(moved, margin) is HOLDS:
            return place
        reach = upper_real(moved * real(MARGIN))
    return None
