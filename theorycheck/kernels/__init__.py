"""Tangent kernels of ReLU nets, and the dynamics of the kernel model. See README.md."""

from theorycheck.kernels.arc_cosine import (
    both_layers,
    first_layer,
    order_one,
    order_zero,
    second_layer,
)
from theorycheck.kernels.curves import logarithmic_times, loss_curves
from theorycheck.kernels.definiteness import Definiteness, definiteness, least_eigenvalue_bound
from theorycheck.kernels.gram import (
    activation_pattern,
    finite_gram,
    limit_gram,
    pattern_gram,
    two_time_gram,
)
from theorycheck.kernels.iterations import (
    AbstractIteration,
    GradientDescent,
    HeavyBallIteration,
    NesterovConvexIteration,
    NesterovIteration,
    TwoBufferIteration,
    iterate_kernel_model,
    quadratic_radius,
)
from theorycheck.kernels.modes import heavy_ball_mode, nesterov_mode
from theorycheck.kernels.motions import (
    AbstractMotion,
    GradientFlow,
    HeavyBall,
    HighResolutionHeavyBall,
    HighResolutionNesterov,
    Nesterov,
    heavy_ball_rate,
)
from theorycheck.kernels.recursion import deep_covariance, deep_gram, deep_kernel
from theorycheck.kernels.solution import KernelSolution, solve_kernel_model
from theorycheck.kernels.spectral import Spectrum, spectrum_of

__all__ = [
    "AbstractIteration", "AbstractMotion", "Definiteness", "GradientDescent", "GradientFlow",
    "HeavyBall", "HeavyBallIteration", "HighResolutionHeavyBall", "HighResolutionNesterov",
    "KernelSolution", "Nesterov", "NesterovConvexIteration", "NesterovIteration",
    "Spectrum", "TwoBufferIteration",
    "activation_pattern", "both_layers", "deep_covariance", "deep_gram", "deep_kernel",
    "definiteness", "finite_gram", "first_layer", "heavy_ball_mode", "heavy_ball_rate",
    "iterate_kernel_model", "least_eigenvalue_bound", "limit_gram", "logarithmic_times",
    "loss_curves", "nesterov_mode", "order_one", "order_zero", "pattern_gram",
    "quadratic_radius", "second_layer", "solve_kernel_model", "spectrum_of", "two_time_gram",
]  # fmt: skip
