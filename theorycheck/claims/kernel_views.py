"""What a claim sees of a kernel model: `case.kernel`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sympy import Expr

from theorycheck.claims import kernel_terms as k, matrices as m, quantities as q
from theorycheck.claims.axes import step, time
from theorycheck.claims.terms import Term, expression_of
from theorycheck.errors import InvalidClaim
from theorycheck.problems import Instance
from theorycheck.problems.kernel_model import kernel_error, kernel_size

__all__ = ["KernelPath", "KernelView"]


@dataclass(frozen=True)
class KernelPath:
    """The kernel model's error along one method in continuous time."""

    error: k.KernelError

    @property
    def velocity(self) -> m.AbstractMatrix:
        """D'(t), n x 1."""
        return replace(self.error, order=1)

    @property
    def pseudo_loss(self) -> Term:
        """g(D(t)) = D^T H D / 2."""
        return Term(q.Atom(k.KernelForm("g", self.error)))

    @property
    def energy(self) -> Term:
        """(|D'|^2 + D^T H D) / 2 of heavy ball or Nesterov's method; it never increases."""
        return Term(q.Atom(k.KernelForm("E", self.error)))

    def scaled(self, rate: Any) -> KernelPath:
        """The same path times e^{rate t}."""
        return KernelPath(replace(self.error, rate=_fixed(rate)))


@dataclass(frozen=True)
class KernelView:
    """The kernel matrix H of an instance, D(0), and the methods on them."""

    instance: Instance

    @property
    def size(self) -> int:
        """N."""
        return kernel_size(self.instance)

    @property
    def matrix(self) -> m.AbstractMatrix:
        """H, n x n."""
        return k.KernelMatrix(self.size)

    @property
    def start(self) -> m.AbstractMatrix:
        """D(0), n x 1."""
        return m.constant([[x] for x in kernel_error(self.instance)], "D(0)")

    def _path(self, method: str, *parameters: Any) -> KernelPath:
        values = tuple(map(_fixed, parameters))
        return KernelPath(k.KernelError("kernel", time, self.size, method, values))

    @property
    def flow(self) -> KernelPath:
        """D' = -H D."""
        return self._path("flow")

    def heavy_ball(self, damping: Any) -> KernelPath:
        """D'' + b D' + H D = 0 from rest."""
        return self._path("HB", damping)

    def nesterov(self, alpha: Any = 3) -> KernelPath:
        """D'' + (alpha / t) D' + H D = 0 from rest."""
        return self._path("NAG", alpha)

    def high_resolution(self, method: str, mu: Any, step_size: Any) -> KernelPath:
        """The high-resolution ODE of "HB" or "NAG" for strongly convex functions."""
        return self._path(f"{method}, s", mu, step_size)

    def iterates(self, method: str, *parameters: Any) -> m.AbstractMatrix:
        """D_k of an iteration, from rest.

        "GD" (eta), "HB" (eta, beta), "NAG" (eta, beta), "NAG-C" (eta), "two buffers" (eta, p1, p2)
        """
        values = tuple(map(_fixed, parameters))
        return k.KernelIterate("kernel steps", step, self.size, method, values)


def _fixed(value: Any) -> Expr:
    """A parameter of a method as an expression.

    Raises
    ------
    InvalidClaim    it varies with time or steps: then the equations of motion are others
    """
    expression = expression_of(value)
    if expression.free_symbols & {time, step}:
        raise InvalidClaim(f"a parameter of a method must not vary, got {expression}")
    return expression
