"""The certificate of one piece: Gronwall's inequality with a first-exit argument.

Let p be the piece's exact polynomial on [0, h], x the solution, e(t) = |x(t) - p(t)|, e(0) <= r.
Suppose the logarithmic norm of the field is at most m on the tube {|q - p(t)| <= R, t in [0, h]}
and |p' - F(p)| <= delta(t), all in one norm (any will do, e' being the upper right derivative).
While x stays in the tube the segment from p(t) to x(t) does too (a ball is convex), so that e' <= m
e + delta, hence

    e(t) <= E(t) := e^{m t} r + int_0^t e^{m (t-s)} delta(s) ds.

Claim: if sup_{[0,h]} E < R (strictly), then x exists on [0, h] and e <= E there.
Proof. e(0) <= E(0) < R. Let T be the supremum of the times up to which x exists and e < R. If
T < h, or T = h is not reached: on [0, T) the inequality gives e <= E <= sup E < R, so x stays in a
compact part of the tube, where F is smooth; x continues past T and, by continuity, e(T) <= sup E
< R, so e < R beyond T: a contradiction. Nothing was assumed about R; a bad guess only fails.

The same holds with a bound m(t) that is constant on each of several equal parts of [0, h]: E is
then continued from part to part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from theorycheck.balls import (
    Real,
    exp,
    expm1_over,
    is_finite,
    lt,
    maximum,
    nonnegative,
    precision,
    real,
    upper_real,
)
from theorycheck.errors import DomainViolation
from theorycheck.trajectories.dynamics import Defect
from theorycheck.trajectories.effort import check_clock
from theorycheck.verdicts import HOLDS

__all__ = ["Growth", "certify", "grow", "grow_through", "radius_at"]

RADIUS_BITS = 40


@dataclass(frozen=True)
class Growth:
    """State that |x - p| <= supremum on the whole piece and <= end at its end; exact numbers."""

    curvature: Real
    end: Real
    supremum: Real


def grow(radius: Real, defect: Defect, curvature: Real, step: Real) -> Growth:
    """Bound E at the end of the piece and its supremum.

    `step` was rounded up: the true length is in [step (1 - 2^-30), step], and where m < 0 the
    lower end counts. The tail (t/h)^K of the defect integrates to h / (K + 1), times e^{m h} at
    most if m >= 0.
    """
    tail = defect.tail * step * real(Fraction(1, defect.order + 1))
    if nonnegative(curvature) is HOLDS:
        end = exp(curvature * step) * (radius + tail) + expm1_over(curvature, step) * defect.uniform
        end = upper_real(end)
        return Growth(curvature, end, end)
    shortest = step * real(1 - Fraction(1, 2**30))
    end = exp(curvature * shortest) * radius + tail + expm1_over(curvature, step) * defect.uniform
    # m < 0: E is at most its value for m = 0.
    return Growth(curvature, upper_real(end), upper_real(radius + tail + step * defect.uniform))


def grow_through(radius: Real, defect: Defect, curvatures: Sequence[Real], step: Real) -> Growth:
    """Bound E where equal parts of the piece have their own curvature."""
    slope = Defect(upper_real(defect.uniform + defect.tail), real(0), 0)
    # (t/h)^K <= 1: the tail counts as uniform.
    part = upper_real(step * real(Fraction(1, len(curvatures))))
    suprema, end = [], radius
    for curvature in curvatures:
        growth = grow(end, slope, curvature, part)
        suprema.append(growth.supremum)
        end = growth.end
    return Growth(upper_real(maximum(curvatures)), end, upper_real(maximum(suprema)))


def radius_at(radius: Real, defect: Defect, growth: Growth, since: Fraction) -> Real:
    """Bound E at a time inside the piece, counted from its begin; exact."""
    with precision(RADIUS_BITS):
        time = upper_real(real(since))
        slope = upper_real(defect.uniform + defect.tail)
        return grow(radius, Defect(slope, real(0), 0), growth.curvature, time).end


def certify(
    radius: Real,
    defect: Defect,
    curvature_on: Callable[[Real], Real | Sequence[Real]],
    step: Real,
    guess: Real | None = None,
    attempts: int = 6,
) -> Growth | None:
    """Enclose the solution on one piece, or return None if no guessed tube could be confirmed.

    Parameters
    ----------
    radius : Real            bound of |x - p| at the start of the piece, exact, >= 0
    defect : Defect          of p on [0, step]
    curvature_on : callable  R -> bound of the logarithmic norm on the tube of radius R, or bounds
                             for equal parts of the piece
    step : Real              upper bound of the piece's length h
    guess : Real             first R; the default is a little above the radius at m = 0

    Returns
    -------
    Growth or None           accepted only if its supremum is strictly below a tried R
    """
    with precision(RADIUS_BITS):
        if guess is None:
            flat = grow(radius, defect, real(0), step).supremum
            # Any positive number will do where nothing moves.
            guess = upper_real(flat * real(Fraction(5, 4)) + real(Fraction(1, 2**4000)))
        for _ in range(attempts):
            check_clock()
            try:
                found = curvature_on(guess)
                if isinstance(found, Sequence):
                    growth = grow_through(radius, defect, found, step)
                else:
                    growth = grow(radius, defect, found, step)
            except DomainViolation:  # beyond all bounds, or out of the field's domain
                return None
            if not is_finite(growth.supremum):
                return None
            if lt(growth.supremum, guess) is HOLDS:
                return growth
            guess = upper_real(growth.supremum * real(Fraction(9, 8)))
        return None
