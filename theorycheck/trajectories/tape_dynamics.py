"""Differential equations and objectives given by SymPy expressions, through their tapes."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from fractions import Fraction
from functools import cached_property
from typing import Any

from theorycheck.balls import (
    Matrix,
    Real,
    divide,
    inflate,
    lambda_max_upper,
    lambda_min_lower,
    matrix_from_reals,
    midpoint,
    precision,
    real,
    upper_real,
)
from theorycheck.balls.series import (
    absolute_upper,
    column_of,
    entries_of,
    hull,
    infinity,
    joint_norm,
    pack,
    power_list,
)
from theorycheck.problems import SymPyObjective, VectorField
from theorycheck.trajectories.defect import scaled_sizes
from theorycheck.trajectories.dynamics import Defect
from theorycheck.trajectories.effort import check_clock
from theorycheck.trajectories.norms import EUCLIDEAN, Norm, symmetric_part
from theorycheck.trajectories.tape import Tape, compile_tape
from theorycheck.trajectories.tape_series import (
    BallFunctions,
    TailBounds,
    TapeSeries,
    tape_jacobian,
    tape_values,
)
from theorycheck.trajectories.variational import Variations

__all__ = ["TapeDynamics", "TapeExpansion", "TapeObjective"]

NORM_BITS = 40
VALUE_BITS = 64
DRIFT_ORDER = 6


class TapeDynamics:
    """x' = F(t, x) for a vector field, x' = -grad f(x) for an objective, measured in any norm."""

    def __init__(self, problem: SymPyObjective | VectorField, norm: Norm = EUCLIDEAN) -> None:
        self.norm = norm
        if isinstance(problem, SymPyObjective):
            expressions = [-g for g in problem.gradient_expressions]
            self.tape = compile_tape(expressions, problem.variables)
            self._written: tuple[Any, Any, Any] = (expressions, problem.variables, None)
        else:
            self.tape = compile_tape(problem.components, problem.state, problem.time)
            self._written = (problem.components, problem.state, problem.time)

    @property
    def dimension(self) -> int:
        return self.tape.size

    def variations(self) -> Variations:
        """Return the Jacobian's own tape, for sets of starts."""
        return Variations(*self._written)

    def measured_in(self, norm: Norm) -> TapeDynamics:
        """Return the same equation, measured in another norm."""
        other = copy(self)
        other.norm = norm
        return other

    def expand(self, start: Matrix, time: Fraction, order: int) -> TapeExpansion:
        return TapeExpansion(self.tape, self.norm, start, time, order)


class TapeExpansion:
    """One expansion: settled coefficients, low-order defects, tails and Jacobian bounds."""

    def __init__(self, tape: Tape, norm: Norm, start: Matrix, time: Fraction, order: int) -> None:
        self.tape = tape
        self.norm = norm
        self.time = time
        self.order = order
        state = entries_of(start)
        series = TapeSeries(tape, BallFunctions, state, real(time))
        rows = [state]
        self._low_defects: list[Matrix] = []
        slope = series.outputs()
        for k in range(order):
            check_clock()
            factor = real(Fraction(1, k + 1))
            state = [midpoint(s * factor) for s in slope]
            rows.append(state)
            residual = [c * (k + 1) - s for c, s in zip(state, slope, strict=True)]
            self._low_defects.append(column_of(residual))
            if k + 1 < order:
                slope = series.extend(state)
        self.coefficients = pack(rows)
        self._rows = rows
        with precision(NORM_BITS):
            self._tails = TailBounds(series)

    @property
    def autonomous(self) -> bool:
        return self.tape.autonomous

    @cached_property
    def sizes(self) -> list[Real]:
        with precision(NORM_BITS):
            return [self.norm.upper(column_of(row)) for row in self._rows]

    @cached_property
    def _low_sizes(self) -> list[Real]:
        with precision(NORM_BITS):
            return [self.norm.upper(column) for column in self._low_defects]

    @cached_property
    def _entry_sizes(self) -> list[list[Real]]:
        """|c_k| of each coordinate, one list per coordinate."""
        return [[absolute_upper(c) for c in column] for column in zip(*self._rows, strict=True)]

    def defect(self, step: Real) -> Defect:
        with precision(NORM_BITS):
            powers = power_list(step, self.order + 1)
            uniform = sum(scaled_sizes(self._low_sizes, powers), real(0))
            last = [upper_real(sizes[-1] * powers[-1]) for sizes in self._entry_sizes]
            tails = self._tails.bounds(powers, last)
            tail = infinity() if tails is None else self.norm.upper(column_of(tails))
            return Defect(upper_real(uniform), tail, self.order)

    def curvature(self, step: Real, tube: Real) -> Real:
        """Bound the logarithmic norm of F' over p([0, step]) widened by `tube`."""
        with precision(VALUE_BITS):
            begin = real(self.time)
            now = begin if self.autonomous else hull(begin, begin + step)
            box = entries_of(self.norm.widened(self.box(step), tube))
            return self.norm.logarithmic(tape_jacobian(self.tape, BallFunctions, box, now)[1])

    def box(self, step: Real) -> Matrix:
        """Enclose p([0, step])."""
        with precision(VALUE_BITS):
            powers = power_list(step, self.order + 1)
            halves = power_list(step * real(Fraction(1, 2)), self.order + 1)
            box = []
            for column, sizes in zip(zip(*self._rows, strict=True), self._entry_sizes, strict=True):
                check_clock()
                centre = sum((c * h for c, h in zip(column, halves, strict=True)), real(0))
                # |t^k - (h/2)^k| <= h^k (1 - 2^-k) on [0, h]
                moved = sum(
                    (s * (p - h) for s, p, h in zip(sizes, powers, halves, strict=True)), real(0)
                )
                box.append(inflate(centre, upper_real(moved)))
            return column_of(box)


class TapeObjective:
    """What gradient descent needs of an objective given by an expression; one part, the column."""

    is_local = False

    def __init__(self, objective: SymPyObjective) -> None:
        self.gradient_tape = compile_tape(objective.gradient_expressions, objective.variables)
        self.value_tape = compile_tape([objective.expression], objective.variables)

    @property
    def dimension(self) -> int:
        return self.gradient_tape.size

    def parts(self, column: Matrix) -> list[Matrix]:
        return [column]

    def gradient(self, parts: Sequence[Matrix]) -> list[Matrix]:
        values = tape_values(self.gradient_tape, BallFunctions, entries_of(parts[0]), None)
        return [column_of([values[place] for place in self.gradient_tape.outputs])]

    def loss(self, parts: Sequence[Matrix]) -> Real:
        values = tape_values(self.value_tape, BallFunctions, entries_of(parts[0]), None)
        value: Real = values[self.value_tape.outputs[0]]
        return value

    def spectrum_on(
        self, parts: Sequence[Matrix], tube: Real, *, sharp: bool = False
    ) -> tuple[Real, Real]:
        del sharp  # there is one bound
        box = entries_of(inflate(parts[0], tube))
        hessian = symmetric_part(tape_jacobian(self.gradient_tape, BallFunctions, box, None)[1])
        return upper_real(-lambda_min_lower(hessian)), upper_real(lambda_max_upper(hessian))

    def gradient_drift(
        self, parts: Sequence[Matrix], gradient: Sequence[Matrix], step: Real
    ) -> Real:
        """Bound |d/ds grad f(x - s g)| over s in [0, step], by its Taylor series about the middle.

        With sigma = step / 2, k sigma^{k-1} <= (K 2^-K / sigma) (2 sigma)^k for k >= K >= 2, so
        that the orders from K on count K 2^-K / sigma times their tail at 2 sigma = step.
        """
        half = step * real(Fraction(1, 2))
        lines = list(zip(entries_of(parts[0]), entries_of(gradient[0]), strict=True))
        middle = [x - g * half for x, g in lines]
        series = TapeSeries(self.gradient_tape, BallFunctions, middle, None)
        zero = real(0)
        total, power = zero, real(1)
        for k in range(1, DRIFT_ORDER):
            coefficients = series.extend([-g if k == 1 else zero for _, g in lines])
            total = total + k * joint_norm([column_of(coefficients)]) * power
            power = power * half
        powers = power_list(upper_real(step), DRIFT_ORDER + 1)
        tails = TailBounds(series).bounds(powers, [zero] * len(lines))
        if tails is None:
            return self._drift_on_box(lines, step)
        weight = divide(real(Fraction(DRIFT_ORDER, 2**DRIFT_ORDER)), half)
        return upper_real(total + weight * joint_norm([column_of(tails)]))

    def _drift_on_box(self, lines: Sequence[tuple[Real, Real]], step: Real) -> Real:
        """Bound |Hess f(x - s g) g| by the Hessian over the box of the whole step."""
        box = [hull(x, x - g * step) for x, g in lines]
        rows = tape_jacobian(self.gradient_tape, BallFunctions, box, None)[1]
        size = len(lines)
        hessian = matrix_from_reals(size, size, [entry for row in rows for entry in row])
        return joint_norm([hessian * column_of([g for _, g in lines])])
