"""One step of the solver: choose a step size, make a piece, hand it to the checker.

Everything here is untrusted guidance except the jump at the joint, which is a ball computation.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import partial

from theorycheck.balls import Matrix, Real, midpoint, precision, real, upper_real
from theorycheck.balls.series import evaluate, first_row, guide_log2
from theorycheck.errors import DomainViolation
from theorycheck.trajectories.dynamics import Defect, Dynamics, Expansion
from theorycheck.trajectories.gronwall import RADIUS_BITS, certify
from theorycheck.trajectories.pieces import Piece

__all__ = ["Stuck", "advance", "dyadic_below", "take_piece"]


class Stuck(Exception):
    """No step, however short, could be certified. Says nothing about the solution itself."""


def dyadic_below(log2_value: float) -> Fraction:
    """Return a dyadic number with ten significant bits just below 2^log2_value."""
    exponent = math.floor(log2_value)
    mantissa = int(2.0 ** (log2_value - exponent) * 512)
    power = exponent - 9
    return Fraction(mantissa * 2**power) if power >= 0 else Fraction(mantissa, 2**-power)


def suggest_step(logs: list[float], goal: float) -> float:
    """Return log2 of the h at which the last quarter of the terms |c_k| h^k drops to 2^goal."""
    order = len(logs) - 1
    candidates = [
        (goal - logs[k]) / k
        for k in range(max(1, (3 * order) // 4), order + 1)
        if logs[k] > -math.inf
    ]
    return min(candidates, default=math.inf)


def goal_log2(logs: list[float], bits: int) -> float:
    """Return log2 of the local error to aim at: relative to the state, or to its first motion."""
    if logs[0] > -math.inf:
        return logs[0] - bits
    # A start at the origin has no scale of its own: take |c_1| over the time c_1 / c_2.
    if logs[1] > -math.inf:
        reach = logs[1] - logs[2] if logs[2] > -math.inf else 0.0
        return logs[1] + min(reach, 0.0) - bits
    return -float(bits)


def local_error(defect: Defect, step: Real) -> Real:
    with precision(RADIUS_BITS):
        return defect.tail * step * real(Fraction(1, defect.order + 1))


def choose_length(
    expansion: Expansion, remaining: Fraction, bits: int
) -> tuple[Fraction, Real, Defect]:
    """Pick a step whose truncation error is near 2^-bits of the state."""
    logs = [guide_log2(size) for size in expansion.sizes]
    goal = goal_log2(logs, bits)
    suggestion = suggest_step(logs, goal)
    enlarged = False
    for _ in range(40):
        if suggestion == math.inf or suggestion >= _log2(remaining):
            length = remaining
        else:
            length = dyadic_below(suggestion)
        with precision(RADIUS_BITS):
            step = upper_real(real(length))
        defect = expansion.defect(step)
        excess = guide_log2(local_error(defect, step)) - goal
        current = _log2(length)
        if excess <= 1.0:
            if excess > -12.0 or enlarged or length == remaining or excess == -math.inf:
                break
            enlarged = True
            suggestion = current - 0.8 * excess / (defect.order + 1)
        else:
            suggestion = current - min(max(excess / (defect.order + 1), 0.05), 2.0)
    return length, step, defect


def _log2(q: Fraction) -> float:
    return math.log2(q.numerator) - math.log2(q.denominator)


class Resting:
    """The constant polynomial p = x(0) of an autonomous expansion: right once a flow has converged.

    Its defect is |F(p)| <= |c_1| + (the defect of the expansion at time 0).
    """

    autonomous = True

    def __init__(self, expansion: Expansion) -> None:
        self._expansion = expansion
        self._nothing = real(0)
        self.coefficients = first_row(expansion.coefficients)
        self.sizes = expansion.sizes[:1]
        with precision(RADIUS_BITS):
            speed = expansion.sizes[1] + expansion.defect(self._nothing).uniform
            self.speed = upper_real(speed)

    def defect(self, step: Real) -> Defect:
        del step
        return Defect(self.speed, self._nothing, 0)

    def curvature(self, step: Real, tube: Real) -> Real:
        del step
        return self._expansion.curvature(self._nothing, tube)


def rest_length(resting: Resting, radius: Real, bits: int) -> float:
    """Return log2 of the time over which resting costs a sixteenth of the radius at most."""
    allowed = max(guide_log2(radius), guide_log2(resting.sizes[0]) - bits)
    return allowed - 4.0 - guide_log2(resting.speed)


def take_piece(
    dynamics: Dynamics,
    start: Matrix,
    radius: Real,
    begin: Fraction,
    time: Fraction,
    remaining: Fraction,
    bits: int,
    order: int,
    *,
    may_rest: bool = True,
) -> Piece:
    """Make and certify the next piece, at most `remaining` long; raise Stuck if none can be."""
    try:
        expansion: Expansion = dynamics.expand(start, time, order)
    except DomainViolation as violation:
        raise Stuck(f"the field is not defined on the enclosure: {violation}") from None
    length, step, defect = choose_length(expansion, remaining, bits)
    if may_rest and expansion.autonomous and 4 * length < remaining:
        resting = Resting(expansion)
        longest = rest_length(resting, radius, bits)
        if longest > _log2(length) + 2.0:
            expansion = resting
            length = remaining if longest >= _log2(remaining) else dyadic_below(longest)
            with precision(RADIUS_BITS):
                step = upper_real(real(length))
            defect = resting.defect(step)
    for _ in range(30):
        growth = certify(radius, defect, partial(expansion.curvature, step), step)
        if growth is not None:
            return Piece(
                begin, length, expansion.coefficients, radius, defect, growth, dynamics.norm
            )
        length = dyadic_below(_log2(length) - 1.0)
        with precision(RADIUS_BITS):
            step = upper_real(real(length))
        defect = expansion.defect(step)
    raise Stuck("no tube around the trajectory could be confirmed; raise the precision")


def advance(piece: Piece, radius: Real) -> tuple[Matrix, Real]:
    """Round the end point to an exact state; return it and the radius there plus the jump."""
    value = evaluate(piece.coefficients, real(piece.length))
    start = midpoint(value)
    with precision(RADIUS_BITS):
        jump = piece.norm.upper(value - start)
        return start, upper_real(radius + jump)
