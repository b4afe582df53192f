"""Piecewise-smooth vector fields: one smooth field per sign pattern of the switching functions."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
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
from theorycheck.trajectories.sliding import Sliding, eliminated
from theorycheck.trajectories.tape import Tape, compile_tape
from theorycheck.trajectories.tape_dynamics import TapeDynamics
from theorycheck.trajectories.tape_series import BallFunctions, tape_values

__all__ = ["Mode", "PiecewiseField"]

SIGN_BITS = 256


@dataclass(frozen=True)
class Mode:
    """The sign of every switching function; 0 where the solution stays on the surface.

    Parameters
    ----------
    signs : tuple of int
    dead : tuple of (int, int)    (surface, side), increasing: of the surfaces with sign 0 those on
                                  which the field of one side acts alone, having no normal speed

    Examples
    --------
    >>> mode = Mode((1, 0, 0), ((2, -1),))
    >>> mode.slid, mode.acting
    ((1,), (1, 0, -1))
    """

    signs: tuple[int, ...]
    dead: tuple[tuple[int, int], ...] = ()

    @property
    def held(self) -> tuple[int, ...]:
        """The surfaces the solution is on."""
        return tuple(j for j, sign in enumerate(self.signs) if sign == 0)

    @property
    def slid(self) -> tuple[int, ...]:
        """The held surfaces on which a proper fraction of both fields acts."""
        dead = dict(self.dead)
        return tuple(j for j in self.held if j not in dead)

    @property
    def acting(self) -> tuple[int, ...]:
        """The signs of the fields that act; 0 where both do."""
        dead = dict(self.dead)
        return tuple(dead.get(j, sign) for j, sign in enumerate(self.signs))

    def with_sign(self, j: int, sign: int) -> Mode:
        """Return the mode that leaves surface j to a side (1, -1), or slides on it (0)."""
        signs = (*self.signs[:j], sign, *self.signs[j + 1 :])
        return Mode(signs, tuple(pair for pair in self.dead if pair[0] != j))

    def with_dead(self, j: int, side: int) -> Mode:
        """Return the mode that rests on surface j under the field of one side."""
        held = self.with_sign(j, 0)
        return Mode(held.signs, tuple(sorted((*held.dead, (j, side)))))

    def around(self, surfaces: Sequence[int]) -> Iterator[Mode]:
        """Yield the modes with every combination of sides of the given surfaces."""
        for sides in itertools.product((1, -1), repeat=len(surfaces)):
            mode = self
            for j, side in zip(surfaces, sides, strict=True):
                mode = mode.with_sign(j, side)
            yield mode


class PiecewiseField:
    """x' = F_s(t, x), s the signs of finitely many switching functions.

    Parameters
    ----------
    state : sequence of SymPy symbols
    switches : sequence of SymPy expressions   sigma_1, ..., sigma_k; each smooth
    components : callable                      (s_1, ..., s_k), each 1 or -1 -> N expressions,
                                               smooth in a neighbourhood of the closed region
    time : SymPy symbol or None                may occur in the fields and in the switches

    Attributes
    ----------
    switches : tuple            without multiples of earlier ones, which are the same surface
    surface_of : tuple of (int, int)    place in `switches`, and sign, of every switch given

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
        time: Any = None,
    ) -> None:
        names = checked_symbols(state, "state")
        allowed = names if time is None else checked_symbols((*names, time), "state and time")
        self.state = tuple(map(plain_symbol, names))
        self.time = None if time is None else plain_symbol(time)
        given = [
            without_assumptions(checked_expression(sympy.sympify(e), allowed, f"switch {j}"))
            for j, e in enumerate(switches)
        ]
        if not given:
            raise InvalidInstance("a piecewise field needs a switching function; use VectorField")
        self.switches, self.surface_of = self._surfaces(given)
        self._names = names
        self._given_time = time
        self._components = components
        self._fields: dict[tuple[int, ...], tuple[Any, ...]] = {}
        self._slidings: dict[Any, Sliding] = {}
        self._eliminated: dict[tuple[int, ...], dict[Any, Any]] = {}
        self._dynamics: dict[tuple[int, ...], TapeDynamics] = {}
        self._tapes: dict[Any, Tape] = {}

    def _surfaces(
        self, given: Sequence[Any]
    ) -> tuple[tuple[Any, ...], tuple[tuple[int, int], ...]]:
        """Find the distinct surfaces, and each switch as a multiple of a positive one of them."""
        distinct: list[Any] = []
        known: dict[Any, tuple[int, int]] = {}
        places = []
        for j, switch in enumerate(given):
            form, sign = self._primitive(switch)
            if form == 0:
                raise InvalidInstance(f"switch {j} is 0 everywhere; leave it out")
            if form not in known:
                known[form] = (len(distinct), sign)
                distinct.append(switch)
            place, first = known[form]
            places.append((place, sign * first))
        return tuple(distinct), tuple(places)

    def _primitive(self, expression: Any) -> tuple[Any, int]:
        """Return a positive or negative multiple of an expression that all of them share."""
        variables = self.state if self.time is None else (*self.state, self.time)
        form = sympy.expand(expression)
        if form != 0 and form.is_polynomial(*variables):
            leading = sympy.Poly(form, *variables).LC()
            if leading.is_positive or leading.is_negative:
                return sympy.expand(form / leading), 1 if leading.is_positive else -1
        return form, 1

    def coincide(self, surfaces: Sequence[int], held: tuple[int, ...]) -> bool:
        """Whether some surfaces are certainly met at one time by a solution on others."""
        there = self._on(held)
        forms = {self._primitive(self.switches[j].xreplace(there))[0] for j in surfaces}
        return len(forms) == 1

    def _on(self, surfaces: tuple[int, ...]) -> dict[Any, Any]:
        if surfaces not in self._eliminated:
            self._eliminated[surfaces] = eliminated(self, surfaces)
        return self._eliminated[surfaces]

    def smooth(self, mode: Mode) -> tuple[Any, ...]:
        """Return the components that act in a mode; in a sliding one Filippov's combination."""
        signs = mode.acting
        if signs not in self._fields:
            if 0 in signs:
                self._fields[signs] = self.sliding(Mode(signs)).combination()
            else:
                every = tuple(signs[j] * sign for j, sign in self.surface_of)
                given = [sympy.sympify(c) for c in self._components(every)]
                made = VectorField(given, self._names, self._given_time)
                self._fields[signs] = made.components
        return self._fields[signs]

    def sliding(self, mode: Mode) -> Sliding:
        """Return the equations of the fractions on the surfaces that a mode holds."""
        key = (mode.signs, mode.dead)
        if key not in self._slidings:
            self._slidings[key] = Sliding(self, mode)
        return self._slidings[key]

    def vanishes(self, expression: Any, surfaces: tuple[int, ...]) -> bool:
        """Whether an expression is certainly 0 where the surfaces meet; False says nothing."""
        if expression == 0:
            return True
        there = sympy.expand(expression.xreplace(self._on(surfaces)))
        if there.is_number:
            return bool(there == 0)
        variables = self.state if self.time is None else (*self.state, self.time)
        return bool(there.is_rational_function(*variables) and sympy.cancel(there) == 0)

    def dynamics(self, mode: Mode) -> TapeDynamics:
        signs = mode.acting
        if signs not in self._dynamics:
            field = VectorField(self.smooth(mode), self.state, self.time)
            self._dynamics[signs] = TapeDynamics(field)
        return self._dynamics[signs]

    def lie(self, expression: Any, mode: Mode) -> Any:
        """Return the derivative of an expression along the field of a mode."""
        return self.along(expression, self.smooth(mode)) + self.drift(expression)

    def along(self, expression: Any, direction: Sequence[Any]) -> Any:
        """Return the derivative of an expression by the state, in a direction."""
        pairs = zip(self.state, direction, strict=True)
        return sum((expression.diff(x) * f for x, f in pairs), sympy.Integer(0))

    def drift(self, expression: Any) -> Any:
        """Return the derivative of an expression by time."""
        return sympy.Integer(0) if self.time is None else expression.diff(self.time)

    def normal(self, mode: Mode, j: int) -> Any:
        """Return L_F sigma_j, the speed towards sigma_j > 0."""
        return self.lie(self.switches[j], mode)

    def tape(self, expression: Any) -> Tape:
        if expression not in self._tapes:
            self._tapes[expression] = compile_tape([expression], self.state, self.time)
        return self._tapes[expression]

    def exact_sign(self, j: int, point: Sequence[Fraction], time: Fraction = Fraction(0)) -> int:
        """Return the sign of sigma_j at a rational point; 0 only if it is exactly 0.

        Raises
        ------
        InvalidInstance    the sign is neither certified nor the value an exact zero
        """
        values = {
            x: sympy.Rational(q.numerator, q.denominator)
            for x, q in zip(self.state, point, strict=True)
        }
        if self.time is not None:
            values[self.time] = sympy.Rational(time.numerator, time.denominator)
        there = self.switches[j].subs(values, simultaneous=True)
        if there.is_Rational:
            return int(sympy.sign(there))
        tape = self.tape(self.switches[j])
        try:
            with precision(SIGN_BITS):
                found = tape_values(tape, BallFunctions, [real(q) for q in point], real(time))
            sign = sign_of(found[tape.outputs[0]])
        except DomainViolation:
            sign = 0
        if sign == 0:
            raise InvalidInstance(f"the sign of switch {j} at the start is not known: {there}")
        return sign
