"""Derived results, one file per subject; each function returns a checked `Derivation`."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.derivation import Derivation

__all__ = ["SUBJECTS", "derivations"]

SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "balancedness": ("balancedness.balancedness", "balancedness.descent_drift"),
    "end-to-end": (
        "end_to_end.end_to_end_velocity",
        "end_to_end.powers_of_balanced_products",
        "end_to_end.powers_of_balanced_products_below",
        "end_to_end.end_to_end_equation",
    ),
    "hessian": (
        "hessian.second_variation", "hessian.hessian_quadratic_form", "hessian.square_loss_hessian",
        "hessian_pairs.second_sum_is_the_sum_over_pairs",
    ),
    "curvature": (
        "pair_sums.mean_square", "curvature.pair_bound", "curvature.partial_norm_bound",
        "curvature.norm_bound", "curvature.product_bound", "curvature.frobenius_bound",
        "curvature.curvature_lower_bounds", "curvature.scalar_nets_attain_the_bound",
    ),
    "minimal-sharpness": (
        "minimal_sharpness.sharpest_direction", "minimal_sharpness.rayleigh_quotient",
        "minimal_sharpness.minimal_sharpness",
    ),
    "homogeneous": (
        "homogeneous.gradients_on_a_region", "homogeneous.neuron_is_conserved",
        "homogeneous.neuron_drift", "homogeneous.biased_neuron_is_conserved",
        "homogeneous.biased_neuron_drift", "homogeneous_layers.forward_pass",
        "homogeneous_layers.euler_identity", "homogeneous_layers.layer_norms_are_conserved",
        "homogeneous_layers.layer_norm_drift",
    ),
    "preconditioner": (
        "preconditioner.sum_of_terms", "preconditioner.preconditioner_eigenvectors",
        "preconditioner.quotient_form", "preconditioner.equal_singular_values",
    ),
    "scalar-output": ("scalar_output.roots_of_rank_one", "scalar_output.scalar_output_equation"),
    "singular-values": (
        "singular_values.singular_value_velocity", "singular_values.left_singular_vectors",
        "singular_values.right_singular_vectors",
    ),
}  # fmt: skip
"""What can be derived: name of the subject -> its functions, in the order they build on another."""


def derivations(subject: str) -> list[Derivation]:
    """Derive a subject: every step is checked again.

    Raises
    ------
    InvalidExpression    an unknown subject
    """
    if subject not in SUBJECTS:
        raise InvalidExpression(
            f"nothing to derive on {subject!r}; there are {', '.join(SUBJECTS)}"
        )
    made = []
    for place in SUBJECTS[subject]:
        module, function = place.rsplit(".", 1)
        made.append(getattr(importlib.import_module(f"{__name__}.{module}"), function)())
    return made
