"""From a problem of the user's to the dynamics that encloses it."""

from __future__ import annotations

from typing import Any

import sympy

from theorycheck.errors import InvalidInstance
from theorycheck.problems import DeepLinearObjective, SymPyObjective, VectorField
from theorycheck.symbolic.algebra import SymbolicArithmetic
from theorycheck.trajectories.deep_linear import DeepLinearDynamics
from theorycheck.trajectories.dynamics import DescentMap, Dynamics
from theorycheck.trajectories.spread import MAX_DIMENSION
from theorycheck.trajectories.tape_dynamics import TapeDynamics, TapeObjective

__all__ = ["candidates", "descent_map_of", "dynamics_of"]


def dynamics_of(problem: Any) -> Dynamics:
    """Return the dynamics of an objective's gradient flow, or of a vector field."""
    if isinstance(problem, DeepLinearObjective):
        return DeepLinearDynamics(problem)
    if isinstance(problem, SymPyObjective | VectorField):
        return TapeDynamics(problem)
    raise InvalidInstance(
        f"problem={problem!r} is neither an Objective nor a VectorField; "
        "use net.objective(loss), Objective.from_sympy or VectorField.from_sympy"
    )


def candidates(problem: Any, *, spread: bool) -> list[Dynamics]:
    """Return the dynamics that may enclose a flow; each is sound, the sharper one is a choice.

    A set of starts of a small network is also carried apart by the variational step of a tape,
    which wins where the logarithmic norm grows and loses where it is nearly 0.
    """
    made = [dynamics_of(problem)]
    if spread and isinstance(problem, DeepLinearObjective) and problem.dimension <= MAX_DIMENSION:
        made.append(TapeDynamics(_written_out(problem)))
    return made


def _written_out(objective: DeepLinearObjective) -> VectorField:
    """The gradient flow in the flat parameters, as expressions."""
    names = sympy.symbols(f"w0:{objective.dimension}")
    column = SymbolicArithmetic.from_scalars(objective.dimension, 1, list(names))
    layers = objective.point(SymbolicArithmetic, column)
    gradient = objective.gradient_column(SymbolicArithmetic, layers)
    return VectorField([-entry for entry in SymbolicArithmetic.scalars(gradient)], names)


def descent_map_of(problem: Any) -> DescentMap:
    """Return what gradient descent needs of an objective."""
    if isinstance(problem, DeepLinearObjective):
        return DeepLinearDynamics(problem)
    if isinstance(problem, SymPyObjective):
        return TapeObjective(problem)
    raise InvalidInstance(
        f"problem={problem!r} is not an Objective; use net.objective(loss) or Objective.from_sympy"
    )
