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
    "hessian": Subject(
        "the Hessian quadratic form of a deep linear net",
        (
            "hessian.second_variation",
            "hessian.hessian_quadratic_form",
            "hessian.square_loss_hessian",
            "hessian_pairs.second_sum_is_the_sum_over_pairs",
        ),
    ),
    "curvature": Subject(
        "lower bounds of the least Hessian eigenvalue, and nets that attain them",
        (
            "pair_sums.mean_square",
            "curvature.pair_bound",
            "curvature.partial_norm_bound",
            "curvature.norm_bound",
            "curvature.product_bound",
            "curvature.frobenius_bound",
            "curvature.curvature_lower_bounds",
            "curvature.scalar_nets_attain_the_bound",
        ),
    ),
    "minimal-sharpness": Subject(
        "the least sharpness of a global minimiser",
        (
            "minimal_sharpness.sharpest_direction",
            "minimal_sharpness.rayleigh_quotient",
            "minimal_sharpness.minimal_sharpness",
        ),
    ),
    "homogeneous": Subject(
        "what neurons and layers with homogeneous activations conserve",
        (
            "homogeneous.gradients_on_a_region",
            "homogeneous.neuron_is_conserved",
            "homogeneous.neuron_drift",
            "homogeneous.biased_neuron_is_conserved",
            "homogeneous.biased_neuron_drift",
            "homogeneous_layers.forward_pass",
            "homogeneous_layers.euler_identity",
            "homogeneous_layers.layer_norms_are_conserved",
            "homogeneous_layers.layer_norm_drift",
        ),
    ),
    "preconditioner": Subject(
        "the preconditioner of a balanced net and its eigenvalues",
        (
            "preconditioner.sum_of_terms",
            "preconditioner.preconditioner_eigenvectors",
            "preconditioner.quotient_form",
            "preconditioner.equal_singular_values",
        ),
    ),
    "scalar-output": Subject(
        "end-to-end dynamics of a balanced net with one output",
        ("scalar_output.roots_of_rank_one", "scalar_output.scalar_output_equation"),
    ),
    "singular-values": Subject(
        "velocities of the singular values and vectors of a balanced net",
        (
            "singular_values.singular_value_velocity",
            "singular_values.left_singular_vectors",
            "singular_values.right_singular_vectors",
        ),
    ),
}
