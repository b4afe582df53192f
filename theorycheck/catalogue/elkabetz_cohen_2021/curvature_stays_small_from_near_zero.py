r"""Near-zero starts keep negative curvature small along gradient flow, at every time.

    lambda_min(Hess f(theta(t)))
        >= -(n-1) ||grad phi(W(t))||_s (||W(t)||_s^{2/n} + (n-1) delta)^{(n-2)/2}

delta = max_j ||D_j(0)||_s, the imbalance of the start; 0 for balanced starts.

Source       Elkabetz & Cohen 2021, roughly convex trajectories, arXiv 2107.06608; theory A12
Assumptions  convex loss of the end-to-end matrix (the square loss is); n >= 2
Checked      every t in [0, T], on intervals that cover it
Not checked  that the integral of the bound is small: see theory A20
See also     catalogue/deep_linear_curvature/curvature_lower_bounds.py, the pointwise chain
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

import sympy

from theorycheck.claims import (
    Case,
    Control,
    Source,
    assume,
    claim,
    ge,
    lambda_min,
    maximum,
    spectral_norm,
    substitute,
    times,
)  # fmt: skip
from theorycheck.problems import Instance, deep_linear_instance, families

n, outer, product, imbalance, factor = sympy.symbols(
    r"n \|\nabla\phi(W)\|_s \|W\|_s \delta c", nonnegative=True
)

CURVATURE_BOUND = -factor * outer * (product ** (2 / n) + (n - 1) * imbalance) ** ((n - 2) / 2)
"""Lower bound of lambda_min at time t; c = n - 1 in the theorem."""


def delta(case: Case) -> Any:
    """The imbalance of the start, conserved by the flow; exactly 0 for balanced starts."""
    from theorycheck.claims.wording import start_is_balanced

    if start_is_balanced(case.instance):
        return 0
    return maximum(spectral_norm(d) for d in case.initial.imbalances)


def example(
    *,
    depth: Any = 3,
    width: Any = 2,
    horizon: Any = 2,
    scale: Any = "1/3",
    seed: Any = 1,
    target: Any = ((2, "1/2"), (0, 1)),
) -> Instance:
    """A balanced start near zero, a target of full rank."""
    return deep_linear_instance(
        target=target, depth=depth, width=width, start="balanced", scale=scale, seed=seed,
        horizon=horizon, step_size="1/64",
    )  # fmt: skip


def balanced_scalar(*, sign: int = 1, horizon: Any = 1) -> Instance:
    """Depth 2, width 1: an equality case where W = -a^2 (antibalanced) or at the minimum."""
    return deep_linear_instance(
        target=[[1]], weights=[[[1]], [[sign]]], horizon=horizon, step_size="1/64"
    )


@claim(
    source=Source("Elkabetz & Cohen 2021, roughly convex trajectories", "arXiv 2107.06608", "A12"),
    family=families.deep_linear(depth=(2, 3), width=(1, 2), loss="whitened", horizon=(1, 1)),
    assumptions=[assume.depth_at_least(2)],
    example=example,
    on_data=partial(deep_linear_instance, depth=3, horizon="1/4", step_size="1/64", scale="1/2"),
    controls=[
        Control(
            "constant (n - 1) / 2",
            lambda: balanced_scalar(sign=-1),
            changes={"constant": lambda depth: Fraction(depth - 1, 2)},
        ),
    ],
    formulas={"curvature bound": CURVATURE_BOUND},
    survives={
        "depth_at_least_2: dropped": "for depth 1 the loss is convex and c = n - 1 = 0",
    },
)
def curvature_stays_small_from_near_zero(
    case: Case, *, constant: Any = lambda depth: depth - 1
) -> Any:
    """Along gradient flow the least curvature stays above a bound that vanishes near zero."""
    bound = substitute(
        CURVATURE_BOUND,
        {
            n: case.network.depth,
            outer: spectral_norm(case.flow.outer_gradient),
            product: spectral_norm(case.flow.end_to_end),
            imbalance: delta(case),
            factor: constant(case.network.depth),
        },
    )
    return ge(lambda_min(case.flow.hessian), bound, over=times(0, case.horizon))
