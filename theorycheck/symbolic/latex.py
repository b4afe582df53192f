"""Typeset scalar expressions; the square root of a squared norm is the norm."""

from __future__ import annotations

from typing import Any

import sympy
from sympy.printing.latex import LatexPrinter

__all__ = ["latex"]


class _HousePrinter(LatexPrinter):  # type: ignore[misc]
    """Print sqrt(|A|_F^2) as |A|_F: a quantity says how its own root is written."""

    def _print_Pow(self, expression: sympy.Pow) -> str:
        root = getattr(getattr(expression.base, "quantity", None), "root_latex", None)
        if root is not None and expression.exp == sympy.S.Half:
            return str(root())
        return str(super()._print_Pow(expression))


def latex(expression: Any) -> str:
    """Typeset an expression as LaTeX."""
    return str(_HousePrinter().doprint(expression))
