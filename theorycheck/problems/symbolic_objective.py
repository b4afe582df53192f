"""Objectives and vector fields given by SymPy expressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.problems.objective import Objective

__all__ = ["SymPyObjective", "VectorField"]

FUNCTIONS = (
    "exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "atan", "asin", "acos", "asinh",
    "acosh", "atanh",
)  # fmt: skip


def checked_expression(expression: Any, allowed: Sequence[Any], what: str) -> Any:
    """Sympify and refuse Floats, unknown symbols and unknown functions."""
    import sympy

    value = sympy.sympify(expression) if not isinstance(expression, str) else None
    if value is None or not isinstance(value, sympy.Expr):
        raise InvalidInstance(f"{what}={expression!r} must be a SymPy expression")
    floats = value.atoms(sympy.Float)
    if floats:
        raise InvalidInstance(
            f"{what} contains the Float {min(floats, key=str)}; write Rational(1, 10) or Fraction(1, 10)"
        )
    strangers = value.free_symbols - set(allowed)
    if strangers:
        names = ", ".join(sorted(map(str, strangers)))
        raise InvalidInstance(f"{what} contains {names}, which is no variable; list it or substitute a number")
    for node in sympy.preorder_traversal(value):
        known = node.is_Add or node.is_Mul or node.is_Pow or node.is_Symbol or node.is_Rational
        if not known and node not in (sympy.pi, sympy.E) and type(node).__name__ not in FUNCTIONS:
            raise InvalidInstance(f"{what} contains {type(node).__name__}; use + - * / powers, {', '.join(FUNCTIONS)}")
    return value


@dataclass(frozen=True, init=False)
class SymPyObjective(Objective):
    """A function given by a SymPy expression in its variables.

    Raises
    ------
    InvalidInstance    a Float, an unknown symbol or function, or a variable named twice
    """

    expression: Any
    variables: tuple[Any, ...]

    def __init__(self, expression: Any, variables: Sequence[Any]) -> None:
        names = tuple(variables)
        if not names or len(set(names)) != len(names):
            raise InvalidInstance(f"variables={names} must be distinct symbols, at least one")
        object.__setattr__(self, "variables", names)
        object.__setattr__(self, "expression", checked_expression(expression, names, "objective"))

    @property
    def dimension(self) -> int:
        return len(self.variables)

    @cached_property
    def bounded_below(self) -> bool:
        from theorycheck.symbolic.signs import is_total, sign_of

        return sign_of(self.expression).at_least_zero and is_total(self.expression)

    @cached_property
    def gradient_expressions(self) -> tuple[Any, ...]:
        import sympy

        return tuple(sympy.diff(self.expression, x) for x in self.variables)

    @cached_property
    def hessian_expressions(self) -> tuple[tuple[Any, ...], ...]:
        import sympy

        return tuple(tuple(sympy.diff(g, x) for x in self.variables) for g in self.gradient_expressions)

    def point(self, arithmetic: Any, column: Any) -> Any:
        return dict(zip(self.variables, arithmetic.scalars(column), strict=True))

    def _evaluate(self, expression: Any, arithmetic: Any, point: Any) -> Any:
        from theorycheck.symbolic.lowering import lower, scalars_of

        return lower(expression).run(point, scalars_of(arithmetic))

    def value(self, arithmetic: Any, point: Any) -> Any:
        return self._evaluate(self.expression, arithmetic, point)

    def gradient_column(self, arithmetic: Any, point: Any) -> Any:
        entries = [self._evaluate(g, arithmetic, point) for g in self.gradient_expressions]
        return arithmetic.from_scalars(len(entries), 1, entries)

    def hessian(self, arithmetic: Any, point: Any) -> Any:
        rows = self.hessian_expressions
        entries = [self._evaluate(h, arithmetic, point) for row in rows for h in row]
        return arithmetic.from_scalars(len(rows), len(rows), entries)

    def to_json(self) -> dict[str, Any]:
        return {
            "type": "SymPyObjective",
            "variables": [str(x) for x in self.variables],
            "expression": encode_expression(self.expression),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SymPyObjective:
        import sympy

        variables = [sympy.Symbol(str(name)) for name in data["variables"]]
        table = {str(v): v for v in variables}
        return cls(decode_expression(data["expression"], table), variables)

    def __repr__(self) -> str:
        return f"tc.Objective.from_sympy({self.expression!s}, variables={list(self.variables)})"


@dataclass(frozen=True, init=False)
class VectorField:
    """A first-order system x' = F(t, x) given by SymPy expressions.

    Raises
    ------
    InvalidInstance    a Float, an unknown symbol or function, or counts that differ
    """

    components: tuple[Any, ...]
    state: tuple[Any, ...]
    time: Any

    def __init__(self, components: Sequence[Any], state: Sequence[Any], time: Any = None) -> None:
        names = tuple(state)
        if not names or len(set(names)) != len(names) or len(components) != len(names):
            raise InvalidInstance(
                f"state={names} must be distinct symbols, one per component, got {len(components)} components"
            )
        allowed = names if time is None else (*names, time)
        object.__setattr__(self, "state", names)
        object.__setattr__(self, "time", time)
        checked = tuple(checked_expression(c, allowed, "component") for c in components)
        object.__setattr__(self, "components", checked)

    @property
    def dimension(self) -> int:
        return len(self.state)

    @staticmethod
    def from_sympy(components: Sequence[Any], state: Sequence[Any], time: Any = None) -> VectorField:
        """Make a vector field; `time` names the time symbol of a non-autonomous one."""
        return VectorField(components, state, time)


def encode_expression(expression: Any) -> Any:
    """Write an expression as nested lists: ["Add", ...], "p/q", {"symbol": name}."""
    if expression.is_Rational:
        return str(Fraction(int(expression.p), int(expression.q)))
    if expression.is_Symbol:
        return {"symbol": str(expression)}
    return [type(expression).__name__, *[encode_expression(a) for a in expression.args]]


def decode_expression(data: Any, symbols: Mapping[str, Any]) -> Any:
    """Read what `encode_expression` wrote, from a fixed table of heads; nothing is evaluated.

    Raises
    ------
    InvalidInstance    an unknown head or symbol
    """
    import sympy

    if isinstance(data, str):
        value = Fraction(data)
        return sympy.Rational(value.numerator, value.denominator)
    if isinstance(data, Mapping):
        try:
            return symbols[data["symbol"]]
        except KeyError:
            raise InvalidInstance(f"the stored expression names an unknown symbol: {data!r}") from None
    head, *parts = data
    arguments = [decode_expression(x, symbols) for x in parts]
    heads = {"Add": sympy.Add, "Mul": sympy.Mul, "Pow": sympy.Pow, "Pi": sympy.pi, "Exp1": sympy.E}
    heads.update({name: getattr(sympy, name) for name in FUNCTIONS})
    if head not in heads:
        raise InvalidInstance(f"the stored expression has the unknown head {head!r}")
    made = heads[head]
    return made(*arguments) if arguments else made
