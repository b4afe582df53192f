"""The record of certified gradient descent: midpoint iteration.

The recorded iterates are exact dyadic states c_k; theta_k is the exact iterate.

    c_{k+1} = mid(G(c_k)),   r_{k+1} = L_k r_k + |rounding|,   G = id - eta grad f

with r_k >= |theta_k - c_k| and L_k >= |I - eta Hess f|_s on the ball of radius r_k about c_k:
L = max(1 + eta m, eta lambda_max - 1), where -m <= lambda_min <= lambda_max there; it is valid
whatever the signs, so a large step size costs radius, never soundness.

The spectral bounds are taken once per block of steps, on a ball about the block's first iterate.
That the block stays in this ball is verified by adding up its strides eta |grad f(c_k)|, which
grow by L at most from step to step. Where a wide ball leaves the domain or makes L large, narrower
ones are tried, at last the ball of radius r_k, which is all that one step needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from theorycheck.balls import (
    Matrix,
    Real,
    is_finite,
    le,
    maximum,
    midpoint,
    minimum,
    precision,
    real,
    upper_real,
)
from theorycheck.balls.series import column_of, guide_log2, joint_norm
from theorycheck.errors import DomainViolation, EnclosureFailed
from theorycheck.problems.fully_connected import KinkMet, Unit
from theorycheck.trajectories.dynamics import DescentMap
from theorycheck.trajectories.effort import Deadline
from theorycheck.trajectories.integrate import start_column
from theorycheck.trajectories.network_maps import NetworkMap
from theorycheck.verdicts import HOLDS

__all__ = ["RADIUS_BITS", "Iteration", "Region"]

RADIUS_BITS = 40
# Iterates have at least so many bits to spare, and what is left of the last word, which is free.
SPARE_BITS, WORD = 20, 64
# The widths of regions in strides, and the bits of radius that one of them may cost.
BLOCKS, LONGEST = (12, 3), 64
COST = 0.25
CLOSE = real(Fraction(1, 256))
BATCH = 16
LARGEST_LOG2 = 4096.0
MAX_EXACT_BITS = 200_000
LARGEST = real(Fraction(2**4096))


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
        self._width = 0
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
                    f"the objective may be undefined near iterate {done}: {violation}",
                    done * self.step_size,
                ) from None

    def _images(self, count: int) -> list[tuple[list[Matrix], list[Matrix]]]:
        """Enclose the next images G(c), each with its midpoints, from which the next one starts.

        They end before the first centre at which the gradient is unknown.
        """
        images: list[tuple[list[Matrix], list[Matrix]]] = []
        centre = self.centres[-1]
        with precision(self.centre_bits):
            eta = real(self.step_size)
            for _ in range(count):
                try:
                    gradients = self.mapping.gradient(centre)
                except DomainViolation:
                    if images:
                        break
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
        """Append one step with its radius (at the precision of radii).

        Let c be the centre and R the radius of the region, d_k = `_distance`, s_k = `_stride`.
        By induction over the steps of a block, |c_k - c| <= d_k and eta |grad f(c_k)| <= s_k, and
        d_k + r_k <= R, or else a new region begins at c_k with d_k = 0 and R >= r_k. Hence c_k,
        theta_k and the segment between them lie in the ball, where f is smooth, and

            |G(theta_k) - G(c_k)| <= L |theta_k - c_k| <= L r_k.

        As c_{k+1} = c_k - eta grad f(c_k) + rounding, d_{k+1} = d_k + s_k + |rounding| is one more
        bound. If it passes the test d_{k+1} + r_{k+1} <= R, the segment from c_k to c_{k+1} lies in
        the (convex) ball too, and with H the mean Hessian on it

            grad f(c_{k+1}) = (I - eta H) grad f(c_k) + H rounding

        gives s_{k+1}; if it does not pass, s_{k+1} is not used. No step is assumed to stay in the
        ball: the first that might leave it begins the next region.
        """
        enclosed, centre = image
        radius = self.radii[-1]
        region = self._region
        if region is None or le(self._distance + radius, region.radius) is not HOLDS:
            region = self._region_about(self.centres[-1], enclosed)
        rounding = joint_norm([a - b for a, b in zip(enclosed, centre, strict=True)])
        following = upper_real(region.factor * radius + rounding)
        if le(following, LARGEST) is not HOLDS:
            step = len(self.centres)
            raise EnclosureFailed(
                f"the radius of iterate {step} grows beyond 2^4096; raise bits or take a smaller "
                "step_size",
                (step - 1) * self.step_size,
            )
        self.radii.append(following)
        self.centres.append(centre)
        self._distance = upper_real(self._distance + self._stride + rounding)
        self._stride = upper_real(region.factor * self._stride + region.relative * rounding)

    def _region_about(self, centre: list[Matrix], enclosed: list[Matrix]) -> Region:
        """Begin a region at c_k: as many strides wide as cost little radius, else r_k alone."""
        stride = joint_norm([a - b for a, b in zip(enclosed, centre, strict=True)])
        size = joint_norm(centre)
        if not is_finite(stride) or guide_log2(size) > LARGEST_LOG2:
            raise EnclosureFailed(
                "the iterates grow beyond 2^4096; take a smaller step_size",
                (len(self.centres) - 1) * self.step_size,
            )
        region = self._widest_region(centre, stride, size)
        self._region = region
        self._distance, self._stride = 0 * stride, stride
        return region

    def _widest_region(self, centre: list[Matrix], stride: Real, size: Real) -> Region:
        """Return the widest region whose factor costs at most `COST` bits more than the narrowest.

        The widths begin next to the one that served last. What is chosen here touches the price
        and the sharpness, never the truth.
        """
        narrowest: Region | None = None
        least = [size * real(Fraction(1, 2**20)), 4 * self.radii[-1]]
        # As many steps as stay close in terms of the layers' size, which keeps the bounds tight.
        reach = minimum([LONGEST * stride, size * CLOSE])
        for width in range(max(self._width - 1, 0), len(BLOCKS)):
            steps = BLOCKS[width]
            floor = [*least, reach] if width == 0 else least
            region = self._spectrum(centre, upper_real(maximum([steps * stride, *floor])))
            if region is None:
                continue
            cost = steps * growth(region)
            if cost > COST and narrowest is None:
                narrowest = self._narrowest_region(centre)
            if cost <= COST + (0.0 if narrowest is None else steps * growth(narrowest)):
                self._width = width
                return region
        self._width = len(BLOCKS)
        return narrowest or self._narrowest_region(centre)

    def _narrowest_region(self, centre: list[Matrix]) -> Region:
        """Bound the spectrum on the ball of radius r_k, which one step needs, as well as can be."""
        with precision(self.centre_bits):
            below, above = self.mapping.spectrum_on(centre, self.radii[-1])
        region = self._region_of(self.radii[-1], below, above)
        if not is_finite(region.factor):
            raise DomainViolation("the Hessian is unbounded there")
        return region

    def _spectrum(self, centre: list[Matrix], radius: Real) -> Region | None:
        """Bound the spectrum on a ball; None if it is unbounded or unknown there."""
        try:
            below, above = self.mapping.spectrum_on(centre, radius)
        except DomainViolation:
            return None
        region = self._region_of(radius, below, above)
        return region if is_finite(region.factor) else None

    def _region_of(self, radius: Real, below: Real, above: Real) -> Region:
        eta = real(self.step_size)
        factor = upper_real(maximum([1 + eta * below, eta * above - 1, real(0)]))
        relative = upper_real(eta * maximum([below, above, real(0)]))
        return Region(radius, factor, relative)


def growth(region: Region) -> float:
    """Estimate the bits that a step in the region adds to the radius. Guidance only."""
    return max(guide_log2(region.factor), 0.0)


def _bits_of(value: Fraction) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()
