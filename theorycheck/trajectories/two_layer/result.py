"""What is certified of a run across kinks: states, errors, kinks, and the named failure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from theorycheck.balls import Ball, Matrix, Real, inflate, matrix_from_reals, precision, real, upper
from theorycheck.balls.series import column_of, entries_of, norm_upper
from theorycheck.errors import EnclosureFailed, InvalidInstance, short_text
from theorycheck.exact import Rows, as_fraction
from theorycheck.trajectories.integrate import GUARD_BITS
from theorycheck.trajectories.two_layer.methods import AbstractMethod
from theorycheck.trajectories.two_layer.modes import Mode
from theorycheck.trajectories.two_layer.net import TwoLayer
from theorycheck.trajectories.two_layer.pieces import Piece

__all__ = ["NetKink", "NetKinkFailed", "Span", "TwoLayerRun"]


class NetKinkFailed(EnclosureFailed):
    """Report a kink of a two-layer net that could not be passed.

    It does not mean that no solution continues: at a fork several do, at a tangency one may.

    Parameters
    ----------
    kind : str                         fork | tangency | simultaneous kinks | enclosure
    places : sequence of (int, int)    neuron and sample of every pre-activation involved, from 1
    time : (Fraction, Fraction)        when
    partial : TwoLayerRun              certified up to `reached`
    """

    def __init__(
        self,
        kind: str,
        reason: str,
        places: Sequence[tuple[int, int]],
        time: tuple[Fraction, Fraction],
        partial: TwoLayerRun,
    ) -> None:
        units = ", ".join(f"neuron {r} at sample {i}" for r, i in places)
        where = (
            f" ({units}, t in [{short_text(time[0], 12)}, {short_text(time[1], 12)}])"
            if units
            else ""
        )
        super().__init__(f"{kind}: {reason}{where}", partial.last)
        self.kind = kind
        self.places = tuple(places)
        self.time = time
        self.partial = partial


@dataclass(frozen=True)
class NetKink:
    """State that w_r . x_i passed 0, or began or ceased to be held there, once in [first, last].

    Parameters
    ----------
    kind : str           crossing | sliding (joined) | exit
    neuron, sample : int    from 1
    speed : Ball         contains (w_r . x_i)' at the kink; for flow, just before it
    jump : Ball          by what D'_i = (u_i - y_i)' jumps through the impulse of heavy ball and
                         Nesterov, a_r |speed| / sqrt(m); exactly 0 for flow, which has no impulses
    """

    kind: str
    neuron: int
    sample: int
    first: Fraction
    last: Fraction
    speed: Ball
    jump: Ball

    @property
    def time(self) -> Ball:
        return Ball.between(self.first, self.last, self.speed.bits)


@dataclass(frozen=True)
class Span:
    """A piece up to `last`; from `window` on other modes may run, and the slacks are added.

    Parameters
    ----------
    slack : (Real, Real, Real)    of W, W' and D
    """

    piece: Piece
    window: Fraction
    last: Fraction
    slack: tuple[Real, Real, Real]


@dataclass(frozen=True)
class TwoLayerRun:
    """Enclose the training of a two-layer net on [0, last]."""

    net: TwoLayer
    method: AbstractMethod
    spans: tuple[Span, ...]
    kinks: tuple[NetKink, ...]
    bits: int
    horizon: Fraction

    @property
    def last(self) -> Fraction:
        """The time up to which the run is certified, at most the horizon."""
        return min(self.spans[-1].last, self.horizon) if self.spans else Fraction(0)

    def _span(self, time: object) -> tuple[Span, Fraction]:
        now = as_fraction(time, "time")
        if not 0 <= now <= self.last:
            raise InvalidInstance(f"time={now} is no certified time; pass one in [0, {self.last}]")
        return next(s for s in self.spans if now <= s.last), now

    def weights_matrix(self, time: object) -> Matrix:
        """Enclose W(t), m x d."""
        with precision(self.bits + GUARD_BITS):
            span, now = self._span(time)
            found = span.piece.weights_at(now)
            return inflate(found, span.slack[0]) if now > span.window else found

    def state(self, time: object) -> tuple[tuple[Ball, ...], ...]:
        """Enclose the first layer W(t), row by row."""
        return self._rows(self.weights_matrix(time))

    def velocity(self, time: object) -> tuple[tuple[Ball, ...], ...]:
        """Enclose W'(t), row by row; at a kink of flow, of one side."""
        with precision(self.bits + GUARD_BITS):
            span, now = self._span(time)
            found = span.piece.velocity_at(now)
            return self._rows(inflate(found, span.slack[1]) if now > span.window else found)

    def error(self, time: object) -> tuple[Ball, ...]:
        """Enclose the prediction error D(t) = u(t) - y."""
        with precision(self.bits + GUARD_BITS):
            span, now = self._span(time)
            # in a window, D is near its value at the window's begin
            inside = now > span.window
            found = span.piece.residuals_over(*([span.window if inside else now] * 2))
            column = inflate(column_of(found), span.slack[2] if inside else real(0))
            return tuple(Ball.wrap(x, self.bits) for x in entries_of(column))

    def over(self, first: object, last: object) -> tuple[Matrix, list[Real]]:
        """Enclose W (m x d) and D at EVERY time of [first, last]."""
        begin, end = as_fraction(first, "first"), as_fraction(last, "last")
        if not 0 <= begin <= end <= self.last:
            raise InvalidInstance(f"[{begin}, {end}] is no part of the certified time")
        weights: Matrix | None = None
        errors: list[Real] = []
        with precision(self.bits + GUARD_BITS):
            for span in self.spans:
                a, b = max(begin, span.piece.begin), min(end, span.last)
                if a > b or (a == b and begin != end):
                    continue
                w, d = span.piece.weight_ranges(a, b), span.piece.residual_ranges(a, b)
                if b > span.window:
                    w = inflate(w, span.slack[0])
                    # in the window D stays near its value where the window begins
                    near = span.piece.residual_ranges(span.window, span.window)
                    d = [x.union(inflate(y, span.slack[2])) for x, y in zip(d, near, strict=True)]
                if weights is None:
                    weights, errors = w, d
                else:
                    joined = zip(entries_of(weights), entries_of(w), strict=True)
                    flat = [x.union(y) for x, y in joined]
                    weights = matrix_from_reals(w.nrows(), w.ncols(), flat)
                    errors = [x.union(y) for x, y in zip(errors, d, strict=True)]
                if begin == end:
                    break
            if weights is None:  # pragma: no cover - the spans cover the time
                raise InvalidInstance(f"[{begin}, {end}] is no part of the certified time")
            return weights, errors

    def modes_over(self, first: object, last: object) -> list[Mode]:
        """The modes of all times of [first, last] outside of kinks."""
        begin, end = as_fraction(first, "first"), as_fraction(last, "last")
        found = (s.piece.mode for s in self.spans if s.piece.begin <= end and begin <= s.last)
        return list(dict.fromkeys(found))

    def error_speed(self, time: object) -> tuple[Ball, ...]:
        """Enclose D'(t); between kinks.

        Raises
        ------
        InvalidInstance    D' may jump at that time
        """
        with precision(self.bits + GUARD_BITS):
            span, now = self._span(time)
            if now > span.window:
                raise InvalidInstance(f"D' may jump at t={now}, which is in a kink's window")
            return tuple(Ball.wrap(x, self.bits) for x in span.piece.residual_speeds_at(now))

    def loss(self, time: object) -> Ball:
        """Enclose L = 1/2 |D|^2."""
        errors = self.error(time)
        return sum((e * e for e in errors), Ball.exact(0, self.bits)) / 2

    def mode(self, time: object) -> Mode:
        """The mode that runs at a time; inside a kink's window, the one before it."""
        return self._span(time)[0].piece.mode

    def gram(self, time: object) -> Rows:
        """The exact Gram matrix H (projected where a neuron slides), with D' = -H D for flow."""
        return self.mode(time).gram

    def radius(self, time: object) -> Fraction:
        """Bound the Frobenius distance of W(t) to the centre of `state`."""
        found = self.weights_matrix(time)
        with precision(self.bits + GUARD_BITS):
            return upper(norm_upper(found - found.mid()))

    def _rows(self, table: Matrix) -> tuple[tuple[Ball, ...], ...]:
        return tuple(tuple(Ball.wrap(x, self.bits) for x in row) for row in table.tolist())
