"""Which mode follows a kink: certified signs of normal speeds on the window's box decide.

The surfaces that may be met, the *open* ones, are settled one after the other. While some are open,
the velocity is in the convex hull of the fields with every combination of their sides. If in all
of these, on the whole box,

    sigma_j' has one sign on both sides            the solution leaves (crosses) surface j
    the fields on both sides point at surface j    it stays there: slid on
    one side has no normal speed, the other        it stays there: dead
    points at the surface

whatever the open surfaces do, and j is open no longer: one field fewer, a side or a fraction, is
left. Where that ends, the modes of the remaining ones are tried under the condition *settling* of
`sliding.py`. The mode found is right for a short time; it lasts on the whole box if the speeds keep
their signs and the condition *staying* holds there, both of which are checked in `lasting`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from theorycheck.balls import Real, divide, lower_real, maximum, minimum, positive, real, upper_real
from theorycheck.errors import DomainViolation
from theorycheck.trajectories.piecewise import Mode
from theorycheck.trajectories.sliding import MOST_SURFACES
from theorycheck.trajectories.windows import Place
from theorycheck.verdicts import HOLDS

__all__ = ["Unsettled", "arrivals", "leave", "settle", "settle_apart"]

MOST_TRIED = 3
AFFINE = "the fields do not combine affinely there, so that Filippov's velocity may not be unique"


class Unsettled(Exception):
    """No mode could be proved to follow. Says nothing about the solution itself."""

    def __init__(self, kind: str, reason: str, surfaces: Sequence[int]) -> None:
        super().__init__(reason)
        self.kind = kind
        self.surfaces = tuple(surfaces)


def settle(place: Place, before: Mode, opened: Sequence[int]) -> Mode:
    """Return the only mode that can follow, all open surfaces being met at one time in the window.

    Raises
    ------
    Unsettled    fork, tangency or simultaneous kinks
    """
    if len(opened) > MOST_SURFACES:
        reason = f"more than {MOST_SURFACES} surfaces at once"
        raise Unsettled("simultaneous kinks", reason, opened)
    mode, waiting = before, list(opened)
    while waiting:
        found = _next(place, mode, waiting)
        if found is None:
            mode, waiting = _joint(place, mode, waiting), []
        else:
            j, mode = found
            waiting.remove(j)
    lasting(place, mode, [j for j in opened if mode.signs[j] != 0])
    return mode


def settle_apart(place: Place, before: Mode, opened: Sequence[int]) -> Mode:
    """Return the only mode that can follow, the open surfaces being met in any order.

    Every surface has to be settled by the signs of all combinations of the fields on the box, so
    that what the others do does not matter, nor when. `arrivals` says when all have been met.

    Raises
    ------
    Unsettled    fork, tangency or simultaneous kinks
    """
    mode = before
    for j in opened:
        after = _settled(place, before, opened, j)
        if after is None:
            raise _named(place, before, opened)
        side = dict(after.dead).get(j)
        mode = mode.with_sign(j, after.signs[j]) if side is None else mode.with_dead(j, side)
    lasting(place, mode, [j for j in opened if mode.signs[j] != 0])
    return mode


def arrivals(place: Place, before: Mode, opened: Sequence[int], state: Place) -> Real:
    """Bound the time in which every open surface that `before` is off is met from `state`.

    Raises
    ------
    Unsettled    a speed towards a surface is not certified
    """
    latest = [real(0)]
    for j in opened:
        side = before.signs[j]
        if side != 0:
            others = before.around([i for i in opened if i != j])
            try:
                speeds = [place.value(place.field.normal(m, j)) * -side for m in others]
                slowest = lower_real(minimum(speeds))
                distance = state.value(place.field.switches[j]) * side
            except DomainViolation as violation:
                raise Unsettled("enclosure", str(violation), [j]) from None
            if positive(slowest) is not HOLDS:
                raise Unsettled("simultaneous kinks", "two zeros overlap", [j])
            latest.append(divide(distance, slowest))
    return upper_real(maximum(latest))


def _next(place: Place, mode: Mode, waiting: Sequence[int]) -> tuple[int, Mode] | None:
    """Settle one surface whatever the others do, those that are left or dead first."""
    slides = []
    for j in waiting:
        after = _settled(place, mode, waiting, j)
        if after is not None and after.signs[j] == 0 and j in after.slid:
            slides.append((j, after))
        elif after is not None:
            return j, after
    met = _held(mode, waiting)
    if slides and (len(met.held) == 1 or place.field.sliding(met).affine):
        return slides[0]
    return None


def _held(mode: Mode, waiting: Sequence[int]) -> Mode:
    for j in waiting:
        mode = mode.with_sign(j, 0)
    return mode


def _settled(place: Place, mode: Mode, waiting: Sequence[int], j: int) -> Mode | None:
    around = list(mode.around([i for i in waiting if i != j]))
    up, down = ({place.speed_sign(m.with_sign(j, side), j) for m in around} for side in (1, -1))
    if up == down and up in ({1}, {-1}):
        return mode.with_sign(j, min(up))
    if up == {-1} and down == {1}:
        return mode.with_sign(j, 0)
    # What stays on the surface is on these ones too.
    known = tuple(i for i in mode.held if i not in waiting or i == j)
    meeting = tuple(sorted({*known, j}))
    for side, near in ((1, down), (-1, up)):
        if near == {side} and all(_rests(place, m.with_sign(j, side), j, meeting) for m in around):
            return mode.with_dead(j, side)
    return None


def _rests(place: Place, mode: Mode, j: int, surfaces: tuple[int, ...]) -> bool:
    try:
        return place.field.vanishes(place.field.normal(mode, j), surfaces)
    except DomainViolation:
        return False


def _joint(place: Place, mode: Mode, waiting: Sequence[int]) -> Mode:
    """Settle the remaining surfaces together, by the condition *settling*; or name the failure."""
    met = _held(mode, waiting)
    sliding = place.field.sliding(met)
    if len(waiting) > 1 and not sliding.consistent:
        raise Unsettled("simultaneous kinks", AFFINE, met.held)
    if len(waiting) == 1:
        raise _named(place, mode, waiting)
    after = mode
    for block in sliding.blocks:
        together = [j for j in block if j in waiting]
        # Other blocks do not act on this one: any side of theirs will do here.
        aside = next(mode.around([j for j in waiting if j not in block]))
        found = _block(place, aside, together, definite=place.holds_block(sliding, block))
        if found is None:
            raise _named(place, mode, waiting)
        dead = dict(found.dead)
        for j in together:
            side = dead.get(j)
            after = after.with_sign(j, found.signs[j]) if not side else after.with_dead(j, side)
    return after


def _block(place: Place, mode: Mode, together: Sequence[int], *, definite: bool) -> Mode | None:
    """Find the mode of surfaces that act on one another; all dead, unless M is definite."""
    if definite and len(together) > MOST_TRIED:
        return None
    for after in _candidates(mode, together, (0, 1, -1, 2, -2) if definite else (2, -2)):
        leaving = [j for j in together if after.signs[j] != 0]
        if _loose(place, after, leaving) or (
            after.held and not place.field.sliding(after).consistent
        ):
            continue
        if definite or place.attracts(place.field.sliding(after)):
            return after
    return None


def _candidates(mode: Mode, waiting: Sequence[int], kinds: Sequence[int]) -> Iterator[Mode]:
    """Yield modes of some surfaces: slid on (0), left to a side (1, -1), dead on it (2, -2)."""
    for choice in itertools.product(kinds, repeat=len(waiting)):
        after = mode
        for j, kind in zip(waiting, choice, strict=True):
            dead = abs(kind) == 2
            after = after.with_dead(j, kind // 2) if dead else after.with_sign(j, kind)
        yield after


def _named(place: Place, mode: Mode, waiting: Sequence[int]) -> Unsettled:
    unknown = []
    for j in waiting:
        around = list(mode.around([i for i in waiting if i != j]))
        signs = [{place.speed_sign(m.with_sign(j, s), j) for m in around} for s in (1, -1)]
        if signs == [{1}, {-1}]:
            return Unsettled("fork", "both fields point away from the surface", [j])
        for side, away, still in ((1, signs[0], -1), (-1, signs[1], 1)):
            if away == {side} and all(
                _rests(place, m.with_sign(j, still), j, (j,)) for m in around
            ):
                return Unsettled("fork", "a dead surface may be revived", [j])
        together = tuple(sorted({*mode.held, *waiting}))
        if any(
            place.speed_sign(m.with_sign(j, side), j) == 0
            and not _rests(place, m.with_sign(j, side), j, together)
            for m in around
            for side in (1, -1)
        ):
            unknown.append(j)
    if unknown:
        return Unsettled("tangency", "a field may be tangent to the surface", unknown)
    return Unsettled("simultaneous kinks", "what follows where they meet is not decided", waiting)


def _loose(place: Place, mode: Mode, leaving: Sequence[int]) -> list[int]:
    """Return the surfaces whose speeds are not certified to be what the mode needs."""
    dead = dict(mode.dead)
    found = [j for j in leaving if place.speed_sign(mode, j) != mode.signs[j]]
    for j in mode.held:
        sides = (-dead[j],) if j in dead else (1, -1)
        if any(place.speed_sign(mode.with_sign(j, side), j) != -side for side in sides):
            found.append(j)
    return found


def lasting(place: Place, mode: Mode, leaving: Sequence[int]) -> None:
    """Check that a mode found lasts on the whole box, `leaving` having been met before.

    Raises
    ------
    Unsettled
    """
    loose = _loose(place, mode, leaving)
    if loose:
        raise Unsettled("simultaneous kinks", "another one may end within the window", loose)
    stays(place, mode)


def stays(place: Place, mode: Mode) -> None:
    """Check the condition *staying* of `sliding.py` but for the fractions.

    Raises
    ------
    Unsettled
    """
    if mode.held:
        sliding = place.field.sliding(mode)
        if not sliding.consistent:
            raise Unsettled("simultaneous kinks", AFFINE, mode.held)
        if not place.attracts(sliding):
            reason = "the surfaces are not certified to attract together"
            raise Unsettled("simultaneous kinks", reason, mode.held)


def leave(place: Place, before: Mode, j: int, side: int, speed: Any) -> Mode:
    """Return the mode after a slid surface's speed on one side has passed 0 towards that side.

    Raises
    ------
    Unsettled    fork, tangency or simultaneous kinks
    """
    field = place.field
    target = before.with_sign(j, side)
    if j not in before.slid:
        raise Unsettled("fork", "a dead surface may be revived", [j])
    if place.speed_sign(before.with_sign(j, -side), j) != side:
        raise Unsettled("fork", "both normal speeds may vanish together", [j])
    if any(place.sign(field.lie(speed, mode)) != side for mode in (before, target)):
        raise Unsettled("tangency", "the sliding may end without leaving", [j])
    stays(place, before)
    for mode in (before, target):
        # The surfaces that stay: their fractions keep away from 0 and 1.
        others = [i for i in _loose(place, mode, []) if i != j]
        if others:
            reason = "another one may end within the window"
            raise Unsettled("simultaneous kinks", reason, [j, *others])
    stays(place, target)
    return target
