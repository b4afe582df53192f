"""Functions of the theory that SymPy does not have, with a safe evaluation in balls."""

from __future__ import annotations

import sympy
from sympy import Expr

from theorycheck.symbolic.latex import latex
from theorycheck.symbolic.signs import Sign

__all__ = ["margin_after", "margin_clock", "psi"]


class psi(sympy.Function):  # type: ignore[misc]
    """Integrate a linearly growing defect against exponential growth.

        psi(m, eta) = int_0^eta e^{m (eta - s)} s ds = (e^{m eta} - 1 - m eta) / m^2,

    and eta^2/2 at m = 0. Positive for eta > 0. Its ball value is safe near m = 0.
    """

    nargs = 2
    is_total_function = True
    is_real = True

    @property
    def structural_sign(self) -> Sign:
        return Sign.NONNEGATIVE

    @classmethod
    def eval(cls, m: Expr, eta: Expr) -> Expr | None:
        return eta**2 / 2 if m == 0 else None

    def closed_form(self) -> Expr:
        """Return the quotient form, valid for m != 0."""
        m, eta = self.args
        return (sympy.exp(m * eta) - 1 - m * eta) / m**2

    def _latex(self, printer: object) -> str:
        m, eta = (latex(a) for a in self.args)
        return rf"\psi\left({m}, {eta}\right)"


class margin_clock(sympy.Function):  # type: ignore[misc]
    """Count the time to a smoothed margin x along the flow of a homogeneous predictor.

        clock(x, L, k) = int^x (k + e^u) u^{2/L - 2} du,

    with k = 0 for the exponential loss and k = 1 for the logistic; L a positive integer, x > 0
    where L > 1. Only differences have a meaning.
    """

    nargs = 3
    is_real = True

    def fdiff(self, argindex: int = 1) -> Expr:
        if argindex != 1:
            raise sympy.function.ArgumentIndexError(self, argindex)
        x, order, kind = self.args
        return (kind + sympy.exp(x)) * x ** (2 / order - 2)

    def _latex(self, printer: object) -> str:
        x, order, kind = (latex(a) for a in self.args)
        return rf"T_{{{order},{kind}}}\left({x}\right)"


class margin_after(sympy.Function):  # type: ignore[misc]
    """Invert the clock: the x with clock(x, L, k) - clock(start, L, k) = elapsed, elapsed >= 0."""

    nargs = 4
    is_real = True

    def _latex(self, printer: object) -> str:
        elapsed, start, order, kind = (latex(a) for a in self.args)
        return rf"T_{{{order},{kind}}}^{{-1}}\left({elapsed} + T\left({start}\right)\right)"
