"""How an expression was written: printed in derivations, never used to decide anything.

The normal form of `flow(D)` may be 0; a reader wants to see d/dt D = 0. Words whose shapes are
tracked remember the operations that made them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import sympy
from sympy.printing.latex import LatexPrinter

__all__ = ["Form", "latex_of", "plain", "text_of"]

SUM, SCALED, PRODUCT, ATOM = range(4)
_SUPERSCRIPT = re.compile(r"\^(\{[^{}]*\}|[^{}])$")


@dataclass(frozen=True, slots=True)
class Form:
    """One operation on forms.

    Parameters
    ----------
    operation : "letter", "named", "sum", "scaled", "product", "transpose", "power", "rate"
    parts : names, coefficients, or forms
    """

    operation: str
    parts: tuple[Any, ...]

    @property
    def level(self) -> int:
        levels = {"sum": SUM, "scaled": SCALED, "product": PRODUCT}
        return levels.get(self.operation, ATOM)


class _HousePrinter(LatexPrinter):  # type: ignore[misc]
    """Print powers of |A|_F^2 as powers of |A|_F: a quantity says how its own root is written.

    A power of W^{(k)} gets parentheses: TeX refuses two superscripts in a row.
    """

    def _print_Pow(self, expression: sympy.Pow) -> str:
        quantity, exponent = getattr(expression.base, "quantity", None), expression.exp
        root = getattr(quantity, "root_latex", None)
        if root is not None and exponent.is_Rational and exponent.is_positive:
            doubled = "" if 2 * exponent == 1 else f"^{{{self._print(2 * exponent)}}}"
            return f"{root()}{doubled}"
        if quantity is not None and exponent.is_Integer and exponent.is_positive:
            base = str(self._print(expression.base))
            if _SUPERSCRIPT.search(base):
                return rf"\left({base}\right)^{{{exponent}}}"
        return str(super()._print_Pow(expression))


def scalar_latex(expression: Any) -> str:
    """Typeset a SymPy expression."""
    return str(_HousePrinter().doprint(sympy.sympify(expression)))


def latex_of(form: Form, least: int = SUM) -> str:
    """Typeset a form; parentheses where it binds less tightly than `least`."""
    text = _latex(form)
    return rf"\left({text}\right)" if form.level < least else text


def text_of(form: Form, least: int = SUM) -> str:
    """Print a form as plain text."""
    text = _text(form)
    return f"({text})" if form.level < least else text


def plain(name: str) -> str:
    r"""Read a LaTeX name without its marks: \dot{W}_{k + 1} becomes W'_{k+1}."""
    name = name.replace(r"\frac{d}{dt}", "d/dt")
    name = re.sub(r"\\dot\{([^{}]*)\}", r"\1'", name)
    name = re.sub(r"\\sqrt\{([^{}]*)\}", r"sqrt(\1)", name)
    name = re.sub(r"\\(?:mathrm|text|operatorname)\{([^{}]*)\}", r"\1", name)
    name = re.sub(r"\{([^{}]*)\}", lambda m: "{" + m[1].replace(" ", "") + "}", name)
    return re.sub(r"_\{(\w)\}", r"_\1", name.replace("\\", ""))


def _latex(form: Form) -> str:
    match form.operation, form.parts:
        case (("letter" | "named"), (name, *_)):
            return str(name)
        case "sum", parts:
            return _signed([latex_of(p, SCALED) for p in parts])
        case "scaled", (factor, inner):
            return _scaled(factor, latex_of(inner, PRODUCT), scalar_latex, r"\left(", r"\right)")
        case "product", parts:
            return " ".join(latex_of(p, PRODUCT) for p in parts)
        case "transpose", (inner,):
            return f"{{{latex_of(inner, ATOM)}}}^{{\\top}}"
        case "power", (inner, exponent):
            return f"{{{latex_of(inner, ATOM)}}}^{{{scalar_latex(exponent)}}}"
        case "rate", (inner, symbol, *_):
            return f"{symbol}{latex_of(inner, ATOM)}"
    raise AssertionError(form.operation)


def _text(form: Form) -> str:
    match form.operation, form.parts:
        case (("letter" | "named"), (name, *_)):
            return plain(str(name))
        case "sum", parts:
            return _signed([text_of(p, SCALED) for p in parts])
        case "scaled", (factor, inner):
            return _scaled(factor, text_of(inner, PRODUCT), scalar_text, "(", ")")
        case "product", parts:
            return " ".join(text_of(p, PRODUCT) for p in parts)
        case "transpose", (inner,):
            return f"{text_of(inner, ATOM)}^T"
        case "power", (inner, exponent):
            return f"{text_of(inner, ATOM)}^({exponent})"
        case "rate", (inner, symbol, *_):
            return f"{_SYMBOLS.get(symbol, symbol)} {text_of(inner, ATOM)}"
    raise AssertionError(form.operation)


_SYMBOLS = {r"\frac{d}{dt}": "d/dt"}


def scalar_text(expression: Any) -> str:
    """Print a SymPy expression with plain names."""
    return plain(str(expression))


def _signed(parts: list[str]) -> str:
    first, *rest = parts
    return first + "".join(f" - {p[1:]}" if p.startswith("-") else f" + {p}" for p in rest)


def _scaled(factor: Any, inner: str, show: Any, left: str, right: str) -> str:
    value = sympy.sympify(factor)
    sign = "-" if value.could_extract_minus_sign() else ""
    value = -value if sign else value
    if value == 1:
        return sign + inner
    shown = show(value)
    return f"{sign}{left}{shown}{right} {inner}" if value.is_Add else f"{sign}{shown} {inner}"
