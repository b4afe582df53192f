"""Enclose solutions of piecewise-smooth fields across kinks, or name what stops them.

    x' = F_s(t, x),    s = (sign sigma_1, ..., sign sigma_k),

in the sense of Filippov: where surfaces meet, the velocity is any convex combination of the fields
about them. Every F_s is smooth on both sides, so within a *mode* (a side of, or a hold on, every
surface: `piecewise.Mode`) the smooth flow is enclosed as usual, and followed until the first
certified zero of what the mode watches (`watches.py`), in [t1, t2] say.

There every Filippov solution is boxed over the *window* [t1, t2] (`windows.py`), and certified
signs on the box tell the mode that follows (`settling.py`):

    crossing    all fields about the surface go through it
    sliding     they point at it (a fraction of each acts), or one has no normal speed (dead)
    exit        the normal speed on one side of a surface slid on has passed 0

It starts at the exact time t2 from the box, with a positive radius. On every further piece the
solution stays on the surfaces it holds, `sliding.py` says why. A surface just left is watched again
from a time at which the solution is certainly off it: until then its sigma is certified to grow.

What cannot be proved is a `KinkFailed`: a tangency where a sign is not certified, a fork where both
fields point away, simultaneous kinks where two surfaces may be met in either order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from theorycheck.balls import le, midpoint, precision, real
from theorycheck.balls.series import guide_log2, norm_upper
from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.trajectories.effort import Effort, check_precision, checked_effort, checked_entries
from theorycheck.trajectories.integrate import GUARD_BITS, missing_bits, too_few_bits
from theorycheck.trajectories.kinked import KinkedFlow, KinkFailed
from theorycheck.trajectories.piecewise import PiecewiseField
from theorycheck.trajectories.pursuit import Pursuit
from theorycheck.verdicts import HOLDS

__all__ = ["kinked_flow"]

DEFAULT_BITS = 96
# Every kink costs a few bits of the promise.
DIGIT_BITS = 40


def kinked_flow(
    field: PiecewiseField,
    start: Sequence[object],
    horizon: object,
    *,
    start_time: object = 0,
    bits: int | None = None,
    digits: int | None = None,
    effort: Effort | None = None,
) -> KinkedFlow:
    """Enclose the Filippov solution of a piecewise-smooth field from an exact start.

    Parameters
    ----------
    field : PiecewiseField
    start : sequence of rationals   exact; may be on surfaces
    horizon : rational              > 0, flow time
    start_time : rational
    bits : int                      working precision; promises nothing about the radius
    digits : int                    promises radius <= 10^-digits * max(1, |x|), or raises
    effort : Effort                 bits, seconds and steps that may be spent; the seconds are those
                                    of all attempts, but they cannot cut short SymPy

    Raises
    ------
    KinkFailed         fork, tangency, simultaneous kinks, or a lost enclosure; names the time
    InvalidInstance    a start of the wrong length, a horizon that is not positive
    """
    if not isinstance(field, PiecewiseField):
        raise InvalidInstance(
            f"field={field!r} is no PiecewiseField; pass a smooth field to flow, "
            "or make a PiecewiseField of it"
        )
    exact_start = [as_fraction(q, "start") for q in checked_entries(start)]
    begin, length = as_fraction(start_time, "start_time"), as_fraction(horizon, "horizon")
    if len(exact_start) != len(field.state):
        raise InvalidInstance(
            f"start has {len(exact_start)} entries, the field has {len(field.state)} coordinates"
        )
    if length <= 0:
        raise InvalidInstance(f"horizon must be positive, got {horizon}")
    check_precision(bits, digits)
    spent = checked_effort(effort)
    deadline = spent.start()
    limit = spent.limit(digits)
    if bits is not None:
        now = limit = bits
    elif digits is not None:
        now = min(math.ceil(digits * math.log2(10)) + DIGIT_BITS, limit)
    else:
        now = min(DEFAULT_BITS, limit)
    previous = begin - length
    best: KinkedFlow | None = None
    while True:
        try:
            with deadline.watched(), precision(now + GUARD_BITS):
                pursuit = Pursuit(field, begin, length, now, deadline, spent.max_steps)
                run = pursuit.run(exact_start)
        except KinkFailed as failure:
            if best is not None and deadline.expired and failure.reached < best.last:
                raise KinkFailed("enclosure", failure.reason, best.last, [], best) from None
            best = failure.partial
            gained = failure.reached - previous
            sure = failure.kind == "fork" or pursuit.spent
            if sure or 2 * now > limit or gained < length / 100:
                raise
            previous = failure.reached
            now = 2 * now
            continue
        best = run
        lacking = 0 if digits is None else missing(run, digits)
        if lacking == 0:
            return run
        if now >= limit:
            reason = too_few_bits(digits or 0, limit, now + lacking)
            raise KinkFailed("enclosure", reason, run.last, [], run)
        now = min(now + lacking, limit)


def missing(run: KinkedFlow, digits: int) -> int:
    """Return 0 if every span's radius keeps the promise, else how many bits it lacks."""
    lacking = 0
    with precision(run.bits + GUARD_BITS):
        for span in run.spans:
            if span.flow is not None:
                lacking = max(lacking, missing_bits(span.flow.pieces, digits))
            elif span.box is not None:
                radius = norm_upper(span.box - midpoint(span.box))
                if le(radius, real(Fraction(9, 10 ** (digits + 1)))) is not HOLDS:
                    excess = guide_log2(radius) + math.log2(10) * digits
                    lacking = max(lacking, math.ceil(excess) + 4, 4)
    return lacking
