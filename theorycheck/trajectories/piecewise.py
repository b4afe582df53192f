"""Piecewise-smooth vector fields: one smooth field per sign pattern of the switching functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy

from theorycheck.balls import precision, real
from theorycheck.errors import DomainViolation, InvalidInstance
from theorycheck.problems import VectorField
from theorycheck.problems.expressions import (
    checked_expression,
    checked_symbols,
    plain_symbol,
    without_assumptions,
)
from theorycheck.trajectories.crossings import sign_of
from theorycheck.trajectories.tape import Tape, compile_tape
from theorycheck.trajectories.tape_dynamics import TapeDynamics
from theorycheck.trajectories.tape_series import BallFunctions, tape_values

__all__ = ["Mode", "PiecewiseField"]

SIGN_BITS = 256


@dataclass(frozen=True)
class Mode:
    """The sign of every switching function; 0 where the solution slides on the surface."""

    signs: tuple[int, ...]

    def with_sign(self, j: int, sign: int) -> Mode:
        return Mode((*self.signs[:j], sign, *self.signs[j + 1 :]))


class PiecewiseField:
    """x' = F_s(x), s the signs of finitely many switching functions.

    Parameters
    ----------
    state : sequence of SymPy symbols
    switches : sequence of SymPy expressions   sigma_1, ..., sigma_k; each smooth
    components : callable                      (s_1, ..., s_k), each 1 or -1 -> N expressions,
                                               smooth in a neighbourhood of the closed region

    Examples
    --------
    >>> from sympy import symbols
    >>> x = symbols("x")
    >>> PiecewiseField([x], [x], lambda s: [-s[0]]).smooth(Mode((1,)))
    (-1,)
    """

    def __init__(
        self,
        state: Sequence[Any],
        switches: Sequence[Any],
        components: Callable[[tuple[int, ...]], Sequence[Any]],
    ) -> None:
        names = checked_symbols(state, "state")
        self.state = tuple(map(plain_symbol, names))
        self.switches = tuple(
            without_assumptions(checked_expression(s, names, f"switch {j}"))
            for j, s in enumerate(switches)
        )
        if not self.switches:
            raise InvalidInstance("a piecewise field needs a switching function; use VectorField")
        self._names = names
        self._components = components
        self._fields: dict[Mode, tuple[Any, ...]] = {}
        self._dynamics: dict[Mode, TapeDynamics] = {}
        self._tapes: dict[Any, Tape] = {}

    def smooth(self, mode: Mode) -> tuple[Any, ...]:
        """Return the components that act in a mode; in a sliding one Filippov's combination."""
        if mode not in self._fields:
            if 0 not in mode.signs:
                given = [sympy.sympify(c) for c in self._components(mode.signs)]
                self._fields[mode] = VectorField(given, self._names).components
            else:
                j = mode.signs.index(0)
                if 0 in mode.signs[j + 1 :]:
                    raise InvalidInstance(f"{mode} slides on several surfaces; one is supported")
                above, below = mode.with_sign(j, 1), mode.with_sign(j, -1)
                up, down = self.normal(above, j), self.normal(below, j)
                weight = down / (down - up)
                self._fields[mode] = tuple(
                    (1 - weight) * b + weight * a
                    for a, b in zip(self.smooth(above), self.smooth(below), strict=True)
                )
        return self._fields[mode]

    def dynamics(self, mode: Mode) -> TapeDynamics:
        if mode not in self._dynamics:
            self._dynamics[mode] = TapeDynamics(VectorField(self.smooth(mode), self.state))
        return self._dynamics[mode]

    def lie(self, expression: Any, mode: Mode) -> Any:
        """Return the derivative of an expression along the field of a mode."""
        field = self.smooth(mode)
        return sum(
            (expression.diff(x) * f for x, f in zip(self.state, field, strict=True)),
            sympy.Integer(0),
        )

    def normal(self, mode: Mode, j: int) -> Any:
        """Return L_F sigma_j, the speed towards sigma_j > 0."""
        return self.lie(self.switches[j], mode)

    def tape(self, expression: Any) -> Tape:
        if expression not in self._tapes:
            self._tapes[expression] = compile_tape([expression], self.state)
        return self._tapes[expression]

    def exact_sign(self, j: int, point: Sequence[Fraction]) -> int:
        """Return the sign of sigma_j at a rational point; 0 only if it is exactly 0.

        Raises
        ------
        InvalidInstance    the sign is neither certified nor the value an exact zero
        """
        values = [sympy.Rational(q.numerator, q.denominator) for q in point]
        there = self.switches[j].subs(dict(zip(self.state, values, strict=True)), simultaneous=True)
        if there.is_Rational:
            return int(sympy.sign(there))
        tape = self.tape(self.switches[j])
        try:
            with precision(SIGN_BITS):
                found = tape_values(tape, BallFunctions, [real(q) for q in point], None)
            sign = sign_of(found[tape.outputs[0]])
        except DomainViolation:
            sign = 0
        if sign == 0:
            raise InvalidInstance(f"the sign of switch {j} at the start is not known: {there}")
        return sign
