"""Exact states: rational points of a trajectory, and the generic point of a polynomial ring."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from sympy import Expr

from theorycheck import exact
from theorycheck.claims import matrices as m, quantities as q
from theorycheck.claims.axes import step, time
from theorycheck.claims.evaluation import Evaluator
from theorycheck.claims.kernel_rung import rational_kernel
from theorycheck.claims.kernel_terms import AbstractKernelTerm
from theorycheck.claims.places import Place
from theorycheck.losses import SquareLoss
from theorycheck.problems import FullyConnectedObjective, Instance, Objective, RegionObjective
from theorycheck.problems.backpropagation import masked_gradient
from theorycheck.symbolic.lowering import NotExact, PolynomialScalars, RationalScalars

__all__ = ["generic_evaluator", "probing_evaluator", "rational_evaluator", "region_evaluators"]

MAX_EXACT_BITS = 200_000
MAX_EXACT_STEPS = 5
MAX_GENERATORS = 40
MAX_TERMS = 5_000
MAX_UNITS = 8


class RationalStates:
    """Points known exactly: the start, the flow at time 0, and a few exact descent steps."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._iterates: list[Any] = []

    def state(self, path: str, place: Expr | None, where: Place) -> Any:
        start = self._column(self.instance.start)
        if path == "start" or place is None:
            return start
        if path != "flow":
            return self._iterate(where.whole_step(place))
        if any(where.resolve(place)):
            raise NotExact("the flow is rational at its start only")
        return start

    def _column(self, entries: tuple[Fraction, ...]) -> Any:
        return exact.RationalAlgebra.matrix([[x] for x in entries])

    def _iterate(self, k: int) -> Any:
        if k > MAX_EXACT_STEPS:
            raise NotExact(f"iterate {k} would have too many digits")
        if not self._iterates:
            start = getattr(self.instance, "descent_start", None) or self.instance.start
            self._iterates.append(self._column(start))
        eta = exact.rational(self.instance.step_size)
        while len(self._iterates) <= k:
            here = self._iterates[-1]
            if sum(exact.bit_size(x) for x in exact.RationalAlgebra.scalars(here)) > MAX_EXACT_BITS:
                raise NotExact("the exact iterate has too many digits")
            self._iterates.append(descent_step(self.instance, exact.RationalAlgebra, here, eta))
        return self._iterates[k]

    def axis_value(self, where: Place) -> Any:
        if not where.is_exact:
            raise NotExact("an interval of times")
        return exact.rational(where.low)

    def special(self, quantity: q.AbstractQuantity, where: Place) -> Any:
        if isinstance(quantity, q.Recurrence) and where.whole_step(quantity.place) == 0:
            return rational_evaluator(self.instance, Place(), self).scalar(quantity.start)
        raise NotExact(f"{type(quantity).__name__} is not rational")

    def kernel(self, term: AbstractKernelTerm, where: Place) -> Any:
        return rational_kernel(term, self.instance, where)


def descent_step(
    instance: Instance, arithmetic: Any, column: Any, eta: Any, objective: Objective | None = None
) -> Any:
    """Take one step of gradient descent in any arithmetic: theta - eta grad f(theta)."""
    objective = objective or instance.objective
    gradient = objective.gradient_column(arithmetic, objective.point(arithmetic, column))
    return arithmetic.subtract(column, arithmetic.scale(gradient, eta))


def rational_evaluator(
    instance: Instance, where: Place, states: RationalStates | None = None
) -> Evaluator:
    """Evaluate exactly over Q; raises NotExact where a value is not rational."""
    return Evaluator(
        instance.objective_or_none,
        exact.RationalAlgebra,
        RationalScalars(),
        states or RationalStates(instance),
        where,
    )


class GenericStates:
    """The running point with indeterminate coordinates: what holds there holds everywhere."""

    def __init__(
        self, instance: Instance, algebra: Any, column: Any, objective: Objective | None = None
    ) -> None:
        self.instance = instance
        self.algebra = algebra
        self.objective = objective or instance.objective
        self._later: list[Any] = [column]

    def state(self, path: str, place: Expr | None, where: Place) -> Any:
        if path == "flow" and place == time:
            return self._later[0]
        # flow at k * step_size is another point than descent at k, even where step_size = 1
        offset = place - step if path == "descent" and place is not None else None
        if offset is None or not offset.is_Integer or not 0 <= offset <= 1:
            raise NotExact(f"no generic point of {path} at {place}")
        while len(self._later) <= int(offset):
            eta = self.algebra.scalar(self.instance.step_size)
            self._later.append(
                descent_step(self.instance, self.algebra, self._later[-1], eta, self.objective)
            )
        return self._later[int(offset)]

    def axis_value(self, where: Place) -> Any:
        raise NotExact("the axis itself is not a generic coordinate")

    def special(self, quantity: q.AbstractQuantity, where: Place) -> Any:
        raise NotExact(f"{type(quantity).__name__} is not polynomial")

    def kernel(self, term: AbstractKernelTerm, where: Place) -> Any:
        raise NotExact("the kernel model is no polynomial in the parameters")


def generic_evaluator(instance: Instance) -> Evaluator:
    """Evaluate in the polynomial ring Q[theta], at the generic point of a trajectory.

    An expression that vanishes there vanishes at every point, hence along every trajectory.
    """
    algebra, column, _ = _generic_point(instance)
    states = GenericStates(instance, algebra, column)
    return Evaluator(instance.objective, algebra, PolynomialScalars(algebra), states, Place())


def _generic_point(instance: Instance, more: int = 0) -> tuple[Any, Any, list[Any]]:
    """The ring, the column of the parameters, and further indeterminates."""
    dimension = instance.objective.dimension
    if dimension + more > MAX_GENERATORS:
        raise NotExact(f"{dimension + more} indeterminates are too many for the polynomial ring")
    names = [f"x{i}" for i in range(dimension + more)]
    algebra = exact.PolynomialArithmetic(names, max_terms=MAX_TERMS)
    generators = algebra.scalars(algebra.matrix_of_generators())
    column = algebra.from_scalars(dimension, 1, generators[:dimension])
    return algebra, column, list(generators[dimension:])


def region_evaluators(
    instance: Instance, objective: FullyConnectedObjective
) -> Iterator[Evaluator]:
    """Evaluate at the generic point of every activation region of a net.

    An expression that vanishes in all of them vanishes wherever the net is differentiable, and,
    by the convention of `FullyConnected`, for descent on the kinks as well.
    """
    if len(objective.units) > MAX_UNITS:
        raise NotExact(f"{len(objective.units)} pre-activations have too many regions")
    is_square = isinstance(objective.loss, SquareLoss)
    outputs = 0 if is_square else objective.loss.output_dimension * objective.loss.samples
    algebra, column, slopes = _generic_point(instance, outputs)
    for signs in itertools.product((1, -1), repeat=len(objective.units)):
        region: Objective = objective.in_region(objective.pattern_of(signs))
        if not is_square:
            assert isinstance(region, RegionObjective)
            region = _AnyLoss(region, slopes)
        states = GenericStates(instance, algebra, column, region)
        yield _RegionEvaluator(region, algebra, PolynomialScalars(algebra), states, Place())


class _AnyLoss(Objective):
    """A region's objective whose loss has indeterminate slopes at the predictions.

    What vanishes for all slopes vanishes for those of the loss.
    """

    def __init__(self, region: RegionObjective, slopes: list[Any]) -> None:
        self.region = region
        self.slopes = slopes
        self.inputs = region.loss.inputs

    @property
    def dimension(self) -> int:
        return self.region.dimension

    @property
    def bounded_below(self) -> bool:
        return False

    def point(self, arithmetic: Any, column: Any) -> Any:
        return self.region.point(arithmetic, column)

    def gradient(self, arithmetic: Any, predictions: Any) -> Any:
        """The slopes in place of those of the loss."""
        rows, columns = arithmetic.shape(predictions)
        return arithmetic.from_scalars(rows, columns, self.slopes)

    def gradient_column(self, arithmetic: Any, point: Any) -> Any:
        parts = masked_gradient(arithmetic, point, self.region.masks, self)
        entries = [x for part in parts for x in arithmetic.scalars(part)]
        return arithmetic.from_scalars(len(entries), 1, entries)

    def value(self, arithmetic: Any, point: Any) -> Any:
        raise NotExact("the loss is not polynomial")

    def hessian(self, arithmetic: Any, point: Any) -> Any:
        raise NotExact("the loss is not polynomial")


class _RegionEvaluator(Evaluator):
    """An evaluator in one region; the next iterate may be in another one."""

    def _build(self, term: m.AbstractMatrix) -> Any:
        if isinstance(term, m.Gradient | m.Hessian):
            self._refuse_later(term.place)
        return super()._build(term)

    def _compute(self, quantity: q.AbstractQuantity) -> Any:
        if isinstance(quantity, q.Loss):
            self._refuse_later(quantity.place)
        return super()._compute(quantity)

    @staticmethod
    def _refuse_later(place: Expr | None) -> None:
        if place not in (time, step):
            raise NotExact("the region of the next iterate is another one")


def probing_evaluator(instance: Instance) -> Evaluator:
    """Evaluate at one arbitrary rational point: what differs there is not zero everywhere."""
    algebra = exact.RationalAlgebra
    dimension = instance.objective.dimension
    column = algebra.matrix([[Fraction(37 * i % 101 - 50, 7)] for i in range(1, dimension + 1)])
    states = GenericStates(instance, algebra, column)
    return Evaluator(instance.objective, algebra, RationalScalars(), states, Place())
