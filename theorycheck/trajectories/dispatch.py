"""From a problem of the user's to the dynamics that encloses it."""

from __future__ import annotations

from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.problems import DeepLinearObjective, SymPyObjective, VectorField
from theorycheck.trajectories.deep_linear import DeepLinearDynamics
from theorycheck.trajectories.dynamics import DescentMap, Dynamics
from theorycheck.trajectories.tape_dynamics import TapeDynamics, TapeObjective

__all__ = ["descent_map_of", "dynamics_of"]


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


def descent_map_of(problem: Any) -> DescentMap:
    """Return what gradient descent needs of an objective."""
    if isinstance(problem, DeepLinearObjective):
        return DeepLinearDynamics(problem)
    if isinstance(problem, SymPyObjective):
        return TapeObjective(problem)
    raise InvalidInstance(
        f"problem={problem!r} is not an Objective; use net.objective(loss) or Objective.from_sympy"
    )
