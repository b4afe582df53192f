"""Enclose solutions of piecewise-smooth fields across kinks, or name what stops them.

    x' = F_s(x),    s = (sign sigma_1(x), ..., sign sigma_k(x)),

in the sense of Filippov: on a surface sigma_j = 0 the velocity is any convex combination of the two
fields. Every F_s is smooth on both sides, so within a *mode* the smooth flow is enclosed as usual,
and followed until the first certified zero of a switching function, in [t1, t2] say.

The window [t1, t2]. All fields that may act there are bounded by V on a box B about the state at
t1; if V (t2 - t1) is below the box's margin, the solution stays in B (first exit). On B:

    L_old sigma and L_new sigma of one sign      crossing: sigma is strictly monotone, one passage
    both fields point at the surface             sliding: the only solution stays on sigma = 0
    the far field has L sigma = 0 identically    sliding with a = 0 or 1: sigma stays 0
    a sign is not certified                      tangency: a failure with its time
    another sigma_i may vanish                   simultaneous kinks: a failure

and the next mode starts at the exact time t2 from B, with a positive radius. Sliding follows
F = (1 - a) F_- + a F_+, a = L_- sigma / (L_- sigma - L_+ sigma), while L_- sigma > 0 > L_+ sigma.
It ends where one of them, m say, passes 0: if m has the same strict sign of derivative along F and
along the field it belongs to, and the other one keeps its sign on B, the solution leaves to the
side of m (m is monotone along every Filippov solution in B; once it has passed 0 the surface
cannot hold the solution back).

After a crossing sigma grows from sigma(t2) >= 0: it is certified monotone from t2 up to a time at
which its sign is certain, from which on zeros are looked for again. After an exit the same holds
of m first and of sigma then.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from theorycheck.balls import (
    Matrix,
    Real,
    inflate,
    is_finite,
    le,
    lt,
    maximum,
    midpoint,
    precision,
    real,
    upper_real,
)
from theorycheck.balls.series import column_of, entries_of, infinity, norm_upper
from theorycheck.errors import DomainViolation, InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.trajectories.crossings import Crossing, Unresolved, events, sign_of
from theorycheck.trajectories.effort import Deadline, Effort
from theorycheck.trajectories.flow import Flow
from theorycheck.trajectories.gronwall import RADIUS_BITS
from theorycheck.trajectories.integrate import GUARD_BITS, order_for, start_column
from theorycheck.trajectories.kinked import KinkedFlow, KinkEvent, KinkFailed, Span
from theorycheck.trajectories.observables import Observable
from theorycheck.trajectories.pieces import Piece
from theorycheck.trajectories.piecewise import Mode, PiecewiseField
from theorycheck.trajectories.step import Stuck, advance, take_piece
from theorycheck.trajectories.tape_series import BallFunctions, tape_values
from theorycheck.verdicts import HOLDS

__all__ = ["kinked_flow"]

# A surface and a quantity that is >= 0 at the begin of a mode; the kind of an event, what follows.
Rising: TypeAlias = tuple[int, Any]
Passage: TypeAlias = tuple[str, Mode, list[Rising]]
MARGIN = Fraction(17, 16)
WINDOW_ATTEMPTS = 4
DEPARTURES = 60


def kinked_flow(
    field: PiecewiseField,
    start: Sequence[object],
    horizon: object,
    *,
    bits: int = 96,
    effort: Effort | None = None,
) -> KinkedFlow:
    """Enclose the Filippov solution of a piecewise-smooth field from an exact start at time 0.

    Parameters
    ----------
    field : PiecewiseField
    start : sequence of rationals   exact; on at most one surface
    horizon : rational              > 0
    bits : int                      working precision

    Raises
    ------
    KinkFailed    fork, tangency, simultaneous kinks, or a lost enclosure; names the time
    """
    exact_start = [as_fraction(q, "start") for q in start]
    end = as_fraction(horizon, "horizon")
    if len(exact_start) != len(field.state):
        raise InvalidInstance(
            f"start has {len(exact_start)} entries, the field has {len(field.state)} coordinates"
        )
    if end <= 0:
        raise InvalidInstance(f"horizon must be positive, got {horizon}")
    with precision(bits + GUARD_BITS):
        return Pursuit(field, end, bits, (effort or Effort()).start()).run(exact_start)


class Pursuit:
    """The state of one run: what is certified so far, and the set the solution is in now."""

    def __init__(
        self, field: PiecewiseField, horizon: Fraction, bits: int, deadline: Deadline
    ) -> None:
        self.field = field
        self.horizon = horizon
        self.bits = bits
        self.deadline = deadline
        self.order = order_for(bits)
        self.now = Fraction(0)
        self.spans: list[Span] = []
        self.events: list[KinkEvent] = []

    def run(self, start: Sequence[Fraction]) -> KinkedFlow:
        self.mode, rising = self._first_mode(start)
        self.centre, self.radius = start_column(start)
        # Quantities that are >= 0 now and must be certified growing before zeros are looked for.
        self.leaving: list[Rising] = rising
        while self.now < self.horizon:
            self._advance()
        return self._partial()

    # -- modes -------------------------------------------------------------------------------------
    def _first_mode(self, start: Sequence[Fraction]) -> tuple[Mode, list[Rising]]:
        signs = [self.field.exact_sign(j, start) for j in range(len(self.field.switches))]
        on = [j for j, sign in enumerate(signs) if sign == 0]
        if len(on) > 1:
            raise self._failed("simultaneous kinks", "the start is on several surfaces", on)
        if not on:
            return Mode(tuple(signs)), []
        (j,) = on
        point = column_of([real(q) for q in start])
        above, below = (Mode((*signs[:j], s, *signs[j + 1 :])) for s in (1, -1))
        up, down = (self._sign(self.field.normal(mode, j), point) for mode in (above, below))
        if up > 0 and down > 0:
            return above, [(j, self.field.switches[j])]
        if up < 0 and down < 0:
            return below, [(j, -self.field.switches[j])]
        if up < 0 < down:
            return Mode((*signs[:j], 0, *signs[j + 1 :])), []
        if down < 0 < up:
            raise self._failed("fork", "both fields point away from the surface", on)
        raise self._failed("tangency", "a field may be tangent to the surface at the start", on)

    def _sign(self, expression: Any, box: Matrix) -> int:
        """Return the certified sign of an expression on a box, 0 if there is none."""
        tape = self.field.tape(expression)
        try:
            values = tape_values(tape, BallFunctions, entries_of(box), None)
        except DomainViolation:
            return 0
        return sign_of(values[tape.outputs[0]])

    # -- one piece ---------------------------------------------------------------------------------
    def _advance(self) -> None:
        if self.deadline.expired:
            raise self._failed("enclosure", "the seconds are spent; raise max_seconds", [])
        dynamics = self.field.dynamics(self.mode)
        remaining = self.horizon - self.now
        try:
            piece = take_piece(
                dynamics,
                self.centre,
                self.radius,
                Fraction(0),
                self.now,
                remaining,
                self.bits,
                self.order,
            )
        except Stuck as stuck:
            raise self._failed("enclosure", str(stuck), []) from None
        if piece.length * 2 ** (self.bits + 64) < self.horizon:
            raise self._failed("enclosure", "the steps shrink to nothing", [])
        nowhere = (Fraction(0),) * len(self.field.state)
        flow = Flow(dynamics, nowhere, self.now, piece.length, self.bits, (piece,))
        end = self.now + piece.length
        try:
            free = self._depart(flow, self.now, end)
            event = self._first_event(flow, free, end)
        except DomainViolation as violation:
            raise self._failed("enclosure", f"a switching function: {violation}", []) from None
        if event is None:
            self._keep(flow, end)
            self.centre, self.radius = advance(piece, piece.growth.end)
            return
        surface, zero = event
        if isinstance(zero, Unresolved):
            self._keep(flow, zero.first)
            if self._is_wide(piece):
                reason = "the enclosure is too wide to tell the side of a surface; raise the bits"
                raise self._failed("enclosure", reason, [surface])
            raise self._failed("tangency", zero.reason, [surface])
        self._keep(flow, zero.first)
        self._pass(flow, surface, zero)

    def _is_wide(self, piece: Piece) -> bool:
        """Whether three quarters of the digits are lost. Only the failure's name depends on it."""
        size = real(Fraction(1, 2 ** (self.bits // 4))) * (norm_upper(self.centre) + 1)
        return le(piece.growth.supremum, size) is not HOLDS

    def _keep(self, flow: Flow, end: Fraction) -> None:
        if end > self.now:
            self.spans.append(Span(self.now, end, self.mode, flow, None))
            self.now = end

    def _depart(self, flow: Flow, begin: Fraction, end: Fraction) -> dict[int, Fraction]:
        """Certify that the quantities just left behind grow until they are > 0.

        Returns
        -------
        dict    for every watched quantity the time from which on its zeros are looked for
        """
        free = dict.fromkeys(range(len(self._watched())), begin)
        # The last quantity is the sigma of the surface; before it, its derivative. While that is
        # >= 0, sigma >= 0 does not fall; it is followed itself from where its derivative is > 0.
        while self.leaving:
            surface, expression = self.leaving[0]
            seen = self._observe(flow, expression)
            until = self._grows(seen, begin, end)
            if until is None:
                reason = "the solution may return to the surface it has just left"
                raise self._failed("tangency", reason, [surface])
            free[surface] = until
            if sign_of(seen.value(until)) <= 0:
                # Still near 0 at the end of the piece: go on with the next one.
                free[surface] = end
                break
            begin = until
            self.leaving.pop(0)
        return free

    def _grows(self, seen: Observable, begin: Fraction, end: Fraction) -> Fraction | None:
        """Return a time until which `seen` certainly increases: it is > 0 there, or it is `end`."""
        until = end
        for _ in range(DEPARTURES):
            try:
                increasing = sign_of(seen.slope(begin, until)) > 0
            except DomainViolation:
                increasing = False
            if increasing and (until == end or sign_of(seen.value(until)) > 0):
                return until
            if increasing:
                return None
            until = begin + (until - begin) / 2
        return None

    def _watched(self) -> list[tuple[int, Any, int]]:
        """(surface, expression, sign it must keep) whose zeros end the mode."""
        watched = []
        for j, sign in enumerate(self.mode.signs):
            if sign != 0:
                watched.append((j, self.field.switches[j], sign))
            else:
                for side in (1, -1):
                    normal = self.field.normal(self.mode.with_sign(j, side), j)
                    if normal != 0:  # identically 0 where a neuron has died
                        watched.append((j, normal, -side))
        return watched

    def _observe(self, flow: Flow, expression: Any) -> Observable:
        return Observable(flow, expression, self.field.state)

    def _first_event(
        self, flow: Flow, free: dict[int, Fraction], end: Fraction
    ) -> tuple[int, Crossing | Unresolved] | None:
        found: list[tuple[int, Crossing | Unresolved]] = []
        for i, (_, expression, _) in enumerate(self._watched()):
            begin = free[i]
            if begin < end:
                zero = next(events(self._observe(flow, expression), begin, end), None)
                if zero is not None:
                    found.append((i, zero))
        if not found:
            return None
        found.sort(key=lambda item: item[1].first)
        i, zero = found[0]
        for k, other in found[1:]:
            if other.first <= zero.last:
                self._keep(flow, zero.first)
                surfaces = {self._watched()[i][0], self._watched()[k][0]}
                raise self._failed("simultaneous kinks", "two zeros overlap", sorted(surfaces))
        return i, zero

    # -- passing -----------------------------------------------------------------------------------
    def _pass(self, flow: Flow, watched: int, zero: Crossing) -> None:
        j, expression, sign = self._watched()[watched]
        before = self.mode
        sides = [before.with_sign(j, 1), before.with_sign(j, -1)]
        acting = [*sides, before] if before.signs[j] == 0 else sides
        box = self._window(flow, zero, acting)
        if box is None:
            raise self._failed("enclosure", "the window of the kink could not be boxed", [j])
        for k, other in enumerate(self.field.switches):
            if k != j and (before.signs[k] == 0 or self._sign(other, box) != before.signs[k]):
                # A surface that may be met too, or one the solution is sliding on.
                raise self._failed("simultaneous kinks", f"surfaces {j} and {k}", [j, k])
        above, below = (self.field.normal(side, j) for side in sides)
        if before.signs[j] != 0:
            kind, after, leaving = self._cross(j, sign, box, above, below)
        else:
            kind, after, leaving = self._exit(j, expression, sign, box)
        self.events.append(KinkEvent(kind, j, zero.first, zero.last, before, after))
        self.spans.append(Span(zero.first, zero.last, after, None, box))
        self.mode, self.leaving, self.now = after, leaving, zero.last
        self.centre = midpoint(box)
        with precision(RADIUS_BITS):
            self.radius = norm_upper(box - self.centre)

    def _cross(self, j: int, sign: int, box: Matrix, above: Any, below: Any) -> Passage:
        up, down = self._sign(above, box), self._sign(below, box)
        if up == down == -sign:
            return "crossing", self.mode.with_sign(j, -sign), [(j, -sign * self.field.switches[j])]
        attracted = up < 0 < down
        if (sign > 0 and up < 0 and below == 0) or (sign < 0 and down > 0 and above == 0):
            # A neuron dies: sigma cannot move on the far side, so it stays 0 and a is 0 or 1.
            attracted = True
        if attracted:
            return "sliding", self.mode.with_sign(j, 0), []
        raise self._failed("tangency", "a field may be tangent to the surface", [j])

    def _exit(self, j: int, expression: Any, sign: int, box: Matrix) -> Passage:
        """Leave the surface to the side whose normal speed `expression` loses the sign `sign`."""
        side = -sign
        target = self.mode.with_sign(j, side)
        other = self.field.normal(self.mode.with_sign(j, sign), j)
        rates = [self._sign(self.field.lie(expression, mode), box) for mode in (self.mode, target)]
        if self._sign(other, box) != side:
            raise self._failed("fork", "both normal speeds may vanish together", [j])
        if rates != [side, side]:
            raise self._failed("tangency", "the sliding may end without leaving", [j])
        return "exit", target, [(j, side * expression), (j, side * self.field.switches[j])]

    def _window(self, flow: Flow, zero: Crossing, acting: Sequence[Mode]) -> Matrix | None:
        """Box every Filippov solution over the window: first exit from a box of margin > V h."""
        state = flow.state(zero.first)
        length = upper_real(real(zero.last - zero.first))
        reach = upper_real(self._speed(state, acting) * length * real(MARGIN))
        for _ in range(WINDOW_ATTEMPTS):
            # Positive even where nothing moves.
            margin = upper_real(reach + real(Fraction(1, 2**4000)))
            box = inflate(state, margin)
            moved = upper_real(self._speed(box, acting) * length)
            if is_finite(moved) and lt(moved, margin) is HOLDS:
                return box
            reach = upper_real(moved * real(MARGIN))
            if not is_finite(reach):
                return None
        return None

    def _speed(self, box: Matrix, acting: Sequence[Mode]) -> Real:
        fastest = real(0)
        for mode in acting:
            tape = self.field.dynamics(mode).tape
            try:
                values = tape_values(tape, BallFunctions, entries_of(box), None)
            except DomainViolation:
                return infinity()
            speed = norm_upper(column_of([values[place] for place in tape.outputs]))
            # nan, of which nothing is known, becomes infinite here.
            fastest = upper_real(maximum([fastest, upper_real(speed)]))
        return fastest

    # -- results -----------------------------------------------------------------------------------
    def _partial(self) -> KinkedFlow:
        return KinkedFlow(tuple(self.spans), tuple(self.events), self.bits)

    def _failed(self, kind: str, reason: str, surfaces: Sequence[int]) -> KinkFailed:
        return KinkFailed(kind, reason, self.now, surfaces, self._partial())
