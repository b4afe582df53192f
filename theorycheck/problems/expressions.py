"""Check SymPy expressions at the door, and store them exactly as nested lists.

Allowed: rational numbers, pi, E, the declared symbols, + - * / and powers, and `FUNCTIONS`. What
SymPy or the user may write in their terms (`cot`, `sech`, the golden ratio, ...) is rewritten.
Stored text is never evaluated: heads are looked up in a fixed table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction

__all__ = [
    "FUNCTIONS", "checked_expression", "checked_symbols", "decode_expression", "decode_symbols",
    "encode_expression", "plain_symbol", "without_assumptions",
]  # fmt: skip

FUNCTIONS = (
    "exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "atan", "asin", "acos", "asinh",
    "acosh", "atanh", "erf",
)  # fmt: skip
"""One-argument functions that objectives and vector fields may contain; sqrt is a power."""

_ALLOWED = f"use + - * / powers and {', '.join(FUNCTIONS)}"
_MOST_BITS = 100_000
_DEEPEST = 200


def checked_symbols(symbols: Any, name: str) -> tuple[Any, ...]:
    """Read a sequence of distinct SymPy symbols.

    Raises
    ------
    InvalidInstance    no symbols, one that is no symbol or not real, or two of the same name
    """
    import sympy

    given = tuple(symbols) if hasattr(symbols, "__iter__") and not isinstance(symbols, str) else ()
    for symbol in given:
        if not isinstance(symbol, sympy.Symbol):
            raise InvalidInstance(
                f"{name} must be SymPy symbols, got {symbol!r}; make them with sympy.symbols('x y')"
            )
        if symbol.is_real is False or not symbol.is_commutative:
            raise InvalidInstance(f"{name}: {symbol} must be a real symbol; drop its assumptions")
    if not given:
        raise InvalidInstance(f"{name}={symbols!r} must be a sequence of at least one SymPy symbol")
    names = [str(s) for s in given]
    for twice in names:
        if names.count(twice) > 1:
            raise InvalidInstance(f"{name} names {twice} twice; give distinct symbols")
    return given


def checked_expression(expression: Any, allowed: Sequence[Any], name: str) -> Any:
    """Read an expression and refuse Floats, strange symbols and strange functions.

    Quotients like cot = cos / sin, which SymPy makes of tan(x + pi/2), are written out.

    Raises
    ------
    InvalidInstance    anything outside the allowed set, and text, which is never evaluated
    """
    import sympy

    try:
        value = sympy.sympify(expression, strict=True)
    except sympy.SympifyError:
        value = None
    if not isinstance(value, sympy.Expr) or value.is_Matrix:
        got = " ".join(repr(expression).split())
        raise InvalidInstance(
            f"{name}={got} must be a SymPy expression; build it from sympy.symbols"
        )
    value = _written_out(value, sympy)
    floats = value.atoms(sympy.Float)
    if floats:
        worst = min(floats, key=str)
        fraction = Fraction(str(float(worst))) if worst.is_finite else Fraction(1, 10)
        raise InvalidInstance(
            f"{name} contains the Float {worst}, whose digits are a guess; "
            f"write sympy.Rational({fraction.numerator}, {fraction.denominator})"
        )
    strangers = value.free_symbols - set(allowed)
    if strangers:
        listed = ", ".join(sorted(map(str, strangers)))
        raise InvalidInstance(
            f"{name} contains {listed}, which is not among {', '.join(map(str, allowed))}; "
            "list it as a variable or substitute a number"
        )
    for node in sympy.preorder_traversal(value):
        if not _is_allowed(node, sympy):
            got = " ".join(str(node).split())
            raise InvalidInstance(f"{name} contains {got} ({type(node).__name__}); {_ALLOWED}")
    return value


def _written_out(value: Any, sympy: Any) -> Any:
    """Rewrite quotients of functions by their names' meaning, the golden ratio by its root."""
    quotients = {
        sympy.cot: lambda u: sympy.cos(u) / sympy.sin(u),
        sympy.sec: lambda u: 1 / sympy.cos(u),
        sympy.csc: lambda u: 1 / sympy.sin(u),
        sympy.coth: lambda u: sympy.cosh(u) / sympy.sinh(u),
        sympy.sech: lambda u: 1 / sympy.cosh(u),
        sympy.csch: lambda u: 1 / sympy.sinh(u),
    }
    for head, quotient in quotients.items():
        # Rewriting rebuilds an expression that was written with evaluate=False.
        if value.has(head):
            value = value.replace(head, quotient)
    if value.has(sympy.GoldenRatio):
        value = value.xreplace({sympy.GoldenRatio: (1 + sympy.sqrt(5)) / 2})
    return value


def _is_allowed(node: Any, sympy: Any) -> bool:
    if node.is_Rational or node.is_Symbol or node in (sympy.pi, sympy.E):
        return True
    if node.is_Add or node.is_Mul or node.is_Pow:
        return True
    return isinstance(node, sympy.Function) and type(node).__name__ in FUNCTIONS


def plain_symbol(symbol: Any) -> Any:
    """Return the symbol of the same name without assumptions."""
    import sympy

    return sympy.Symbol(symbol.name)


def without_assumptions(expression: Any) -> Any:
    """Replace all symbols by plain ones.

    A coordinate of a trajectory may take any real value. A sign that a symbol only promises would
    otherwise count as proved.

    Examples
    --------
    >>> from sympy import Symbol
    >>> without_assumptions(Symbol("x", negative=True) ** 3).is_negative is None
    True
    """
    plain = {x: plain_symbol(x) for x in expression.free_symbols}
    changed = {x: y for x, y in plain.items() if x != y}
    # Replacing rebuilds an expression that was written with evaluate=False; avoid it if possible.
    return expression.xreplace(changed) if changed else expression


# -- storage -------------------------------------------------------------------------------------
def decode_symbols(data: Any) -> list[Any]:
    """Read a list of stored symbols, which are their names.

    Raises
    ------
    InvalidInstance    no list of names
    """
    import sympy

    if not isinstance(data, list | tuple):
        raise InvalidInstance(f"{data!r} is no list of stored symbols")
    for name in data:
        if not isinstance(name, str) or not name:
            raise InvalidInstance(f"{name!r} is no stored symbol; a symbol is stored as its name")
    return [sympy.Symbol(name) for name in data]


def encode_expression(expression: Any) -> Any:
    """Write an expression as nested lists: ["Add", ...], "p/q", {"symbol": name}."""
    if expression.is_Rational:
        return str(Fraction(int(expression.p), int(expression.q)))
    if expression.is_Symbol:
        return {"symbol": expression.name}
    return [type(expression).__name__, *[encode_expression(a) for a in expression.args]]


def decode_expression(data: Any, symbols: Mapping[str, Any]) -> Any:
    """Read what `encode_expression` wrote, from a fixed table of heads.

    Parameters
    ----------
    data : nested lists
    symbols : mapping from names to symbols

    Raises
    ------
    InvalidInstance    an unknown head or symbol, or an expression out of all proportion

    Examples
    --------
    >>> from sympy import symbols
    >>> x = symbols("x")
    >>> stored = encode_expression(x**2 / 3)
    >>> stored
    ['Mul', '1/3', ['Pow', {'symbol': 'x'}, '2']]
    >>> decode_expression(stored, {"x": x})
    x**2/3
    """
    value = _decode(data, symbols, depth=0, evaluate=True)
    if encode_expression(value) == data:
        return value
    # The user built it with evaluate=False; keep the form, on which enclosures depend.
    return _decode(data, symbols, depth=0, evaluate=False)


def _decode(data: Any, symbols: Mapping[str, Any], *, depth: int, evaluate: bool) -> Any:
    import sympy

    if depth > _DEEPEST:
        raise InvalidInstance(f"the stored expression is nested deeper than {_DEEPEST} levels")
    if isinstance(data, str):
        value = as_fraction(data, "a number of the stored expression")
        return sympy.Rational(value.numerator, value.denominator)
    if isinstance(data, Mapping):
        if data.get("symbol") not in symbols:
            raise InvalidInstance(f"the stored expression names the unknown symbol {dict(data)!r}")
        return symbols[data["symbol"]]
    if not isinstance(data, list | tuple) or not data:
        raise InvalidInstance(f"the stored expression contains {data!r}, which is no expression")
    head, *parts = data
    if head in ("Pi", "Exp1") and not parts:
        return sympy.pi if head == "Pi" else sympy.E
    arguments = [_decode(x, symbols, depth=depth + 1, evaluate=evaluate) for x in parts]
    if head in ("Add", "Mul") and arguments:
        return getattr(sympy, head)(*arguments, evaluate=evaluate)
    if head == "Pow" and len(arguments) == 2:
        _refuse_huge_power(*arguments)
        return sympy.Pow(*arguments, evaluate=evaluate)
    if head in FUNCTIONS and len(arguments) == 1:
        return getattr(sympy, head)(*arguments, evaluate=evaluate)
    raise InvalidInstance(f"the stored expression has the unknown head {head!r}; {_ALLOWED}")


def _refuse_huge_power(base: Any, exponent: Any) -> None:
    """Refuse 9 ** 999999999, whose exact value would fill the memory."""
    if base.is_Rational and exponent.is_Rational:
        bits = max(abs(int(base.p)), int(base.q)).bit_length()
        if bits > 1 and bits * abs(exponent) > _MOST_BITS:
            raise InvalidInstance(f"the stored expression contains {base}**{exponent}: too large")
