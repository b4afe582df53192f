"""Networks with any loss: what descent needs of them, and their flow as a vector field.

Gradient and Hessian are the formulas of `problems.backpropagation` in balls; the flow is written
out in the flat parameters for the tape.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import sympy

from theorycheck.balls import (
    BallAlgebra,
    Matrix,
    Real,
    inflate,
    lambda_max_upper,
    lambda_min_lower,
    precision,
    real,
    upper_real,
)
from theorycheck.balls.series import column_of, entries_of, joint_norm, split_column
from theorycheck.exact import RationalAlgebra, rows_of
from theorycheck.problems import AbstractNetworkObjective, FullyConnectedObjective, VectorField
from theorycheck.problems.fully_connected import Unit
from theorycheck.symbolic.algebra import SymbolicArithmetic
from theorycheck.symbolic.lowering import NotExact

__all__ = ["NetworkMap", "parameter_symbols", "written_out"]

VALUE_BITS = 64


def parameter_symbols(count: int) -> tuple[sympy.Symbol, ...]:
    """Name the flat parameters w0, w1, ..."""
    return tuple(sympy.symbols(f"w0:{count}"))


def written_out(objective: AbstractNetworkObjective) -> VectorField:
    """The gradient flow of a smooth objective in the flat parameters, as expressions."""
    names = parameter_symbols(objective.dimension)
    column = SymbolicArithmetic.from_scalars(objective.dimension, 1, list(names))
    layers = objective.point(SymbolicArithmetic, column)
    gradient = objective.gradient_column(SymbolicArithmetic, layers)
    return VectorField([-entry for entry in SymbolicArithmetic.scalars(gradient)], names)


class NetworkMap:
    """What gradient descent needs of a network's objective; the parts are the layers.

    Where the objective has kinks, the enclosures raise `KinkMet` unless all activations have a
    sign on the whole ball that is asked for: what is returned is about one region.
    """

    is_local = True

    def __init__(self, objective: AbstractNetworkObjective) -> None:
        self.objective = objective
        self.shapes = objective.network.shapes

    @property
    def dimension(self) -> int:
        return self.objective.dimension

    def parts(self, column: Matrix) -> list[Matrix]:
        return split_column(column, self.shapes)

    def gradient(self, parts: Sequence[Matrix]) -> list[Matrix]:
        return self.objective.gradient(BallAlgebra, list(parts))

    def loss(self, parts: Sequence[Matrix]) -> Real:
        value: Real = self.objective.value(BallAlgebra, list(parts))
        return value

    # -- exact points, where a kink may be met exactly -------------------------------------------
    def exact_kinks(self, point: Sequence[Fraction]) -> tuple[Unit, ...]:
        """The pre-activations that are exactly 0 at a rational point."""
        if not isinstance(self.objective, FullyConnectedObjective):
            return ()
        layers = self.objective.network.layer_matrices(RationalAlgebra, point)
        signs = self.objective.signs(RationalAlgebra, layers)
        return tuple(unit for unit, sign in signs.items() if sign == 0)

    def exact_gradient(self, point: Sequence[Fraction]) -> list[Matrix]:
        """Enclose the gradient at a rational point, by convention on a kink."""
        column = column_of([real(q) for q in point])
        return self._at(point).gradient(BallAlgebra, self.parts(column))

    def exact_step(
        self, point: Sequence[Fraction], step_size: Fraction
    ) -> tuple[Fraction, ...] | None:
        """The next iterate as rationals, None where it is not rational."""
        column = RationalAlgebra.matrix([[q] for q in point])
        layers = self.objective.point(RationalAlgebra, column)
        try:
            gradient = self._at(point).gradient_column(RationalAlgebra, layers)
        except NotExact:
            return None
        moved = column - RationalAlgebra.scale(gradient, RationalAlgebra.scalar(step_size))
        return tuple(q for (q,) in rows_of(moved))

    def _at(self, point: Sequence[Fraction]) -> AbstractNetworkObjective:
        """The smooth objective of the region of a rational point."""
        objective = self.objective
        if not isinstance(objective, FullyConnectedObjective):
            return objective
        layers = objective.network.layer_matrices(RationalAlgebra, point)
        signs = objective.signs(RationalAlgebra, layers)
        return objective.in_region(objective.pattern_of([sign or 0 for sign in signs.values()]))

    def spectrum_on(
        self, parts: Sequence[Matrix], tube: Real, *, sharp: bool = False
    ) -> tuple[Real, Real]:
        """Bound (-lambda_min, lambda_max) of the Hessian on the box around the ball."""
        del sharp  # there is one bound
        with precision(VALUE_BITS):
            box = [inflate(part, tube) for part in parts]
            hessian = self.objective.hessian(BallAlgebra, box)
            return upper_real(-lambda_min_lower(hessian)), upper_real(lambda_max_upper(hessian))

    def gradient_drift(
        self, parts: Sequence[Matrix], gradient: Sequence[Matrix], step: Real
    ) -> Real:
        """Bound |Hess f(x - s g) g| by the Hessian over the box of the whole step."""
        with precision(VALUE_BITS):
            half = step * real(Fraction(1, 2))
            box = []
            for part, slope in zip(parts, gradient, strict=True):
                centre = part - slope * half
                box.append(inflate(centre, upper_real(joint_norm([slope]) * half)))
            hessian = self.objective.hessian(BallAlgebra, box)
            column = column_of([entry for part in gradient for entry in entries_of(part)])
            return joint_norm([hessian * column])
