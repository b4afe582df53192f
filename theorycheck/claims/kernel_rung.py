"""The kernel model at one rung of the precision ladder, and where it is rational."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr

from theorycheck import balls, exact, kernels
from theorycheck.claims import kernel_terms as k, quantities as q
from theorycheck.claims.places import Place
from theorycheck.errors import DomainViolation, short_text
from theorycheck.problems import Instance
from theorycheck.problems.kernel_model import exact_kernel, kernel_ball, kernel_error
from theorycheck.symbolic.lowering import NotExact

__all__ = ["KernelRung", "rational_kernel"]

Scalar = Callable[[Expr], Any]
MAX_EXACT_STEPS = 200
GUARD_BITS = 16


class KernelRung:
    """Enclose terms of the kernel model; solutions and iterates are computed once.

    Parameters
    ----------
    instance : Instance
    bits : int
    scalar : function enclosing a parameter, a scalar expression that does not vary
    """

    def __init__(self, instance: Instance, bits: int, scalar: Scalar) -> None:
        self.instance, self.bits, self.scalar = instance, bits, scalar
        self._solutions: dict[Any, kernels.KernelSolution] = {}
        self._iterates: dict[Any, list[Any]] = {}
        self._rates: dict[Expr, Any] = {}

    def matrix(self, term: k.AbstractKernelTerm, where: Place) -> Any:
        """Enclose the kernel matrix, an error over a place, or an iterate."""
        match term:
            case k.KernelMatrix():
                return kernel_ball(self.instance)
            case k.KernelIterate():
                entries = self._iterate(term, where)
            case k.KernelError():
                solution, moment, rate = self._at(term, where)
                value = solution.velocity if term.order else solution.error
                entries = list(value(moment, rate))
            case _:
                raise DomainViolation(f"{type(term).__name__} cannot be enclosed")
        return balls.matrix_from_reals(len(entries), 1, entries)

    def form(self, quantity: q.AbstractQuantity, where: Place) -> Any:
        """Enclose a squared norm, the pseudo-loss or the energy."""
        match quantity:
            case q.FrobeniusSquared(k.KernelError() as term):
                solution, moment, rate = self._at(term, where)
                norm = solution.velocity_squared if term.order else solution.norm_squared
                return norm(moment, rate)
            case k.KernelForm("g", term):
                solution, moment, rate = self._at(term, where)
                return solution.pseudo_loss(moment, rate)
            case k.KernelForm("E", term):
                solution, moment, rate = self._at(term, where)
                if term.method not in ("HB", "NAG"):
                    raise DomainViolation("the energy is that of heavy ball or Nesterov's method")
                energy = solution.energy(moment)
                if term.rate == 0:
                    return energy
                factor = rate if isinstance(rate, balls.Real) else balls.real(rate)
                return energy * balls.exp(moment * factor * 2)
        raise DomainViolation(f"{type(quantity).__name__} cannot be enclosed")

    def _at(self, term: k.KernelError, where: Place) -> tuple[kernels.KernelSolution, Any, Any]:
        assert term.place is not None
        low, high = where.resolve(term.place)
        if low < 0:
            raise DomainViolation(f"the kernel model is needed at t = {short_text(low)} < 0")
        return self._solution(term), balls.interval(low, high), self._parameter(term.rate)

    def _solution(self, term: k.KernelError) -> kernels.KernelSolution:
        key = (term.method, term.parameters)
        if key not in self._solutions:
            parameters = [self._parameter(p) for p in term.parameters]
            self._solutions[key] = kernels.solve_kernel_model(
                lambda: kernel_ball(self.instance),
                kernel_error(self.instance),
                k.MOTIONS[term.method](*parameters),
                bits=self.bits + GUARD_BITS,
            )
        return self._solutions[key]

    def _parameter(self, expression: Expr) -> Any:
        """A parameter: exact where it is rational, else a ball to the precision of the modes."""
        if expression.is_Rational:
            return Fraction(int(expression.p), int(expression.q))
        if expression not in self._rates:
            with balls.precision(self.bits + GUARD_BITS + 64):
                self._rates[expression] = self.scalar(expression)
        return self._rates[expression]

    def _iterate(self, term: k.KernelIterate, where: Place) -> list[Any]:
        assert term.place is not None
        index = where.whole_step(term.place)
        key = (term.method, term.parameters)
        known = self._iterates.get(key, [])
        if index >= len(known):
            rows = exact_kernel(self.instance)
            method = k.ITERATIONS[term.method](*map(_rational, term.parameters))
            known = kernels.iterate_kernel_model(
                lambda: balls.matrix(rows) if rows else kernel_ball(self.instance),
                kernel_error(self.instance),
                method,
                max(2 * index, 16),
                bits=self.bits + GUARD_BITS,
            )
            self._iterates[key] = known
        return list(known[index])


def _rational(expression: Expr) -> Fraction:
    if not expression.is_Rational:
        raise DomainViolation(f"step size and momentum must be rational, got {expression}")
    return Fraction(int(expression.p), int(expression.q))


# -- exactly -------------------------------------------------------------------------------------
def rational_kernel(term: k.AbstractKernelTerm, instance: Instance, where: Place) -> Any:
    """The value of a term where it is rational.

    Raises
    ------
    NotExact    a limit kernel, a time > 0, parameters that are not rational
    """
    algebra = exact.RationalAlgebra
    rows = exact_kernel(instance)
    if isinstance(term, k.KernelMatrix) and rows is not None:
        return algebra.matrix(rows)
    if isinstance(term, k.KernelMatrix):
        raise NotExact("the limit kernel is not rational")
    start = algebra.matrix([[x] for x in kernel_error(instance)])
    if isinstance(term, k.KernelError):
        assert term.place is not None
        if any(where.resolve(term.place)):
            raise NotExact("the kernel model is rational at its start only")
        if term.order == 0:
            return start
        if term.method in ("HB", "NAG") and term.rate == 0:
            return algebra.scale(start, 0)
        if term.method == "flow" and rows is not None:
            return algebra.negate(algebra.multiply(algebra.matrix(rows), start))
        raise NotExact("the velocity at the start is not rational")
    if rows is None:
        raise NotExact("the limit kernel is not rational")
    assert isinstance(term, k.KernelIterate)
    assert term.place is not None
    index = where.whole_step(term.place)
    if index > MAX_EXACT_STEPS or not all(p.is_Rational for p in term.parameters):
        raise NotExact(f"iterate {index} would have too many digits")
    method = k.ITERATIONS[term.method](*map(_rational, term.parameters))
    iterates = kernels.iterate_kernel_model(rows, kernel_error(instance), method, index)
    return algebra.matrix([[x] for x in iterates[index]])
