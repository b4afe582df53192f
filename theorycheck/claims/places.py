"""Places on a trajectory: exact times, intervals of times, steps; and how far a term reaches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Expr

from theorycheck import balls, exact
from theorycheck.claims.axes import Steps, Times, step, time
from theorycheck.claims.matrices import AbstractMatrix, Placed
from theorycheck.claims.quantities import AbstractQuantity, Atom, Extremum, Recurrence, TimeIntegral
from theorycheck.errors import DomainViolation, short_text
from theorycheck.symbolic.lowering import BallScalars, NotExact, RationalScalars, lower

__all__ = ["Place", "Reach", "reach_of"]

LONGEST = 1024
"""Bits of a number that is still written exactly."""


@dataclass(frozen=True)
class Place:
    """A running place: nowhere, a time, all times of [low, high], or a step.

    Parameters
    ----------
    symbol : the axis symbol, or None for terms that do not vary
    low, high : Fraction    equal for a single place
    """

    symbol: Expr | None = None
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)

    @classmethod
    def at_time(cls, t: Fraction) -> Place:
        return cls(time, t, t)

    @classmethod
    def over_times(cls, low: Fraction, high: Fraction) -> Place:
        return cls(time, low, high)

    @classmethod
    def at_step(cls, k: int) -> Place:
        return cls(step, Fraction(k), Fraction(k))

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    @property
    def as_range(self) -> Times | Steps | None:
        """The range that consists of this place."""
        if self.symbol is None:
            return None
        if self.symbol == step:
            return Steps(int(self.low), int(self.high))
        return Times(self.low, self.high)

    def resolve(self, expression: Expr) -> tuple[Fraction, Fraction]:
        """Enclose the value of a place expression, exactly wherever it is rational.

        Raises
        ------
        DomainViolation    the expression is not defined here
        """
        if expression == self.symbol:
            return self.low, self.high
        strangers = expression.free_symbols - {self.symbol}
        if strangers:
            raise DomainViolation(f"the place {expression} varies with {strangers}, not the axis")
        if self.is_exact:
            try:
                value = exact.to_fraction(self._run(expression, self.low))
            except NotExact:
                pass
            else:
                return value, value
        elif self.symbol is not None and _is_affine(expression, self.symbol):
            try:
                ends = [exact.to_fraction(self._run(expression, x)) for x in (self.low, self.high)]
            except NotExact:
                pass
            else:
                return min(ends), max(ends)
        ball = self._enclose(expression)
        return balls.lower(ball), balls.upper(ball)

    def whole_step(self, expression: Expr) -> int:
        """Resolve a place on the steps.

        Raises
        ------
        DomainViolation    no integer >= 0: there is no such iterate
        """
        low, high = self.resolve(expression)
        if low != high or low.denominator != 1 or low < 0:
            raise DomainViolation(f"there is no iterate at k = {low}")
        return int(low)

    def _run(self, expression: Expr, value: Fraction) -> Any:
        program = lower(expression)
        values = {leaf: exact.rational(value) for leaf in program.leaves}
        return program.run(values, RationalScalars())

    def _enclose(self, expression: Expr) -> Any:
        program = lower(expression)
        ball = balls.interval(self.low, self.high)
        return program.run(dict.fromkeys(program.leaves, ball), BallScalars())

    def __str__(self) -> str:
        if self.symbol is None:
            return "the given point"
        if self.symbol == step:
            return f"k = {self.low}"
        if self.is_exact:
            return f"t = {_short(self.low)}"
        return f"t in [{_short(self.low)}, {_short(self.high)}]"


def _short(value: Fraction) -> str:
    if max(abs(value.numerator), value.denominator).bit_length() > LONGEST:
        return short_text(value, 12)
    text = str(value)
    return text if len(text) <= 24 else f"{short_text(value, 12)} (exactly {text})"


def _is_affine(expression: Expr, symbol: Expr) -> bool:
    slope = expression.diff(symbol)
    return bool(slope.is_Rational)


def _range_of(place: Expr, over: Times | Steps | None) -> tuple[Fraction, Fraction]:
    """Enclose where a place is while the axis runs through a range."""
    if over is None:
        return Place().resolve(place)
    if place.free_symbols - {over.symbol}:
        raise DomainViolation(f"the place {place} does not vary with {over.symbol} alone")
    low, high = Fraction(over.start), Fraction(over.end)
    found = [Place(over.symbol, x, x).resolve(place) for x in (low, high)]
    if not _is_affine(place, over.symbol):
        found.append(Place(over.symbol, low, high).resolve(place))
    return min(x for x, _ in found), max(x for _, x in found)


@dataclass
class Reach:
    """How far the trajectories must be computed: flow time, and steps of descent."""

    flow: Fraction = Fraction(0)
    descent: int = 0
    uses_flow: bool = False
    uses_descent: bool = False
    uses_start: bool = False
    is_certain: bool = True
    """Whether every place certainly is a time >= 0, or a step."""

    def include(self, path: str, place: Expr | None, over: Times | Steps | None) -> None:
        if path.startswith("kernel"):  # the kernel model has no parameters and no start
            assert place is not None
            self.is_certain = self.is_certain and _range_of(place, over)[0] >= 0
            return
        self.uses_start = True
        if place is None:
            return
        start, end = _range_of(place, over)
        self.is_certain = self.is_certain and start >= 0
        if path == "flow":
            self.uses_flow = True
            self.flow = max(self.flow, end)
        elif path == "descent":
            self.uses_descent = True
            self.descent = max(self.descent, -int(-end // 1))
            self.is_certain = self.is_certain and bool(place.is_integer)

    def scan(self, item: Any, over: Times | Steps | None) -> None:
        """Walk through a term and extend the reach to everything it needs."""
        if isinstance(item, Expr):
            lower(item)  # what has no enclosure is refused, before any structure decides
            for atom in item.atoms(Atom):
                self._scan_quantity(atom.quantity, over)
        elif isinstance(item, AbstractMatrix):
            if isinstance(item, Placed):
                self.include(item.path, item.place, over)
            for expression in item.own_expressions:
                self.scan(expression, over)
            for part in item.parts:
                self.scan(part, over)

    def _scan_quantity(self, quantity: AbstractQuantity, over: Times | Steps | None) -> None:
        if isinstance(quantity, Extremum | TimeIntegral):
            self.scan(quantity.expression, quantity.over)
            return
        if isinstance(quantity, Recurrence):
            end = Reach()
            end.include("descent", quantity.place, over)
            span = Steps(0, max(end.descent, 1))
            self.scan(quantity.following, span)
            self.scan(quantity.start, None)
            self.is_certain = self.is_certain and end.is_certain
            return
        path = getattr(quantity, "path", None)
        if path is not None:
            self.include(path, quantity.place, over)  # type: ignore[attr-defined]
            if type(quantity).__name__ == "StepBound":
                self.include(path, quantity.place + 1, over)  # type: ignore[attr-defined]
        for matrix in quantity.matrices:
            self.scan(matrix, over)
        for expression in quantity.own_expressions:
            self.scan(expression, over)


def reach_of(expressions: Iterable[tuple[Any, Times | Steps | None]]) -> Reach:
    """Collect how far the trajectories are needed by terms over their ranges."""
    reach = Reach()
    for item, over in expressions:
        reach.scan(item, over)
    return reach
