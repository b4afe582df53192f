r"""One start decides, up to a finite time: Nesterov's equation keeps error and neurons bounded.

    c = 2 (alpha + 1),   eps T^2 < c,   M = |D(0)| / (1 - eps T^2 / c),
    |X| M T^2 / (c sqrt(m)) < R
    =>    |D(t)| <= M   and   |w_r(t) - w_r(0)| <= R     for all t in [0, T]

for W'' + (alpha / t) W' + grad L = 0 from rest, eps = |B(R)|.

Source       theory B15(f), replacing Bu, Xu & Chen 2021 (Nesterov), arXiv 2010.13165
Assumptions  the conditions; outer weights +-1
Checked      the conclusion, on certified runs of narrow nets, for all t in [T/64, T]
Not checked  an infinite horizon: the argument does not close there, and no such theorem is known;
             the start, where |D| = |D(0)| <= M may be an equality
See also     `trajectories.seedwise` for the same certificate at widths up to a million
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.catalogue.du_2019.flow_converges_from_one_start import (
    far_from_kinks,
    outer_weights_are_signs,
)
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    constant,
    gt,
    lambda_max,
    le,
    lt,
    maximum,
    norm,
    sqrt,
    substitute,
    times,
)  # fmt: skip
from theorycheck.claims.nets import NetTraining, initial_net, net_training
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.trajectories.two_layer import Nesterov

spread, error, change, neurons, horizon, constant_c = sympy.symbols(
    "X D_0 epsilon m T c", positive=True
)

LEVEL = error / (1 - change * horizon**2 / constant_c)
"""M, the bound of |D(t)|; c = 2 (alpha + 1)."""

MOVEMENT = spread * LEVEL * horizon**2 / (constant_c * sympy.sqrt(neurons))
"""How far a neuron moves at most; it must be below R."""


def training(case: Case) -> NetTraining:
    return net_training(case, Nesterov(Fraction(case.friction)))


def values(case: Case) -> dict[Any, Any]:
    net = initial_net(case)
    return {
        spread: sqrt(lambda_max(constant(net.products, "X X^T"))), neurons: net.width,
        error: norm(training(case).at(0).error), horizon: case.horizon,
        change: lambda_max(constant(net.perturbation(Fraction(case.radius)), "B(R)")),
        constant_c: 2 * (case.friction + 1),
    }  # fmt: skip


def kernel_survives_flips(case: Case) -> Any:
    product = substitute(change * horizon**2, values(case))
    return [gt(case.friction, 0), lt(product, 2 * (case.friction + 1))]


def neurons_stay_inside(case: Case) -> Any:
    return lt(substitute(MOVEMENT, values(case)), case.radius)


def example(
    *, label: Any = "1/2", friction: Any = 3, radius: Any = 4, horizon: Any = 3
) -> Instance:
    far = far_from_kinks(scale=12, label=label, radius=radius)
    return far.replace(friction=friction, horizon=horizon)


def one_neuron(**fields: Any) -> Instance:
    return Instance(inputs=[[1]], friction=3, **fields)


def louder() -> Instance:
    """With a = 2 the neuron moves nearly twice as far as the formula says."""
    return one_neuron(labels=[19], weights=[[10]], outer=[2], radius="11/320", horizon="1/2")


def near_its_kink() -> Instance:
    """|B(R)| T^2 = 16 > 8: M is negative."""
    return one_neuron(labels=["1/2"], weights=[[1]], outer=[1], radius=5, horizon=4)


def draw(choices: Choices) -> Instance:
    drawn = example(
        label=Fraction(choices.integer(1, 3), 4),
        friction=choices.pick((3, "5/2", 5)),
        radius=choices.pick((4, 5, "1/64")),
        horizon=2,
    )
    return drawn.replace(
        inputs=drawn.inputs[:1], labels=drawn.labels[:1], weights=drawn.weights[:2],
        outer=drawn.outer[:2],
    )  # fmt: skip


@claim(
    source=Source("theory B15(f), after Bu, Xu & Chen 2021", "arXiv 2010.13165", "B15(f)"),
    family=Family("nets far from their kinks", draw),
    assumptions=[
        Assumption("outer_weights_are_signs", outer_weights_are_signs, "a_r = +-1"),
        Assumption("kernel_survives_flips", kernel_survives_flips, "|B(R)| T^2 < 2 (alpha + 1)"),
        Assumption("neurons_stay_inside", neurons_stay_inside, "|X|M T^2 / (c sqrt(m)) < R"),
    ],
    example=example,
    controls=[
        Control(
            "an outer weight of 2, assumption dropped", louder, drop=("outer_weights_are_signs",)
        ),
        Control(
            "flips that spoil the kernel, assumption dropped",
            near_its_kink,
            drop=("kernel_survives_flips",),
        ),
        Control("half the level", example, changes={"share": sympy.Rational(1, 2)}),
        Control("R too small", lambda: example(radius="1/64"), outcome="vacuous"),
        Control(
            "R too small, assumption dropped",
            lambda: example(radius="1/64"),
            drop=("neurons_stay_inside",),
        ),
    ],
    formulas={"bound of |D(t)|": LEVEL, "movement": MOVEMENT},
    survives={
        "relation 2: strict": "R is above what the bound of the movement allows, by an assumption "
        "that is strict",
    },
)
def nesterov_stays_bounded_from_one_start(case: Case, *, share: Any = 1) -> Any:
    """Nesterov's equation keeps a two-layer net near its start up to a time decided there."""
    run, net = training(case), initial_net(case)
    over = times(case.horizon / 64, case.horizon)
    moved = maximum(
        norm(run.neuron(r) - constant([[q] for q in w], f"w_{r + 1}(0)"))
        for r, w in enumerate(net.weights)
    )
    level = share * substitute(LEVEL, values(case))
    return [le(norm(run.error), level, over=over), le(moved, case.radius, over=over)]
