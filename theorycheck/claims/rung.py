"""One rung of the precision ladder: the trajectories of an instance enclosed at some precision."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from sympy import Expr

from theorycheck import balls
from theorycheck.claims import kernel_terms as k, quantities as q
from theorycheck.claims.axes import Steps, step
from theorycheck.claims.evaluation import Evaluator
from theorycheck.claims.integrals import enclose_integral
from theorycheck.claims.kernel_rung import KernelRung
from theorycheck.claims.places import Place, Reach
from theorycheck.errors import DomainViolation, short_text
from theorycheck.problems import Instance
from theorycheck.symbolic.lowering import BallScalars
from theorycheck.trajectories import (
    Deadline,
    Descent,
    Effort,
    Flow,
    KinkedFlow,
    StepCertificate,
    TrackingPiece,
    descend,
    flow,
    step_certificates,
    tracking,
)  # fmt: skip
from theorycheck.trajectories.two_layer import TwoLayerRun

__all__ = ["Rung"]

GUARD_BITS = 16
TRACKING_PIECES = 256
PLACES_KEPT = 512


class Rung:
    """Enclose what the terms of one instance need, lazily, at `bits` of working precision.

    Trajectories are computed when a term first asks. All values are balls that contain the truth;
    intervals of time are covered completely.

    Raises (from any evaluation)
    ----------------------------
    EnclosureFailed, BudgetExceeded, DomainViolation    turned into UNDECIDED by the checker
    """

    def __init__(self, instance: Instance, bits: int, reach: Reach, deadline: Deadline) -> None:
        self.instance = instance
        self.bits = bits
        self.reach = reach
        self.deadline = deadline
        self._flow: Flow | KinkedFlow | None = None
        self._descent: Descent | None = None
        self._tracking: dict[Expr, list[TrackingPiece]] = {}
        self._certificates: dict[Expr, list[StepCertificate]] = {}
        self._sequences: dict[q.Recurrence, list[Any]] = {}
        self._integrals: dict[Any, Any] = {}
        self._nets: dict[Any, TwoLayerRun] = {}
        self._net_values_over: dict[Any, Any] = {}
        self._single: tuple[Place, Evaluator] | None = None
        self._kernel = KernelRung(instance, bits, lambda e: self._fresh(Place()).scalar(e))

    # -- trajectories ----------------------------------------------------------------------------
    @property
    def flow(self) -> Flow | KinkedFlow:
        if self._flow is None:
            self._flow = flow(
                self.instance.objective,
                start=self.instance.start,
                horizon=max(self.reach.flow, Fraction(1, 2**20)),
                bits=self.bits,
                effort=self._effort,
            )
        return self._flow

    @property
    def descent(self) -> Descent:
        if self._descent is None:
            start = getattr(self.instance, "descent_start", None) or self.instance.start
            self._descent = descend(
                self.instance.objective,
                start=start,
                step_size=self.instance.step_size,
                steps=self.reach.descent,
                bits=self.bits,
                effort=self._effort,
            )
        return self._descent

    @property
    def _effort(self) -> Effort:
        return Effort(max_bits=self.bits, max_seconds=self.deadline.remaining)

    # -- the states protocol -----------------------------------------------------------------------
    def state(self, path: str, place: Expr | None, where: Place) -> Any:
        if path == "start" or place is None:
            return balls.matrix([[x] for x in self.instance.start])
        low, high = where.resolve(place)
        if path == "flow":
            if low < 0 or high > self.flow.horizon:
                raise DomainViolation(
                    f"the flow is needed at t = {short_text(high)}, beyond its horizon"
                )
            return self.flow.state(low) if low == high else self.flow.state_over(low, high)
        return self.descent.state(where.whole_step(place))

    def axis_value(self, where: Place) -> Any:
        return balls.interval(where.low, where.high)

    def special(self, quantity: q.AbstractQuantity, where: Place) -> Any:
        match quantity:
            case k.KernelForm() | q.FrobeniusSquared():
                return self._kernel.form(quantity, where)
            case q.TubeBound():
                return self._tube_bound(quantity, where)
            case q.StepBound():
                return self._step_bound(quantity, where)
            case q.Recurrence():
                return self._recurrence(quantity, where)
            case q.NetValue(source, kind, row, column, place):
                return self._net_values(source, where.resolve(place)).value(kind, row, column)
            case q.Extremum(expression, over, greatest):
                return self._extremum(expression, over, greatest=greatest)
            case q.TimeIntegral(expression, over):
                key = (expression, over)
                if key not in self._integrals:
                    self._integrals[key] = enclose_integral(
                        expression, over, self.instance, self._over
                    )
                return self._integrals[key]
        raise DomainViolation(f"{type(quantity).__name__} cannot be enclosed")

    def _net_values(self, source: Any, over: tuple[Fraction, Fraction]) -> Any:
        """What is known of a net over some times; kept, since terms and relations share places."""
        if source not in self._nets:
            self._nets[source] = source.run(self.bits, self._effort)
        if (source, over) not in self._net_values_over:
            if len(self._net_values_over) >= PLACES_KEPT:
                self._net_values_over.clear()
            self._net_values_over[source, over] = source.values(self._nets[source], *over)
        return self._net_values_over[source, over]

    def kernel(self, term: k.AbstractKernelTerm, where: Place) -> Any:
        self.deadline.check("the kernel model")
        return self._kernel.matrix(term, where)

    # -- evaluation --------------------------------------------------------------------------------
    def evaluator(self, where: Place) -> Evaluator:
        """An evaluator at a place; the last one is kept, so that neighbours share subterms."""
        if self._single is None or self._single[0] != where:
            objective = self.instance.objective_or_none
            made = Evaluator(objective, balls.BallAlgebra, BallScalars(), self, where)
            self._single = (where, made)
        return self._single[1]

    def value(self, expression: Expr, where: Place) -> Any:
        """Enclose a scalar expression at a place (over all times of it)."""
        self.deadline.check()
        with self.deadline.watched(), balls.precision(self.bits + GUARD_BITS):
            return self.evaluator(where).scalar(expression)

    def matrix(self, term: Any, where: Place) -> Any:
        self.deadline.check()
        with balls.precision(self.bits + GUARD_BITS):
            return self.evaluator(where).matrix(term)

    # -- special quantities ------------------------------------------------------------------------
    def _tube_bound(self, quantity: q.TubeBound, where: Place) -> Any:
        assert quantity.place is not None
        low, high = where.resolve(quantity.place)
        if low < 0 or high > self.reach.flow:
            raise DomainViolation(f"a tube bound is needed at t = {low}, outside its range")
        pieces = self._pieces(quantity.radius)
        touched = [p for p in pieces if p.t0 <= high and low <= p.t1]
        return balls.hull(
            _on_piece(p, quantity.kind, max(low, p.t0), min(high, p.t1)) for p in touched
        )

    def _pieces(self, radius: Expr) -> list[TrackingPiece]:
        if radius not in self._tracking:
            epsilon = self._fresh(Place()).scalar(radius)
            horizon = self.reach.flow
            count = TRACKING_PIECES
            partition = [horizon * i / count for i in range(count + 1)]
            self._tracking[radius] = tracking(
                self.flow, self.instance.objective, balls.upper_real(epsilon), partition
            )
        return self._tracking[radius]

    def _step_bound(self, quantity: q.StepBound, where: Place) -> Any:
        assert quantity.place is not None
        k = where.whole_step(quantity.place)
        if quantity.gap not in self._certificates:
            gap = balls.upper(self._fresh(Place()).scalar(quantity.gap))
            self._certificates[quantity.gap] = step_certificates(
                self.instance.objective, self.descent, gap, self.deadline
            )
        certificate = self._certificates[quantity.gap][k]
        return certificate.curvature if quantity.kind == "m" else certificate.defect

    def _recurrence(self, quantity: q.Recurrence, where: Place) -> Any:
        k = where.whole_step(quantity.place)
        base = q.Recurrence(
            quantity.start, quantity.previous, quantity.following, step, quantity.name
        )
        sequence = self._sequences.setdefault(base, [])
        if not sequence:
            sequence.append(self._fresh(Place()).scalar(base.start))
        while len(sequence) <= k:
            self.deadline.check()
            here = self._fresh(Place.at_step(len(sequence) - 1), {base.previous: sequence[-1]})
            sequence.append(here.scalar(base.following))
        return sequence[k]

    def _over(self, expression: Expr, where: Place) -> Any:
        self.deadline.check("an integral")
        return self._fresh(where).scalar(expression)

    def _fresh(self, where: Place, extra: dict[Expr, Any] | None = None) -> Evaluator:
        objective = self.instance.objective_or_none
        return Evaluator(objective, balls.BallAlgebra, BallScalars(), self, where, extra)

    def _extremum(self, expression: Expr, over: Any, *, greatest: bool) -> Any:
        """Enclose sup or inf: over steps by all values, over times by pieces that cover."""
        join: Callable[[list[Any]], Any] = balls.maximum if greatest else balls.minimum
        places: Iterable[Place]
        if isinstance(over, Steps):
            places = (Place.at_step(k) for k in range(over.start, over.end + 1))
        else:
            count = TRACKING_PIECES
            cuts = [over.start + (over.end - over.start) * i / count for i in range(count + 1)]
            places = (Place.over_times(a, b) for a, b in pairwise(cuts))
        values = []
        for place in places:
            self.deadline.check("an extremum")
            values.append(self._fresh(place).scalar(expression))
        return join(values)


def _on_piece(piece: TrackingPiece, kind: str, low: Fraction, high: Fraction) -> Any:
    """Enclose a tube bound over [low, high], a part of one piece on which m is constant."""
    if kind == "m":
        return piece.m
    if kind in ("beta", "gamma"):
        return getattr(piece, kind)
    since = balls.interval(low - piece.t0, high - piece.t0)
    if kind == "mu":
        return piece.mu0 + piece.m * since
    # I' = 1 + m I with constant m
    growth = balls.FUNCTIONS["exp"](piece.m * since)
    return growth * piece.I0 + balls.expm1_over(piece.m, since)
