"""Certified gradient descent: midpoint iteration.

The recorded iterates are exact dyadic states c_k; theta_k is the exact iterate.

    c_{k+1} = mid(G(c_k)),   r_{k+1} = L_k r_k + |rounding|,   G = id - eta grad f

with r_k >= |theta_k - c_k| and L_k >= |I - eta Hess f|_s on the ball of radius r_k about c_k:
L = max(1 + eta m, eta lambda_max - 1), where -m <= lambda_min <= lambda_max there; it is valid
whatever the signs, so a large step size costs radius, never soundness.

The spectral bounds are taken once per block of steps, on a ball about the block's first iterate.
That the block stays in this ball is verified by adding up its strides eta |grad f(c_k)|, which
grow by L at most from step to step.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from theorycheck.balls import (
    Ball,
    Matrix,
    Real,
    inflate,
    is_finite,
    le,
    maximum,
    midpoint,
    minimum,
    precision,
    real,
    upper,
    upper_real,
)
from theorycheck.balls.series import column_of, entries_of, guide_log2, joint_norm, norm_of
from theorycheck.errors import DomainViolation, EnclosureFailed, InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.problems.fully_connected import KinkMet, Unit
from theorycheck.trajectories.dispatch import descent_map_of
from theorycheck.trajectories.dynamics import DescentMap
from theorycheck.trajectories.effort import Deadline, Effort, check_precision
from theorycheck.trajectories.integrate import DEFAULT_BITS, GUARD_BITS, start_column
from theorycheck.trajectories.network_maps import NetworkMap
from theorycheck.verdicts import HOLDS

__all__ = ["Descent", "Iteration", "descend"]

RADIUS_BITS = 40
# Iterates have at least so many bits to spare, and what is left of the last word, which is free.
SPARE_BITS, WORD = 20, 64
BLOCK, LONGEST = 12, 64
# Of a ball whose bounds are bad a fraction is tried, unless the factor is so small.
NARROWER, CALM, NARROWINGS = real(Fraction(1, 16)), real(Fraction(17, 16)), 12
CLOSE = real(Fraction(1, 256))
BATCH = 16
LARGEST_LOG2 = 4096.0
MAX_EXACT_BITS = 200_000


@dataclass(frozen=True)
class Region:
    """A ball about a recorded iterate on which the spectrum of the Hessian is bounded."""

    radius: Real
    factor: Real  # |I - eta Hess f|_s
    relative: Real  # eta |Hess f|_s


class Iteration:
    """Append-only record of centres and radii at one working precision."""

    def __init__(
        self, mapping: DescentMap, start: Sequence[Fraction], step_size: Fraction, bits: int
    ) -> None:
        self.mapping = mapping
        self.step_size = step_size
        self.bits = bits
        self.centre_bits = -(-(bits + SPARE_BITS) // WORD) * WORD
        with precision(self.centre_bits):
            column, radius = start_column(start)
            self.centres: list[list[Matrix]] = [mapping.parts(column)]
        self.radii: list[Real] = [radius]
        self.conventions: list[tuple[int, Unit]] = []
        self._exact: list[tuple[Fraction, ...]] = [tuple(start)]
        self._region: Region | None = None
        self._distance = self._stride = radius

    def run_to(self, steps: int, deadline: Deadline) -> None:
        """Extend the record to `steps` steps."""
        while len(self.centres) <= steps:
            done = len(self.centres) - 1
            if deadline.expired:
                raise EnclosureFailed(
                    f"{deadline.max_seconds} s were spent after {done} steps; raise max_seconds",
                    done * self.step_size,
                )
            try:
                images = self._images(min(BATCH, steps - done))
                with precision(RADIUS_BITS):
                    for image in images:
                        self._record(image)
            except KinkMet as kink:
                self._step_on_kink(kink)
            except DomainViolation as violation:
                done = len(self.centres) - 1
                raise EnclosureFailed(
                    f"the objective is not defined near iterate {done}: {violation}",
                    done * self.step_size,
                ) from None

    def _images(self, count: int) -> list[tuple[list[Matrix], list[Matrix]]]:
        """Enclose the next images G(c), each with its midpoints, from which the next one starts."""
        images: list[tuple[list[Matrix], list[Matrix]]] = []
        centre = self.centres[-1]
        with precision(self.centre_bits):
            eta = real(self.step_size)
            for _ in range(count):
                try:
                    gradients = self.mapping.gradient(centre)
                except KinkMet:
                    if images:
                        break  # the steps before it are recorded first
                    raise
                image = [c - g * eta for c, g in zip(centre, gradients, strict=True)]
                centre = [midpoint(part) for part in image]
                images.append((image, centre))
        return images

    def _step_on_kink(self, kink: KinkMet) -> None:
        """Step from an iterate that is exactly on a kink, by the network's convention.

        Raises
        ------
        EnclosureFailed    the exact iterate is not at hand, or not on a kink
        """
        done = len(self.centres) - 1
        reached = done * self.step_size
        exact = self._exact_iterate(done)
        mapping = self.mapping
        units = mapping.exact_kinks(exact) if isinstance(mapping, NetworkMap) and exact else ()
        if not units or not isinstance(mapping, NetworkMap) or exact is None:
            raise EnclosureFailed(
                f"kink: {kink.units[0]}, at step {done}: its pre-activation may be 0 near the "
                "iterate; raise bits",
                reached,
            )
        with precision(self.centre_bits):
            eta = real(self.step_size)
            here = mapping.parts(column_of([real(q) for q in exact]))
            slopes = mapping.exact_gradient(exact)
            image = [c - g * eta for c, g in zip(here, slopes, strict=True)]
            centre = [midpoint(part) for part in image]
        with precision(RADIUS_BITS):
            self.radii.append(joint_norm([a - b for a, b in zip(image, centre, strict=True)]))
        self.centres.append(centre)
        self.conventions += [(done, unit) for unit in units]
        self._region = None

    def _exact_iterate(self, step: int) -> tuple[Fraction, ...] | None:
        """The iterate as rationals, or None where it is not rational or has too many digits."""
        mapping = self.mapping
        while isinstance(mapping, NetworkMap) and len(self._exact) <= step:
            following = mapping.exact_step(self._exact[-1], self.step_size)
            if following is None or sum(map(_bits_of, following)) > MAX_EXACT_BITS:
                return None
            self._exact.append(following)
        return self._exact[step] if step < len(self._exact) else None

    def _record(self, image: tuple[list[Matrix], list[Matrix]]) -> None:
        """Append one step with its radius (at the precision of radii)."""
        enclosed, centre = image
        radius = self.radii[-1]
        region = self._region
        # The ball must hold the segment from c_k to theta_k.
        if region is None or le(self._distance + radius, region.radius) is not HOLDS:
            region = self._region_about(self.centres[-1], enclosed)
        rounding = joint_norm([a - b for a, b in zip(enclosed, centre, strict=True)])
        self.radii.append(upper_real(region.factor * radius + rounding))
        self.centres.append(centre)
        # c_{k+1} - c_k = -eta g_k + rounding, and g_{k+1} = (I - eta H) g_k + H rounding with H the
        # mean Hessian on that segment; it lies in the ball wherever the new stride is ever used.
        self._distance = upper_real(self._distance + self._stride + rounding)
        self._stride = upper_real(region.factor * self._stride + region.relative * rounding)

    def _region_about(self, centre: list[Matrix], enclosed: list[Matrix]) -> Region:
        stride = joint_norm([a - b for a, b in zip(enclosed, centre, strict=True)])
        size = joint_norm(centre)
        if not is_finite(stride) or guide_log2(size) > LARGEST_LOG2:
            raise EnclosureFailed(
                "the iterates grow beyond 2^4096; take a smaller step_size",
                (len(self.centres) - 1) * self.step_size,
            )
        # As many steps as stay close in terms of the layers' size, which keeps the bounds tight.
        reach = minimum([LONGEST * stride, size * CLOSE])
        radius = upper_real(
            maximum([BLOCK * stride, reach, size * real(Fraction(1, 2**20)), 4 * self.radii[-1]])
        )
        self._region = self._narrowed(centre, radius)
        self._distance, self._stride = 0 * radius, stride
        return self._region

    def _narrowed(self, centre: list[Matrix], radius: Real) -> Region:
        """Take a smaller ball while that improves much; the last one serves a single step.

        Where the objective has kinks, no bound holds on a ball that meets one.
        """
        best: Region | None = None
        for reach in self._reaches(radius):
            try:
                region = self._region_of(centre, reach)
            except KinkMet as kink:
                met = kink
                continue
            if not self.mapping.is_local or le(region.factor, CALM) is HOLDS:
                return region
            if best is not None and le(region.factor * region.factor, best.factor) is not HOLDS:
                return best
            best = region
        if best is None:
            raise met
        return best

    def _reaches(self, radius: Real) -> Iterator[Real]:
        """Radii of balls about the last centre, down to one that just holds the iterate."""
        least = upper_real(2 * self.radii[-1])
        for _ in range(NARROWINGS):
            if le(radius, least) is HOLDS:
                break
            yield radius
            radius = upper_real(radius * NARROWER)
        yield least

    def _region_of(self, centre: list[Matrix], radius: Real) -> Region:
        eta = real(self.step_size)
        below, above = self.mapping.spectrum_on(centre, radius)
        factor = upper_real(maximum([1 + eta * below, eta * above - 1, real(0)]))
        relative = upper_real(eta * maximum([below, above, real(0)]))
        return Region(radius, factor, relative)


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
    exact_start = tuple(as_fraction(q, "start") for q in start)
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
    effort = effort or Effort()
    deadline = effort.start()
    now = bits if bits is not None else DEFAULT_BITS
    if digits is not None:
        now = math.ceil(digits * math.log2(10)) + 18
    while True:
        iteration = Iteration(mapping, exact_start, exact_step, now)
        iteration.run_to(steps, deadline)
        lacking = 0 if digits is None else _missing_bits(iteration, digits)
        if lacking == 0:
            return Descent(problem, exact_start, exact_step, steps, now, iteration)
        now += lacking
        if digits is not None and now > max(effort.max_bits, 8 * digits):
            raise EnclosureFailed(
                f"digits={digits} would need more than {effort.max_bits} bits; raise max_bits",
                Fraction(0),
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
