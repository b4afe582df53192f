"""Compile SymPy expressions to a tape on which Taylor series, boxes and derivatives run.

Every function is reduced to sums, products, reciprocals, fractional powers and *primitives*

    y = F(u)   with   y' = g u',   g another node (perhaps y itself, perhaps later on the tape),

so that one recurrence, k y_k = sum_i i u_i g_{k-i}, serves exp, log, sin, tanh, erf, ... alike.
A new function is one entry of `PRIMITIVES`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy

from theorycheck.errors import InvalidInstance

__all__ = ["Node", "Tape", "compile_tape"]


@dataclass(frozen=True)
class Node:
    """One operation; arguments are positions on the tape.

    Parameters
    ----------
    op : str                number | pi | variable | time | add | multiply | reciprocal | power |
                            primitive
    args : tuple of int     operands; of a primitive (u, g)
    value : object          the Fraction, the index of the variable, the exponent, the function
    moving : bool           whether it can depend on the variables or on time
    """

    op: str
    args: tuple[int, ...] = ()
    value: Any = None
    moving: bool = True


@dataclass(frozen=True)
class Tape:
    """A straight-line program with `size` variables and the nodes that hold its outputs."""

    nodes: tuple[Node, ...]
    outputs: tuple[int, ...]
    size: int

    @property
    def autonomous(self) -> bool:
        return all(node.op != "time" for node in self.nodes)


class Builder:
    """Collect nodes; equal expressions share one."""

    def __init__(self, variables: Sequence[Any], time: Any) -> None:
        self.nodes: list[Node] = []
        self._known: dict[Any, int] = {}
        for index, symbol in enumerate(variables):
            self._known[symbol] = self.push(Node("variable", value=index))
        if time is not None:
            self._known[time] = self.push(Node("time"))

    def push(self, node: Node) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def shared(self, node: Node) -> int:
        if node not in self._known:
            self._known[node] = self.push(node)
        return self._known[node]

    def _moving(self, *args: int) -> bool:
        return any(self.nodes[a].moving for a in args)

    def number(self, q: Fraction | int) -> int:
        return self.shared(Node("number", value=Fraction(q), moving=False))

    def add(self, a: int, b: int) -> int:
        return self.shared(Node("add", (a, b), moving=self._moving(a, b)))

    def multiply(self, a: int, b: int) -> int:
        if self.nodes[a].op == "number" and self.nodes[a].value == 1:
            return b
        return self.shared(Node("multiply", (a, b), moving=self._moving(a, b)))

    def negative(self, a: int) -> int:
        return self.multiply(self.number(-1), a)

    def reciprocal(self, a: int) -> int:
        return self.shared(Node("reciprocal", (a,), moving=self._moving(a)))

    def power(self, a: int, exponent: Fraction) -> int:
        if exponent < 0:
            return self.reciprocal(self.power(a, -exponent))
        if exponent.denominator != 1:
            return self.shared(Node("power", (a,), exponent, self._moving(a)))
        n = int(exponent)
        if n == 0:
            return self.number(1)
        if n == 1:
            return a
        half = self.power(a, Fraction(n // 2))
        square = self.multiply(half, half)
        return self.multiply(a, square) if n % 2 else square

    def primitive(self, name: str, u: int) -> int:
        """Add F(u) with the node of its derivative, which may refer back to it."""
        key = (name, u)
        if key not in self._known:
            if name not in PRIMITIVES:
                raise InvalidInstance(f"the function {name} has no Taylor recurrence here")
            place = self.push(Node("primitive", (u, -1), name, self._moving(u)))
            self._known[key] = place
            derivative = PRIMITIVES[name](self, u, place)
            self.nodes[place] = Node("primitive", (u, derivative), name, self._moving(u))
        return self._known[key]

    def expression(self, e: Any) -> int:
        """Add an expression as it is written; nothing is expanded."""
        if e not in self._known:
            self._known[e] = self._expression(e)
        return self._known[e]

    def _expression(self, e: Any) -> int:
        if e.is_Rational:
            return self.number(Fraction(int(e.p), int(e.q)))
        if e is sympy.pi:
            return self.shared(Node("pi", moving=False))
        if e is sympy.E:
            return self.primitive("exp", self.number(1))
        if e.is_Add or e.is_Mul:
            join = self.add if e.is_Add else self.multiply
            # Constants first: products with them cost no convolution.
            places = [self.expression(a) for a in e.args]
            places.sort(key=lambda place: self.nodes[place].moving)
            total = places[0]
            for place in places[1:]:
                total = join(total, place)
            return total
        if e.is_Pow:
            base, exponent = e.as_base_exp()
            if exponent.is_Rational:
                return self.power(self.expression(base), Fraction(int(exponent.p), int(exponent.q)))
            if base is sympy.E:
                return self.primitive("exp", self.expression(exponent))
            logarithm = self.primitive("log", self.expression(base))
            return self.primitive("exp", self.multiply(self.expression(exponent), logarithm))
        if isinstance(e, sympy.Function) and len(e.args) == 1:
            return self.primitive(type(e).__name__, self.expression(e.args[0]))
        raise InvalidInstance(f"{e} cannot be put on a tape; use + - * / powers and {FUNCTIONS}")


def _reciprocal_of(sign: int) -> Callable[[Builder, int, int], int]:
    """1 / (1 + sign u^2)"""

    def derivative(b: Builder, u: int, y: int) -> int:
        del y
        square = b.multiply(u, u)
        return b.reciprocal(b.add(b.number(1), b.multiply(b.number(sign), square)))

    return derivative


def _inverse_root(constant: int, sign: int, factor: int = 1) -> Callable[[Builder, int, int], int]:
    """Factor / sqrt(constant + sign u^2)"""

    def derivative(b: Builder, u: int, y: int) -> int:
        del y
        square = b.multiply(b.number(sign), b.multiply(u, u))
        root = b.power(b.add(b.number(constant), square), Fraction(-1, 2))
        return b.multiply(b.number(factor), root)

    return derivative


def _one_plus_square(sign: int) -> Callable[[Builder, int, int], int]:
    """1 + sign y^2"""

    def derivative(b: Builder, u: int, y: int) -> int:
        del u
        return b.add(b.number(1), b.multiply(b.number(sign), b.multiply(y, y)))

    return derivative


def _gauss(b: Builder, u: int, y: int) -> int:
    """2 / sqrt(pi) e^{-u^2}"""
    del y
    constant = b.power(b.shared(Node("pi", moving=False)), Fraction(-1, 2))
    bell = b.primitive("exp", b.negative(b.multiply(u, u)))
    return b.multiply(b.multiply(b.number(2), constant), bell)


PRIMITIVES: dict[str, Callable[[Builder, int, int], int]] = {
    "exp": lambda b, u, y: y,
    "log": lambda b, u, y: b.reciprocal(u),
    "sin": lambda b, u, y: b.primitive("cos", u),
    "cos": lambda b, u, y: b.negative(b.primitive("sin", u)),
    "tan": _one_plus_square(1),
    "sinh": lambda b, u, y: b.primitive("cosh", u),
    "cosh": lambda b, u, y: b.primitive("sinh", u),
    "tanh": _one_plus_square(-1),
    "atan": _reciprocal_of(1),
    "atanh": _reciprocal_of(-1),
    "asin": _inverse_root(1, -1),
    "acos": _inverse_root(1, -1, -1),
    "asinh": _inverse_root(1, 1),
    "acosh": _inverse_root(-1, 1),
    "erf": _gauss,
}
FUNCTIONS = ", ".join(PRIMITIVES)


def compile_tape(expressions: Sequence[Any], variables: Sequence[Any], time: Any = None) -> Tape:
    """Compile expressions in the variables (and perhaps time) to one tape.

    Raises
    ------
    InvalidInstance    an operation without a Taylor recurrence (Abs, Max, ...)
    """
    builder = Builder(variables, time)
    outputs = tuple(builder.expression(sympy.sympify(e)) for e in expressions)
    return Tape(tuple(builder.nodes), outputs, len(variables))
