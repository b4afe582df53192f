"""Functions of the theory that SymPy does not have, with a safe evaluation in balls."""

from __future__ import annotations

import sympy
from sympy import Expr

from theorycheck.symbolic.latex import latex
from theorycheck.symbolic.signs import Sign

__all__ = ["psi"]


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
