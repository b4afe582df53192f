"""What can be derived, by name; light, so that a command line can list it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["SUBJECTS", "Subject"]


@dataclass(frozen=True)
class Subject:
    """Derivations that belong together.

    Parameters
    ----------
    title : str
    functions : tuple of str    module.function in theorycheck.symbolic.derivations, in the order
                                they build on one another
    """

    title: str
    functions: tuple[str, ...]


SUBJECTS: Mapping[str, Subject] = {
    "balancedness": Subject(
        "what gradient flow conserves of the layers, and its exact drift under descent",
        ("balancedness.balancedness", "balancedness.descent_drift"),
    ),
    "end-to-end": Subject(
        "dynamics of the end-to-end matrix, with and without balance",
        (
            "end_to_end.end_to_end_velocity",
            "end_to_end.powers_of_balanced_products",
            "end_to_end.powers_of_balanced_products_below",
            "end_to_end.end_to_end_equation",
        ),
    ),
}
