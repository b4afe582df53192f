"""Evaluate terms at a place, in one kind of arithmetic.

The same walk serves balls (evidence), rationals and polynomials (exact evidence) and floats
(drawing). What differs is the arithmetic of matrices, the scalars, and where a trajectory's
state comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Protocol

from sympy import Expr

from theorycheck import balls
from theorycheck.claims import kernel_terms as k, matrices as m, quantities as q
from theorycheck.claims.places import Place
from theorycheck.errors import DomainViolation
from theorycheck.exact import to_fraction
from theorycheck.problems import Margins, Objective, margins_at
from theorycheck.problems.margins import (
    MOST_BRANCHES,
    branches,
    classifier_of,
    margins_on,
    pulled_back,
)
from theorycheck.symbolic.lowering import NotExact, Scalars, lower

__all__ = ["Evaluator", "States"]


class States(Protocol):
    """Where the parameters on a trajectory come from, as an N x 1 matrix of the arithmetic."""

    def state(self, path: str, place: Expr | None, where: Place) -> Any: ...
    def special(self, quantity: q.AbstractQuantity, where: Place) -> Any: ...
    def kernel(self, term: k.AbstractKernelTerm, where: Place) -> Any: ...
    def axis_value(self, where: Place) -> Any: ...


class Evaluator:
    """Evaluate matrix terms and scalar expressions at one place, each subterm once.

    Parameters
    ----------
    objective : Objective or None    what the trajectories minimise
    arithmetic : Arithmetic          matrices
    scalars : Scalars                numbers
    states : States                  trajectories
    where : Place
    """

    def __init__(
        self,
        objective: Objective | None,
        arithmetic: Any,
        scalars: Scalars,
        states: States,
        where: Place,
        extra: Mapping[Expr, Any] | None = None,
    ) -> None:
        self.objective = objective
        self.arithmetic = arithmetic
        self.scalars = scalars
        self.states = states
        self.where = where
        self._extra = dict(extra or {})
        self._memory: dict[Any, Any] = {}

    # -- scalars -------------------------------------------------------------------------------
    def scalar(self, expression: Expr) -> Any:
        program = lower(expression)
        return program.run({leaf: self._leaf(leaf) for leaf in program.leaves}, self.scalars)

    def _leaf(self, leaf: Expr) -> Any:
        if isinstance(leaf, q.Atom):
            return self.quantity(leaf.quantity)
        if leaf in self._extra:
            return self._extra[leaf]
        if leaf == self.where.symbol:
            return self.states.axis_value(self.where)
        raise DomainViolation(f"the symbol {leaf} has no value at {self.where}")

    def quantity(self, quantity: q.AbstractQuantity) -> Any:
        if quantity not in self._memory:
            self._memory[quantity] = self._compute(quantity)
        return self._memory[quantity]

    def _compute(self, quantity: q.AbstractQuantity) -> Any:
        arithmetic = self.arithmetic
        match quantity:
            case q.Entry(matrix, row, column):
                return arithmetic.entry(self.matrix(matrix), row, column)
            case q.Trace(matrix):
                value = self.matrix(matrix)
                size = arithmetic.shape(value)[0]
                return sum(
                    (arithmetic.entry(value, i, i) for i in range(1, size)),
                    arithmetic.entry(value, 0, 0),
                )
            case q.FrobeniusSquared(k.KernelError()) if arithmetic.name == "ball":
                return self.states.special(quantity, self.where)
            case q.FrobeniusSquared(matrix):
                return arithmetic.square_sum(self.matrix(matrix))
            case q.SumNorm(matrix) | q.MaxNorm(matrix):
                return self._entry_norm(quantity, matrix)
            case q.Inner(left, right):
                return arithmetic.inner(self.matrix(left), self.matrix(right))
            case q.Loss(path, place, _):
                return self.required_objective.value(arithmetic, self._point(path, place))
            case q.SpectralNorm(matrix) | q.NuclearNorm(matrix):
                return self._spectral(quantity, matrix)
            case q.LambdaMin(matrix) | q.LambdaMax(matrix):
                return self._spectral(quantity, matrix)
            case q.Named(expression, _):
                return self.scalar(expression)
            case q.MarginQuantity():
                return self._margin_quantity(quantity)
        return self.states.special(quantity, self.where)

    def _spectral(self, quantity: q.AbstractQuantity, matrix: m.AbstractMatrix) -> Any:
        value = self.matrix(matrix)
        if self.arithmetic.name == "ball":
            table: dict[type, Callable[[Any], Any]] = {
                q.SpectralNorm: balls.spectral_norm,
                q.NuclearNorm: balls.nuclear_norm,
                q.LambdaMin: balls.lambda_min,
                q.LambdaMax: balls.lambda_max,
            }
            return table[type(quantity)](value)
        raise NotExact("singular values and eigenvalues are not rational in general")

    def _entry_norm(self, quantity: q.AbstractQuantity, matrix: m.AbstractMatrix) -> Any:
        entries = self.arithmetic.scalars(self.matrix(matrix))
        if self.arithmetic.name == "ball":
            sizes = [balls.absolute(x) for x in entries]
            return balls.maximum(sizes) if isinstance(quantity, q.MaxNorm) else sum(sizes)
        if self.arithmetic.name != "rational":
            raise NotExact("absolute values of indeterminates")
        sizes = [abs(x) for x in entries]
        return max(sizes) if isinstance(quantity, q.MaxNorm) else sum(sizes)

    @property
    def required_objective(self) -> Objective:
        if self.objective is None:
            raise DomainViolation("the instance has no objective; give network and loss")
        return self.objective

    def _point(self, path: str, place: Expr | None) -> Any:
        """The parameters in the form the objective wants (layers, or one column)."""
        key = ("point", path, place)
        if key not in self._memory:
            column = self.states.state(path, place, self.where)
            self._memory[key] = self.required_objective.point(self.arithmetic, column)
        return self._memory[key]

    # -- margins -------------------------------------------------------------------------------
    def _margin_quantity(self, quantity: q.MarginQuantity) -> Any:
        path, place, sample = quantity.path, quantity.place, quantity.sample
        if self.arithmetic.name == "ball":
            if quantity.name == "gap":
                assert sample is not None
                return self._margins(path, place).gap(sample)
            value = getattr(self._margins(path, place), quantity.name)
            return value if sample is None else value[sample]
        if quantity.name == "margins" and self.arithmetic.name == "rational":
            assert sample is not None
            key = ("exact margins", path, place)
            if key not in self._memory:
                self._memory[key] = margins_on(
                    self.required_objective, self.arithmetic, self._point(path, place)
                )
            return self._memory[key][sample]
        raise NotExact(f"the quantity {quantity.name} of margins is not rational")

    def _margins(self, path: str, place: Expr | None) -> Margins:
        key = ("margins", path, place)
        if key not in self._memory:
            made = margins_at(self.required_objective, self._point(path, place))
            self._memory[key] = made
        return self._memory[key]  # type: ignore[no-any-return]

    def _margin_gradient(self, term: m.MarginGradient) -> Any:
        arithmetic, objective = self.arithmetic, self.required_objective
        point = self._point(term.path, term.place)
        if term.branch is not None:
            if term.branch >= MOST_BRANCHES:
                raise DomainViolation(
                    f"more than {MOST_BRANCHES} smooth nets agree with the net at this kink"
                )
            if arithmetic.name == "ball":
                raise DomainViolation("which smooth nets meet at a kink is decided exactly")
            exact = tuple(to_fraction(x) for layer in point for x in arithmetic.scalars(layer))
            objective = branches(objective, exact)[term.branch]
        if term.scale != 1:
            point = [arithmetic.scale(layer, arithmetic.scalar(term.scale)) for layer in point]
        count = classifier_of(objective).loss.samples
        chosen = [arithmetic.scalar(Fraction(int(k == term.sample))) for k in range(count)]
        entries = pulled_back(objective, arithmetic, point, chosen)
        return arithmetic.from_scalars(len(entries), 1, entries)

    def _velocity(self, path: str, place: Expr | None) -> Any:
        if self.arithmetic.name != "ball":
            raise NotExact("the weights of the margins are not rational")
        entries = self._margins(path, place).velocity
        return self.arithmetic.from_scalars(len(entries), 1, entries)

    # -- matrices ------------------------------------------------------------------------------
    def matrix(self, term: m.AbstractMatrix) -> Any:
        if term not in self._memory:
            self._memory[term] = self._build(term)
        return self._memory[term]

    def _build(self, term: m.AbstractMatrix) -> Any:
        arithmetic = self.arithmetic
        match term:
            case k.AbstractKernelTerm():
                return self.states.kernel(term, self.where)
            case m.Position(path, place, _):
                return self.states.state(path, place, self.where)
            case m.Layer(path, place, index, _, _):
                return self._point(path, place)[index - 1]
            case m.Gradient(path, place, _):
                return self.required_objective.gradient_column(arithmetic, self._point(path, place))
            case m.OuterGradient(path, place, _, _):
                objective: Any = self.required_objective
                return objective.outer_gradient(arithmetic, self._point(path, place))
            case m.Hessian(path, place, _):
                return self.required_objective.hessian(arithmetic, self._point(path, place))
            case m.MarginGradient():
                return self._margin_gradient(term)
            case m.MarginVelocity(path, place, _):
                return self._velocity(path, place)
            case m.Data(_, rows):
                return arithmetic.matrix(rows)
            case m.Identity(size):
                return arithmetic.identity(size)
            case m.Sum(items):
                total = self.matrix(items[0])
                for item in items[1:]:
                    if isinstance(item, m.Scaled) and item.factor == -1:
                        total = arithmetic.subtract(total, self.matrix(item.inner))
                    else:
                        total = arithmetic.add(total, self.matrix(item))
                return total
            case m.Product(factors):
                return self._product(factors)
            case m.Transpose(inner):
                return arithmetic.transpose(self.matrix(inner))
            case m.Scaled(factor, inner):
                if factor == -1:
                    return arithmetic.negate(self.matrix(inner))
                return arithmetic.scale(self.matrix(inner), self.scalar(factor))
            case m.PsdPower():
                return self._psd_power(term)
            case m.FromScalars(entries):
                flat = [self.scalar(e) for row in entries for e in row]
                return arithmetic.from_scalars(*term.shape, flat)
        raise DomainViolation(f"no evaluation of {type(term).__name__}")

    def _product(self, factors: tuple[m.AbstractMatrix, ...]) -> Any:
        value = self.matrix(factors[0])
        for factor in factors[1:]:
            value = self.arithmetic.multiply(value, self.matrix(factor))
        return value

    def _psd_power(self, term: m.PsdPower) -> Any:
        if term.exponent == 0:
            return self.arithmetic.identity(term.shape[0])
        base = self.matrix(term.base)
        if self.arithmetic.name == "ball":
            return balls.psd_power(base, term.exponent)
        times = term.exponent_of_root
        if self.arithmetic.name == "rational" and term.gram_factor is not None and times:
            factor = self.matrix(term.gram_factor)
            root = self.arithmetic.multiply(factor, self.arithmetic.transpose(factor))
            if self._power(root, term.degree) == base:
                # root is positive semidefinite as a Gram matrix and its power is the base:
                # the root of a positive semidefinite matrix is unique
                return self._power(root, times)
        if term.exponent.denominator == 1:
            return self._power(base, term.exponent.numerator)
        raise NotExact(f"power {term.exponent} of a matrix")

    def _power(self, base: Any, exponent: int) -> Any:
        result = base
        for _ in range(exponent - 1):
            result = self.arithmetic.multiply(result, base)
        return result
