r"""Scalars with a name: printed by it, decided by what they stand for.

A reader wants d/dt w(t) = 2 w(t) (s - w(t)), not two lines of exponentials. Substituting into a
named scalar drops its name, so that a name never stands for anything else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import sympy
from sympy import Expr

from theorycheck.symbolic.signs import Sign, is_total, sign_of

__all__ = ["Named", "derivative", "named", "unnamed"]

D_DT = r"\frac{d}{dt}"


class Named(sympy.Expr):  # type: ignore[misc]
    """A scalar expression under a name. Build with `named` or `derivative`.

    Parameters
    ----------
    name, text : symbols called by the LaTeX and the plain name
    value : Expr
    """

    is_commutative = True

    def __new__(cls, name: sympy.Symbol, text: sympy.Symbol, value: Expr) -> Named:
        return super().__new__(cls, name, text, value)  # type: ignore[no-any-return]

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    @property
    def value(self) -> Expr:
        return self.args[2]

    @property
    def func(self) -> Callable[[Expr, Expr, Expr], Expr]:
        return lambda _, __, value: self if value == self.value else value

    @property
    def structural_sign(self) -> Sign:
        return sign_of(self.value)

    @property
    def is_total_quantity(self) -> bool:
        return is_total(self.value)

    @property
    def free_symbols(self) -> set[Any]:
        return set(self.value.free_symbols)

    def _eval_is_real(self) -> bool | None:
        real: bool | None = self.value.is_real
        return real

    def _eval_derivative(self, symbol: Expr) -> Expr:
        return sympy.diff(self.value, symbol)

    def _sympystr(self, _printer: Any) -> str:
        return str(self.args[1].name)

    def _latex(self, _printer: Any) -> str:
        return self.name


def named(name: str, value: Expr) -> Expr:
    """Give an expression a LaTeX name."""
    return Named(sympy.Symbol(name), sympy.Symbol(name), sympy.sympify(value))


def derivative(expression: Expr, value: Expr, symbol: str = D_DT) -> Expr:
    r"""Write `value` as the derivative of an expression; `symbol` is like \frac{d}{dt}."""
    shown, text = sympy.latex(expression), str(expression)
    if not isinstance(expression, (Named, sympy.Symbol)):
        shown, text = rf"\left({shown}\right)", f"({text})"
    operator = re.sub(r"\\frac\{(.*)\}\{(.*)\}", r"\1/\2", symbol)
    names = sympy.Symbol(f"{symbol} {shown}"), sympy.Symbol(f"{operator} {text}")
    return Named(*names, sympy.sympify(value))


def unnamed(expression: Expr) -> Expr:
    """Replace every name by what it stands for."""
    return expression.replace(lambda e: isinstance(e, Named), lambda e: unnamed(e.value))
