"""Problems: objectives, vector fields, instances, families of instances, data."""

from theorycheck.hypothesis_types import register
from theorycheck.problems import families
from theorycheck.problems.build import deep_linear_instance
from theorycheck.problems.choices import Choices, RandomChoices
from theorycheck.problems.classifier_families import classifier_family, separable_predictors
from theorycheck.problems.classifiers import classifier_instance
from theorycheck.problems.datasets import Dataset, iris, read_csv
from theorycheck.problems.families import Family
from theorycheck.problems.fully_connected import FullyConnectedObjective, KinkMet, RegionObjective
from theorycheck.problems.instance import Instance
from theorycheck.problems.margins import Margins, margins_at
from theorycheck.problems.objective import AbstractNetworkObjective, DeepLinearObjective, Objective
from theorycheck.problems.symbolic_objective import SymPyObjective, VectorField
from theorycheck.problems.weights import read_weights

__all__ = [
    "AbstractNetworkObjective", "Choices", "Dataset", "DeepLinearObjective", "Family",
    "FullyConnectedObjective", "Instance", "KinkMet", "Margins", "Objective", "RandomChoices",
    "RegionObjective", "SymPyObjective", "VectorField", "classifier_family",
    "classifier_instance", "deep_linear_instance", "families", "iris",
    "margins_at", "read_csv", "read_weights", "separable_predictors",
]  # fmt: skip

register()
