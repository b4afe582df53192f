"""What ends a mode: the zeros of the other switching functions, of the speeds on slid surfaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from theorycheck.errors import DomainViolation
from theorycheck.trajectories.crossings import Crossing, Unresolved, events, sign_of
from theorycheck.trajectories.flow import Flow
from theorycheck.trajectories.observables import Observable
from theorycheck.trajectories.piecewise import Mode, PiecewiseField

__all__ = ["Departure", "Returning", "Watch", "departed", "first_zeros", "watches"]

DEPARTURES = 60


class Returning(Exception):
    """It could not be shown that the solution gets away from a surface it has just left."""

    def __init__(self, surface: int) -> None:
        super().__init__("the solution may return to the surface it has just left")
        self.surface = surface


@dataclass(frozen=True)
class Watch:
    """A quantity whose zero ends the mode: sigma_j, or a normal speed on a surface held.

    Parameters
    ----------
    surface : int
    expression : SymPy expression
    sign : int             of the quantity as long as the mode lasts
    side : int             of the surface held, whose speed this is; 0 for sigma_j itself
    """

    surface: int
    expression: Any
    sign: int
    side: int


@dataclass
class Departure:
    """Quantities that are >= 0 now and must be certified growing until they are > 0, in order.

    The last one is sigma_j up to sign. If there is one before it, its derivative while on the side
    taken: sigma_j does not fall as long as that is >= 0, and grows from where it is > 0.
    """

    surface: int
    quantities: list[Any]


def watches(field: PiecewiseField, mode: Mode) -> list[Watch]:
    """List all quantities whose zeros end a mode."""
    dead = dict(mode.dead)
    found = []
    for j, sign in enumerate(mode.signs):
        if sign != 0:
            found.append(Watch(j, field.switches[j], sign, 0))
            continue
        for side in (-dead[j],) if j in dead else (1, -1):
            normal = field.normal(mode.with_sign(j, side), j)
            if not normal.is_number:
                found.append(Watch(j, normal, -side, side))
    return found


def departed(
    field: PiecewiseField,
    departures: list[Departure],
    flow: Flow,
    begin: Fraction,
    end: Fraction,
) -> dict[int, Fraction]:
    """Follow the quantities just left behind until they are > 0; drop those that are.

    Returns
    -------
    dict    from surfaces to the times from which on their zeros are to be looked for

    Raises
    ------
    Returning
    """
    free = {}
    for departure in list(departures):
        since = begin
        while departure.quantities:
            seen = Observable(flow, departure.quantities[0], field.state, field.time)
            until = _grows(seen, since, end)
            if until is None:
                raise Returning(departure.surface)
            free[departure.surface] = until
            if sign_of(seen.value(until)) <= 0:
                # Still near 0 at the end of the piece: go on with the next one.
                break
            since = until
            departure.quantities.pop(0)
        if not departure.quantities:
            departures.remove(departure)
    return free


def _grows(seen: Observable, begin: Fraction, end: Fraction) -> Fraction | None:
    """Return a time until which `seen` certainly increases: it is > 0 there, or it is `end`."""
    until = end
    for _ in range(DEPARTURES):
        try:
            increasing = sign_of(seen.slope(begin, until)) > 0
        except DomainViolation:
            increasing = False
        if increasing:
            return until if until == end or sign_of(seen.value(until)) > 0 else None
        until = begin + (until - begin) / 2
    return None


def first_zeros(
    field: PiecewiseField,
    watched: Sequence[Watch],
    flow: Flow,
    free: Mapping[int, Fraction],
    begin: Fraction,
    end: Fraction,
) -> list[tuple[Watch, Crossing | Unresolved]]:
    """Return the first zero on [begin, end] and those that may coincide with it."""
    found: list[tuple[Watch, Crossing | Unresolved]] = []
    for watch in watched:
        since = free.get(watch.surface, begin) if watch.side == 0 else begin
        if since < end:
            seen = Observable(flow, watch.expression, field.state, field.time)
            zero = next(events(seen, since, end), None)
            if zero is not None:
                found.append((watch, zero))
    found.sort(key=lambda item: item[1].first)
    return [item for item in found if item[1].first <= found[0][1].last]
