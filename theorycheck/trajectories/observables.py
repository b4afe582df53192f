"""Follow a quantity g(t, x(t)) along a certified flow: values, ranges, integrals, monotonicity.

On a part [a, b] of a piece the solution is x = p + e with |e| <= r. The quantity is enclosed by

    g(t, x(t)) = sum_{k<K} y_k (t - c)^k + rest,   |rest| <= tail + |grad g| r,   c = (a + b) / 2,

y_k being the Taylor coefficients of g(t, p(t)) about c, computed in balls on the tape of g, `tail`
the majorant of all further orders, and |grad g| bounded on a convex box that holds p and x. Its
derivative is g_t + grad g . F, enclosed on the same box.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy

from theorycheck.balls import (
    Ball,
    Matrix,
    Real,
    gt,
    inflate,
    interval,
    is_finite,
    le,
    lt,
    nonnegative,
    precision,
    real,
    upper_real,
)
from theorycheck.balls.series import (
    absolute_upper,
    column_of,
    entries_of,
    hull,
    joint_norm,
    polynomial_range,
    power_list,
    shift,
    symmetric,
)
from theorycheck.errors import BudgetExceeded, DomainViolation, InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.problems.expressions import (
    checked_expression,
    checked_symbols,
    plain_symbol,
    without_assumptions,
)
from theorycheck.trajectories.effort import Effort, check_clock, checked_effort
from theorycheck.trajectories.flow import Flow
from theorycheck.trajectories.integrate import GUARD_BITS
from theorycheck.trajectories.pieces import Piece
from theorycheck.trajectories.tape import Tape, compile_tape
from theorycheck.trajectories.tape_dynamics import TapeDynamics
from theorycheck.trajectories.tape_series import BallFunctions, TailBounds, TapeSeries, tape_values
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED, Verdict

__all__ = ["Monotonicity", "Observable"]

# The order of the time symbol itself must be below K, so that its tail is nothing.
LEAST_ORDERS = 8
RANGE_DEPTH = 8
INTEGRAL_DEPTH = 10
SLOPE_DEPTH = 8
MONOTONE_DEPTH = 12
SAMPLES = 32


@dataclass(frozen=True)
class Monotonicity:
    """Answer whether a quantity is monotone on an interval.

    Parameters
    ----------
    verdict : Verdict
    witness : (Fraction, Fraction) or None   VIOLATED: two times between which g moves the other way
    where : (Fraction, Fraction) or None     UNDECIDED: an interval on which the slope has no sign
    """

    verdict: Verdict
    witness: tuple[Fraction, Fraction] | None = None
    where: tuple[Fraction, Fraction] | None = None


@dataclass(frozen=True)
class LocalModel:
    """A polynomial in t - middle with an error bound: encloses g on a part of a piece."""

    coefficients: list[Real]
    tail: Real
    spread: Real

    @property
    def error(self) -> Real:
        return symmetric(upper_real(self.tail + self.spread))


class Observable:
    """Enclose g(t, x(t)) along a flow.

    Parameters
    ----------
    flow : Flow
    expression : SymPy expression in `state` (and `time`)
    state : sequence of SymPy symbols    one per coordinate of the flow
    time : SymPy symbol or None

    Examples
    --------
    >>> from sympy import symbols
    >>> from theorycheck.problems import VectorField
    >>> from theorycheck.trajectories.flow import flow
    >>> x, y = symbols("x y")
    >>> turn = flow(VectorField([y, -x], [x, y]), [1, 0], 5)
    >>> Observable(turn, x**2 + y**2, [x, y]).over(0, 5).contains(1)
    True
    """

    def __init__(self, flow: Flow, expression: Any, state: Sequence[Any], time: Any = None) -> None:
        names = checked_symbols(state, "state")
        if len(names) != flow.dimension:
            raise InvalidInstance(
                f"state has {len(names)} symbols, the flow has {flow.dimension} coordinates; "
                "pass one symbol per coordinate"
            )
        allowed = names if time is None else checked_symbols((*names, time), "state and time")
        checked = checked_expression(sympy.sympify(expression), allowed, "observable")
        self.flow = flow
        self.expression = without_assumptions(checked)
        self.state = tuple(map(plain_symbol, names))
        self.time = None if time is None else plain_symbol(time)
        self._tape = compile_tape([self.expression], self.state, self.time)

    @cached_property
    def _slopes(self) -> Tape:
        """The gradient by the state, then the derivative by time."""
        partials = [sympy.diff(self.expression, x) for x in self.state]
        partials.append(sympy.Integer(0) if self.time is None else self.expression.diff(self.time))
        return compile_tape(partials, self.state, self.time)

    # -- values ------------------------------------------------------------------------------------
    def at(self, time: object) -> Ball:
        """Enclose the value at one time."""
        with self._precision():
            return Ball.wrap(self.value(as_fraction(time, "time")), self.flow.bits)

    def over(self, first: object, last: object, *, effort: Effort | None = None) -> Ball:
        """Enclose the values at EVERY time of [first, last].

        Raises
        ------
        BudgetExceeded    the seconds of `effort` are spent
        """
        with self._within(effort):
            return Ball.wrap(self.range(*self._ends(first, last)), self.flow.bits)

    def slope_over(self, first: object, last: object, *, effort: Effort | None = None) -> Ball:
        """Enclose the time derivative at every time of [first, last].

        Raises
        ------
        BudgetExceeded    the seconds of `effort` are spent
        """
        with self._within(effort):
            slope = self._slope(*self._ends(first, last), SLOPE_DEPTH)
            return Ball.wrap(slope, self.flow.bits)

    def integral(self, first: object, last: object, *, effort: Effort | None = None) -> Ball:
        """Enclose the integral over [first, last].

        Raises
        ------
        BudgetExceeded    the seconds of `effort` are spent
        """
        begin, end = self._ends(first, last)
        with self._within(effort):
            total = real(0)
            for piece, a, b in self._parts(begin, end):
                total = total + self._integral(piece, a, b, INTEGRAL_DEPTH)
            return Ball.wrap(total, self.flow.bits)

    def value(self, time: Fraction) -> Real:
        """Enclose g at a time, at the caller's precision."""
        return self._evaluate(self._tape, entries_of(self.flow.state(time)), real(time))[0]

    def range(self, first: Fraction, last: Fraction) -> Real:
        """Enclose g over [first, last], at the caller's precision."""
        if first == last:
            return self.value(first)
        ranges = [self._range(p, a, b, RANGE_DEPTH) for p, a, b in self._parts(first, last)]
        total = ranges[0]
        for part in ranges[1:]:
            total = hull(total, part)
        return total

    def slope(self, first: Fraction, last: Fraction) -> Real:
        """Enclose g_t + grad g . F over [first, last], at the caller's precision."""
        column, now = self.flow.state_over(first, last), interval(first, last)
        partials = self._evaluate(self._slopes, entries_of(column), now)
        total = partials[-1]
        for partial, speed in zip(partials[:-1], self._field(column, now), strict=True):
            total = total + partial * speed
        return total

    # -- monotonicity ------------------------------------------------------------------------------
    def nonincreasing(
        self, first: object, last: object, *, effort: Effort | None = None
    ) -> Monotonicity:
        """Decide whether g(t) >= g(s) for all first <= t <= s <= last.

        UNDECIDED, too, when the seconds of `effort` are spent.
        """
        return self._monotone(-1, *self._ends(first, last), effort)

    def nondecreasing(
        self, first: object, last: object, *, effort: Effort | None = None
    ) -> Monotonicity:
        """Decide whether g(t) <= g(s) for all first <= t <= s <= last.

        UNDECIDED, too, when the seconds of `effort` are spent.
        """
        return self._monotone(1, *self._ends(first, last), effort)

    def _monotone(
        self, sign: int, first: Fraction, last: Fraction, effort: Effort | None
    ) -> Monotonicity:
        waiting = [(first, last, MONOTONE_DEPTH)]
        try:
            with self._within(effort):
                return self._searched(sign, first, last, waiting)
        except BudgetExceeded:
            return Monotonicity(UNDECIDED, where=(waiting[-1][0], last))

    def _searched(
        self,
        sign: int,
        first: Fraction,
        last: Fraction,
        waiting: list[tuple[Fraction, Fraction, int]],
    ) -> Monotonicity:
        """Settle the slope's sign from left to right; the end of `waiting` is being looked at."""
        times = [first + (last - first) * i / SAMPLES for i in range(SAMPLES + 1)]
        values = [self.value(time) * sign for time in times]
        for i in range(SAMPLES):
            # Two exact times refute; nothing else does.
            if gt(values[i], values[i + 1]) is HOLDS:
                return Monotonicity(VIOLATED, witness=(times[i], times[i + 1]))
        while waiting:
            a, b, depth = waiting[-1]
            try:
                if nonnegative(self.slope(a, b) * sign) is HOLDS:
                    del waiting[-1]
                    continue
            except DomainViolation:
                pass
            middle = (a + b) / 2
            if gt(self.value(a) * sign, self.value(middle) * sign) is HOLDS:
                return Monotonicity(VIOLATED, witness=(a, middle))
            if gt(self.value(middle) * sign, self.value(b) * sign) is HOLDS:
                return Monotonicity(VIOLATED, witness=(middle, b))
            if depth == 0:
                return Monotonicity(UNDECIDED, where=(a, b))
            waiting[-1:] = [(middle, b, depth - 1), (a, middle, depth - 1)]
        return Monotonicity(HOLDS)

    def _slope(self, first: Fraction, last: Fraction, depth: int) -> Real:
        try:
            return self.slope(first, last)
        except DomainViolation:
            # A box over a long interval may leave the domain although the solution does not.
            if depth == 0:
                raise
        middle = (first + last) / 2
        left = self._slope(first, middle, depth - 1)
        return hull(left, self._slope(middle, last, depth - 1))

    # -- inside ------------------------------------------------------------------------------------
    def _precision(self) -> Any:
        return precision(self.flow.bits + GUARD_BITS)

    @contextmanager
    def _within(self, effort: Effort | None) -> Iterator[None]:
        with checked_effort(effort).start().watched(), self._precision():
            yield

    def _ends(self, first: object, last: object) -> tuple[Fraction, Fraction]:
        begin, end = as_fraction(first, "first"), as_fraction(last, "last")
        low, high = self.flow.start_time, self.flow.start_time + self.flow.horizon
        if not low <= begin <= end <= high:
            raise InvalidInstance(f"[{begin}, {end}] is no part of [{low}, {high}]")
        return begin, end

    def _parts(self, first: Fraction, last: Fraction) -> Iterator[tuple[Piece, Fraction, Fraction]]:
        """Cut an interval at the joints; times since the start of the flow."""
        first, last = first - self.flow.start_time, last - self.flow.start_time
        pieces = self.flow.pieces
        for piece in pieces[bisect_right([p.begin for p in pieces], first) - 1 :]:
            if piece.begin >= last:
                break
            yield piece, max(first, piece.begin), min(last, piece.end)

    def _evaluate(self, tape: Tape, state: Sequence[Real], now: Real) -> list[Real]:
        values = tape_values(tape, BallFunctions, state, now)
        return [values[place] for place in tape.outputs]

    def _field(self, column: Matrix, now: Real) -> list[Real]:
        dynamics: Any = self.flow.dynamics
        if isinstance(dynamics, TapeDynamics):
            return self._evaluate(dynamics.tape, entries_of(column), now)
        gradient = dynamics.gradient(dynamics.parts(column))
        return [-entry for part in gradient for entry in entries_of(part)]

    def _box(self, piece: Piece, a: Fraction, b: Fraction) -> list[Real]:
        return entries_of(inflate(column_of(piece.range(a, b)), piece.growth.supremum))

    def _model(self, piece: Piece, a: Fraction, b: Fraction) -> LocalModel | None:
        check_clock()
        begin, middle = self.flow.start_time, (a + b) / 2
        half = upper_real(real((b - a) / 2))
        shifted = shift(piece.coefficients, real(middle - piece.begin))
        size = self.flow.dimension
        entries = entries_of(shifted)
        rows = [entries[k * size : (k + 1) * size] for k in range(shifted.nrows())]
        rows += [[real(0)] * size for _ in range(LEAST_ORDERS - len(rows))]
        try:
            series = TapeSeries(self._tape, BallFunctions, rows[0], real(begin + middle))
            coefficients = series.outputs()
            for row in rows[1:]:
                coefficients += series.extend(row)
            powers = [upper_real(power) for power in power_list(half, len(rows) + 1)]
            # p has no coefficients of order K and beyond.
            tails = TailBounds(series).bounds(powers, [real(0)] * size)
            now = interval(begin + a, begin + b)
            partials = self._evaluate(self._slopes, self._box(piece, a, b), now)
        except DomainViolation:
            return None
        if tails is None or not is_finite(tails[0]):
            return None
        steepness = joint_norm([column_of(partials[:-1])])
        return LocalModel(coefficients, tails[0], upper_real(steepness * piece.growth.supremum))

    def _range(self, piece: Piece, a: Fraction, b: Fraction, depth: int) -> Real:
        model = self._model(piece, a, b)
        if model is not None:
            half = upper_real(real((b - a) / 2))
            whole = polynomial_range(model.coefficients, half) + model.error
            small = model.tail * 64
            if depth == 0 or le(small, absolute_upper(whole - whole.mid()) + model.spread) is HOLDS:
                return whole
        elif depth == 0:
            now = interval(self.flow.start_time + a, self.flow.start_time + b)
            return self._evaluate(self._tape, self._box(piece, a, b), now)[0]
        middle = (a + b) / 2
        left = self._range(piece, a, middle, depth - 1)
        return hull(left, self._range(piece, middle, b, depth - 1))

    def _integral(self, piece: Piece, a: Fraction, b: Fraction, depth: int) -> Real:
        """Sum over even k of 2 y_k h^(k+1) / (k+1), h = (b - a) / 2, and the error times 2 h."""
        model = self._model(piece, a, b)
        if model is not None:
            half = real((b - a) / 2)
            floor = absolute_upper(model.coefficients[0]) * real(Fraction(1, 2**self.flow.bits))
            if depth == 0 or lt(model.tail, upper_real(model.spread + floor)) is HOLDS:
                total = model.error
                for k, power in enumerate(power_list(half, len(model.coefficients))):
                    if k % 2 == 0:
                        total = total + model.coefficients[k] * power * real(Fraction(1, k + 1))
                return total * half * 2
        elif depth == 0:
            now = interval(self.flow.start_time + a, self.flow.start_time + b)
            return self._evaluate(self._tape, self._box(piece, a, b), now)[0] * real(b - a)
        middle = (a + b) / 2
        left = self._integral(piece, a, middle, depth - 1)
        return left + self._integral(piece, middle, b, depth - 1)
