r"""One start decides: if flips within R cannot spoil the kernel, flow converges for all t.

    mu = lambda_min(H(0)) - |B(R)| > 0,    |X| |D(0)| / (sqrt(m) mu) < R
    =>    |D(t)| <= e^{-mu t} |D(0)|   and   |w_r(t) - w_r(0)| <= R     for all t >= 0

with B(R)_ij = |x_i . x_j| (N_i + N_j)/m, B_ii = |x_i|^2 N_i/m, N_i = #{r : |w_r(0).x_i| <= R|x_i|}.
No probability: X, y, W(0) and a are given, and the counts are exact.

Source       theory B11(c), after Du et al. 2019, arXiv 1810.02054
Assumptions  the two conditions; outer weights +-1
Checked      the conclusion, on certified runs of narrow nets, for all t in [T/8, T]
Not checked  t beyond the horizon T: there the theorem speaks
See also     `trajectories.seedwise` for the same certificate at widths up to a million
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    constant,
    equal,
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
from theorycheck.claims.nets import initial_net, net_training
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices

spread, error, rate, neurons, factor = sympy.symbols("X D_0 mu m c", positive=True)

MOVEMENT = spread * error / (sympy.sqrt(neurons) * rate)
"""How far a neuron moves at most; it must be below R."""

BOUND = error * sympy.exp(-factor * rate * time)
"""Of |D(t)|; c = 1."""


def least_rate(case: Case) -> Any:
    """Mu = lambda_min(H(0)) - |B(R)|."""
    net = initial_net(case)
    change = constant(net.perturbation(Fraction(case.radius)), "B(R)")
    return lambda_min(constant(net.initial_gram, "H(0)")) - lambda_max(change)


def outer_weights_are_signs(case: Case) -> Any:
    return [equal(a * a, 1) for a in case.outer]


def kernel_survives_flips(case: Case) -> Any:
    return gt(least_rate(case), 0)


def neurons_stay_inside(case: Case) -> Any:
    net = initial_net(case)
    values = {
        spread: sqrt(lambda_max(constant(net.products, "X X^T"))),
        error: norm(net_training(case).at(0).error), neurons: net.width, rate: least_rate(case),
    }  # fmt: skip
    return lt(substitute(MOVEMENT, values), case.radius)


def far_from_kinks(*, scale: Any = 8, label: Any = "1/2", radius: Any = 4) -> Instance:
    """Pairs of neurons with opposite outer weights, far from all kinks: u(0) = 0."""
    rows = [[2, 1], [2, 1], [1, -2], [1, -2]]
    return Instance(
        inputs=[["3/5", "4/5"], ["4/5", "-3/5"]], labels=[label, "-1/3"],
        weights=[[Fraction(scale) * q for q in row] for row in rows], outer=[1, -1] * 2,
        horizon=1, radius=radius,
    )  # fmt: skip


def dying_neuron() -> Instance:
    """One neuron that reaches its kink and rests there: the error stays."""
    return Instance(
        inputs=[[1]], labels=[-1], weights=[["1/10"]], outer=[1], horizon=2, radius="1/100"
    )


def louder() -> Instance:
    """With a = 2 the neuron moves by 1/2; the formula says 1/4."""
    return dying_neuron().replace(
        labels=[19], weights=[[10]], outer=[2], horizon=3, radius="27/100"
    )


def near_their_kinks() -> Instance:
    """Two neurons of three are inactive but near their kinks: mu is negative."""
    weights = [[10], ["-1/100"], ["-1/100"]]
    return dying_neuron().replace(labels=[0], weights=weights, outer=[1] * 3, radius="1/10")


def draw(choices: Choices) -> Instance:
    """Two samples and pairs of neurons, at times one, where equality holds; one radius is small."""
    drawn = far_from_kinks(
        scale=choices.integer(6, 12),
        label=Fraction(choices.integer(1, 3), 4),
        radius=choices.pick((3, 4, 5, 6, "1/8")),
    )
    if not choices.integer(0, 3):
        return drawn.replace(
            inputs=drawn.inputs[:1], labels=drawn.labels[:1], weights=drawn.weights[:2],
            outer=drawn.outer[:2],
        )  # fmt: skip
    return drawn


@claim(
    source=Source("theory B11(c), after Du et al. 2019", "arXiv 1810.02054", "B11(c)"),
    family=Family("nets far from their kinks", draw),
    assumptions=[
        Assumption("outer_weights_are_signs", outer_weights_are_signs, "a_r = +-1"),
        Assumption("kernel_survives_flips", kernel_survives_flips, "lambda_min(H(0)) > |B(R)|"),
        Assumption("neurons_stay_inside", neurons_stay_inside, "|X||D(0)|/(sqrt(m) mu) < R"),
    ],
    example=far_from_kinks,
    controls=[
        Control(
            "an outer weight of 2, assumption dropped", louder, drop=("outer_weights_are_signs",)
        ),
        Control(
            "flips that spoil the kernel, assumption dropped",
            near_their_kinks,
            drop=("kernel_survives_flips",),
        ),
        Control("eight times the rate", far_from_kinks, changes={"factor_of_rate": 8}),
        Control("R too small", dying_neuron, outcome="vacuous"),
        Control("R too small, assumption dropped", dying_neuron, drop=("neurons_stay_inside",)),
    ],
    proof="proofs.du_2019.flow_converges_from_one_start",
    formulas={"movement": MOVEMENT, "bound of |D(t)|": BOUND},
    survives={
        "relation 2: strict": "R is above what the bound of the movement allows, by an assumption "
        "that is strict",
    },
)
def flow_converges_from_one_start(case: Case, *, factor_of_rate: Any = 1) -> Any:
    """Flow of a two-layer net converges at a rate decided by its start alone."""
    run, net = net_training(case), initial_net(case)
    values = {
        error: norm(run.at(0).error), rate: least_rate(case), factor: factor_of_rate
    }  # fmt: skip
    over = times(case.horizon / 8, case.horizon)
    moved = maximum(
        norm(run.neuron(r) - constant([[q] for q in w], f"w_{r + 1}(0)"))
        for r, w in enumerate(net.weights)
    )
    return [
        le(norm(run.error), substitute(BOUND, values), over=over),
        le(moved, case.radius, over=over),
    ]
