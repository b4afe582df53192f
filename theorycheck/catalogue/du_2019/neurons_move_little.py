r"""While the Gram matrix stays definite, no neuron moves far under gradient flow.

    sqrt(m) |w_r(t) - w_r(0)| <= |X| |D(0)| (1 - e^{-mu t}) / mu

if lambda_min(H(s)) >= mu on [0, t]; two-layer ReLU net, first layer trained, D = u - y.

Source       theory B8 (with proof), after Du et al. 2019, arXiv 1810.02054
Assumptions  lambda_min(H(s)) >= mu > 0 for all s in [0, T], on the certified run; |a_r| <= 1
Checked      for all t in [T/8, T] and every neuron, across kinks and sliding
Not checked  the start itself, where both sides are 0
See also     `as_remembered`: with lambda_min(H(s)) >= lambda_0 / 2 the bound is recalled as
             sqrt(n) |D(0)| / (sqrt(m) lambda_0), which misses a factor 2. For n = 1, m = 4 and one
             active neuron the ratio tends to 2 (theory B8)
"""

from __future__ import annotations

from typing import Any

import sympy

from theorycheck.catalogue.du_2019.narrow_nets import narrow_nets, printed_net
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    constant,
    ge,
    gt,
    lambda_max,
    le,
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
from theorycheck.verdicts import VIOLATED

spread, error, rate, half, samples, factor = sympy.symbols("X D_0 mu lambda_0 n c", positive=True)

BOUND = factor * spread * error * (1 - sympy.exp(-rate * time)) / rate
"""Of sqrt(m) |w_r(t) - w_r(0)|; c = 1."""

REMEMBERED = sympy.sqrt(samples) * error / half
"""Of the same, for all t, if lambda_min(H) >= lambda_0 / 2. Too small."""


def gram_stays_definite(case: Case) -> Any:
    run = net_training(case)
    return [gt(case.rate, 0), ge(run.gram_lambda_min, case.rate, over=times(0, case.horizon))]


def outer_weights_are_at_most_one(case: Case) -> Any:
    return [le(a * a, 1) for a in case.outer]


OUTER = Assumption("outer_weights_are_at_most_one", outer_weights_are_at_most_one, "|a_r| <= 1")


def largest_movement(case: Case) -> Any:
    """sqrt(m) max_r |w_r(t) - w_r(0)|."""
    run, net = net_training(case), initial_net(case)
    return sqrt(net.width) * maximum(
        norm(run.neuron(r) - constant([[q] for q in w], f"w_{r + 1}(0)"))
        for r, w in enumerate(net.weights)
    )


def one_active_neuron(*, label: Any = 3, active: Any = 1, horizon: Any = 6) -> Instance:
    """N = 1, m = 4, one active neuron: H = 1/4, and the bound is attained."""
    return Instance(
        inputs=[[1]], labels=[label], weights=[[active], [-1], [-2], [-3]], outer=[1, 1, -1, -1],
        horizon=horizon, rate="1/4", lambda_0="1/2",
    )  # fmt: skip


def large_outer_weight() -> Instance:
    """One neuron with a = 2: H = 4, and it moves twice as far as the bound says."""
    return Instance(inputs=[[1]], labels=[3], weights=[[1]], outer=[2], horizon=1, rate=4)


def draw_one_active_neuron(choices: Choices) -> Instance:
    return one_active_neuron(label=choices.integer(2, 6), active=choices.integer(1, 3))


@claim(
    source=Source("theory B8, after Du et al. 2019", "arXiv 1810.02054", "B8"),
    family=narrow_nets(rate="1/8"),
    assumptions=[
        Assumption("gram_stays_definite", gram_stays_definite, "lambda_min(H(s)) >= mu on [0, T]"),
        OUTER,
    ],
    example=lambda: printed_net(rate="1/8"),
    controls=[
        Control("half the bound", one_active_neuron, changes={"constant": sympy.Rational(1, 2)}),
        Control("mu above lambda_min(H)", lambda: printed_net(rate=1), outcome="vacuous"),
        Control(
            "mu above lambda_min(H), assumption dropped",
            lambda: one_active_neuron().replace(rate=1),
            drop=("gram_stays_definite",),
        ),
        Control("an outer weight of 2", large_outer_weight, outcome="vacuous"),
        Control(
            "an outer weight of 2, assumption dropped",
            large_outer_weight,
            drop=("outer_weights_are_at_most_one",),
        ),
    ],
    proof="proofs.du_2019.neurons_move_little",
    formulas={"bound of sqrt(m) |w_r(t) - w_r(0)|": BOUND},
)
def neurons_move_little(case: Case, *, constant: Any = 1) -> Any:
    """A neuron moves at most |X||D(0)|(1 - e^{-mu t})/(sqrt(m) mu) under flow."""
    bound = substitute(BOUND, {factor: constant, rate: case.rate, **start_values(case)})
    over = times(case.horizon / 8, case.horizon)
    return le(largest_movement(case), bound, over=over)


def start_values(case: Case) -> dict[Any, Any]:
    """|X| and |D(0)| of an instance."""
    net = initial_net(case)
    return {
        spread: sqrt(lambda_max(constant(net.products, "X X^T"))),
        error: norm(net_training(case).at(0).error),
    }


def gram_stays_above_half(case: Case) -> Any:
    run = net_training(case)
    over = times(0, case.horizon)
    return [gt(case.lambda_0, 0), ge(run.gram_lambda_min, case.lambda_0 / 2, over=over)]


@claim(
    source=Source("Du et al. 2019, movement, as remembered", "arXiv 1810.02054", "B8"),
    family=Family("one active neuron of four", draw_one_active_neuron),
    assumptions=[
        Assumption(
            "gram_stays_above_half", gram_stays_above_half, "lambda_min(H(s)) >= lambda_0 / 2"
        ),
        OUTER,
    ],
    example=one_active_neuron,
    controls=[
        Control(
            "lambda_0 above lambda_min(H)",
            lambda: one_active_neuron().replace(lambda_0=2),
            outcome="vacuous",
        )
    ],
    expected=VIOLATED,
    formulas={"remembered bound": REMEMBERED},
)
def neurons_move_little_as_remembered(case: Case) -> Any:
    """A neuron moves at most sqrt(n)|D(0)|/(sqrt(m) lambda_0): misses a factor 2."""
    net = initial_net(case)
    start = norm(net_training(case).at(0).error)
    values = {samples: net.samples, error: start, half: case.lambda_0}
    bound = substitute(REMEMBERED, values)
    over = times(case.horizon / 8, case.horizon)
    return le(largest_movement(case), bound, over=over)
