r"""One start decides: heavy ball converges at a linear rate for all t.

    4 eps < r^2,   M = 2 e^{-1/2} |D(0)| / (1 - 4 eps / r^2),   4 |X| M / (3 r^2 sqrt(m)) < R
    =>    |D(t)| <= M e^{-r t / 2}   and   |w_r(t) - w_r(0)| <= R     for all t >= 0

for W'' + b W' + grad L = 0 from rest, r = b / 2, b <= 2 sqrt(lambda_min(H(0))), eps = |B(R)|.

Source       theory B13(f), replacing Bu, Xu & Chen 2021 (heavy ball), arXiv 2010.13165
Assumptions  the conditions; outer weights +-1
Checked      the conclusion, on certified runs of narrow nets, for all t in [0, T]
Not checked  t beyond the horizon T: there the theorem speaks
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
    lambda_min,
    le,
    lt,
    maximum,
    norm,
    sqrt,
    substitute,
    time,
    times,
)  # fmt: skip
from theorycheck.claims.nets import NetTraining, initial_net, net_training
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.trajectories.two_layer import HeavyBall

spread, error, rate, change, neurons, factor = sympy.symbols("X D_0 r epsilon m c", positive=True)

LEVEL = 2 * sympy.exp(sympy.Rational(-1, 2)) * error / (1 - 4 * change / rate**2)
"""M."""

BOUND = LEVEL * sympy.exp(-factor * rate * time)
"""Of |D(t)|; c = 1/2."""

HALF = sympy.Rational(1, 2)

MOVEMENT = 4 * spread * LEVEL / (3 * rate**2 * sympy.sqrt(neurons))
"""How far a neuron moves at most; it must be below R."""


def training(case: Case) -> NetTraining:
    return net_training(case, HeavyBall(Fraction(case.damping)))


def values(case: Case) -> dict[Any, Any]:
    net = initial_net(case)
    return {
        spread: sqrt(lambda_max(constant(net.products, "X X^T"))), neurons: net.width,
        error: norm(training(case).at(0).error), rate: Fraction(case.damping) / 2,
        change: lambda_max(constant(net.perturbation(Fraction(case.radius)), "B(R)")),
    }  # fmt: skip


def damping_is_at_most_critical(case: Case) -> Any:
    least = lambda_min(constant(initial_net(case).initial_gram, "H(0)"))
    return [gt(case.damping, 0), le(case.damping**2 / 4, least)]


def kernel_survives_flips(case: Case) -> Any:
    return lt(substitute(4 * change, values(case)), substitute(rate**2, values(case)))


def neurons_stay_inside(case: Case) -> Any:
    return lt(substitute(MOVEMENT, values(case)), case.radius)


def example(
    *, label: Any = "1/2", damping: Any = "4/3", radius: Any = 6, horizon: Any = 3
) -> Instance:
    far = far_from_kinks(scale=12, label=label, radius=radius)
    return far.replace(damping=damping, horizon=horizon)


def stiff(*, radius: Any = "1/100") -> Instance:
    """One neuron driven through its kink: no restoring force acts behind it."""
    return Instance(
        inputs=[[1]], labels=[-1], weights=[["1/10"]], outer=[1], horizon=9, radius=radius,
        damping=2,
    )  # fmt: skip


def louder() -> Instance:
    """With a = 2 the neuron moves by 1/2, and R of the formula is below that."""
    return stiff(radius="23/50").replace(
        labels=[19], weights=[[10]], outer=[2], damping="19/5", horizon=3
    )


def near_its_kink() -> Instance:
    """4 |B(R)| = 4 and r = 1: M is negative."""
    return stiff(radius=2).replace(labels=["1/2"], weights=[[1]], horizon=1)


def draw(choices: Choices) -> Instance:
    drawn = example(
        label=Fraction(choices.integer(1, 3), 4),
        damping=choices.pick(("4/3", 1)),
        radius=choices.pick((6, 7, "1/8")),
        horizon=1,
    )
    return drawn.replace(
        inputs=drawn.inputs[:1], labels=drawn.labels[:1], weights=drawn.weights[:2],
        outer=drawn.outer[:2],
    )  # fmt: skip


@claim(
    source=Source("theory B13(f), after Bu, Xu & Chen 2021", "arXiv 2010.13165", "B13(f)"),
    family=Family("nets far from their kinks", draw),
    assumptions=[
        Assumption("outer_weights_are_signs", outer_weights_are_signs, "a_r = +-1"),
        Assumption(
            "damping_is_at_most_critical", damping_is_at_most_critical, "b <= 2 sqrt(lambda_min)"
        ),
        Assumption("kernel_survives_flips", kernel_survives_flips, "4 |B(R)| < r^2"),
        Assumption("neurons_stay_inside", neurons_stay_inside, "4|X|M / (3 r^2 sqrt(m)) < R"),
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
        Control("three times the rate", example, changes={"share": sympy.Rational(3, 2)}),
        Control("R too small", stiff, outcome="vacuous"),
        Control("R too small, assumption dropped", stiff, drop=("neurons_stay_inside",)),
    ],
    formulas={"bound of |D(t)|": BOUND, "movement": MOVEMENT},
    survives={
        "relation 2: tightened 9/10": "a neuron moves by at most (3/8) e^{1/2} = 0.62 of its "
        "bound, which R exceeds: one neuron, critical damping",
        "relation 2: strict": "R is above what the bound of the movement allows, by an assumption "
        "that is strict",
    },
)
def heavy_ball_converges_from_one_start(case: Case, *, share: Any = HALF) -> Any:
    """Heavy ball trains a two-layer net at a linear rate decided by its start alone."""
    run, net = training(case), initial_net(case)
    over = times(0, case.horizon)
    moved = maximum(
        norm(run.neuron(r) - constant([[q] for q in w], f"w_{r + 1}(0)"))
        for r, w in enumerate(net.weights)
    )
    bound = substitute(BOUND, {**values(case), factor: share})
    return [le(norm(run.error), bound, over=over), le(moved, case.radius, over=over)]
