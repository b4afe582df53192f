"""Lower a scalar SymPy expression to a short program and run it on balls, rationals or floats.

The expression is evaluated as it is written, never expanded: an expansion decides zero tests
but ruins enclosures. Shared subexpressions are computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from operator import add, mul
from typing import Any, Protocol

import mpmath
import sympy
from sympy import Expr

from theorycheck import balls, exact
from theorycheck.errors import DomainViolation, InvalidClaim
from theorycheck.symbolic.functions import margin_after, margin_clock, psi
from theorycheck.symbolic.signs import sign_of

__all__ = [
    "BallScalars", "FloatScalars", "NotExact", "PolynomialScalars", "Program", "RationalScalars",
    "Scalars", "demand_own_variable", "lower",
]  # fmt: skip


class NotExact(ArithmeticError):
    """Report that a value is not rational (or not polynomial). It says nothing about the claim."""


class Scalars(Protocol):
    """What a kind of numbers must offer so that programs run on it; `+` and `*` are Python's."""

    def number(self, value: Fraction) -> Any: ...
    def constant(self, name: str) -> Any: ...
    def power(self, base: Any, exponent: Fraction, *, nonnegative: bool) -> Any: ...
    def function(self, name: str, arguments: list[Any]) -> Any: ...
    def integral(self, integrand: Integrand, values: Mapping[Expr, Any], a: Any, b: Any) -> Any: ...


@dataclass(frozen=True)
class Integrand:
    """What stands under an integral sign: an expression in `variable` and other leaves."""

    expression: Expr
    variable: Expr

    @property
    def parameters(self) -> tuple[Expr, ...]:
        return tuple(x for x in lower(self.expression).leaves if x != self.variable)


class BallScalars:
    """Evaluate in rigorous balls at the working precision: the only evidence."""

    def number(self, value: Fraction) -> Any:
        return balls.real(value)

    def constant(self, name: str) -> Any:
        return balls.FUNCTIONS["exp"](balls.real(1)) if name == "E" else balls.pi()

    def power(self, base: Any, exponent: Fraction, *, nonnegative: bool) -> Any:
        return balls.power(base, exponent, assume_nonnegative=nonnegative)

    def function(self, name: str, arguments: list[Any]) -> Any:
        if name == "psi":
            return balls.psi(*arguments)
        if name in ("margin_clock", "margin_after"):
            *values, order, kind = arguments
            return _clock(values, _integer(order), logistic=bool(_integer(kind)))
        if name in ("Max", "Min"):
            return (balls.maximum if name == "Max" else balls.minimum)(arguments)
        return balls.FUNCTIONS[name](*arguments)

    def integral(self, integrand: Integrand, values: Mapping[Expr, Any], a: Any, b: Any) -> Any:
        from theorycheck.symbolic.definedness import Domain

        program, x = lower(integrand.expression), integrand.variable
        strip = balls.ComplexScalars

        def on_complex(z: Any, analytic: bool) -> Any:  # noqa: FBT001
            return program.run({**values, x: z}, strip(analytic=analytic))

        def on_real(ball: Any) -> Any:
            return program.run({**values, x: ball}, self)

        return balls.integral(on_complex, on_real, Domain(integrand, values).contains, a, b)


def _clock(values: list[Any], order: int, *, logistic: bool) -> Any:
    if len(values) == 1:
        return balls.margin_clock(values[0], order, logistic=logistic)
    return balls.margin_after(values[0], values[1], order, logistic=logistic)


def _integer(value: Any) -> int:
    """Read the order of a predictor, or the kind of a loss, which are exact integers."""
    exactly = balls.lower(value)
    if exactly.denominator != 1 or balls.upper(value) != exactly or exactly < 0:
        raise DomainViolation(f"the order {value.str(5)} of a margin clock is no exact integer")
    return int(exactly)


class RationalScalars:
    """Evaluate exactly over the rationals, or raise NotExact."""

    def number(self, value: Fraction) -> Any:
        return exact.rational(value)

    def constant(self, name: str) -> Any:
        raise NotExact(name)

    def power(self, base: Any, exponent: Fraction, *, nonnegative: bool) -> Any:
        if exponent.denominator != 1:
            root = exact.rational_root(base, exponent.denominator)
            if root is None:
                raise NotExact(f"{base} ** {exponent}")
            base = root
        if exponent.numerator < 0 and base == 0:
            raise DomainViolation(f"0 ** {exponent}")
        return base ** int(exponent.numerator)

    def function(self, name: str, arguments: list[Any]) -> Any:
        if name in ("Max", "Min"):
            return (max if name == "Max" else min)(arguments)
        if name == "Abs":
            return abs(arguments[0])
        if name == "psi" and arguments[0] == 0:
            return arguments[1] ** 2 / 2
        if name in ("exp", "cosh", "cos") and arguments[0] == 0:
            return self.number(Fraction(1))
        zero = ("sin", "sinh", "tan", "tanh", "atan", "asin", "asinh", "atanh", "erf")
        if name in zero and arguments[0] == 0:
            return self.number(Fraction(0))
        if name in ("log", "acos", "acosh") and arguments[0] == 1:
            return self.number(Fraction(0))
        raise NotExact(name)

    def integral(self, integrand: Integrand, values: Mapping[Expr, Any], a: Any, b: Any) -> Any:
        if a == b:  # no length; that the integrand has a value there is still asked
            lower(integrand.expression).run({**values, integrand.variable: a}, self)
            return self.number(Fraction(0))
        raise NotExact("an integral")


class FloatScalars:
    """Evaluate in mpmath at its current precision: for drawing and cross-checks, never evidence."""

    def number(self, value: Fraction) -> Any:
        return mpmath.mpf(value.numerator) / value.denominator

    def constant(self, name: str) -> Any:
        return mpmath.e + 0 if name == "E" else mpmath.pi + 0

    def power(self, base: Any, exponent: Fraction, *, nonnegative: bool) -> Any:
        if exponent.denominator == 1:
            return base ** int(exponent)
        return mpmath.root(max(base, 0) if nonnegative else base, exponent.denominator) ** int(
            exponent.numerator
        )

    def function(self, name: str, arguments: list[Any]) -> Any:
        if name == "psi":
            m, eta = arguments
            if abs(m * eta) < mpmath.mpf(10) ** (-mpmath.mp.dps // 3):
                return eta**2 / 2 * (1 + m * eta / 3)
            return (mpmath.expm1(m * eta) - m * eta) / m**2
        if name in ("Max", "Min"):
            return (max if name == "Max" else min)(arguments)
        if name in ("margin_clock", "margin_after"):
            return _estimated_clock(name, *arguments)
        return getattr(mpmath, {"Abs": "fabs"}.get(name, name))(*arguments)

    def integral(self, integrand: Integrand, values: Mapping[Expr, Any], a: Any, b: Any) -> Any:
        program = lower(integrand.expression)
        return mpmath.quad(lambda x: program.run({**values, integrand.variable: x}, self), [a, b])


def _estimated_clock(name: str, *arguments: Any) -> Any:
    """The clock of `symbolic.functions`, or its inverse, estimated for drawing."""
    *values, order, kind = arguments
    a = mpmath.mpf(2) / order - 1

    def clock(x: Any) -> Any:
        if a == 0:
            return mpmath.ei(x) + kind * mpmath.log(x)
        if order == 1:
            return mpmath.exp(x) + kind * x
        return x**a / a * (mpmath.hyp1f1(a, a + 1, x) + kind)

    if name == "margin_clock":
        return clock(values[0])
    elapsed, start = values
    low, high = start, start + 1
    while clock(high) - clock(start) < elapsed:
        high = start + 2 * (high - start)
    for _ in range(mpmath.mp.prec + 8):
        middle = (low + high) / 2
        early = clock(middle) - clock(start) < elapsed
        low, high = (middle, high) if early else (low, middle)
    return (low + high) / 2


Instruction = Callable[[list[Any], Scalars], Any]


@dataclass(frozen=True)
class Program:
    """A lowered expression: `leaves` are the atoms and symbols it needs, in order."""

    leaves: tuple[Expr, ...]
    instructions: tuple[Instruction, ...]

    def run(self, values: Mapping[Expr, Any], scalars: Scalars) -> Any:
        """Evaluate at the given leaf values. Raises DomainViolation or NotExact, never nan."""
        memory: list[Any] = [values[leaf] for leaf in self.leaves]
        for instruction in self.instructions:
            memory.append(instruction(memory, scalars))
        return memory[-1]


_FUNCTION_NAMES = (
    "exp log sin cos tan sinh cosh tanh atan asin acos asinh acosh atanh erf Abs Max Min"
)
_OWN = (psi, margin_clock, margin_after)
FUNCTIONS = frozenset((*_FUNCTION_NAMES.split(), *(own.__name__ for own in _OWN)))


def _is_leaf(node: Expr) -> bool:
    return bool(node.is_Symbol or getattr(node, "quantity", None) is not None)


@lru_cache(maxsize=4096)
def lower(expression: Expr) -> Program:
    """Compile an expression.

    Raises
    ------
    InvalidClaim    a Float (write a Rational), or a function without enclosure
    """
    order = list(dict.fromkeys(_in_order(expression)))
    leaves = [node for node in order if _is_leaf(node)]
    slots = {leaf: i for i, leaf in enumerate(leaves)}
    instructions: list[Instruction] = []
    last = expression
    for node in order:
        if node not in slots:
            instruction = _instruction(node, slots)
            if instruction is not None:
                slots[node] = len(leaves) + len(instructions)
                instructions.append(instruction)
    if last in leaves:
        position = slots[last]
        instructions.append(lambda memory, _scalars: memory[position])
    return Program(tuple(leaves), tuple(instructions))


def _integrand(node: Expr) -> tuple[Integrand, Expr, Expr]:
    """Read a definite integral over one variable: integrand, lower and upper limit."""
    if len(node.limits) != 1 or len(node.limits[0]) != 3:
        raise InvalidClaim(f"{node} is no definite integral over one variable")
    variable, a, b = node.limits[0]
    demand_own_variable(node)
    return Integrand(node.function.xreplace({variable: _plain(variable)}), _plain(variable)), a, b


@lru_cache(maxsize=256)
def _plain(variable: Expr) -> Expr:
    """The variable without the sign it was declared with: the limits say where it runs."""
    return sympy.Dummy(str(variable), real=True)


def demand_own_variable(node: Expr) -> None:
    """Refuse an integral whose variable also says where a quantity of the integrand is taken.

    Raises
    ------
    InvalidClaim    such as Integral(t * loss(t), (t, 0, 1)): the quantity would keep its place
    """
    variables = {limit[0] for limit in node.limits}
    for leaf in node.function.free_symbols:
        quantity = getattr(leaf, "quantity", None)
        bound = variables & leaf.free_symbols if quantity is not None else set()
        if bound:
            raise InvalidClaim(
                f"a SymPy integral over {bound.pop()} cannot move {sympy.latex(leaf)} along its "
                "trajectory; use theorycheck.integral(term, times(a, b))"
            )


def _in_order(expression: Expr) -> Iterator[Expr]:
    """Every subexpression after its arguments; of an integral, its limits and parameters."""
    if isinstance(expression, sympy.Integral):
        integrand, a, b = _integrand(expression)
        arguments: Sequence[Expr] = (a, b, *integrand.parameters)
    else:
        arguments = () if _is_leaf(expression) else expression.args
    for argument in arguments:
        yield from _in_order(argument)
    yield expression


def _instruction(node: Expr, slots: dict[Expr, int]) -> Instruction | None:
    if node.is_Float:
        raise InvalidClaim(
            f"the number {node} is a Float; write it as an exact Rational or Fraction"
        )
    if node.is_Rational:
        value = Fraction(int(node.p), int(node.q))
        return lambda _memory, scalars: scalars.number(value)
    if node in (sympy.pi, sympy.E):
        name = "pi" if node == sympy.pi else "E"
        return lambda _memory, scalars: scalars.constant(name)
    if node.is_Pow:
        return _power(node, slots)
    if isinstance(node, sympy.Integral):
        return _integral(node, slots)
    places = [slots[a] for a in node.args]
    if node.is_Add or node.is_Mul:
        operation = add if node.is_Add else mul
        return lambda memory, _scalars: reduce(operation, [memory[i] for i in places])
    name = type(node).__name__
    if name in FUNCTIONS or isinstance(node, _OWN):
        return lambda memory, scalars: scalars.function(name, [memory[i] for i in places])
    raise InvalidClaim(f"{name} has no enclosure; use one of {', '.join(sorted(FUNCTIONS))}")


def _power(node: Expr, slots: dict[Expr, int]) -> Instruction:
    base, exponent = node.args
    place = slots[base]
    if exponent.is_Rational:
        value = Fraction(int(exponent.p), int(exponent.q))
        nonnegative = sign_of(base).at_least_zero
        return lambda memory, scalars: scalars.power(memory[place], value, nonnegative=nonnegative)
    high = slots[exponent]

    def general(memory: list[Any], scalars: Scalars) -> Any:
        if isinstance(scalars, RationalScalars):
            return _rational_power(memory[place], memory[high])
        logarithm = scalars.function("log", [memory[place]])
        return scalars.function("exp", [memory[high] * logarithm])

    return general


def _integral(node: Expr, slots: dict[Expr, int]) -> Instruction:
    integrand, a, b = _integrand(node)
    low, high = slots[a], slots[b]
    held = {parameter: slots[parameter] for parameter in integrand.parameters}
    return lambda memory, scalars: scalars.integral(
        integrand, {x: memory[i] for x, i in held.items()}, memory[low], memory[high]
    )


def _rational_power(base: Any, exponent: Any) -> Any:
    power = exact.to_fraction(exponent)
    if power.denominator != 1:
        raise NotExact(f"{base} ** {power}")
    if power < 0 and base == 0:
        raise DomainViolation(f"0 ** {power}")
    return base ** int(power)


class PolynomialScalars:
    """Evaluate in a polynomial ring over the rationals, or raise NotExact."""

    def __init__(self, algebra: Any) -> None:
        self._algebra = algebra

    def number(self, value: Fraction) -> Any:
        return self._algebra.scalar(value)

    def constant(self, name: str) -> Any:
        raise NotExact(name)

    def power(self, base: Any, exponent: Fraction, *, nonnegative: bool) -> Any:
        if exponent.denominator != 1 or exponent < 0:
            raise NotExact(f"power {exponent} of a polynomial")
        return base ** int(exponent)

    def function(self, name: str, arguments: list[Any]) -> Any:
        raise NotExact(name)

    def integral(self, integrand: Integrand, values: Mapping[Expr, Any], a: Any, b: Any) -> Any:
        raise NotExact("an integral")


def scalars_of(arithmetic: Any) -> Scalars:
    """The scalars that go with an arithmetic of matrices, by its name."""
    from theorycheck.symbolic.algebra import SymbolicScalars

    if arithmetic.name == "polynomial":
        return PolynomialScalars(arithmetic)
    table: dict[str, type[Scalars]] = {
        "ball": BallScalars,
        "rational": RationalScalars,
        "symbolic": SymbolicScalars,
    }
    return table.get(arithmetic.name, FloatScalars)()
