"""Let Hypothesis resolve our types in `from_type` and `@given`, importing nothing of ours early.

Hypothesis calls `register` by the entry point when it is imported, for the modules of ours that
are loaded by then. A module that is loaded later calls it itself, at its end.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

__all__ = ["register"]

STRATEGIES = {
    "theorycheck.networks.deep_linear": {"DeepLinear": "networks"},
    "theorycheck.losses.square": {"SquareLoss": "square_losses"},
    "theorycheck.problems.instance": {"Instance": "points"},
    "theorycheck.problems.draws_nets": {
        "ReluWeights": "relu_nets",
        "HomogeneousWeights": "homogeneous_nets",
    },
    "theorycheck.problems.draws_data": {
        "LabelledData": "separable_data",
        "RegressionData": "regression_data",
    },
}
"""Module and name of a type, and the strategy that gives its values by default."""

_registered: set[str] = set()  # once, so that a user's own registration stays


def register() -> None:
    """Register the types of the modules that are loaded, if Hypothesis is."""
    if "hypothesis" not in sys.modules:
        return
    from hypothesis import strategies as st

    for module, names in STRATEGIES.items():
        for name, strategy in names.items():
            kind = getattr(sys.modules.get(module), name, None)
            if kind is not None and name not in _registered:
                _registered.add(name)
                st.register_type_strategy(kind, _deferred(strategy))


def _deferred(name: str) -> Any:
    """The strategy, made when it is asked for."""

    def strategy(_: Any) -> Any:
        return getattr(importlib.import_module("theorycheck.fuzzing.strategies"), name)()

    return strategy
