r"""Balancedness D_j = W_{j+1}^T W_{j+1} - W_j W_j^T: conserved by flow, drifting by descent.

    flow       d/dt D_j = 0
    one step   D_j(k+1) - D_j(k) = eta^2 (G_{j+1}^T G_{j+1} - G_j G_j^T),     G_j = df/dW_j
    K steps    max_j ||D_j(K) - D_j(0)||_* <= 2 eta (f(theta_0) - f(theta_K))
               if f(theta_{k+1}) <= f(theta_k) - (eta/2) ||grad f(theta_k)||^2 for k < K

Source       Du, Hu & Lee 2018, Theorem 2.2 (flow law, arXiv 1806.00900); drift: theory A9(b), A9(c)
Assumptions  no activations between the layers; sufficient decrease for the third
Checked      the first two as identities of matrix words: for all nets, all times and all steps
Not checked  -
See also     catalogue/arora_cohen_hazan_2018/end_to_end_dynamics.py, which needs D_j = 0
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

import sympy

from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    assume,
    claim,
    conserved,
    equal,
    frobenius_squared,
    le,
    nuclear_norm,
    steps,
    substitute,
)  # fmt: skip
from theorycheck.problems import Instance, deep_linear_instance, families
from theorycheck.problems.spoiled import with_leaky_layers

eta, before, after, squared_gradient, factor = sympy.symbols(
    r"\eta f(\theta_0) f(\theta_K) \|\nabla{f}(\theta_k)\|^2 c", nonnegative=True
)

DRIFT_BOUND = factor * eta * (before - after)
"""Bound of the cumulative drift in nuclear norm; c = 2."""

DECREASE = before - eta / 2 * squared_gradient
"""What a step of sufficient decrease stays below."""


def example(*, depth: Any = 3, seed: Any = 2, step_size: Any = "1/10", steps: Any = 5) -> Instance:
    """The net of theory A5's vector (depth 3), one step of 1/10."""
    return deep_linear_instance(
        target=[[1]], weights=[[[1], [2]], [[1, -1], [0, 2]], [[1, 1]]],
        step_size=step_size, horizon=1, steps=steps,
    )  # fmt: skip


def gentle(*, depth: Any = 3, width: Any = 2, step_size: Any = "1/64", steps: Any = 64) -> Instance:
    """A net and a step size for which every step decreases the loss enough."""
    return deep_linear_instance(
        target=[[1, "1/2"], [0, 1]], depth=depth, width=width, start="random", scale=1, seed=4,
        step_size=step_size, horizon=1, steps=steps,
    )  # fmt: skip


def leaky() -> Instance:
    """Two layers whose second neuron is on the slope 1/4, far from kinks for a short time."""
    net = deep_linear_instance(target=[[1]], weights=[[[1], [-1]], [[1, 1]]], horizon="1/8")
    return with_leaky_layers(net)


SOURCE = Source("Du, Hu & Lee 2018, Theorem 2.2", "arXiv 1806.00900", "A9")
ON_DATA = partial(
    deep_linear_instance, depth=3, scale="1/2", step_size="1/64", horizon="1/4", steps=16
)


@claim(
    source=SOURCE,
    family=families.deep_linear(depth=(2, 4), width=(1, 3)),
    assumptions=[assume.linear_layers],
    example=example,
    on_data=ON_DATA,
    controls=[
        Control("leaky layers", leaky, drop=("layers_are_linear",)),
        Control("leaky layers, assumption kept", leaky, outcome="vacuous"),
        Control("descent instead of flow", example, changes={"trajectory": "descent"}),
    ],
    proof="proofs.du_hu_lee_2018.balancedness",
)
def balancedness_is_conserved_by_flow(case: Case, *, trajectory: str = "flow") -> Any:
    """Gradient flow conserves every imbalance W_{j+1}^T W_{j+1} - W_j W_j^T."""
    return conserved(list(getattr(case, trajectory).imbalances))


@claim(
    source=Source("Du, Hu & Lee 2018, descent counterpart", "arXiv 1806.00900", "A9(b)"),
    family=families.deep_linear(depth=(2, 4), width=(1, 3)),
    assumptions=[assume.linear_layers],
    example=example,
    on_data=ON_DATA,
    controls=[
        Control(
            "leaky layers",
            lambda: with_leaky_layers(example()),
            drop=("layers_are_linear",),
        ),
        Control(
            "leaky layers, assumption kept",
            lambda: with_leaky_layers(example()),
            outcome="vacuous",
        ),
        Control("plus instead of minus", example, changes={"sign": 1}),
    ],
    proof="proofs.du_hu_lee_2018.balancedness",
)
def balancedness_drifts_exactly(case: Case, *, sign: int = -1) -> Any:
    """One step of descent moves D_j by exactly eta^2 (G_{j+1}^T G_{j+1} - G_j G_j^T)."""
    run = case.descent
    relations = []
    for j in range(1, case.network.depth):
        outer, inner = run.layer_gradient(j + 1), run.layer_gradient(j)
        drift = (outer.T @ outer + (inner @ inner.T) * sign) * case.step_size**2
        moved = run.imbalance(j).next() - run.imbalance(j)
        relations.append(equal(moved, drift, over=steps(0, int(case.horizon / case.step_size))))
    return relations


def decrease_is_sufficient(case: Case) -> Any:
    run = case.descent
    bound = substitute(
        DECREASE,
        {before: run.loss, eta: case.step_size, squared_gradient: frobenius_squared(run.gradient)},
    )
    return le(run.loss.next(), bound, over=steps(0, int(case.steps) - 1))


@claim(
    source=Source("Du, Hu & Lee 2018, cumulative form", "arXiv 1806.00900", "A9(c)"),
    family=families.gentle_descent(),
    assumptions=[
        assume.linear_layers,
        Assumption(
            "decrease_is_sufficient",
            decrease_is_sufficient,
            "every step decreases the loss by at least (eta/2) ||grad f||^2",
        ),
    ],
    example=gentle,
    on_data=ON_DATA,
    controls=[
        Control(
            "leaky layers",
            lambda: with_leaky_layers(gentle()),
            drop=("layers_are_linear",),
        ),
        Control(
            "leaky layers, assumption kept",
            lambda: with_leaky_layers(gentle()),
            outcome="vacuous",
        ),
        Control("constant 2 eta / 1000", gentle, changes={"constant": Fraction(1, 500)}),
        Control("steps that increase the loss", example, outcome="vacuous"),
    ],
    formulas={"drift bound": DRIFT_BOUND},
)
def drift_is_bounded_by_the_loss_decrease(case: Case, *, constant: Any = 2) -> Any:
    """The total drift of every imbalance is at most 2 eta times the decrease of the loss."""
    run, last = case.descent, int(case.steps)
    bound = substitute(
        DRIFT_BOUND,
        {factor: constant, eta: case.step_size, before: run.loss.at(0), after: run.loss.at(last)},
    )
    return [le(nuclear_norm(d.at(last) - d.at(0)), bound) for d in run.imbalances]
