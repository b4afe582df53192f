r"""Along the flow of a homogeneous net the curvature is bounded through the norm of one layer.

    lambda_min(Hess f(theta(t))) >= -(n-1) a^{n-1} S(t) (||W_1(t)||_F^2 + d)^{(n-2)/2}
    S(t) = c sum_i ||r_i(t)|| ||x_i||,      d = max_l ||W_l(0)||_F^2 - ||W_1(0)||_F^2

where ||W_1(t)||_F^2 + d = max_l ||W_l(t)||_F^2, because the flow conserves the differences of the
layers' squared norms. Near zero (||W_1||_F^2 + d small) the bound is small for n >= 3; for n = 2 it
is the sum of the slopes, at the origin too. No end-to-end matrix exists, as for linear nets.

Source       Elkabetz & Cohen 2021, roughly convex trajectories; homogeneous nets: theory A12
Assumptions  n >= 2; the flow stays in the region of its start up to the horizon T
Checked      the bound at every t in [0, T]
Not checked  flows through kinks: there is no Hessian on a kink, between kinks the bound is the same
See also     curvature_stays_small_from_near_zero.py for linear nets; du_hu_lee_2018/neuron_balance
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.catalogue.elkabetz_cohen_2021.activation_regions import (
    IN_REGION,
    OnRegion,
    largest_slope,
)
from theorycheck.claims import (
    Case,
    Control,
    Source,
    assume,
    claim,
    frobenius_squared,
    ge,
    infimum,
    lambda_min,
    substitute,
    times,
)  # fmt: skip
from theorycheck.exact import RationalAlgebra, rows_of
from theorycheck.losses import AbstractLoss, SquareLoss
from theorycheck.networks import FullyConnected
from theorycheck.problems import Family, Instance, families
from theorycheck.problems.choices import Choices

count, slope, n, slopes, first, imbalance = sympy.symbols(
    r"c a n S \|W_1\|_F^2 d", nonnegative=True
)

CURVATURE_BOUND = -count * slope ** (n - 1) * slopes * (first + imbalance) ** ((n - 2) / 2)
"""Lower bound of lambda_min at time t; c = n - 1, S the sum of ||r_i|| ||x_i||."""


def squared_norms_at_start(case: Case) -> list[Fraction]:
    """||W_l(0)||_F^2, exactly."""
    layers = case.network.layers(case.start)
    return [sum((x * x for row in layer for x in row), Fraction(0)) for layer in layers]


def bound(case: Case, constant: Any, share: Any) -> Any:
    depth, squares = case.network.depth, squared_norms_at_start(case)
    return substitute(
        CURVATURE_BOUND,
        {
            count: constant(depth), slope: largest_slope(case), n: depth,
            slopes: OnRegion(case, "flow").slope_sum(),
            first: frobenius_squared(case.flow.layer(1)),
            imbalance: share * (max(squares) - squares[0]),
        },
    )  # fmt: skip


def example(
    *, scale: Any = "1/2", horizon: Any = "1/4", activation: Any = "relu", seed: Any = 8
) -> Instance:
    """Three layers of two, one and one neurons near zero, two samples."""
    network = FullyConnected((2, 2, 1, 1), activation)
    return Instance(
        network=network, loss=SquareLoss([[1, "-1/2"], ["1/3", 1]], [[1, -1]], mean=True),
        start=network.random_start(seed=int(seed), scale=scale), horizon=horizon,
    )  # fmt: skip


def scalar(layers: Any = (1, 1), *, target: Any = 1, horizon: Any = "1/8") -> Instance:
    """A scalar ReLU net at x = 1; (s, -s) attains the bound of depth two at t = 0."""
    return Instance(
        network=FullyConnected((1,) * (len(layers) + 1)), loss=SquareLoss([[1]], [[target]]),
        start=layers, horizon=horizon,
    )  # fmt: skip


def near_zero() -> Instance:
    """A small first layer and two large ones: the differences of the layers matter."""
    return scalar(("1/100", 1, 1), target=10, horizon="1/64")


def crossing() -> Instance:
    """With slope 1/2 the pre-activation w_1 passes 0 before t = 1/8."""
    case = scalar(("1/10", 1), target=-1, horizon="1/4")
    return case.replace(network=FullyConnected((1, 1, 1), "leaky_relu", slope="1/2"))


def shallow_first() -> Instance:
    """Layers (1/2, 1, 1) and a large target: lambda_min is close to -1.69 |r|, the bound -2 |r|."""
    return scalar(("1/2", 1, 1), target=1000, horizon="1/4096")


def behind_a_kink() -> Instance:
    """With the mask of the start h would reach its target too soon; a neuron near 0 sees r."""
    return Instance(
        network=FullyConnected((1, 2, 1), "leaky_relu", slope="1/2"),
        loss=SquareLoss([[1]], [[1]]), start=["1/10", "1/100", -4, "1/100"], horizon="1/8",
    )  # fmt: skip


WIDTHS = ((2, 1, 1), (1, 1, 1, 1), (2, 1, 2), (2, 1, 1, 1), (1, 2, 1, 1))
"""Depth two with one neuron: one sample and two of them attain the bound for ever."""
SLOPES = {"relu": None, "leaky_relu": "1/2", "homogeneous": ("1/2", "-13/10")}


def draw(choices: Choices) -> Instance:
    """Small nets for short times, so that few flows reach a kink; none starts at a minimiser."""
    activation = choices.pick(tuple(SLOPES))
    network = FullyConnected(choices.pick(WIDTHS), activation, slope=SLOPES[activation])
    drawn = Instance(
        network=network,
        loss=families.draw_loss(choices, network, choices.pick(("data", "data", "logistic"))),
        start=[families.draw_entry(choices) or Fraction(1, 3) for _ in range(network.dimension)],
        horizon=Fraction(1, choices.integer(16, 64)),
    )
    return drawn.replace(loss=with_slopes(drawn))


def with_slopes(drawn: Any) -> AbstractLoss:
    """The loss of an instance; another one where its slopes or inputs are all 0: both sides are."""
    loss: AbstractLoss = drawn.loss
    network = drawn.network
    layers = network.layer_matrices(RationalAlgebra, drawn.start)
    predictions = rows_of(drawn.objective.predictions(RationalAlgebra, layers))
    if any(map(any, loss.inputs)) and predictions != loss.targets:
        return loss
    inputs, outputs = network.widths[0], network.widths[-1]
    return SquareLoss([[i + 1] for i in range(inputs)], [[3 * (i + 1)] for i in range(outputs)])


@claim(
    source=Source(
        "Elkabetz & Cohen 2021, roughly convex trajectories", "arXiv 2107.06608", "A12"
    ),
    family=Family("short flows of homogeneous nets", draw),
    assumptions=[assume.depth_at_least(2), IN_REGION],
    example=example,
    controls=[
        Control(
            "0.99 (n - 1)", lambda: scalar((1, -1)),
            changes={"constant": lambda depth: Fraction(99, 100) * (depth - 1)},
        ),
        Control(
            "without the differences of the layers", near_zero,
            changes={"share": Fraction(0)},
        ),
        Control("half of the differences", shallow_first, changes={"share": Fraction(1, 2)}),
        Control("a flow that meets a kink", crossing, outcome="vacuous"),
        Control("behind a kink", behind_a_kink, drop=("flow_stays_in_the_region",)),
    ],
    details=lambda case: {
        "least curvature up to T": infimum(
            lambda_min(case.flow.hessian), times(0, case.horizon)
        ),
        "least bound up to T": infimum(
            bound(case, lambda depth: depth - 1, 1), times(0, case.horizon)
        ),
    },
    formulas={"curvature bound": CURVATURE_BOUND},
    survives={"depth_at_least_2: dropped": "for depth 1 the loss is convex and c = n - 1 = 0"},
)  # fmt: skip
def curvature_stays_small_for_homogeneous_nets(
    case: Case, *, constant: Any = lambda depth: depth - 1, share: Any = Fraction(1)
) -> Any:
    """Along the flow in a region the least curvature stays above a bound in one layer's norm."""
    return ge(
        lambda_min(case.flow.hessian), bound(case, constant, share), over=times(0, case.horizon)
    )
