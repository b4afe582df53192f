"""Problems: objectives, vector fields, instances, families of instances, bundled data."""

from theorycheck.problems import families
from theorycheck.problems.choices import Choices, RandomChoices
from theorycheck.problems.families import Family
from theorycheck.problems.instance import Instance
from theorycheck.problems.objective import DeepLinearObjective, Objective
from theorycheck.problems.symbolic_objective import SymPyObjective, VectorField

__all__ = [
    "Choices", "DeepLinearObjective", "Family", "Instance", "Objective", "RandomChoices",
    "SymPyObjective", "VectorField", "families",
]  # fmt: skip
