"""March piece by piece to the horizon within a budget; raise the bits a promise needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from theorycheck.balls import Matrix, Real, inflate, le, midpoint, precision, real, upper_real
from theorycheck.balls.series import (
    absolute_upper,
    column_of,
    entries_of,
    first_row,
    guide_log2,
    norm_upper,
)
from theorycheck.errors import BudgetExceeded, EnclosureFailed
from theorycheck.trajectories.deep_linear import DeepLinearDynamics
from theorycheck.trajectories.dynamics import Dynamics
from theorycheck.trajectories.effort import Deadline, Effort
from theorycheck.trajectories.gronwall import RADIUS_BITS
from theorycheck.trajectories.norms import EUCLIDEAN, Norm
from theorycheck.trajectories.pieces import Piece
from theorycheck.trajectories.pilot import Plan, plan
from theorycheck.trajectories.spread import MAX_DIMENSION, Edges, carried, upright
from theorycheck.trajectories.step import Stuck, advance, take_piece
from theorycheck.trajectories.tape_dynamics import TapeDynamics
from theorycheck.verdicts import HOLDS

if TYPE_CHECKING:
    from theorycheck.trajectories.chebyshev_solver import ChebyshevSolver

__all__ = [
    "GUARD_BITS", "blown_up", "enclose", "march", "missing_bits", "order_for", "start_column",
    "too_few_bits",
]  # fmt: skip

GUARD_BITS = 12
PILOT_SECONDS = 5.0
SHRUNK = 24
DEFAULT_BITS = 64
# Where Chebyshev collocation was measured to win over Taylor steps: 1.0 to 1.8 times as fast at
# N = 8 and 12, 2.5 to 4 times from N = 48 on. One short Taylor step is cheaper by a third.
PAYS_BITS = range(100, 1001)
PAYS_DIMENSION = 8
SPREAD = "the set of starts has spread too wide; take a smaller set or a shorter horizon"
OUTGROWN = (
    "the radius outgrew the solution by far; pass digits=, take a shorter horizon, or pass bits= "
    "to see the enclosure as it is"
)
# log2 of radius / max(1, |x|): from there a set of starts is called wide, an enclosure useless.
WIDE = -4.0
USELESS = 16.0
BLOW_UP = "the steps shrink to nothing; the solution may blow up or leave the field's domain there"


class OutOfSteps(EnclosureFailed):
    """The budget of steps ended; more bits would not help."""


class BlownUp(EnclosureFailed):
    """Steps shrank to nothing while the radius was still small; more bits gain next to no time."""


def blown_up(pieces: Sequence[Piece], horizon: Fraction) -> bool:
    """Say whether a sharply known trajectory took tiny steps, as it does near a singularity."""
    for piece in reversed(pieces):
        if piece.length * 2**SHRUNK >= horizon:
            return False
        size = max(0.0, guide_log2(norm_upper(first_row(piece.coefficients))))
        if guide_log2(piece.radius) < size - SHRUNK:
            return True
    return False


def order_for(bits: int) -> int:
    """Choose the Taylor order: about 1.15 times the decimal digits of the working precision."""
    return max(6, math.ceil(0.35 * bits))


def start_column(start: Sequence[Fraction], norm: Norm = EUCLIDEAN) -> tuple[Matrix, Real]:
    """Round the exact start to a dyadic column; the second value bounds the distance, exactly 0
    where the start is dyadic and fits the precision.
    """
    column = column_of([real(q) for q in start])
    centre = midpoint(column)
    with precision(RADIUS_BITS):
        return centre, norm.upper(column - centre)


def march(
    dynamics: Dynamics,
    start: Sequence[Fraction],
    start_time: Fraction,
    horizon: Fraction,
    bits: int,
    deadline: Deadline,
    max_steps: int = 100_000,
    start_radii: Sequence[Fraction] = (),
    norms: Sequence[tuple[Fraction, Norm]] = (),
    engine: str | None = None,
    useless: float = math.inf,
) -> list[Piece]:
    """Enclose the solution on [start_time, start_time + horizon] at one working precision.

    With start radii (one per coordinate) the solutions from every start within them. `norms` are
    changed to at the first joint at or after their times since the start. For `engine` see `flow`.
    A radius beyond 2^useless times max(1, |x|) counts as a failure.

    Raises
    ------
    EnclosureFailed    seconds or steps spent, or no further step could be certified
    """
    order = order_for(bits)
    pieces: list[Piece] = []
    due = list(norms)
    reached = Fraction(0)
    shortest = horizon / 2 ** (2 * bits + 64)
    with precision(bits + GUARD_BITS):
        centre, radius, edges = start_set(dynamics, start, start_radii)
        variations = dynamics.variations() if edges and isinstance(dynamics, TapeDynamics) else None
        if engine is None and any(start_radii):
            engine = "taylor"  # long pieces would pay for their wide tubes
        solver = chebyshev_solver(dynamics, bits, engine)
        while reached < horizon:
            if deadline.expired:
                raise EnclosureFailed(
                    f"{deadline.max_seconds} s were spent; raise max_seconds", start_time + reached
                )
            if len(pieces) >= max_steps:
                raise OutOfSteps(
                    f"{max_steps} steps were made; raise max_steps", start_time + reached
                )
            norm = dynamics.norm
            while due and due[0][0] <= reached:
                norm = due.pop(0)[1]
            if isinstance(dynamics, TapeDynamics) and norm != dynamics.norm:
                with precision(RADIUS_BITS):
                    radius = dynamics.norm.exchanged(radius, norm)
                    edges = None if edges is None else edges.measured_in(dynamics.norm, norm)
                dynamics = dynamics.measured_in(norm)
            try:
                total = radius if edges is None else _sum(radius, edges.bound)
                time, left = start_time + reached, horizon - reached
                if solver is not None:
                    piece = solver.take_piece(centre, total, reached, time, left, order)
                else:
                    piece = take_piece(
                        dynamics,
                        centre,
                        total,
                        reached,
                        time,
                        left,
                        bits,
                        order,
                        may_rest=edges is None,
                    )
                if edges is None or variations is None:
                    radius = piece.growth.end
                else:
                    piece, edges, radius = carried(variations, piece, time, edges, radius)
            except BudgetExceeded as spent:
                raise EnclosureFailed(str(spent), start_time + reached) from None
            except Stuck as stuck:
                if any(start_radii) and is_wide(total, centre, WIDE):
                    raise EnclosureFailed(SPREAD, start_time + reached) from None
                shrunk = pieces and pieces[-1].length * 2**16 < horizon
                failure = BlownUp if blown_up(pieces, horizon) else EnclosureFailed
                raise failure(BLOW_UP if shrunk else str(stuck), start_time + reached) from None
            if piece.length < shortest:
                if any(start_radii) and is_wide(total, centre, WIDE):
                    raise EnclosureFailed(SPREAD, start_time + reached)
                raise BlownUp(BLOW_UP, start_time + reached)
            if is_wide(piece.growth.supremum, centre, useless):
                raise EnclosureFailed(OUTGROWN, start_time + reached)
            pieces.append(piece)
            reached = piece.end
            if reached < horizon:
                centre, radius = advance(piece, radius)
    return pieces


def is_wide(radius: Real, centre: Matrix, excess: float) -> bool:
    """Say whether a radius is beyond 2^excess times max(1, |x|). Guidance, never evidence."""
    return guide_log2(radius) > excess + max(0.0, guide_log2(norm_upper(centre)))


def chebyshev_solver(dynamics: Dynamics, bits: int, engine: str | None) -> ChebyshevSolver | None:
    """Return the Chebyshev solver where it is asked for, or where it was measured to pay."""
    if engine == "taylor" or not isinstance(dynamics, DeepLinearDynamics):
        return None
    if engine is None and not (bits in PAYS_BITS and dynamics.dimension >= PAYS_DIMENSION):
        return None
    # NumPy is imported when it is used.
    from theorycheck.trajectories.chebyshev_solver import ChebyshevSolver

    return ChebyshevSolver(dynamics, bits)


def start_set(
    dynamics: Dynamics, start: Sequence[Fraction], start_radii: Sequence[Fraction]
) -> tuple[Matrix, Real, Edges | None]:
    """Return the exact centre, the radius about it, and the set of starts to be carried apart.

    A set is carried apart in small dimensions on tapes; elsewhere it is part of the radius.
    """
    if not any(start_radii):
        return *start_column(start, dynamics.norm), None
    column = column_of(
        [inflate(real(q), upper_real(real(r))) for q, r in zip(start, start_radii, strict=True)]
    )
    centre = midpoint(column)
    with precision(RADIUS_BITS):
        if isinstance(dynamics, TapeDynamics) and dynamics.dimension <= MAX_DIMENSION:
            reaches = [absolute_upper(x) for x in entries_of(column - centre)]
            return centre, real(0), upright(reaches, dynamics.norm)
        return centre, dynamics.norm.upper(column - centre), None


def _sum(x: Real, y: Real) -> Real:
    with precision(RADIUS_BITS):
        return upper_real(x + y)


def too_few_bits(digits: int, limit: int, needed: int) -> str:
    """Say that a promise of digits is not kept within the largest precision allowed."""
    ample = -(-(needed + 32) // 64) * 64
    return (
        f"digits={digits} need about {needed} bits, more than max_bits={limit}, with which the "
        f"enclosure is wider; pass Effort(max_bits={ample})"
    )


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


def prepared(
    dynamics: Dynamics,
    start: Sequence[Fraction],
    start_time: Fraction,
    horizon: Fraction,
    deadline: Deadline,
) -> tuple[Dynamics, Plan]:
    """Send a pilot ahead where the right-hand side is a tape; choose the norm it proposes."""
    if not isinstance(dynamics, TapeDynamics):
        return dynamics, Plan()
    seconds = min(PILOT_SECONDS, (deadline.remaining or math.inf) / 4)
    found = plan(dynamics.tape, start, start_time, horizon, seconds)
    return dynamics.measured_in(found.norms[0][1]), found


def enclose(
    dynamics: Dynamics,
    start: Sequence[Fraction],
    start_time: Fraction,
    horizon: Fraction,
    bits: int | None,
    digits: int | None,
    effort: Effort,
    start_radii: Sequence[Fraction] = (),
    engine: str | None = None,
    deadline: Deadline | None = None,
) -> tuple[int, list[Piece]]:
    """Return the working precision used and the pieces.

    With `bits` there is one attempt. Otherwise the bits that the pilot asks for are bought before
    the run; a failure to confirm a tube is met with twice the bits as long as that reaches a later
    time, and a missed promise with the bits that the measured radius lacks. All attempts share one
    deadline (by default that of `effort`), and a failure names the furthest time that one reached.
    """
    deadline = deadline or effort.start()
    with deadline.watched():
        try:
            return _attempts(
                dynamics, start, start_time, horizon, bits, digits, effort, start_radii, engine,
                deadline,
            )  # fmt: skip
        except BudgetExceeded as spent:
            raise EnclosureFailed(str(spent), start_time) from None


def _attempts(
    dynamics: Dynamics,
    start: Sequence[Fraction],
    start_time: Fraction,
    horizon: Fraction,
    bits: int | None,
    digits: int | None,
    effort: Effort,
    start_radii: Sequence[Fraction],
    engine: str | None,
    deadline: Deadline,
) -> tuple[int, list[Piece]]:
    steps = effort.max_steps
    dynamics, found = prepared(dynamics, start, start_time, horizon, deadline)
    run = partial(
        march,
        dynamics,
        start,
        start_time,
        horizon,
        deadline=deadline,
        max_steps=steps,
        start_radii=start_radii,
        norms=found.norms,
        engine=engine,
    )
    if bits is not None:
        return bits, run(bits)
    if digits is None and not any(start_radii):
        run = partial(run, useless=USELESS)
    if found.hopeless:
        raise EnclosureFailed(
            f"the logarithmic norm integrates to about {found.integral:.0f} over the horizon in "
            "every norm at hand, too much to be paid for in bits; take a shorter horizon",
            start_time,
        )
    limit = effort.limit(digits)
    if digits is None:
        bought = found.bits - Plan().bits
        # A flight that ended early asks for whatever it met there: be modest, bits can be doubled.
        now = DEFAULT_BITS + (bought if found.complete else min(bought, 128))
    else:
        now = math.ceil(digits * math.log2(10)) + (found.bits if found.complete else 18)
    now = min(now, limit)
    previous = start_time - horizon
    while True:
        try:
            pieces = run(now)
        except EnclosureFailed as failure:
            if deadline.expired and failure.reached < previous:
                raise type(failure)(failure.reason, previous) from None
            progress = failure.reached - previous
            hopeless = isinstance(failure, OutOfSteps | BlownUp) or progress < horizon / 100
            if deadline.expired or now >= limit or hopeless:
                raise
            previous = failure.reached
            now = min(2 * now, limit)
            continue
        previous = start_time + horizon
        if digits is None:
            return now, pieces
        with precision(now + GUARD_BITS):
            lacking = missing_bits(pieces, digits)
        if lacking == 0:
            return now, pieces
        if any(start_radii):
            raise EnclosureFailed(
                f"digits={digits} cannot be kept: the radius of the start alone spreads beyond it; "
                "pass bits= or a sharper start",
                previous,
            )
        if now >= limit:
            raise EnclosureFailed(too_few_bits(digits, limit, now + lacking), previous)
        now = min(now + lacking, limit)
