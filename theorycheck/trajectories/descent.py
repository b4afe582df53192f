"""Certified gradient descent: what the user asks for; the iteration is in `iteration.py`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from theorycheck.balls import Ball, Matrix, inflate, le, precision, real, upper
from theorycheck.balls.series import column_of, entries_of, guide_log2, norm_of
from theorycheck.errors import EnclosureFailed, InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.problems.fully_connected import Unit
from theorycheck.trajectories.dispatch import descent_map_of
from theorycheck.trajectories.effort import Effort, check_precision, checked_effort, checked_entries
from theorycheck.trajectories.integrate import DEFAULT_BITS, GUARD_BITS
from theorycheck.trajectories.iteration import RADIUS_BITS, Iteration
from theorycheck.verdicts import HOLDS

__all__ = ["Descent", "Iteration", "descend"]


@dataclass(frozen=True)
class Descent:
    """Enclose the iterates theta_{k+1} = theta_k - step_size * grad f(theta_k).

    Parameters
    ----------
    problem : Objective
    start : tuple of Fraction
    step_size : Fraction
    steps : int
    bits : int              working precision
    iteration : Iteration   the shared, append-only record
    """

    problem: Any
    start: tuple[Fraction, ...]
    step_size: Fraction
    steps: int
    bits: int
    iteration: Iteration

    def at(self, step: int) -> tuple[Ball, ...]:
        """Enclose the iterate number `step`."""
        return tuple(Ball.wrap(entry, self.bits) for entry in entries_of(self.state(step)))

    def radius(self, step: int) -> Fraction:
        """Bound the Euclidean distance between `centre(step)` and the exact iterate."""
        return upper(self.iteration.radii[self._checked(step)])

    def centre(self, step: int) -> Matrix:
        """Return the recorded iterate, an exact N x 1 column."""
        parts = self.iteration.centres[self._checked(step)]
        return column_of([entry for part in parts for entry in entries_of(part)])

    def recorded(self, step: int) -> tuple[Fraction, ...]:
        """Return the recorded iterate as fractions."""
        return tuple(upper(entry) for entry in entries_of(self.centre(step)))

    def state(self, step: int) -> Matrix:
        """Enclose the iterate as an N x 1 column."""
        with precision(self.bits + GUARD_BITS):
            return inflate(self.centre(step), self.iteration.radii[self._checked(step)])

    def parts(self, step: int) -> list[Matrix]:
        """Enclose the iterate in the shape of the problem: one matrix per layer."""
        radius = self.iteration.radii[self._checked(step)]
        with precision(self.bits + GUARD_BITS):
            return [inflate(part, radius) for part in self.iteration.centres[step]]

    @cached_property
    def losses(self) -> tuple[Ball, ...]:
        """Enclose f(theta_k) for k = 0, ..., steps."""
        with precision(self.bits + GUARD_BITS):
            return tuple(
                Ball.wrap(self.iteration.mapping.loss(self.parts(k)), self.bits)
                for k in range(self.steps + 1)
            )

    @property
    def conventions(self) -> tuple[tuple[int, Unit], ...]:
        """The (step, pre-activation) where an iterate is exactly on a kink.

        The gradient there is the one of the convention s'(0) of the network.
        """
        return tuple(pair for pair in self.iteration.conventions if pair[0] < self.steps)

    def extended(self, steps: int, effort: Effort | None = None) -> Descent:
        """Return the descent with more (or fewer) steps; what was computed is kept."""
        self.iteration.run_to(steps, (effort or Effort()).start())
        return Descent(self.problem, self.start, self.step_size, steps, self.bits, self.iteration)

    def _checked(self, step: int) -> int:
        if isinstance(step, bool) or not isinstance(step, int) or not 0 <= step <= self.steps:
            raise InvalidInstance(f"step={step!r} is not one of 0, ..., {self.steps}; extend steps")
        return step


def descend(
    problem: Any,
    start: Sequence[object],
    step_size: object,
    steps: int,
    *,
    bits: int | None = None,
    digits: int | None = None,
    effort: Effort | None = None,
) -> Descent:
    """Enclose the iterates of gradient descent.

    Parameters
    ----------
    problem : Objective
    start : sequence of rationals    flat, N entries, exact
    step_size : rational             > 0
    steps : int                      >= 0
    bits : int                       working precision, default 64; promises nothing
    digits : int                     promises radius <= 10^-digits * max(1, |theta_k|), or raises

    Raises
    ------
    EnclosureFailed    the budget ended; `.reached` is the flow time steps * step_size reached
    InvalidInstance    a start of the wrong length, a step size that is not positive
    """
    mapping = descent_map_of(problem)
    exact_start = tuple(as_fraction(q, "start") for q in checked_entries(start))
    if len(exact_start) != mapping.dimension:
        raise InvalidInstance(
            f"start has {len(exact_start)} entries, the problem has {mapping.dimension} "
            "coordinates; pass one rational per coordinate, layer by layer, row-major"
        )
    exact_step = as_fraction(step_size, "step_size")
    if exact_step <= 0:
        raise InvalidInstance(f"step_size must be positive, got {step_size}")
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 0:
        raise InvalidInstance(f"steps must be an int >= 0, got {steps!r}")
    check_precision(bits, digits)
    effort = checked_effort(effort)
    limit = effort.limit(digits)
    deadline = effort.start()
    now = bits if bits is not None else DEFAULT_BITS
    if digits is not None:
        now = math.ceil(digits * math.log2(10)) + 18
    while True:
        iteration = Iteration(mapping, exact_start, exact_step, now)
        try:
            iteration.run_to(steps, deadline)
        except EnclosureFailed:
            # A wide enclosure may be to blame.
            if digits is None or deadline.expired or 2 * now > limit:
                raise
            now *= 2
            continue
        lacking = 0 if digits is None else _missing_bits(iteration, digits)
        if lacking == 0:
            return Descent(problem, exact_start, exact_step, steps, now, iteration)
        # A radius that grew past what is linear in the rounding overstates what is lacking.
        now += min(lacking, now)
        if digits is not None and now > limit:
            raise EnclosureFailed(
                f"digits={digits} would need more than {limit} bits; pass Effort(max_bits={now})",
                exact_step * steps,
            )


def _bits_of(value: Fraction) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()


def _missing_bits(iteration: Iteration, digits: int) -> int:
    """Return how many bits the promise lacks, 0 if it is kept at every step."""
    lacking = 0
    with precision(RADIUS_BITS):
        goal = real(Fraction(1, 10**digits))
        for parts, radius in zip(iteration.centres, iteration.radii, strict=True):
            if le(radius, goal) is HOLDS or le(radius, goal * (norm_of(parts) - radius)) is HOLDS:
                continue
            excess = guide_log2(radius) + digits * math.log2(10)
            lacking = max(lacking, math.ceil(excess - max(0.0, guide_log2(norm_of(parts)))) + 4)
    return lacking
