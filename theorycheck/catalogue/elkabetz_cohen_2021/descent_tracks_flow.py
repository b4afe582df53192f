r"""Gradient descent stays within epsilon of gradient flow if the step size suits the flow's path.

    ||theta_k - theta(k eta)|| < epsilon        for all k with k eta <= T, if

    eta < inf_{0 < t <= T} c (epsilon - e^{mu(t)} e_0) / (beta_t gamma_t I(t)),
    I(t) = int_0^t e^{mu(t)-mu(s)} ds

with m(t) >= -lambda_min of the Hessian on the epsilon-ball about theta(t), mu its integral, and
running bounds beta, gamma of the Hessian and the gradient on the epsilon-tube. c = 1; c = 2 where
m >= 0 on [0, T].

Source       Elkabetz & Cohen 2021, main theorem, arXiv 2107.06608; same quantities, constants
             re-derived in theory A2, A2.b
Assumptions  the step size inequality at every t in [0, T]; for c = 2 also m >= 0
Checked      every iterate; m, beta, gamma as certified step functions on a partition of [0, T]
Not checked  the infimum over all admissible m, beta, gamma: any valid ones will do
See also     distance_is_certified_a_posteriori.py, which needs no flow and is far sharper
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from math import ceil
from typing import Any

import sympy

from theorycheck.balls import BallAlgebra, precision, real, upper
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    exp,
    infimum,
    le,
    lt,
    norm,
    steps,
    substitute,
    supremum,
    times,
)  # fmt: skip
from theorycheck.exact import as_fraction
from theorycheck.problems import (
    Choices,
    Family,
    Instance,
    Objective,
    deep_linear_instance,
    families,
)  # fmt: skip
from theorycheck.trajectories.tubes import tube_bounds

epsilon, initial_gap, growth, beta, gamma, integral, factor = sympy.symbols(
    r"\epsilon e_0 e^{\mu(t)} \beta_t \gamma_t I(t) c", positive=True
)
eta = sympy.Symbol(r"\eta", positive=True)

STEP_SIZE_BOUND = factor * (epsilon - growth * initial_gap) / (beta * gamma * integral)
"""Largest step size, at each time t of the flow (A2.1); I(t) = int_0^t e^{mu(t) - mu(s)} ds."""


def last_step(case: Case) -> int:
    """The last k with k eta <= T."""
    return int(case.horizon / case.step_size)


def gap_at_start(case: Case) -> Any:
    """e_0: distance of the two starts; 0 unless the instance has a start of descent of its own."""
    if "descent_start" not in case.instance.fields:
        return 0
    return norm(case.descent.position.at(0) - case.flow.position.at(0))


def tracking_error(case: Case) -> Any:
    """||theta_k - theta(k eta)|| at step k."""
    from theorycheck.claims import step

    return norm(case.descent.position - case.flow.position.at(step * case.step_size))


def bound_at(case: Case, constant: Any) -> tuple[Any, Any]:
    """Numerator and denominator of the step size bound along the flow."""
    tube = case.flow.tube
    numerator, denominator = sympy.fraction(STEP_SIZE_BOUND)
    values = {
        epsilon: case.epsilon,
        initial_gap: gap_at_start(case),
        growth: exp(tube("mu", case.epsilon)),
        beta: tube("beta", case.epsilon),
        gamma: tube("gamma", case.epsilon),
        integral: tube("I", case.epsilon),
        factor: constant,
    }
    return substitute(numerator, values), substitute(denominator, values)


def step_size_is_small(constant: Any) -> Assumption:
    """The inequality (A2.1), denominators multiplied out, at every t in [0, T]."""

    def predicate(case: Case) -> Any:
        top, bottom = bound_at(case, constant)
        return lt(case.step_size * bottom, top, over=times(0, case.horizon))

    return Assumption("step_size_is_small", predicate, "the step size is below the bound (A2.1)")


def curvature_bound_is_nonnegative(case: Case) -> Any:
    return le(0, case.flow.tube("m", case.epsilon), over=times(0, case.horizon))


def details(case: Case) -> dict[str, Any]:
    """How far the theorem's step size is from what the certificate and the truth ask for.

    All are enclosures of what they say; only the last two of the pessimism extrapolate.
    """
    # the certificate's file imports this one
    from theorycheck.catalogue.elkabetz_cohen_2021.distance_is_certified_a_posteriori import (
        certificate,
    )

    whole, all_steps = times(0, case.horizon), steps(0, last_step(case))
    top, bottom = bound_at(case, 1)
    largest = infimum(top / bottom, times(case.horizon / 256, case.horizon))
    certified = supremum(certificate(case), all_steps)
    true = supremum(tracking_error(case), all_steps)
    ratio = case.step_size / largest
    return {
        "step size * curvature along the gradient at the start (above 2: unstable)": (
            case.step_size * curvature_along_gradient(case)
        ),
        "certified distance: largest bound of the iterates (A2.d)": certified,
        "epsilon / certified distance": case.epsilon / certified,
        "largest admissible step size of the theorem (A2.1)": largest,
        "pessimism: step size / largest admissible (proved where a distance is below epsilon)": (
            ratio
        ),
        "true distance: largest of all steps": true,
        "epsilon / true distance": case.epsilon / true,
        "certified distance / true distance": certified / true,
        "pessimism against the certificate (estimate: distance linear in the step)": (
            ratio * case.epsilon / certified
        ),
        "pessimism against the truth (estimate: distance linear in the step)": (
            ratio * case.epsilon / true
        ),
        "integrated curvature bound mu(T)": case.flow.tube("mu", case.epsilon).at(whole.end),
    }


def curvature_along_gradient(case: Case) -> Any:
    """A Rayleigh quotient of the Hessian, which its largest eigenvalue is not below."""
    gradient, hessian = case.initial.gradient, case.initial.hessian
    return (gradient.T @ hessian @ gradient)[0, 0] / norm(gradient) ** 2


def example(
    *,
    depth: Any = 3,
    width: Any = 2,
    horizon: Any = 2,
    step_size: Any = "2^-9",
    epsilon: Any = "1/8",
    seed: Any = 0,
) -> Instance:
    """A balanced start of scale 0.7 and a target near the identity."""
    size = int(width)
    target = [
        [Fraction(int(i == j)) + Fraction(i - j, 16) for j in range(size)] for i in range(size)
    ]
    return deep_linear_instance(
        target=target, depth=depth, width=width, start="identity", scale="7/10", seed=seed,
        horizon=horizon, step_size=step_size, epsilon=epsilon,
    )  # fmt: skip


def too_far() -> Instance:
    """A scalar net whose distance to the flow exceeds epsilon at a step size 64 times too large."""
    return example(depth=2, width=1, horizon=1, step_size="1/8", epsilon="1/256")


def strongly_convex() -> Instance:
    """F = x^2 / 2, one step of 1/8 (theory 8b): e^{-1/8} - 7/8 = 0.0074969 exceeds epsilon."""
    return deep_linear_instance(
        target=[[0]], weights=[[[1]]], horizon="1/8", step_size="1/8", epsilon="0.00745"
    )


def short_saddle() -> Instance:
    """F = -x^2 / 2 for a short time: the distance is 0.95 epsilon, m = 1 and c = 2."""
    x = sympy.Symbol("x")
    return Instance(
        objective=Objective.from_sympy(-(x**2) / 2, variables=[x]), start=[1], step_size="1/256",
        horizon="1/16", epsilon="0.000136",
    )  # fmt: skip


def step_size_guess(instance: Instance) -> Fraction:
    """(A2.1) at t = T with m, beta, gamma of the start's tube; a guess, which the claim checks."""
    with precision(64):
        layers = instance.network.layer_matrices(BallAlgebra, instance.start)
        bounds = tube_bounds(instance.objective, layers, real(instance.epsilon))
        m, smoothness, gradient = (
            upper(x) for x in (bounds.curvature, bounds.smoothness, bounds.gradient)
        )
    growth_guess = (1 + max(m, Fraction(0)) * instance.horizon / 8) ** 8
    values = {
        epsilon: instance.epsilon,
        beta: smoothness,
        gamma: gradient,
        integral: instance.horizon * growth_guess,
    }
    guess = as_fraction(STEP_SIZE_BOUND.subs({initial_gap: 0, factor: 1, **values}), "guess")
    return Fraction(1, ceil(1 / guess))


def shortened(instance: Instance, choices: Choices) -> Instance:
    """Halve the horizon until the largest step size leaves few steps."""
    while instance.horizon > MOST_STEPS * step_size_guess(instance):
        instance = instance.replace(horizon=instance.horizon / 2)
    return instance


def tracking(depth: tuple[int, int]) -> Family:
    """Short flows with step sizes that are shares of (A2.1)."""
    return families.tracking(depth).map(shortened).with_step_size(step_size_guess)


MOST_STEPS = 64  # of the largest step size, up to the horizon of a drawn instance

ON_DATA = partial(
    deep_linear_instance, depth=2, scale="1/2", horizon="1/8", step_size="2^-14", epsilon="1/8"
)
SOURCE = Source("Elkabetz & Cohen 2021, main theorem", "arXiv 2107.06608", "A2")


@claim(
    source=SOURCE,
    family=tracking(depth=(1, 3)),
    assumptions=[step_size_is_small(1)],
    example=example,
    on_data=ON_DATA,
    controls=[
        Control("distance below epsilon / 1024", example, changes={"shrink": Fraction(1, 1024)}),
        Control("step size 64 times too large", too_far, outcome="vacuous"),
        Control("no condition on the step size", too_far, drop=("step_size_is_small",)),
        Control(
            "distance below epsilon / 2",  # 0.0074969 > 0.01492 / 2
            lambda: strongly_convex().replace(epsilon="0.01492"),
            changes={"shrink": Fraction(1, 2)},
        ),
    ],
    details=details,
    formulas={"step size bound": STEP_SIZE_BOUND},
    survives=dict.fromkeys(
        ("shrink: constant 9/10", "relation 1: tightened 9/10"),
        "the defect is integrated with a factor 1/2 that the bound with c = 1 does not use",
    ),
)
def descent_tracks_flow(case: Case, *, shrink: Fraction = Fraction(1)) -> Any:
    """Gradient descent stays within epsilon of gradient flow at every step up to the horizon."""
    return lt(tracking_error(case), shrink * case.epsilon, over=steps(0, last_step(case)))


@claim(
    source=Source("Elkabetz & Cohen 2021, main theorem, sharpened", "arXiv 2107.06608", "A2.b"),
    family=tracking(depth=(2, 3)),  # a single layer mostly has m < 0
    assumptions=[
        Assumption("curvature_bound_is_nonnegative", curvature_bound_is_nonnegative, "m >= 0"),
        step_size_is_small(2),
    ],
    example=example,
    on_data=ON_DATA,
    controls=[
        Control("distance below epsilon / 1024", example, changes={"shrink": Fraction(1, 1024)}),
        Control(
            "no conditions",
            too_far,
            drop=("step_size_is_small", "curvature_bound_is_nonnegative"),
        ),
        Control("distance below 9/10 epsilon", short_saddle, changes={"shrink": Fraction(9, 10)}),
        Control("m < 0", strongly_convex, drop=("curvature_bound_is_nonnegative",)),
        Control("m < 0, assumption kept", strongly_convex, outcome="vacuous"),
    ],
    details=details,
    formulas={"step size bound": STEP_SIZE_BOUND},
)
def descent_tracks_flow_at_twice_the_step(case: Case, *, shrink: Fraction = Fraction(1)) -> Any:
    """With a nonnegative curvature bound twice the step size suffices to stay within epsilon."""
    return lt(tracking_error(case), shrink * case.epsilon, over=steps(0, last_step(case)))
