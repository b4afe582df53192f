"""Chebyshev collocation by mixed-precision refinement: an untrusted solver of deep linear flows.

The slope q of a candidate P = theta_0 + int q is known by M Chebyshev coefficients. Their residual
is computed in balls, the correction in float64 (Picard sweeps on the linearised equation), which
gains about 45 bits a pass. What is returned has passed the checker: the certificate of
`chebyshev.py` and the Gronwall step of `gronwall.py` take the coefficients as they are.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from theorycheck.balls import Matrix, Real, midpoint, precision, real_from_dyadic, to_float_matrix
from theorycheck.balls.chebyshev import matrix_of_floats
from theorycheck.balls.series import guide_log2, norm_upper
from theorycheck.errors import DomainViolation
from theorycheck.exact import nearest_float
from theorycheck.trajectories.chebyshev import ChebyshevPiece, Collocation
from theorycheck.trajectories.chebyshev_floats import Array, FloatCollocation, decay
from theorycheck.trajectories.deep_linear import DeepLinearDynamics
from theorycheck.trajectories.effort import check_clock
from theorycheck.trajectories.gronwall import certify
from theorycheck.trajectories.pieces import Piece
from theorycheck.trajectories.step import dyadic_below, take_piece

__all__ = ["ChebyshevSolver", "nodes_for"]

FIRST_GAIN = 48
GAIN = 46
EXTRA_BITS = 20
# log2 of the decay that powers of t ask of the coefficients: beyond 1 + 2^(1/2) squared.
SLOWEST = 2.8
# Bits of the local error below the working precision; bits more that are put up with.
SPARE = 8.0
TOLERATED = 4.0
ATTEMPTS = 8
REPEATS = 3


def log2_of(q: Fraction) -> float:
    return math.log2(q.numerator) - math.log2(q.denominator)


def nodes_for(bits: int) -> int:
    """Choose M, an even number near the decimal digits of the working precision."""
    return 2 * math.ceil((0.31 * bits + 4) / 2)


class ChebyshevSolver:
    """Take pieces as `step.take_piece` does, which it falls back to where it finds no candidate.

    Parameters
    ----------
    dynamics : DeepLinearDynamics
    bits : int    working precision
    """

    def __init__(self, dynamics: DeepLinearDynamics, bits: int) -> None:
        self.dynamics = dynamics
        self.bits = bits
        self.count = nodes_for(bits)
        self.floats = FloatCollocation(dynamics.objective, self.count)
        # log2 of the last step; bits by which the promise about the last defect was broken.
        self._last: float | None = None
        self._promised = 0.0
        self._bias = 3.0

    def take_piece(
        self,
        start: Matrix,
        radius: Real,
        begin: Fraction,
        time: Fraction,
        remaining: Fraction,
        order: int,
    ) -> Piece:
        """Make and certify the next piece; see `step.take_piece`."""
        for _ in range(REPEATS):
            candidate = self.candidate(start, remaining, guide_log2(radius))
            if candidate is None:
                break
            try:
                with precision(candidate.bits):
                    proposed = ChebyshevPiece(candidate)
                step, defect = proposed.whole, proposed.defect
            except DomainViolation:  # not a number somewhere
                break
            excess = guide_log2(defect.uniform * step) - self._goal
            self._bias = min(max(excess - self._promised, -4.0), max(16.0, self.bits / 8))
            if excess > TOLERATED:
                continue
            growth = certify(radius, defect, proposed.curvatures, step)
            if growth is None:
                break
            return Piece(begin, candidate.step, proposed.coefficients, radius, defect, growth)
        return take_piece(self.dynamics, start, radius, begin, time, remaining, self.bits, order)

    def candidate(
        self, start: Matrix, remaining: Fraction, radius: float = -math.inf
    ) -> Collocation | None:
        """Propose a step and coefficients; None where float64 has no answer.

        `radius` is log2 of the radius so far: a flow that hardly moves is left to rest.
        """
        with np.errstate(all="ignore"):
            return self._candidate(start, remaining, radius)

    def _candidate(self, start: Matrix, remaining: Fraction, radius: float) -> Collocation | None:
        point = to_float_matrix(start).ravel()
        slope = self._slope(start)
        speed = float(np.linalg.norm(slope))
        if not (np.isfinite(point).all() and 0 < speed < math.inf):
            return None
        size = guide_log2(norm_upper(start))
        # log2 of the local error aimed at
        self._goal = max(size, math.log2(speed) + log2_of(remaining)) - self.bits - SPARE
        length = log2_of(remaining) - 2.0 if self._last is None else self._last
        if max(radius, self._goal + SPARE) - math.log2(speed) > length + 4.0:
            return None
        found = self._length(point, slope, remaining)
        return None if found is None else self._refined(start, point, *found)

    def _slope(self, start: Matrix) -> Array:
        """-grad f at the start, rounded once: float64 loses it where the flow has converged."""
        gradients = self.dynamics.gradient(self.dynamics.parts(start))
        return -np.concatenate([to_float_matrix(gradient).ravel() for gradient in gradients])

    def _length(
        self, point: Array, slope: Array, remaining: Fraction
    ) -> tuple[Fraction, Array] | None:
        """Choose the step at which the last coefficient drops to the local error aimed at."""
        whole = log2_of(remaining)
        guess = whole if self._last is None else min(self._last + 0.1, whole)
        balanced = False
        for _ in range(ATTEMPTS):
            check_clock()
            length = remaining if guess >= whole else dyadic_below(guess)
            now = log2_of(length)
            slopes = self.floats.solve(point, slope, nearest_float(length))
            if slopes is None:
                guess = now - 1.0
                continue
            rate, offset = decay(self.floats.coefficients(slopes))
            self._promised = offset + rate * self.count + now - self._goal
            excess = max((self._promised + self._bias) / self.count, rate + SLOWEST)
            if balanced or (excess <= 0.03 and (excess > -0.12 or length == remaining)):
                self._last = now
                parts = math.ceil(remaining / length)
                if balanced or not 1 < parts <= 4:
                    return length, slopes
                guess, balanced = whole - math.log2(parts) + 0.003, True
            else:
                guess = now - min(max(excess, -1.0), 1.0) - 0.01
        return None

    def _refined(
        self, start: Matrix, point: Array, length: Fraction, slopes: Array
    ) -> Collocation | None:
        """Refine until the next residual would be rounding; all sizes are logarithms."""
        bits = self.bits + EXTRA_BITS
        half = self.count // 2
        known = self.floats.coefficients(slopes)
        parts = [
            matrix_of_floats(half, known.shape[1], known[first::2].ravel().tolist())
            for first in (0, 1)
        ]
        scale = math.log2(np.abs(known).max())
        goal = self._goal - log2_of(length) - 4.0
        level = scale - FIRST_GAIN
        for _ in range(2 + self.bits // 20):
            check_clock()
            candidate = Collocation(self.dynamics, start, length, parts[0], parts[1], bits)
            if level <= goal:
                return candidate
            lift = math.ceil(-level)
            residual = np.empty_like(known)
            with precision(min(bits, max(64, bits - math.ceil(level - GAIN - 12 - goal)))):
                right, left = candidate.residual(self.count)
                residual[:half] = to_float_matrix(right * real_from_dyadic(1, lift))
                residual[: half - 1 : -1] = to_float_matrix(left * real_from_dyadic(1, lift))
            if not residual.any():
                return candidate
            largest = np.abs(residual).max()
            correction = self.floats.correct(point, nearest_float(length), slopes, residual)
            if correction is None:
                return None
            level = math.log2(largest) - lift - GAIN
            with precision(bits):
                drop = real_from_dyadic(1, -lift)
                for first in (0, 1):
                    change = correction[first::2].ravel().tolist()
                    change_matrix = matrix_of_floats(half, known.shape[1], change)
                    parts[first] = midpoint(parts[first] + change_matrix * drop)
        return None
