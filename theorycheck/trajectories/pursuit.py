"""March across kinks: piece by piece within a mode, window by window between modes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from theorycheck.balls import le, midpoint, precision, real
from theorycheck.balls.series import column_of, norm_upper
from theorycheck.errors import BudgetExceeded, DomainViolation
from theorycheck.trajectories.crossings import Crossing, Unresolved
from theorycheck.trajectories.effort import Deadline
from theorycheck.trajectories.flow import Flow
from theorycheck.trajectories.gronwall import RADIUS_BITS
from theorycheck.trajectories.integrate import blown_up, order_for, start_column
from theorycheck.trajectories.kinked import KinkedFlow, KinkEvent, KinkFailed, Span
from theorycheck.trajectories.pieces import Piece
from theorycheck.trajectories.piecewise import Mode, PiecewiseField
from theorycheck.trajectories.settling import Unsettled, arrivals, leave, settle, settle_apart
from theorycheck.trajectories.sliding import MOST_SURFACES
from theorycheck.trajectories.step import Stuck, advance, take_piece
from theorycheck.trajectories.watches import (
    Departure,
    Returning,
    Watch,
    departed,
    first_zeros,
    watches,
)
from theorycheck.trajectories.windows import Place, window
from theorycheck.verdicts import HOLDS

__all__ = ["Pursuit"]

STAY_DEPTH = 20
LATER = 3


class Pursuit:
    """The state of one run: what is certified so far, and the set the solution is in now."""

    def __init__(
        self,
        field: PiecewiseField,
        begin: Fraction,
        horizon: Fraction,
        bits: int,
        deadline: Deadline,
        steps: int,
    ) -> None:
        self.field = field
        self.begin = self.now = begin
        self.horizon = horizon
        self.end = begin + horizon
        self.bits = bits
        self.deadline = deadline
        self.steps = steps
        self.spent = False  # more bits would not help
        self.order = order_for(bits)
        self.spans: list[Span] = []
        self.events: list[KinkEvent] = []
        self.departures: list[Departure] = []

    def run(self, start: Sequence[Fraction]) -> KinkedFlow:
        try:
            self._begin(start)
            while self.now < self.end:
                self._advance()
        except BudgetExceeded as spent:
            self.spent = True
            raise self._failed("enclosure", str(spent), []) from None
        return self._partial()

    def _begin(self, start: Sequence[Fraction]) -> None:
        switches = range(len(self.field.switches))
        mode = Mode(tuple(self.field.exact_sign(j, start, self.now) for j in switches))
        self.centre, self.radius = start_column(start)
        if mode.held:
            point = column_of([real(q) for q in start])
            place = Place(self.field, point, self.now, self.now)
            try:
                after = settle(place, mode, mode.held)
            except Unsettled as unsettled:
                raise self._failed(unsettled.kind, str(unsettled), unsettled.surfaces) from None
            self._depart(mode, after)
            mode = after
        self._enter(mode)

    def _enter(self, mode: Mode) -> None:
        self.mode = mode
        self.watched = watches(self.field, mode)

    # -- one piece ---------------------------------------------------------------------------------
    def _advance(self) -> None:
        piece = self._piece()
        nowhere = (Fraction(0),) * len(self.field.state)
        dynamics = self.field.dynamics(self.mode)
        flow = Flow(dynamics, nowhere, self.now, piece.length, self.bits, (piece,))
        last = self.now + piece.length
        end = self._stays_until(flow, self.now, last, STAY_DEPTH)
        try:
            free = departed(self.field, self.departures, flow, self.now, end)
            zeros = first_zeros(self.field, self.watched, flow, free, self.now, end)
        except Returning as returning:
            raise self._failed("tangency", str(returning), [returning.surface]) from None
        except DomainViolation as violation:
            raise self._failed("enclosure", f"a switching function: {violation}", []) from None
        if zeros:
            self._keep(flow, zeros[0][1].first)
            self._end_mode(flow, zeros)
        else:
            self._keep(flow, end)
            if end < last:
                raise self._repelled(flow, end, last)
            self.centre, self.radius = advance(piece, piece.growth.end)

    def _piece(self) -> Piece:
        self.spent = self.deadline.expired or self.steps == 0
        if self.spent:
            which = "seconds" if self.deadline.expired else "steps"
            raise self._failed("enclosure", f"the {which} are spent; raise max_{which}", [])
        self.steps -= 1
        try:
            piece = take_piece(
                self.field.dynamics(self.mode),
                self.centre,
                self.radius,
                Fraction(0),
                self.now,
                self.end - self.now,
                self.bits,
                self.order,
            )
        except Stuck as stuck:
            made = [span.flow.pieces[0] for span in self.spans if span.flow is not None]
            self.spent = blown_up(made, self.horizon)
            raise self._lost(str(stuck)) from None
        if piece.length * 2 ** (self.bits + 64) < self.horizon:
            self.spent = True
            raise self._lost("the steps shrink to nothing; the solution may blow up")
        return piece

    def _lost(self, reason: str) -> KinkFailed:
        """Name a lost enclosure: a fork, if the fractions of a surface tend to 0 / 0."""
        point = Place(self.field, self.centre, self.now, self.now)
        for j in self.mode.slid:
            if point.nearly_still(self.mode, j):
                return self._failed("fork", "both normal speeds vanish together", [j])
        return self._failed("enclosure", reason, [])

    def _stays_until(self, flow: Flow, first: Fraction, last: Fraction, depth: int) -> Fraction:
        """Return a time until which the surfaces held certainly attract; `watches` has the rest."""
        if len(self.mode.held) < 2:
            return last
        place = Place(self.field, flow.state_over(first, last), first, last)
        if place.attracts_jointly(self.field.sliding(self.mode)):
            return last
        if depth == 0:
            return first
        middle = (first + last) / 2
        until = self._stays_until(flow, first, middle, depth - 1)
        return until if until < middle else self._stays_until(flow, middle, last, depth - 1)

    def _repelled(self, flow: Flow, first: Fraction, last: Fraction) -> KinkFailed:
        """Name the end of attraction: a fork, if a normal speed passes 0 next."""
        soon = first + (last - first) / 16
        held = [watch for watch in self.watched if watch.side != 0]
        zeros = first_zeros(self.field, held, flow, {}, first, soon)
        if zeros:
            surface = zeros[0][0].surface
            return self._failed("fork", "a normal speed may turn around", [surface])
        reason = "the surfaces are not certified to attract together"
        return self._failed("simultaneous kinks", reason, self.mode.held)

    def _is_wide(self, piece: Piece) -> bool:
        """Whether three quarters of the digits are lost. Only the failure's name depends on it."""
        size = real(Fraction(1, 2 ** (self.bits // 4))) * (norm_upper(self.centre) + 1)
        return le(piece.growth.supremum, size) is not HOLDS

    def _keep(self, flow: Flow, end: Fraction) -> None:
        if end > self.now:
            self.spans.append(Span(self.now, end, self.mode, flow, None))
            self.now = end

    # -- the end of a mode -------------------------------------------------------------------------
    def _end_mode(self, flow: Flow, zeros: Sequence[tuple[Watch, Crossing | Unresolved]]) -> None:
        watch, zero = zeros[0]
        surfaces = sorted({watch.surface for watch, _ in zeros})
        if isinstance(zero, Unresolved):
            if self._is_wide(flow.pieces[0]):
                reason = "the enclosure is too wide to tell the side of a surface; raise the bits"
                raise self._failed("enclosure", reason, surfaces)
            raise self._failed("tangency", zero.reason, surfaces)
        crossings = [zero for _, zero in zeros if isinstance(zero, Crossing)]
        if len(zeros) > 1 and len(surfaces) == 1:
            raise self._failed("fork", "both normal speeds may vanish together", surfaces)
        if len(crossings) < len(zeros) or (len(zeros) > 1 and any(w.side != 0 for w, _ in zeros)):
            raise self._failed("simultaneous kinks", "two zeros overlap", surfaces)
        last = max(crossing.last for crossing in crossings)
        before = self.mode
        try:
            if len(zeros) > 1 and not self.field.coincide(surfaces, before.held):
                place, after = self._meet_together(flow, zero.first, last, surfaces)
            elif watch.side == 0:
                place = self._window(flow, zero.first, last, surfaces)
                after = settle(place, before, sorted({*before.held, *surfaces}))
            else:
                place = self._window(flow, zero.first, last, surfaces)
                after = leave(place, before, watch.surface, watch.side, watch.expression)
        except Unsettled as unsettled:
            raise self._failed(unsettled.kind, str(unsettled), unsettled.surfaces) from None
        self._record(before, after, place)
        self.spans.append(Span(place.first, place.last, after, None, place.box))
        self._depart(before, after, watch)
        self._enter(after)
        self.now = place.last
        self.centre = midpoint(place.box)
        with precision(RADIUS_BITS):
            self.radius = norm_upper(place.box - self.centre)

    def _window(
        self, flow: Flow, first: Fraction, last: Fraction, surfaces: Sequence[int]
    ) -> Place:
        """Box what happens on [first, last], the given surfaces and those held being met only."""
        before = self.mode
        opened = sorted({*before.held, *surfaces})
        if len(opened) > MOST_SURFACES:
            reason = f"more than {MOST_SURFACES} surfaces at once"
            raise Unsettled("simultaneous kinks", reason, opened)
        acting = list(before.around(opened))
        place = window(self.field, flow.state(first), first, last, acting)
        if place is None:
            raise Unsettled("enclosure", "the window of the kink could not be boxed", surfaces)
        for j, sign in enumerate(before.signs):
            if j not in opened and place.sign(self.field.switches[j]) != sign:
                reason = "another surface may be met too"
                raise Unsettled("simultaneous kinks", reason, sorted({*surfaces, j}))
        return place

    def _meet_together(
        self, flow: Flow, first: Fraction, last: Fraction, surfaces: Sequence[int]
    ) -> tuple[Place, Mode]:
        """Pass surfaces met in unknown order; the window lasts until all have been met."""
        opened = sorted({*self.mode.held, *surfaces})
        here = Place(self.field, flow.state(first), first, first)
        for attempt in range(1, LATER + 1):
            later = min(first + (last - first) * 4**attempt, self.end)
            place = self._window(flow, first, later, surfaces)
            after = settle_apart(place, self.mode, opened)
            if le(arrivals(place, self.mode, opened, here), real(later - first)) is HOLDS:
                return place, after
        raise Unsettled("simultaneous kinks", "two zeros overlap", surfaces)

    def _record(self, before: Mode, after: Mode, place: Place) -> None:
        for j, (old, new) in enumerate(zip(before.signs, after.signs, strict=True)):
            if old != new or (j in before.slid) != (j in after.slid):
                kind = "sliding" if new == 0 else "exit" if old == 0 else "crossing"
                self.events.append(KinkEvent(kind, j, place.first, place.last, before, after))

    def _depart(self, before: Mode, after: Mode, watch: Watch | None = None) -> None:
        """Put down the surfaces just left, from which the solution has to get away."""
        for j, (old, new) in enumerate(zip(before.signs, after.signs, strict=True)):
            if old != new and new != 0:
                quantities = [new * self.field.switches[j]]
                if watch is not None and watch.side != 0:
                    quantities.insert(0, watch.side * watch.expression)
                self.departures.append(Departure(j, quantities))

    # -- results -----------------------------------------------------------------------------------
    def _partial(self) -> KinkedFlow:
        return KinkedFlow(tuple(self.spans), tuple(self.events), self.bits, self.begin)

    def _failed(self, kind: str, reason: str, surfaces: Sequence[int]) -> KinkFailed:
        return KinkFailed(kind, reason, self.now, surfaces, self._partial())
