"""March piece by piece to the horizon within a budget; raise the bits a promise needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from theorycheck.balls import Matrix, Real, le, midpoint, precision, real
from theorycheck.balls.series import column_of, guide_log2, norm_upper
from theorycheck.errors import EnclosureFailed
from theorycheck.trajectories.dynamics import Dynamics
from theorycheck.trajectories.effort import Deadline, Effort
from theorycheck.trajectories.gronwall import RADIUS_BITS
from theorycheck.trajectories.pieces import Piece
from theorycheck.trajectories.step import Stuck, advance, take_piece
from theorycheck.verdicts import HOLDS

__all__ = ["GUARD_BITS", "enclose", "march", "order_for", "start_column"]

GUARD_BITS = 12
DEFAULT_BITS = 64
BLOW_UP = "the steps shrink to nothing; the solution may blow up or leave the field's domain there"


def order_for(bits: int) -> int:
    """Choose the Taylor order: about 1.15 times the decimal digits of the working precision."""
    return max(6, math.ceil(0.35 * bits))


def start_column(start: Sequence[Fraction]) -> tuple[Matrix, Real]:
    """Round the exact start to a dyadic column; the second value bounds the distance, exactly 0
    where the start is dyadic and fits the precision.
    """
    column = column_of([real(q) for q in start])
    centre = midpoint(column)
    with precision(RADIUS_BITS):
        return centre, norm_upper(column - centre)


def march(
    dynamics: Dynamics,
    start: Sequence[Fraction],
    start_time: Fraction,
    horizon: Fraction,
    bits: int,
    deadline: Deadline,
) -> list[Piece]:
    """Enclose the solution on [start_time, start_time + horizon] at one working precision.

    Raises
    ------
    EnclosureFailed    seconds spent, or no further step could be certified
    """
    order = order_for(bits)
    pieces: list[Piece] = []
    reached = Fraction(0)
    shortest = horizon / 2 ** (2 * bits + 64)
    with precision(bits + GUARD_BITS):
        centre, radius = start_column(start)
        while reached < horizon:
            if deadline.expired:
                raise EnclosureFailed(
                    f"{deadline.max_seconds} s were spent; raise max_seconds", start_time + reached
                )
            try:
                piece = take_piece(
                    dynamics,
                    centre,
                    radius,
                    reached,
                    start_time + reached,
                    horizon - reached,
                    bits,
                    order,
                )
            except Stuck as stuck:
                shrunk = pieces and pieces[-1].length * 2**16 < horizon
                reason = BLOW_UP if shrunk else str(stuck)
                raise EnclosureFailed(reason, start_time + reached) from None
            if piece.length < shortest:
                raise EnclosureFailed(BLOW_UP, start_time + reached)
            pieces.append(piece)
            reached = piece.end
            if reached < horizon:
                centre, radius = advance(piece)
    return pieces


def missing_bits(pieces: Sequence[Piece], digits: int) -> int:
    """Return 0 if every piece's radius keeps the promise, else how many bits it lacks.

    The promise is radius <= 10^-digits max(1, |x|), |x| bounded below over the whole piece. A tenth
    of it is left for the rounding of an evaluation, below 2^-(bits + 12) K max |x|.
    """
    goal = Fraction(9, 10 ** (digits + 1))
    lacking = 0
    for piece in pieces:
        supremum = piece.growth.supremum
        if le(supremum, real(goal)) is HOLDS:
            continue
        scale = piece.smallest_norm()
        if le(supremum, real(goal) * scale) is HOLDS:
            continue
        excess = guide_log2(supremum) - math.log2(9) + math.log2(10) * (digits + 1)
        lacking = max(lacking, math.ceil(excess - max(0.0, guide_log2(scale))) + 4, 4)
    return lacking


def enclose(
    dynamics: Dynamics,
    start: Sequence[Fraction],
    start_time: Fraction,
    horizon: Fraction,
    bits: int | None,
    digits: int | None,
    effort: Effort,
) -> tuple[int, list[Piece]]:
    """Return the working precision used and the pieces.

    With `bits` there is one attempt. Otherwise a failure to confirm a tube is met with twice the
    bits as long as that reaches a later time, and a missed promise with the bits it lacks.
    """
    deadline = effort.start()
    if bits is not None:
        return bits, march(dynamics, start, start_time, horizon, bits, deadline)
    now = DEFAULT_BITS if digits is None else math.ceil(digits * math.log2(10)) + 18
    previous = start_time - horizon
    while True:
        try:
            pieces = march(dynamics, start, start_time, horizon, now, deadline)
        except EnclosureFailed as failure:
            progress = failure.reached - previous
            if deadline.expired or 2 * now > effort.max_bits or progress < horizon / 100:
                raise
            previous = failure.reached
            now = 2 * now
            continue
        if digits is None:
            return now, pieces
        with precision(now + GUARD_BITS):
            lacking = missing_bits(pieces, digits)
        if lacking == 0:
            return now, pieces
        now += lacking
        if now > max(effort.max_bits, 8 * digits):
            raise EnclosureFailed(
                f"digits={digits} would need more than {effort.max_bits} bits; raise max_bits",
                start_time,
            )
