"""Certified enclosure of the solution of a differential equation, gradient flows first of all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from theorycheck.balls import Ball, Matrix, Real, midpoint, precision, upper, upper_real
from theorycheck.balls.series import column_of, entries_of, hull, norm_upper
from theorycheck.errors import EnclosureFailed, InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.problems import FullyConnectedObjective
from theorycheck.trajectories.deep_linear import DeepLinearDynamics
from theorycheck.trajectories.dispatch import candidates
from theorycheck.trajectories.dynamics import Dynamics
from theorycheck.trajectories.effort import Effort, check_precision, checked_effort, checked_entries
from theorycheck.trajectories.gronwall import RADIUS_BITS
from theorycheck.trajectories.integrate import GUARD_BITS, enclose
from theorycheck.trajectories.pieces import Piece

if TYPE_CHECKING:
    from theorycheck.trajectories.kinked import KinkedFlow

__all__ = ["Flow", "flow"]


@dataclass(frozen=True)
class Flow:
    """Enclose the solution x of x' = F(x) (gradient flow: F = -grad f) over a time interval.

    Times are flow times, start_time <= t <= start_time + horizon; ints, Fractions and decimal
    strings are exact.

    Parameters
    ----------
    dynamics : Dynamics
    start : tuple of Fraction
    start_time, horizon : Fraction
    bits : int                     working precision
    pieces : tuple of Piece        cover the horizon
    start_radii : tuple of Fraction    one per coordinate, or none where the start is exact
    """

    dynamics: Dynamics
    start: tuple[Fraction, ...]
    start_time: Fraction
    horizon: Fraction
    bits: int
    pieces: tuple[Piece, ...]
    start_radii: tuple[Fraction, ...] = ()

    @cached_property
    def _begins(self) -> list[Fraction]:
        return [piece.begin for piece in self.pieces]

    @property
    def dimension(self) -> int:
        return len(self.start)

    def at(self, time: object) -> tuple[Ball, ...]:
        """Enclose the state at one time."""
        return self._balls(self.state(time))

    def over(self, first: object, last: object) -> tuple[Ball, ...]:
        """Enclose, coordinate by coordinate, the state at EVERY time of [first, last]."""
        return self._balls(self.state_over(first, last))

    def radius(self, time: object) -> Fraction:
        """Bound the Euclidean distance between `centre(time)` and the solution."""
        since = self._since(time)
        with precision(self.bits + GUARD_BITS):
            return upper(self._centre(self._piece(since), since)[1])

    def state(self, time: object) -> Matrix:
        """Enclose the state at one time as an N x 1 column."""
        since = self._since(time)
        piece = self._piece(since)
        with precision(self.bits + GUARD_BITS):
            return piece.state(since)

    def centre(self, time: object) -> Matrix:
        """Return the exact column whose distance to the solution `radius(time)` bounds."""
        since = self._since(time)
        with precision(self.bits + GUARD_BITS):
            return self._centre(self._piece(since), since)[0]

    def state_over(self, first: object, last: object) -> Matrix:
        """Enclose the state at every time of [first, last] as an N x 1 column."""
        begin, end = self._since(first), self._since(last)
        if end < begin:
            raise InvalidInstance(f"the interval [{first}, {last}] is empty; swap its ends")
        if begin == end:
            return self.state(first)
        with precision(self.bits + GUARD_BITS):
            total: list[Real] | None = None
            position = bisect_right(self._begins, begin) - 1
            for piece in self.pieces[position:]:
                if piece.begin >= end:
                    break
                over = piece.state_over(max(begin, piece.begin), min(end, piece.end))
                part = entries_of(over)
                total = part if total is None else list(map(hull, total, part))
            if total is None:  # pragma: no cover - the pieces cover the horizon
                raise InvalidInstance(f"[{first}, {last}] is outside the trajectory")
            return column_of(total)

    def sample(self, times: Iterable[object]) -> list[list[float]]:
        """Estimate the states at some times as floats, for drawing. Never evidence.

        Returns
        -------
        list of N floats per time    rounded midpoints; `at` has the enclosures
        """
        return [[float(entry) for entry in entries_of(self.centre(time))] for time in times]

    def bulk(self, times: Iterable[Fraction]) -> Iterator[tuple[Matrix, Real]]:
        """Yield (centre column, bound of its distance to the solution) at each time, fast.

        Inside a piece the bound is the piece's largest radius.
        """
        for time in times:
            since = self._since(time)
            piece = self._piece(since)
            with precision(self.bits + GUARD_BITS):
                value = piece.value(since)
                centre = midpoint(value)
            with precision(RADIUS_BITS):
                radius = piece.radius if since == piece.begin else piece.growth.supremum
                radius = upper_real(radius + norm_upper(value - centre))
            yield centre, radius

    def _centre(self, piece: Piece, since: Fraction) -> tuple[Matrix, Real]:
        value = piece.value(since)
        centre = midpoint(value)
        with precision(RADIUS_BITS):
            return centre, upper_real(piece.distance_at(since) + norm_upper(value - centre))

    def _since(self, time: object) -> Fraction:
        since = as_fraction(time, "time") - self.start_time
        if not 0 <= since <= self.horizon:
            raise InvalidInstance(
                f"time={time} is outside [{self.start_time}, {self.start_time + self.horizon}]; "
                "extend the horizon"
            )
        return since

    def _piece(self, since: Fraction) -> Piece:
        return self.pieces[bisect_right(self._begins, since) - 1]

    def _balls(self, column: Matrix) -> tuple[Ball, ...]:
        return tuple(Ball.wrap(entry, self.bits) for entry in entries_of(column))


def flow(
    problem: Any,
    start: Sequence[object],
    horizon: object,
    *,
    start_time: object = 0,
    bits: int | None = None,
    digits: int | None = None,
    effort: Effort | None = None,
    engine: str | None = None,
) -> Flow | KinkedFlow:
    """Enclose the gradient flow of an objective, or the solution of a vector field.

    The flow of a fully connected net with kinks is the Filippov solution, a `KinkedFlow`.

    Parameters
    ----------
    problem : Objective | VectorField
    start : sequence of rationals    flat, N entries; a Ball or a pair (lower, upper) stands for
                                     every start in it: the flow encloses all those solutions
    horizon : rational               > 0, flow time
    start_time : rational
    bits : int                       working precision; promises nothing about the radius
    digits : int                     promises radius <= 10^-digits * max(1, |x|), or raises
    effort : Effort                  bits and seconds that may be spent; the seconds cannot cut
                                     short SymPy, which prepares the problem
    engine : str                     "taylor" or "chebyshev" (deep linear nets only) proposes the
                                     polynomials; one checker certifies both. None lets the cheaper

    Returns
    -------
    Flow, or KinkedFlow for a net with kinks

    Raises
    ------
    KinkFailed         a kink that could not be passed; names neuron, sample and time
    EnclosureFailed    the budget ended or no further step could be certified; `.reached` says where
                       (of a promise of digits that is not kept: how far an enclosure was certified)
    InvalidInstance    a start of the wrong length, a horizon that is not positive, an engine that
                       does not serve the problem
    """
    entries = [_start_entry(q) for q in checked_entries(start)]
    exact_start = tuple(q for q, _ in entries)
    radii = tuple(r for _, r in entries) if any(r for _, r in entries) else ()
    kinked = isinstance(problem, FullyConnectedObjective) and not problem.network.is_smooth
    choices = [] if kinked else candidates(problem, spread=bool(radii))
    dimension = problem.dimension if kinked else choices[0].dimension
    _check_engine(engine, choices, spread=bool(radii))
    if len(exact_start) != dimension:
        raise InvalidInstance(
            f"start has {len(exact_start)} entries, the problem has {dimension} "
            "coordinates; pass one rational per coordinate, layer by layer, row-major"
        )
    exact_horizon = as_fraction(horizon, "horizon")
    if exact_horizon <= 0:
        raise InvalidInstance(f"horizon must be positive, got {horizon}")
    check_precision(bits, digits)
    begin = as_fraction(start_time, "start_time")
    if kinked:
        from theorycheck.trajectories.kinked_nets import enclose_net  # it encloses with this one

        options = {"bits": bits, "digits": digits, "effort": effort}
        return enclose_net(problem, exact_start, radii, exact_horizon, begin, **options)
    found: list[Flow] = []
    failures: list[EnclosureFailed] = []
    effort = checked_effort(effort)
    deadline = effort.start()
    for dynamics in choices:
        try:
            used, pieces = enclose(
                dynamics, exact_start, begin, exact_horizon, bits, digits, effort, radii, engine,
                deadline,
            )  # fmt: skip
        except EnclosureFailed as failure:
            failures.append(failure)
            continue
        made = Flow(dynamics, exact_start, begin, exact_horizon, used, tuple(pieces), radii)
        found.append(made)
    if not found:
        raise max(failures, key=lambda failure: failure.reached)
    return min(found, key=lambda flow: flow.radius(begin + exact_horizon))


def _check_engine(engine: object, choices: Sequence[Dynamics], *, spread: bool) -> None:
    if engine not in (None, "taylor", "chebyshev"):
        raise InvalidInstance(
            f'engine={engine!r} is unknown; pass "taylor", "chebyshev" or None to let it be chosen'
        )
    if engine == "chebyshev" and not any(
        isinstance(dynamics, DeepLinearDynamics) for dynamics in choices
    ):
        raise InvalidInstance(
            'engine="chebyshev" serves deep linear objectives only; pass "taylor" or None'
        )
    if engine == "chebyshev" and spread:
        raise InvalidInstance(
            'engine="chebyshev" serves exact starts only; pass "taylor" or None for a set of starts'
        )


def _start_entry(entry: object) -> tuple[Fraction, Fraction]:
    """Read a rational, a Ball or a pair (lower, upper) as midpoint and radius, exactly."""
    if isinstance(entry, Ball):
        return entry.midpoint, entry.radius
    if isinstance(entry, tuple | list):
        if len(entry) != 2:
            raise InvalidInstance(f"start={entry!r} is no interval; pass (lower, upper)")
        low, high = (as_fraction(end, "start") for end in entry)
        if low > high:
            raise InvalidInstance(f"the interval {entry!r} in start is empty; swap its ends")
        return (low + high) / 2, (high - low) / 2
    return as_fraction(entry, "start"), Fraction(0)
