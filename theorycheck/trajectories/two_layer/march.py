"""Follow a two-layer net from kink to kink.

Between kinks the system is linear (`pieces.py`), and the first zero of a watched function is
isolated completely (`isolation.py`), in a *window* [t1, t2]. Over the window nothing is assumed of
the pattern: with E = L + |W'|^2 / 2 (L for flow), which never increases, B = sqrt(2 E) and
|J| <= G in every pattern, convex combinations included,

    |D| <= B,   |W'| <= B (flow: G B),   |J^T D - (its counterpart in the old mode)| <= 2 G B,

so that the state at t2 is that of the old mode's extension up to 2 G B (t2 - t1) (in W', or in W
for flow). On these boxes the signs of the normal speeds tell the mode that follows.

    heavy ball, Nesterov    the normal speed is continuous: it is not 0, so the line is crossed, and
                            D'_i jumps by a_r |z'_ir| / sqrt(m)
    flow                    v_-, v_+ are the speeds on the two sides. Same sign: crossing.
                            v_- > 0 > v_+: sliding. v_- = 0 by structure, v_+ < 0: the neuron rests
                            on the line. A held line is left where one of the speeds turns.

Different neurons interact through D alone, which is continuous: their speeds are judged one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from theorycheck.balls import (
    Ball,
    Matrix,
    Real,
    inflate,
    le,
    matrix,
    matrix_from_reals,
    midpoint,
    real,
    sqrt,
    upper_real,
)
from theorycheck.balls.series import absolute_lower, absolute_upper, column_of, norm_upper
from theorycheck.errors import BudgetExceeded
from theorycheck.trajectories.effort import Deadline
from theorycheck.trajectories.two_layer.isolation import Found, Unresolved, Watch, first_zero, sign
from theorycheck.trajectories.two_layer.methods import AbstractMethod
from theorycheck.trajectories.two_layer.modes import HELD, Mode, Surface
from theorycheck.trajectories.two_layer.net import TwoLayer, dot
from theorycheck.trajectories.two_layer.pieces import Piece, expanded
from theorycheck.trajectories.two_layer.result import NetKink, NetKinkFailed, Span, TwoLayerRun
from theorycheck.verdicts import HOLDS

__all__ = ["March"]

SHRINKS = 6
SHRINK = Fraction(11, 16)
DEEPEST = 300


@dataclass
class _Stop(ArithmeticError):
    """What cannot be passed; turned into a NetKinkFailed by the march."""

    kind: str
    reason: str
    surfaces: tuple[Surface, ...]
    time: tuple[Fraction, Fraction]


@dataclass(frozen=True)
class _State:
    time: Fraction
    mode: Mode
    centre: tuple[Matrix, Matrix]
    radii: tuple[Real, Real]
    just_left: frozenset[Surface] = frozenset()


class March:
    """Follow one net with one method, at the working precision."""

    def __init__(
        self, net: TwoLayer, method: AbstractMethod, horizon: Fraction, bits: int, max_steps: int,
        deadline: Deadline,
    ) -> None:  # fmt: skip
        self.net, self.method, self.horizon = net, method, horizon
        self.bits, self.max_steps, self.deadline = bits, max_steps, deadline
        self.spans: list[Span] = []
        self.kinks: list[NetKink] = []
        self.largest_gain = upper_real(sqrt(real(net.largest_gram)))
        self.resolution = Fraction(1, 1 << min(bits // 2, DEEPEST))

    def run(self) -> TwoLayerRun:
        """March to the horizon.

        Raises
        ------
        NetKinkFailed
        """
        try:
            state = self._start()
            while state.time <= self.horizon:
                if len(self.spans) >= self.max_steps:
                    raise BudgetExceeded(f"{self.max_steps} steps were spent; raise max_steps")
                state = self._advance(state)
        except _Stop as stop:
            places = [place for s in stop.surfaces for place in self._places(s)]
            raise NetKinkFailed(stop.kind, stop.reason, places, stop.time, self._result()) from None
        except BudgetExceeded as error:
            now = self._result().last
            raise NetKinkFailed("enclosure", str(error), [], (now, now), self._result()) from None
        return self._result()

    def _result(self) -> TwoLayerRun:
        kinks = tuple(k for k in self.kinks if k.first <= self.horizon)
        spans = tuple(self.spans)
        return TwoLayerRun(self.net, self.method, spans, kinks, self.bits, self.horizon)

    def _places(self, surface: Surface) -> list[tuple[int, int]]:
        r, k = surface
        return [(r + 1, i + 1) for i in self.net.lines[k].factors]

    # -- the start ---------------------------------------------------------------------------------
    def _start(self) -> _State:
        weights = matrix(self.net.weights)
        centre = midpoint(weights)
        rest = matrix_from_reals(
            weights.nrows(), weights.ncols(), [real(0)] * (weights.nrows() * weights.ncols())
        )
        sides, on = [], []
        for r, (w, a) in enumerate(zip(self.net.weights, self.net.outer, strict=True)):
            row = []
            for k, line in enumerate(self.net.lines):
                z = dot(w, line.direction)
                row.append(1 if z >= 0 or not a else -1)
                if not z and a:
                    on.append((r, k))
            sides.append(tuple(row))
        mode = Mode(self.net, tuple(sides))
        now = (Fraction(0), Fraction(0))
        if on and self.method.second_order:
            raise _Stop("tangency", "the start is on a kink, at rest", tuple(on), now)
        if len({r for r, _ in on}) < len(on):
            raise _Stop("fork", "the start is on several kinks of one neuron", tuple(on), now)
        errors = mode.errors(weights)
        for surface in on:
            side, _ = self._side_of_flow(mode, surface, errors, now)
            mode = mode.with_side(surface, side)
        radius = norm_upper(weights - centre)
        energy = upper_real(sqrt(real(mode.gram_bound)) * radius)
        return _State(Fraction(0), mode, (centre, rest), (radius, energy))

    # -- one piece ---------------------------------------------------------------------------------
    def _advance(self, state: _State) -> _State:
        """Accept one piece: up to its end, or through its first kink."""
        length = self._length(state)
        for attempt in range(SHRINKS + 1):
            self.deadline.check("the run")
            piece = expanded(state.mode, self.method, state.time, length, state.centre, state.radii)
            try:
                watches = self._watches(piece, state.just_left)
                found = first_zero(watches, Fraction(0), length, self.resolution)
            except Unresolved as stuck:
                if stuck.last == length and attempt < SHRINKS:
                    length *= SHRINK
                    continue
                raise self._unresolved(piece, stuck) from None
            break
        if found is None:
            self.spans.append(Span(piece, piece.end, piece.end, (real(0),) * 3))
            return self._after(piece, piece.end, piece.mode, (real(0), real(0)))
        return self._through(piece, found)

    def _length(self, state: _State) -> Fraction:
        """A dyadic length; the last piece passes the horizon, so that a kink there is found."""
        step = self.method.step(state.time, state.mode.gram_bound)
        left = (self.horizon - state.time) * Fraction(9, 8) + Fraction(1, 64)
        length = left if step is None else min(step, left)
        exponent = 8 - (length.numerator.bit_length() - length.denominator.bit_length())
        unit = Fraction(1, 1 << exponent) if exponent > 0 else Fraction(1 << -exponent)
        return (length // unit) * unit

    def _unresolved(self, piece: Piece, stuck: Unresolved) -> _Stop:
        several = len({w.surface for w in stuck.watches}) > 1
        kind = "simultaneous kinks" if several else "tangency"
        reason = (
            "which of them is met first is open" if several
            else "a pre-activation nearly touches 0 with normal speed near 0"
        )  # fmt: skip
        surfaces = tuple(dict.fromkeys(w.surface for w in stuck.watches))
        when = (piece.begin + stuck.first, piece.begin + stuck.last)
        return _Stop(kind, f"{reason}; raise the precision", surfaces, when)

    def _watches(self, piece: Piece, just_left: frozenset[Surface]) -> list[Watch]:
        """What may vanish on the piece; surfaces out of reach are left out."""
        ready = []
        speed = self._top_speed(piece)
        for r, a in enumerate(self.net.outer):
            if not a:
                continue
            for k in range(len(self.net.lines)):
                surface = (r, k)
                if piece.mode.side(surface) == HELD:
                    for side in (-1, 1):
                        if not self._rests(piece.mode, surface, side):
                            ready.append(piece.normal_speed(surface, side))
                elif surface in just_left:
                    watch = piece.surface(surface)
                    ready.append(watch.left_tangentially(piece.length, self.resolution))
                elif self._in_reach(piece, surface, speed):
                    ready.append(piece.surface(surface))
        for watch in ready:
            if watch.sign_at(Fraction(0)) < 0:  # pragma: no cover - excluded at the last kink
                now = (piece.begin, piece.begin)
                raise _Stop("enclosure", "a sign was lost", (watch.surface,), now)
        return ready

    def _in_reach(self, piece: Piece, surface: Surface, speed: Real) -> bool:
        distance = self._distance(piece, surface, piece.weights)
        travel = piece.radius + speed * real(piece.length)
        return le(upper_real(travel), absolute_lower(distance)) is not HOLDS

    def _distance(self, piece: Piece, surface: Surface, weights: Matrix) -> Real:
        """The signed distance of a neuron to a line's hyperplane."""
        r, k = surface
        direction = self.net.lines[k].direction
        parts = (real(q) * weights[r, c] for c, q in enumerate(direction) if q)
        return sum(parts, real(0)) / sqrt(real(dot(direction, direction)))

    def _top_speed(self, piece: Piece) -> Real:
        """A bound of |W'| of the truth and of the old mode's extension, from here on."""
        root = upper_real(sqrt(piece.loss_bound * 2))
        return root if self.method.second_order else upper_real(self.largest_gain * root)

    def _rests(self, mode: Mode, surface: Surface, side: int) -> bool:
        """Whether the normal speed on a side is 0 by structure: nothing pulls along the line."""
        direction = self.net.lines[surface[1]].direction
        rows = mode.with_side(surface, side).rows_of(surface[0])
        return all(not dot(direction, q) for q in rows)

    # -- through a kink ----------------------------------------------------------------------------
    def _through(self, piece: Piece, found: Found) -> _State:
        first, last = piece.begin + found.first, piece.begin + found.last
        width = real(last - first)
        speed = self._top_speed(piece)
        size = upper_real(sqrt(piece.loss_bound * 2))
        swing = upper_real(width * self.largest_gain * size * 2)
        moved = upper_real(swing * width) if self.method.second_order else swing
        wobble = upper_real(self.largest_gain * width * speed)
        errors = column_of(piece.residuals_over(first, first))
        box = inflate(errors, wobble).entries()
        event = {w.surface for w in found.watches}
        self._check_others(piece, event, (first, last), speed, box)
        mode = piece.mode
        for watch in found.watches:
            if self.method.second_order:
                side, kind = -watch.side, "crossing"
                self._check_speed(piece, watch, found, swing)
            elif watch.exit_to:
                side, kind = watch.exit_to, "exit"
                self._check_exit(piece.mode, watch, box, (first, last))
            else:
                side, kind = self._side_of_flow(piece.mode, watch.surface, box, (first, last))
                if side == HELD and piece.mode.held(watch.surface[0]) is not None:
                    raise _Stop("simultaneous kinks", "a neuron would slide on two lines",
                                (watch.surface,), (first, last))  # fmt: skip
            mode = mode.with_side(watch.surface, side)
            self._record(kind, watch, found, piece, (first, last), swing)
        self._check_held(mode, event, box, (first, last))
        slack = (moved, swing if self.method.second_order else upper_real(speed * 2), wobble)
        self.spans.append(Span(piece, first, last, slack))
        left = frozenset(w.surface for w in found.watches if w.exit_to)
        return replace(self._after(piece, last, mode, (moved, swing)), just_left=left)

    def _check_others(
        self, piece: Piece, event: set[Surface], window: tuple[Fraction, Fraction], speed: Real,
        box: list[Real],
    ) -> None:  # fmt: skip
        """Show that no other surface changes sides, and no other held line is left, meanwhile."""
        first, last = window
        weights = piece.weights_at(first)
        reach = upper_real(real(last - first) * speed)
        for r, a in enumerate(self.net.outer):
            for k in range(len(self.net.lines) if a else 0):
                surface = (r, k)
                if surface in event:
                    continue
                if piece.mode.side(surface) == HELD:
                    safe = self._is_kept(piece.mode, surface, box)
                else:
                    gap = self._distance(piece, surface, weights)
                    safe = le(reach, absolute_lower(gap)) is HOLDS
                if not safe:
                    raise _Stop("simultaneous kinks", "another may be met in the same window; "
                                "raise the precision", (*event, surface), window)  # fmt: skip

    def _is_kept(self, mode: Mode, surface: Surface, box: list[Real]) -> bool:
        """Whether both sides of a held line certainly point at it, or rest."""
        return all(
            self._rests(mode, surface, side) or sign(self._speed(mode, surface, side, box)) == -side
            for side in (-1, 1)
        )

    def _check_held(
        self, mode: Mode, event: set[Surface], box: list[Real], window: tuple[Fraction, Fraction]
    ) -> None:
        """Show that what is held is so in the new mode, too.

        A neuron that crosses one line while it slides on another: its velocity is affine in both
        fractions, so that with both sides of the held line pointing at it on either side of the
        crossed one, and both sliding speeds through the latter, there is one way on.
        """
        for r in range(self.net.width):
            k = mode.held(r) if self.net.outer[r] else None
            if k is not None and not self._is_kept(mode, (r, k), box):
                raise _Stop("simultaneous kinks", "a held line is left where another is met",
                            (*event, (r, k)), window)  # fmt: skip

    def _speed(self, mode: Mode, surface: Surface, side: int, errors: list[Real]) -> Real:
        """The normal speed on a side of a line, for flow."""
        pull = mode.pull(surface, side)
        return -sum((g * e for g, e in zip(pull, errors, strict=True)), real(0))

    def _side_of_flow(
        self, mode: Mode, surface: Surface, errors: list[Real], window: tuple[Fraction, Fraction]
    ) -> tuple[int, str]:
        """Tell on which side of a line flow goes on, from the speeds on both."""
        speeds = {side: self._speed(mode, surface, side, errors) for side in (-1, 1)}
        rest = {side: self._rests(mode, surface, side) for side in (-1, 1)}
        low, high = (0 if rest[s] else sign(speeds[s]) for s in (-1, 1))
        if low and low == high:
            return low, "crossing"
        if (low > 0 or rest[-1]) and (high < 0 or rest[1]):
            return HELD, "sliding"
        if low < 0 < high or (rest[-1] and high > 0) or (rest[1] and low < 0):
            raise _Stop("fork", "both sides repel, or one does and the other rests", (surface,),
                        window)  # fmt: skip
        raise _Stop("tangency", "the sign of a normal speed is open; raise the precision",
                    (surface,), window)  # fmt: skip

    def _check_speed(self, piece: Piece, watch: Watch, found: Found, swing: Real) -> None:
        if sign(self._kink_speed(watch, found, swing)) != -watch.side:
            window = (piece.begin + found.first, piece.begin + found.last)
            raise _Stop("tangency", "the normal speed may be 0; raise the precision",
                        (watch.surface,), window)  # fmt: skip

    def _kink_speed(self, watch: Watch, found: Found, swing: Real) -> Real:
        direction = self.net.lines[watch.surface[1]].direction
        size = sqrt(real(dot(direction, direction)))
        return inflate(watch.over(found.first, found.last, 1), upper_real(size * swing))

    def _check_exit(
        self, mode: Mode, watch: Watch, box: list[Real], window: tuple[Fraction, Fraction]
    ) -> None:
        """Show that the turning speed passes 0 once in the window, whatever runs, and stays past.

        Before its zero both sides point at the line, which is held; after it both point to the side
        of exit. D' is that of one of three modes.
        """
        side = watch.exit_to
        other = self._speed(mode, watch.surface, -side, box)
        if self._rests(mode, watch.surface, -side):
            raise _Stop("fork", "the neuron may leave the line, or rest on it", (watch.surface,),
                        window)  # fmt: skip
        pull = mode.pull(watch.surface, side)
        column = column_of(box)
        rates = []
        for running in (-1, HELD, 1):
            image = (mode.with_side(watch.surface, running).gram_matrix() * column).entries()
            rates.append(sum((g * x for g, x in zip(pull, image, strict=True)), real(0)))
        if sign(other) != side or any(sign(rate) != side for rate in rates):
            raise _Stop("tangency", "how the line is left is open; raise the precision",
                        (watch.surface,), window)  # fmt: skip

    def _record(
        self, kind: str, watch: Watch, found: Found, piece: Piece,
        window: tuple[Fraction, Fraction], swing: Real,
    ) -> None:  # fmt: skip
        r, k = watch.surface
        outer = real(self.net.outer[r]) / sqrt(real(self.net.width))
        for i, factor in self.net.lines[k].factors.items():
            speed = real(0)
            if not watch.exit_to:
                along = (
                    self._kink_speed(watch, found, swing) if self.method.second_order
                    else watch.over(found.first, found.last, 1)
                )  # fmt: skip
                speed = along * real(factor)
            size = speed if sign(speed) > 0 else -speed
            jump = outer * size if self.method.second_order else real(0)
            self.kinks.append(
                NetKink(kind, r + 1, i + 1, *window, Ball.wrap(speed, self.bits),
                        Ball.wrap(jump, self.bits))
            )  # fmt: skip

    def _after(self, piece: Piece, time: Fraction, mode: Mode, slack: tuple[Real, Real]) -> _State:
        """The state at a later time: a new exact centre, and the radii that pay for it."""
        second = self.method.second_order
        weights = piece.centre_at(time)
        velocity = piece.centre_velocity_at(time) if second else piece.velocity
        centre = (midpoint(weights), midpoint(velocity))
        rounded = norm_upper(weights - centre[0]), norm_upper(velocity - centre[1])
        radius = upper_real(piece.weight_error + rounded[0] + slack[0])
        if mode is piece.mode:
            change = rounded[0] + piece.weight_error - self._plain(piece)
            energy = piece.energy + piece.gain * absolute_upper(change)
            if second:
                energy = energy + rounded[1] + absolute_upper(piece.velocity_error - piece.energy)
            return _State(time, mode, centre, (radius, upper_real(energy)))
        gain = sqrt(real(mode.gram_bound))
        energy = gain * radius
        if second:
            own = piece.velocity_error + rounded[1] + slack[1]
            energy = sqrt(energy * energy + own * own)
        return _State(time, mode, centre, (radius, upper_real(energy)))

    def _plain(self, piece: Piece) -> Real:
        """The part of a piece's weight error that is not of its expansion."""
        if not self.method.second_order:
            return piece.radius
        return piece.radius + real(piece.length) * piece.energy
