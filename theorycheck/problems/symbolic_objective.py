"""Objectives and vector fields given by SymPy expressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from theorycheck import balls
from theorycheck.errors import DomainViolation, InvalidInstance
from theorycheck.exact import RationalAlgebra
from theorycheck.problems.expressions import (
    checked_expression,
    checked_symbols,
    decode_expression,
    decode_symbols,
    encode_expression,
    plain_symbol,
    without_assumptions,
)
from theorycheck.problems.objective import Objective

__all__ = ["SymPyObjective", "VectorField"]


@dataclass(frozen=True, init=False)
class SymPyObjective(Objective):
    """A function given by a SymPy expression in its variables; see `expressions` for the grammar.

    Parameters
    ----------
    expression : SymPy expression
    variables : sequence of SymPy symbols    distinct; their order is that of the state. They
                                             stand for any real numbers: assumptions such as
                                             positive=True are dropped, a flow need not keep them

    Raises
    ------
    InvalidInstance    a Float, a text, an unknown symbol or function, or a variable named twice

    Examples
    --------
    >>> from sympy import symbols
    >>> a, b = symbols("a b")
    >>> SymPyObjective((a * b - 1) ** 2 / 2, [a, b]).gradient_expressions
    (b*(a*b - 1), a*(a*b - 1))
    """

    expression: Any
    variables: tuple[Any, ...]

    def __init__(self, expression: Any, variables: Sequence[Any]) -> None:
        names = checked_symbols(variables, "variables")
        checked = checked_expression(expression, names, "objective")
        object.__setattr__(self, "variables", tuple(map(plain_symbol, names)))
        object.__setattr__(self, "expression", without_assumptions(checked))

    @property
    def dimension(self) -> int:
        return len(self.variables)

    @cached_property
    def bounded_below(self) -> bool:
        """Whether the structure shows that it is >= 0 and that the gradient is defined everywhere.

        Then |x(t) - x(0)|^2 <= t f(x(0)) along the flow, which therefore exists for all times.
        A kink would end it: the flow of sqrt(x^2) stops where it meets 0.
        """
        from theorycheck.symbolic.signs import is_total, sign_of

        parts = (self.expression, *self.gradient_expressions)
        return sign_of(self.expression).at_least_zero and all(map(is_total, parts))

    @cached_property
    def gradient_expressions(self) -> tuple[Any, ...]:
        """(df/dx_1, ..., df/dx_N), not simplified."""
        return tuple(self.expression.diff(x) for x in self.variables)

    @cached_property
    def hessian_expressions(self) -> tuple[tuple[Any, ...], ...]:
        """Second derivatives, not simplified."""
        return tuple(tuple(g.diff(x) for x in self.variables) for g in self.gradient_expressions)

    def point(self, arithmetic: Any, column: Any) -> Any:
        """Name the coordinates of a column by the variables."""
        return dict(zip(self.variables, arithmetic.scalars(column), strict=True))

    def value(self, arithmetic: Any, point: Any) -> Any:
        return self._evaluate(self.expression, arithmetic, point)

    def gradient_column(self, arithmetic: Any, point: Any) -> Any:
        entries = [self._evaluate(g, arithmetic, point) for g in self.gradient_expressions]
        return arithmetic.from_scalars(len(entries), 1, entries)

    def hessian(self, arithmetic: Any, point: Any) -> Any:
        rows = self.hessian_expressions
        entries = [self._evaluate(h, arithmetic, point) for row in rows for h in row]
        return arithmetic.from_scalars(len(rows), len(rows), entries)

    def check_start(self, start: Sequence[Fraction], name: str) -> None:
        """Refuse a start at which the function is not defined.

        Its gradient may be: log(x) at -1. The flow exists there, but what is said of the values
        along it says nothing.

        Raises
        ------
        InvalidInstance    not defined, or not seen to be defined at 128 bits
        """
        from theorycheck.symbolic.lowering import NotExact

        column = [[x] for x in start]
        try:
            with balls.precision(128):
                self._value_at(balls.BallAlgebra, column)
        except DomainViolation as error:
            try:  # on the boundary of the domain, such as sqrt(x) at 0, only exact values tell
                self._value_at(RationalAlgebra, column)
            except (DomainViolation, NotExact):
                point = ", ".join(map(str, start))
                raise InvalidInstance(
                    f"{name}=({point}): {self.expression} is not defined there ({error}); "
                    "choose another start"
                ) from None

    def _value_at(self, arithmetic: Any, column: list[list[Fraction]]) -> Any:
        return self.value(arithmetic, self.point(arithmetic, arithmetic.matrix(column)))

    @staticmethod
    def _evaluate(expression: Any, arithmetic: Any, point: Any) -> Any:
        from theorycheck.symbolic.lowering import lower, scalars_of

        return lower(expression).run(point, scalars_of(arithmetic))

    def to_json(self) -> dict[str, Any]:
        """Exact content as plain JSON data."""
        return {
            "type": "SymPyObjective",
            "variables": [x.name for x in self.variables],
            "expression": encode_expression(self.expression),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SymPyObjective:
        """Read what `to_json` wrote; no text is evaluated."""
        variables = decode_symbols(data["variables"])
        table = {x.name: x for x in variables}
        return cls(decode_expression(data["expression"], table), variables)

    def __repr__(self) -> str:
        return f"tc.Objective.from_sympy({self.expression!s}, variables={list(self.variables)})"


@dataclass(frozen=True, init=False)
class VectorField:
    """A first-order system x' = F(t, x) given by SymPy expressions.

    Parameters
    ----------
    components : sequence of SymPy expressions
    state : sequence of SymPy symbols    one per component; assumptions on them are dropped
    time : SymPy symbol or None          None for an autonomous system

    Raises
    ------
    InvalidInstance    a Float, a text, an unknown symbol or function, or counts that differ
    """

    components: tuple[Any, ...]
    state: tuple[Any, ...]
    time: Any

    def __init__(self, components: Sequence[Any], state: Sequence[Any], time: Any = None) -> None:
        names = checked_symbols(state, "state")
        if isinstance(components, str) or not hasattr(components, "__iter__"):
            raise InvalidInstance(
                f"components={components!r} must be a list of {len(names)} SymPy expressions"
            )
        parts = tuple(components)
        if len(parts) != len(names):
            raise InvalidInstance(
                f"state={list(names)} needs {len(names)} components, got {len(parts)}; "
                "give one expression per state variable"
            )
        allowed = names if time is None else checked_symbols((*names, time), "state and time")
        checked = [checked_expression(c, allowed, f"component {i}") for i, c in enumerate(parts)]
        object.__setattr__(self, "components", tuple(map(without_assumptions, checked)))
        object.__setattr__(self, "state", tuple(map(plain_symbol, names)))
        object.__setattr__(self, "time", None if time is None else plain_symbol(time))

    @property
    def dimension(self) -> int:
        """N, the number of state variables."""
        return len(self.state)

    @staticmethod
    def from_sympy(
        components: Sequence[Any], state: Sequence[Any], time: Any = None
    ) -> VectorField:
        """Make a vector field; `time` is the time symbol of a non-autonomous one.

        Examples
        --------
        >>> from sympy import symbols
        >>> x, y = symbols("x y")
        >>> VectorField.from_sympy([y, (1 - x**2) * y - x], state=[x, y]).dimension
        2
        """
        return VectorField(components, state, time)

    def to_json(self) -> dict[str, Any]:
        """Exact content as plain JSON data."""
        return {
            "type": "VectorField",
            "state": [x.name for x in self.state],
            "time": None if self.time is None else self.time.name,
            "components": [encode_expression(c) for c in self.components],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> VectorField:
        """Read what `to_json` wrote; no text is evaluated."""
        state = decode_symbols(data["state"])
        time = None if data["time"] is None else decode_symbols([data["time"]])[0]
        table = {x.name: x for x in (state if time is None else [*state, time])}
        return cls([decode_expression(c, table) for c in data["components"]], state, time)

    def __repr__(self) -> str:
        clock = "" if self.time is None else f", time={self.time}"
        parts = ", ".join(str(c) for c in self.components)
        return f"tc.VectorField.from_sympy([{parts}], state={list(self.state)}{clock})"
