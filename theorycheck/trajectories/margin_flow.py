r"""Gradient flow of a separating predictor in a slow clock, with the original time recovered.

    theta_s = grad alpha(theta),      dt/ds = 1 / |l'(alpha)| = e^alpha, or 1 + e^alpha (logistic)

For smooth nets tau = t e^{-alpha} is carried along: tau_s = (dt/ds) e^{-alpha} - tau |grad alpha|^2
(recipe R1 of theory C). With `clock="log_norm"` the orbit runs in sigma = log(rho / rho(0)),

    theta_sigma = rho^2 g / <theta, g>,            g = grad alpha        (recipe R3),

which is even where R1 speeds up (L > 1) and blows up (L > 2). Its field is longer: it pays for few
parameters and samples only. With `clock="polar"` it runs at rho^{2-L} times the pace of R1 (recipe
R2), so that log rho moves by L sum_i p_i q_i(theta / rho), a bounded rate. Recipe R4, for linear
predictors, is `log_time.py`. Nets with kinks are enclosed by the Filippov solution, and t by
rectangles on small panels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

import sympy

from theorycheck import balls
from theorycheck.balls import Ball, BallAlgebra, Real, precision, real
from theorycheck.balls.series import column_of, entries_of
from theorycheck.errors import DomainViolation, InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.losses import AbstractMarginLoss, LogisticMargin
from theorycheck.problems import AbstractNetworkObjective, FullyConnectedObjective, VectorField
from theorycheck.symbolic.algebra import SymbolicArithmetic
from theorycheck.trajectories.effort import Effort
from theorycheck.trajectories.flow import Flow, flow
from theorycheck.trajectories.kinked import KinkedFlow
from theorycheck.trajectories.margin_rates import MarginRates, log_loss
from theorycheck.trajectories.network_maps import written_out

__all__ = ["MarginFlow", "margin_flow"]

CLOCKS = ("margin", "log_norm", "polar")
PANELS = 256
BISECTIONS = 40


@dataclass(frozen=True)
class MarginFlow:
    """Certified curves of a gradient flow whose loss is out of reach of floating point.

    Places are in the flow's clock: a number, or a pair (first, last) for EVERY place between.

    Parameters
    ----------
    objective : a network's objective with an ExponentialMargin or a LogisticMargin
    enclosure : Flow or KinkedFlow      of the parameters, and of tau where `timed`
    timed : bool
    """

    objective: AbstractNetworkObjective
    enclosure: Flow | KinkedFlow
    timed: bool

    @property
    def loss(self) -> AbstractMarginLoss:
        found: Any = self.objective.loss
        return found  # type: ignore[no-any-return]

    @property
    def horizon(self) -> Fraction:
        return self.enclosure.horizon

    @property
    def bits(self) -> int:
        return self.enclosure.bits

    @property
    def order(self) -> int:
        """L, the degree of homogeneity of the predictor in its parameters."""
        return self.objective.network.order

    @property
    def is_logistic(self) -> bool:
        return isinstance(self.loss, LogisticMargin)

    # -- the curves ------------------------------------------------------------------------------
    def alpha(self, place: object) -> Ball:
        """The smoothed margin."""
        with self._precision():
            return self._ball(self._alpha(self._parameters(place)))

    def log_loss(self, place: object) -> Ball:
        """Log of the sum loss."""
        with self._precision():
            return self._ball(
                log_loss(self._alpha(self._parameters(place)), logistic=self.is_logistic)
            )

    def log_norm(self, place: object) -> Ball:
        """Log of the parameters' norm rho."""
        with self._precision():
            return self._ball(_log_norm(self._parameters(place)))

    def smoothed_margin(self, place: object) -> Ball:
        """Alpha / rho^L, which does not decrease (Lyu & Li 2020)."""
        with self._precision():
            entries = self._parameters(place)
            scale = balls.exp(_log_norm(entries) * self.order)
            return self._ball(balls.divide(self._alpha(entries), scale))

    def margins(self, place: object) -> tuple[Ball, ...]:
        """The margins q_i."""
        with self._precision():
            predictions = self.objective.predictions(BallAlgebra, self._layers(place))
            return tuple(map(self._ball, self.loss.margins(BallAlgebra, predictions)))

    def alignment(self, place: object) -> Ball:
        """beta, the cosine of the parameters and the negative gradient."""
        with self._precision():
            entries = self._parameters(place)
            gradient = self._gradient(entries)
            inner = _inner(entries, gradient)
            norms = balls.exp(_log_norm(entries) + _log_norm(gradient))
            return self._ball(balls.divide(inner, norms))

    def direction(self, place: object) -> tuple[Ball, ...]:
        """The parameters divided by their norm."""
        with self._precision():
            entries = self._parameters(place)
            norm = balls.exp(_log_norm(entries))
            return tuple(self._ball(balls.divide(entry, norm)) for entry in entries)

    def log_time(self, place: object) -> Ball:
        """Log of the original flow time of the sum loss; the place must be beyond the start."""
        with self._precision():
            if not self.timed:
                return self._ball(balls.log(self._counted(self._ends(place))))
            state = entries_of(self._column(place))
            return self._ball(balls.log(state[-1]) + self._alpha(state[:-1]))

    def place_at(self, log_time: object) -> tuple[Fraction, Fraction]:
        """A short span of the slow clock that certainly contains a given log of the time.

        Raises
        ------
        InvalidInstance    the time is not certainly inside the enclosed flow
        """
        goal = as_fraction(log_time, "log_time")
        low, high = Fraction(0), self.horizon
        if not self.log_time(high).lower >= goal:
            raise InvalidInstance(
                f"log_time={log_time} is beyond log t = {float(self.log_time(high)):.6g}, where "
                "the enclosed flow ends; extend the horizon, or use MarginRates for any time"
            )
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            try:
                now = self.log_time(middle)
            except DomainViolation:  # so early that the time may be 0
                break
            if now.upper <= goal:
                low = middle
            elif now.lower >= goal:
                high = middle
            else:
                break
        return low, high

    def rates(self, place: object, gradient_bound: object) -> MarginRates:
        """The all-time rates from this place on, the time counted from there."""
        bound: Any = gradient_bound
        return MarginRates(
            alpha=self.alpha(place),
            log_norm=self.log_norm(place),
            order=self.order,
            gradient_bound=bound,
            loss="logistic" if self.is_logistic else "exponential",
            bits=self.bits,
        )

    # -- parts -----------------------------------------------------------------------------------
    def _precision(self) -> precision:
        return precision(self.bits + 32)

    def _ball(self, value: Real) -> Ball:
        return Ball.wrap(value, self.bits)

    def _ends(self, place: object) -> tuple[Fraction, Fraction]:
        if isinstance(place, tuple):
            return as_fraction(place[0], "place"), as_fraction(place[1], "place")
        return (as_fraction(place, "place"),) * 2

    def _column(self, place: object) -> Any:
        return self.enclosure.state_over(*self._ends(place))

    def _parameters(self, place: object) -> list[Real]:
        return entries_of(self._column(place))[: self.objective.dimension]

    def _layers(self, place: object) -> Any:
        return self.objective.point(BallAlgebra, column_of(self._parameters(place)))

    def _alpha(self, entries: Sequence[Real]) -> Real:
        layers = self.objective.point(BallAlgebra, column_of(list(entries)))
        value: Real = -self.objective.value(BallAlgebra, layers)
        return value

    def _gradient(self, entries: Sequence[Real]) -> list[Real]:
        """The gradient of alpha."""
        layers = self.objective.point(BallAlgebra, column_of(list(entries)))
        column = self.objective.gradient_column(BallAlgebra, layers)
        return [-entry for entry in BallAlgebra.scalars(column)]

    # -- the time of nets with kinks -------------------------------------------------------------
    @cached_property
    def _clock(self) -> tuple[list[Fraction], list[Real]]:
        """The original time at the ends of equal panels, from the start."""
        places = [self.horizon * i / PANELS for i in range(PANELS + 1)]
        with self._precision():
            alphas = [self._alpha(self._parameters(s)) for s in places]
            total, totals = real(0), [real(0)]
            for a, b in pairwise(alphas):
                total = total + real(self.horizon / PANELS) * self._pace(balls.hull([a, b]))
                totals.append(total)
        return places, totals

    def _pace(self, alpha: Real) -> Real:
        """dt/ds at a margin."""
        return balls.exp(alpha) + 1 if self.is_logistic else balls.exp(alpha)

    def _counted(self, ends: tuple[Fraction, Fraction]) -> Real:
        """The time at the panels' ends around the span: alpha, and so the clock, increases."""
        if not 0 <= ends[0] <= ends[1] <= self.horizon:
            raise InvalidInstance(
                f"[{ends[0]}, {ends[1]}] is no part of [0, {self.horizon}]; extend the horizon"
            )
        places, totals = self._clock
        low = max(i for i, s in enumerate(places) if s <= ends[0])
        high = min(i for i, s in enumerate(places) if s >= ends[1])
        return balls.hull([totals[low], totals[high]])


def margin_flow(
    objective: AbstractNetworkObjective,
    start: Sequence[object],
    horizon: object,
    *,
    clock: str = "margin",
    bits: int | None = None,
    effort: Effort | None = None,
) -> MarginFlow:
    """Enclose the flow of a separating predictor in the slow clock, and its original time.

    Parameters
    ----------
    objective : a net with an ExponentialMargin or LogisticMargin
    start : rationals, flat
    horizon : rational        of the clock
    clock : str               "margin", the slow clock s with ds = |l'(alpha)| dt; for smooth nets
                              "log_norm", the growth of log rho, or "polar", ds rho^{L-2}

    Raises
    ------
    EnclosureFailed, KinkFailed    as `flow`: a tangency or a fork of a net with kinks, the budget
    InvalidInstance                another loss or clock; a net with kinks in log rho

    Examples
    --------
    >>> from theorycheck.losses import ExponentialMargin
    >>> from theorycheck.networks import DeepLinear
    >>> net = DeepLinear((1, 1)).objective(ExponentialMargin([[1]], [1]))       # q' = e^{-q}
    >>> run = margin_flow(net, [1], 40)
    >>> round(float(run.alpha(40)), 9), round(float(run.log_time(40)), 9)       # log(e^41 - e)
    (41.0, 41.0)
    """
    if not isinstance(objective.loss, AbstractMarginLoss):
        raise InvalidInstance(
            f"loss={type(objective.loss).__name__}: give the net an ExponentialMargin or a "
            "LogisticMargin of the same data"
        )
    if clock not in CLOCKS:
        raise InvalidInstance(f"clock={clock!r} must be one of {', '.join(CLOCKS)}")
    options: dict[str, Any] = {"bits": bits, "effort": effort}
    if isinstance(objective, FullyConnectedObjective) and not objective.network.is_smooth:
        if clock != "margin":
            raise InvalidInstance(f"clock={clock!r} is for smooth nets; use clock='margin'")
        return MarginFlow(objective, flow(objective, start, horizon, **options), timed=False)
    field = _timed_field(objective, clock)
    return MarginFlow(objective, flow(field, [*start, 0], horizon, **options), timed=True)


def _timed_field(objective: AbstractNetworkObjective, clock: str) -> VectorField:
    """The flow of -alpha together with tau = t e^{-alpha}, in a clock."""
    plain = written_out(objective)
    tau = sympy.Symbol("tau", real=True)
    speed = sympy.Add(*[c**2 for c in plain.components])
    pace = sympy.S.One
    if isinstance(objective.loss, LogisticMargin):
        column = SymbolicArithmetic.from_scalars(objective.dimension, 1, list(plain.state))
        value = objective.value(SymbolicArithmetic, objective.point(SymbolicArithmetic, column))
        pace = 1 + sympy.exp(value)
    components = [*plain.components, pace - tau * speed]
    if clock == "log_norm":
        growth = sympy.Add(*[x * c for x, c in zip(plain.state, plain.components, strict=True)])
        rate = sympy.Add(*[x**2 for x in plain.state]) / growth
        components = [c * rate for c in components]
    if clock == "polar":
        degree = sympy.Rational(2 - objective.network.order, 2)
        rate = sympy.Add(*[x**2 for x in plain.state]) ** degree
        components = [c * rate for c in components]
    return VectorField(components, [*plain.state, tau])


def _log_norm(entries: Sequence[Real]) -> Real:
    total = balls.square(entries[0])
    for entry in entries[1:]:
        total = total + balls.square(entry)
    return balls.log(total) / 2


def _inner(a: Sequence[Real], b: Sequence[Real]) -> Real:
    total = a[0] * b[0]
    for x, y in zip(a[1:], b[1:], strict=True):
        total = total + x * y
    return total
