"""Terms of the kernel model: its matrix, and its error along a method or an iteration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import sympy
from sympy import Expr

from theorycheck import kernels
from theorycheck.claims.matrices import AbstractMatrix, Placed, Scaled, Shape, node
from theorycheck.claims.quantities import AbstractQuantity, Atom, FrobeniusSquared, Inner
from theorycheck.errors import InvalidClaim
from theorycheck.symbolic.latex import latex
from theorycheck.symbolic.signs import Sign

__all__ = [
    "ITERATIONS", "MOTIONS", "AbstractKernelTerm", "KernelError", "KernelForm", "KernelIterate",
    "KernelMatrix", "acceleration", "form_derivative",
]  # fmt: skip

MOTIONS: dict[str, Callable[..., kernels.AbstractMotion]] = {
    "flow": kernels.GradientFlow,
    "HB": kernels.HeavyBall,
    "NAG": kernels.Nesterov,
    "HB, s": kernels.HighResolutionHeavyBall,
    "NAG, s": kernels.HighResolutionNesterov,
}
"""Methods in continuous time by the index of their error D."""

ITERATIONS: dict[str, Callable[..., kernels.AbstractIteration]] = {
    "GD": kernels.GradientDescent,
    "HB": kernels.HeavyBallIteration,
    "NAG": kernels.NesterovIteration,
    "NAG-C": kernels.NesterovConvexIteration,
    "two buffers": kernels.TwoBufferIteration,
}


class AbstractKernelTerm(AbstractMatrix):
    """A matrix term whose value only the kernel model knows."""


@node
class KernelMatrix(AbstractKernelTerm):
    """H, symmetric positive semidefinite, n x n."""

    size: int

    @property
    def shape(self) -> Shape:
        return (self.size, self.size)

    @property
    def T(self) -> AbstractMatrix:
        return self

    def latex(self) -> str:
        return "H"


@lru_cache(maxsize=1024)
def _weight(rate: Expr, place: Expr | None) -> str:
    return "" if rate == 0 else rf"e^{{{latex(rate * place)}}} "


@node
class KernelError(Placed, AbstractKernelTerm):
    """e^{rate t} D(t), or e^{rate t} D'(t) for order 1, along a method; n x 1."""

    size: int
    method: str
    parameters: tuple[Expr, ...] = ()
    order: int = 0
    rate: Expr = sympy.S.Zero

    @property
    def own_expressions(self) -> tuple[Expr, ...]:
        assert self.place is not None
        return (self.place, self.rate, *self.parameters)

    def with_expressions(self, change: Callable[[Expr], Expr]) -> AbstractMatrix:
        place, rate, *parameters = map(change, self.own_expressions)
        return replace(self, place=place, rate=rate, parameters=tuple(parameters))

    @property
    def shape(self) -> Shape:
        return (self.size, 1)

    def latex(self) -> str:
        name = "D" if self.order == 0 else "D'"
        index = rf"_{{\text{{{self.method}}}}}"
        return f"{_weight(self.rate, self.place)}{name}{index}({latex(self.place)})"


@node
class KernelIterate(Placed, AbstractKernelTerm):
    """D_k of an iteration with exact parameters, n x 1."""

    size: int
    method: str
    parameters: tuple[Expr, ...] = ()

    @property
    def shape(self) -> Shape:
        return (self.size, 1)

    def latex(self) -> str:
        return rf"D^{{\text{{{self.method}}}}}_{{{latex(self.place)}}}"


@node
class KernelForm(AbstractQuantity):
    """A number made of the error at once: tighter on intervals of times than from the entries.

    kind : "g", D^T H D / 2; "E", the energy (|D'|^2 + D^T H D) / 2; both times e^{2 rate t}
    """

    kind: str
    error: KernelError
    structural_sign = Sign.NONNEGATIVE

    @property
    def matrices(self) -> tuple[AbstractMatrix, ...]:
        return (self.error,)

    def with_matrices(self, matrices: tuple[AbstractMatrix, ...]) -> AbstractQuantity:
        (error,) = matrices
        assert isinstance(error, KernelError)
        return replace(self, error=error)

    def latex(self) -> str:
        twice = _weight(2 * self.error.rate, self.error.place)
        index = rf"_{{\text{{{self.error.method}}}}}"
        return f"{twice}{self.kind}{index}({latex(self.error.place)})"


# -- equations of motion -------------------------------------------------------------------------
def acceleration(term: KernelError) -> AbstractMatrix:
    """The derivative of a term in its time: D' of D, and of D' by the equation of motion."""
    changed = replace(term, order=1) if term.order == 0 else _second(term)
    return changed if term.rate == 0 else changed + Scaled(term.rate, term)


def _second(term: KernelError) -> AbstractMatrix:
    matrix: AbstractMatrix = KernelMatrix(term.size)
    place = replace(term, order=0)
    if term.method == "flow":
        return -(matrix @ term)
    if term.method in ("HB", "NAG"):
        (friction,) = term.parameters
        if term.method == "NAG":
            friction = friction / term.place
        return Scaled(-friction, term) - matrix @ place
    mu, s = term.parameters
    pull = Scaled(-(1 + sympy.sqrt(mu * s)), matrix @ place)
    total = pull + Scaled(-2 * sympy.sqrt(mu), term)
    return total + Scaled(-sympy.sqrt(s), matrix @ term) if term.method == "NAG, s" else total


def form_derivative(form: KernelForm) -> Expr:
    """The derivative of a form in the time of its error."""
    error = form.error
    velocity = replace(error, order=1)
    if form.kind == "g":
        pulled = KernelMatrix(error.size) @ error
        return Atom(Inner(pulled, velocity)) + 2 * error.rate * Atom(form)
    if error.method not in ("HB", "NAG"):
        raise InvalidClaim(
            f"the energy (|D'|^2 + D^T H D) / 2 is that of heavy ball and Nesterov, not of "
            f"{error.method}; write the quantity you mean from .error and .velocity"
        )
    (friction,) = error.parameters
    if error.method == "NAG":
        friction = friction / error.place
    return 2 * error.rate * Atom(form) - friction * Atom(FrobeniusSquared(velocity))
