"""From a problem of the user's to the dynamics that encloses it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from theorycheck.errors import EnclosureFailed, InvalidInstance
from theorycheck.problems import (
    AbstractNetworkObjective,
    DeepLinearObjective,
    SymPyObjective,
    VectorField,
)
from theorycheck.symbolic.lowering import NotExact
from theorycheck.trajectories.deep_linear import DeepLinearDynamics
from theorycheck.trajectories.dynamics import DescentMap, Dynamics
from theorycheck.trajectories.network_maps import NetworkMap, written_out
from theorycheck.trajectories.spread import MAX_DIMENSION
from theorycheck.trajectories.tape_dynamics import TapeDynamics, TapeObjective

__all__ = ["candidates", "descent_map_of", "dynamics_of"]


def _has_recurrence(problem: Any) -> bool:
    """Whether it is a deep linear net with square loss, whose flow has a recurrence of its own."""
    return isinstance(problem, DeepLinearObjective) and problem.is_square


def dynamics_of(problem: Any) -> Dynamics:
    """Return the dynamics of an objective's gradient flow, or of a vector field."""
    if _has_recurrence(problem):
        return DeepLinearDynamics(problem)
    if isinstance(problem, AbstractNetworkObjective):
        return TapeDynamics(_written(problem))
    if isinstance(problem, SymPyObjective | VectorField):
        return TapeDynamics(problem)
    raise InvalidInstance(
        f"problem={problem!r} is neither an Objective nor a VectorField; "
        "use net.objective(loss), Objective.from_sympy or VectorField.from_sympy"
    )


def _written(problem: AbstractNetworkObjective) -> VectorField:
    try:
        return written_out(problem)
    except NotExact as error:
        network = type(problem.network).__name__
        raise EnclosureFailed(
            f"the flow of a {network} in pieces is not implemented ({error})", reached=Fraction(0)
        ) from None


def candidates(problem: Any, *, spread: bool) -> list[Dynamics]:
    """Return the dynamics that may enclose a flow; each is sound, the sharper one is a choice.

    A set of starts of a small network is also carried apart by the variational step of a tape,
    which wins where the logarithmic norm grows and loses where it is nearly 0.
    """
    made = [dynamics_of(problem)]
    if spread and _has_recurrence(problem) and problem.dimension <= MAX_DIMENSION:
        made.append(TapeDynamics(written_out(problem)))
    return made


def descent_map_of(problem: Any) -> DescentMap:
    """Return what gradient descent needs of an objective."""
    if _has_recurrence(problem):
        return DeepLinearDynamics(problem)
    if isinstance(problem, AbstractNetworkObjective):
        return NetworkMap(problem)
    if isinstance(problem, SymPyObjective):
        return TapeObjective(problem)
    raise InvalidInstance(
        f"problem={problem!r} is not an Objective; use net.objective(loss) or Objective.from_sympy"
    )
