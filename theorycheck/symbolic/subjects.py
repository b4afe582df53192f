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
        "conserved by gradient flow; exact drift of one descent step",
        (
            "balancedness.balancedness",
            "balancedness.descent_drift",
        ),
    ),
    "homogeneous": Subject(
        "laws per neuron and per layer for homogeneous activations",
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
    "end-to-end": Subject(
        "dynamics of the end-to-end matrix, with and without balance",
        (
            "end_to_end.end_to_end_velocity",
            "end_to_end.powers_of_balanced_products",
            "end_to_end.powers_of_balanced_products_below",
            "end_to_end.end_to_end_equation",
        ),
    ),
    "preconditioner": Subject(
        "eigenvectors and eigenvalues of the preconditioner",
        (
            "preconditioner.sum_of_terms",
            "preconditioner.preconditioner_eigenvectors",
            "preconditioner.quotient_form",
            "preconditioner.equal_singular_values",
            "preconditioner.loss_decays",
        ),
    ),
    "scalar-output": Subject(
        "the equation of a net with one output",
        (
            "scalar_output.roots_of_rank_one",
            "scalar_output.scalar_output_equation",
        ),
    ),
    "singular-values": Subject(
        "dynamics of singular values and vectors",
        (
            "singular_values.singular_value_velocity",
            "singular_values.left_singular_vectors",
            "singular_values.right_singular_vectors",
        ),
    ),
    "hessian": Subject(
        "the quadratic form of the Hessian",
        (
            "hessian.second_variation",
            "hessian.hessian_quadratic_form",
            "hessian.square_loss_hessian",
            "hessian_pairs.second_sum_is_the_sum_over_pairs",
        ),
    ),
    "curvature": Subject(
        "the chain of lower bounds of the curvature",
        (
            "curvature.pair_bound",
            "curvature.partial_norm_bound",
            "curvature.norm_bound",
            "pair_sums.mean_square",
            "curvature.product_bound",
            "curvature.frobenius_bound",
            "curvature.curvature_lower_bounds",
            "curvature.scalar_nets_attain_the_bound",
        ),
    ),
    "tracking": Subject(
        "what descent may lose against the flow, in closed form",
        (
            "tracking.fundamental_lemma",
            "tracking.growth_at_constant_curvature",
            "tracking.step_size_at_constant_curvature",
            "tracking.certificate_step",
            "tracking.flow_gap",
            "tracking.descent_gap",
            "tracking.most_gap_of_descent",
            "tracking.least_gap_of_descent",
            "tracking.loss_of_descent",
        ),
    ),
    "minimal-sharpness": Subject(
        "the least sharpness of global minimisers",
        (
            "minimal_sharpness.sharpest_direction",
            "minimal_sharpness.rayleigh_quotient",
            "minimal_sharpness.minimal_sharpness",
        ),
    ),
    "sharpness": Subject(
        "scalar nets of depth two: one step, and where the flow ends",
        (
            "sharpness.imbalance_step",
            "sharpness.imbalance_does_not_grow",
            "sharpness.flow_sharpness",
        ),
    ),
    "scalar-modes": Subject(
        "closed forms of decoupled modes",
        (
            "scalar_modes.mode_equation",
            "scalar_modes.depth_one",
            "scalar_modes.depth_two",
            "scalar_modes.depth_three",
            "scalar_modes.depth_four",
            "scalar_modes.infinite_depth",
            "scalar_modes.unbalanced_depth_two",
        ),
    ),
    "riccati": Subject(
        "the matrix closed form of depth two",
        (
            "riccati.layers_to_riccati",
            "riccati.inverse_exists",
            "riccati.inverse_rate",
            "riccati.closed_form",
            "riccati.closed_form_when_invertible",
            "riccati.one_pair",
        ),
    ),
    "planar": Subject(
        "planar reduction, orbit and curvature of nets with one output",
        (
            "planar.planar_reduction",
            "planar.orbit",
            "planar.orbit_integrals",
            "planar.hessian_of_equal_layers",
            "planar.curvature_along_the_gradient",
        ),
    ),
    "integrated-curvature": Subject(
        "integrated curvature and known times of nets with one output",
        (
            "integrated_curvature.integrated_curvature",
            "integrated_curvature.loss_decays",
            "integrated_curvature.growth_time",
            "integrated_curvature.growth_time_at_depth_two",
        ),
    ),
    "euler": Subject(
        "identities of homogeneous predictors",
        (
            "homogeneity.euler_identity",
            "homogeneity.gradient_is_homogeneous",
            "homogeneity.hessian_identity",
            "homogeneity.linear_net_by_layers",
            "homogeneity.layers_grow_alike",
        ),
    ),
    "margin": Subject(
        "growth of the smoothed margin, exactly",
        (
            "margins.norm_grows",
            "margins.loss_decreases",
            "margins.direction_moves",
            "margins.margin_growth",
            "margin_slack.exponential_loss",
            "margin_slack.logistic_loss",
            "margin_slack.exponential_slack",
            "margin_slack.logistic_slack",
            "margin_slack.exponential_slack_is_an_entropy",
            "margin_slack.entropy_is_nonnegative",
            "margins.margin_grows",
        ),
    ),
    "margin-rates": Subject(
        "rates of margins: in time, in any norm, near homogeneity, of one step",
        (
            "margin_rates.clock_is_at_least_as_fast",
            "margin_rates.clock_is_at_most_as_fast",
            "margin_rates.steepest_flow",
            "margin_rates.fenchel_gap",
            "margin_rates.modified_margin_grows",
            "margin_rates.normalised_step",
        ),
    ),
    "kernel-flow": Subject(
        "error, movement and closeness to the kernel along gradient flow",
        (
            "kernel_flow.error_decays",
            "kernel_flow.movement",
            "kernel_flow.movement_has_a_limit",
            "kernel_flow.distance_from_the_kernel",
            "kernel_flow.closeness_has_a_ceiling",
            "kernel_flow.steps_track_the_flow",
        ),
    ),
    "tuned-radii": Subject(
        "spectral radii of tuned descent, heavy ball and Nesterov's method",
        (
            "tuned_radii.descent",
            "tuned_radii.heavy_ball",
            "tuned_radii.nesterov",
            "tuned_radii.nesterov_at_its_best",
        ),
    ),
    "heavy-ball": Subject(
        "error dynamics of heavy ball, every damping",
        (
            "heavy_ball.underdamped",
            "heavy_ball.critically_damped",
            "heavy_ball.overdamped",
            "heavy_ball.slow_root",
            "heavy_ball.uniform_bound",
            "heavy_ball.entire_functions",
            "heavy_ball.uniform_formula",
            "heavy_ball.error_dynamics",
            "heavy_ball.lyapunov_decay",
        ),
    ),
    "nesterov": Subject(
        "error dynamics of Nesterov's method in continuous time",
        (
            "nesterov.power_series",
            "nesterov.alpha_two",
            "nesterov.alpha_three",
            "nesterov.alpha_four",
            "nesterov.energy_decay",
            "nesterov.without_damping",
        ),
    ),
}
