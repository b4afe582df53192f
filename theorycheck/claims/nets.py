"""Two-layer ReLU nets as a claim sees them: `net_training(case, method)` and its lazy terms.

The instance has `inputs` (n x d), `labels` (n), `weights` (m x d), `outer` (m) and a `horizon`; the
first layer is trained, u_i = m^{-1/2} sum_r a_r relu(w_r . x_i), D = u - y.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy
from sympy import Expr

from theorycheck import balls
from theorycheck.claims import matrices as m, quantities as q
from theorycheck.claims.axes import time
from theorycheck.claims.terms import Term
from theorycheck.claims.views import Case
from theorycheck.errors import DomainViolation, short_text
from theorycheck.trajectories import Effort
from theorycheck.trajectories.two_layer import Flow, TwoLayer, TwoLayerRun, two_layer_run
from theorycheck.trajectories.two_layer.methods import AbstractMethod

__all__ = ["NetTraining", "initial_net", "net_training"]


@dataclass(frozen=True)
class _Source:
    """What a run is computed from, and how its values are read."""

    net: TwoLayer
    method: AbstractMethod
    horizon: Fraction

    def run(self, bits: int, effort: Effort) -> TwoLayerRun:
        return two_layer_run(self.net, self.method, self.horizon, bits=bits, effort=effort)

    def values(self, run: TwoLayerRun, low: Fraction, high: Fraction) -> _Values:
        if low < 0 or high > run.last:
            raise DomainViolation(f"the net is needed at t = {short_text(high)}, beyond {run.last}")
        return _Values(run, low, high)


class _Values:
    """A run over some times, enclosed when it is first asked for."""

    def __init__(self, run: TwoLayerRun, low: Fraction, high: Fraction) -> None:
        self.run, self.low, self.high = run, low, high

    @cached_property
    def _over(self) -> tuple[balls.Matrix, list[balls.Real]]:
        return self.run.over(self.low, self.high)

    @cached_property
    def _speeds(self) -> tuple[balls.Ball, ...]:
        if self.low != self.high:
            raise DomainViolation("D' is enclosed at single times only")
        return self.run.error_speed(self.low)

    def value(self, kind: str, row: int, column: int) -> balls.Real:
        if kind == "lambda_min":
            grams = {mode.gram for mode in self.run.modes_over(self.low, self.high)}
            return balls.hull(balls.lambda_min(balls.matrix(gram)) for gram in sorted(grams))
        if kind == "gram_change":
            start = balls.matrix(self.run.net.initial_gram)
            changes = {mode.gram for mode in self.run.modes_over(self.low, self.high)}
            return balls.hull(balls.spectral_norm(balls.matrix(g) - start) for g in sorted(changes))
        if kind == "error_speed":
            return self._speeds[row].real()
        weights, errors = self._over
        return errors[row] if kind == "error" else weights[row, column]


@dataclass(frozen=True)
class NetTraining:
    """The quantities of a two-layer net in training, as functions of time."""

    source: _Source
    place: Expr

    @property
    def error(self) -> m.AbstractMatrix:
        """D = u - y, n x 1."""
        rows = range(self.source.net.samples)
        return m.FromScalars(tuple((self._atom("error", i, 0),) for i in rows))

    @property
    def error_speed(self) -> m.AbstractMatrix:
        """D', n x 1; at single times that are no kinks."""
        rows = range(self.source.net.samples)
        return m.FromScalars(tuple((self._atom("error_speed", i, 0),) for i in rows))

    def neuron(self, r: int) -> m.AbstractMatrix:
        """w_r, d x 1; r from 0."""
        columns = range(len(self.source.net.inputs[0]))
        return m.FromScalars(tuple((self._atom("weight", r, c),) for c in columns))

    @property
    def gram_lambda_min(self) -> Term:
        """lambda_min(H(t)), H of the running mode; at a kink, of one of both sides."""
        return Term(self._atom("lambda_min", 0, 0))

    def at(self, place: Any) -> NetTraining:
        """The same at a time."""
        from theorycheck.claims.terms import expression_of

        return NetTraining(self.source, expression_of(place))

    @property
    def gram_change(self) -> Term:
        """|H(t) - H(0)|, spectral; at a kink, of one of both sides."""
        return Term(self._atom("gram_change", 0, 0))

    def _atom(self, kind: str, row: int, column: int) -> Expr:
        return q.Atom(q.NetValue(self.source, kind, row, column, self.place))


def initial_net(case: Case) -> TwoLayer:
    """The net of an instance, exact."""
    return TwoLayer.of(case.inputs, case.labels, case.weights, case.outer)


def net_training(case: Case, method: AbstractMethod | None = None) -> NetTraining:
    """Train the net of an instance up to its horizon; by flow where no method is given."""
    source = _Source(initial_net(case), method or Flow(), Fraction(case.horizon))
    return NetTraining(source, time)


def exact_number(value: Fraction) -> Expr:
    """A rational as SymPy's."""
    return sympy.Rational(value.numerator, value.denominator)
