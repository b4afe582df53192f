r"""Descent of a homogeneous net tracks its flow inside one activation region, not across a kink.

    eta < (epsilon - e^{m T} e_0) / (beta gamma J),    J = (e^{m T} - 1) / m
    =>  ||theta_k - theta(k eta)|| < epsilon           for all k with k eta <= T

with m, beta, gamma the bounds of theory A7 and A8 in layer norms on the ball of radius
rho + epsilon about the start, where the flow stays within rho of its start up to T. They hold in
every region that the ball meets, whatever its signs. The theorem needs the ball inside *one*
region. Without that it is false, and ships below as a refutation: at the concave kink of

    f = (w_2 relu(w_1) - 1)^2 / 2    from (-delta, 1) for the flow, (delta, 1) for descent

the flow rests and descent leaves, so that no finite m does.

Source       Elkabetz & Cohen 2021, main theorem for homogeneous nets; theory A2.c, A4(c)
Assumptions  depth at least 2; a loss with bounded second derivative; the flow stays within rho of
             its start; the ball of radius rho + epsilon lies in one region, shown by the
             pre-activations: each is further from 0 than it can move; the step size inequality
Checked      every iterate up to T
Not checked  tubes in one region for which the layer norms do not show it
See also     descent_tracks_flow_at_constant_curvature.py; curvature_is_bounded_on_regions.py
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from math import floor, log2, prod, sqrt
from typing import Any

import sympy

from theorycheck.catalogue.elkabetz_cohen_2021.activation_regions import (
    BALL_IN_REGION,
    SMOOTH_LOSS,
    Ball,
    OnRegion,
    largest_slope,
    objective_of,
)
from theorycheck.catalogue.elkabetz_cohen_2021.descent_tracks_flow import (
    gap_at_start,
    last_step,
    tracking_error,
)
from theorycheck.catalogue.elkabetz_cohen_2021.descent_tracks_flow_at_constant_curvature import (
    GROWTH,
    STEP_SIZE_BOUND,
    beta,
    epsilon,
    gamma,
    growth,
    horizon as end,
    initial_gap,
    m,
)
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    assume,
    claim,
    le,
    lt,
    norm,
    steps,
    substitute,
    supremum,
    times,
)  # fmt: skip
from theorycheck.exact import RationalAlgebra, rows_of
from theorycheck.losses import SquareLoss
from theorycheck.networks import FullyConnected
from theorycheck.problems import Family, Instance, families
from theorycheck.problems.choices import Choices
from theorycheck.verdicts import VIOLATED


def values(case: Case) -> dict[sympy.Expr, Any]:
    """The numbers of the step size bound: m, beta and gamma on the ball around the start."""
    ball = Ball(OnRegion(case), case.reach + case.epsilon)
    rate = ball.curvature
    return {
        m: rate, end: case.horizon, epsilon: case.epsilon, initial_gap: gap_at_start(case),
        beta: ball.hessian_norm, gamma: ball.gradient_norm,
        growth: substitute(GROWTH, {m: rate, end: case.horizon}),
    }  # fmt: skip


def step_size_is_small(case: Case) -> Any:
    """The inequality with its denominator multiplied out."""
    top, bottom = sympy.fraction(STEP_SIZE_BOUND)
    given = values(case)
    return lt(case.step_size * substitute(bottom, given), substitute(top, given))


def flow_stays_within_reach(case: Case) -> Any:
    moved = norm(case.flow.position - case.flow.position.at(0))
    return le(moved, case.reach, over=times(0, case.horizon))


def gap_is_below_epsilon(case: Case) -> Any:
    return lt(gap_at_start(case), case.epsilon)


def some_slope_and_input_are_not_zero(case: Case) -> Any:
    """Else f is constant, m = 0, and there is nothing to track."""
    inputs = objective_of(case).loss.inputs
    return lt(0, largest_slope(case) * sum((x * x for row in inputs for x in row), Fraction(0)))


ASSUMED = [
    assume.depth_at_least(2),
    SMOOTH_LOSS,
    Assumption(
        "flow_stays_within_reach", flow_stays_within_reach, "the flow moves by at most rho up to T"
    ),
    Assumption("gap_is_below_epsilon", gap_is_below_epsilon, "e_0 < epsilon"),
    Assumption(
        "some_slope_and_input_are_not_zero", some_slope_and_input_are_not_zero, "f is not constant"
    ),
    Assumption("step_size_is_small", step_size_is_small, "the step size is below the bound"),
]


def details(case: Case) -> dict[str, Any]:
    """How far the theorem's step size is from what is needed."""
    top, bottom = sympy.fraction(STEP_SIZE_BOUND)
    given = values(case)
    true_error = supremum(tracking_error(case), steps(0, last_step(case)))
    return {
        "largest admissible step size": substitute(top, given) / substitute(bottom, given),
        "largest true distance": true_error,
        "epsilon / largest true distance": case.epsilon / true_error,
    }


# -- instances -----------------------------------------------------------------------------------
def example(
    *, activation: Any = "leaky_relu", epsilon: Any = "1/32", reach: Any = "1/16",
    horizon: Any = "1/16", step_size: Any = "2^-7",
) -> Instance:  # fmt: skip
    """Two neurons and two samples, far from every kink; three steps."""
    slope = SLOPES[str(activation)]
    return Instance(
        network=FullyConnected((2, 2, 1), activation, slope=slope),
        loss=SquareLoss([[1, "1/2"], ["-1/2", 1]], [[1, -1]], mean=True),
        start=["1/2", "-1/2", "-1/2", "-1/2", "1/2", "1/4"],
        epsilon=epsilon, reach=reach, horizon=horizon, step_size=step_size,
    )  # fmt: skip


def concave_kink(
    *, delta: Any = "1/1000000000", target: Any = 1, epsilon: Any = "1/4",
    reach: Any = "1/64", horizon: Any = "1/2", step_size: Any = "1/16",
) -> Instance:  # fmt: skip
    """The flow from (-delta, 1) rests, descent from (delta, 1) leaves (theory A4(c))."""
    small = Fraction(str(delta))
    return Instance(
        network=FullyConnected((1, 1, 1)), loss=SquareLoss([[1]], [[target]]),
        start=[-small, 1], descent_start=[small, 1], epsilon=epsilon, reach=reach, horizon=horizon,
        step_size=step_size,
    )  # fmt: skip


def convex_kink() -> Instance:
    """(w_2 relu(w_1) + 1)^2 / 2 from (1/200, 1), one step: the error is 0.00505 > 0.001."""
    return Instance(
        network=FullyConnected((1, 1, 1)), loss=SquareLoss([[1]], [[-1]]), start=["1/200", 1],
        epsilon="1/1000", reach="1/150", horizon="1/100", step_size="1/100",
    )  # fmt: skip


def far_step() -> Instance:
    """A step 64 times too large."""
    return example(epsilon="1/16384", horizon="1/16", step_size="1/16")


def nearly_epsilon() -> Instance:
    """Another start, e_0 = 1/8, within epsilon = 33/256 of the flow's: one small step."""
    return Instance(
        network=FullyConnected((1, 1, 1)), loss=SquareLoss([[1]], [[1]]), start=[1, "1/2"],
        descent_start=[1, "5/8"], epsilon="33/256", reach="1/64", horizon="1/256",
        step_size="1/256",
    )  # fmt: skip


def draw_kink(choices: Choices) -> Instance:
    """Concave kinks at several distances, targets and step sizes."""
    target = choices.integer(1, 3)
    return concave_kink(
        delta=Fraction(1, 10 ** choices.integer(3, 9)), target=target,
        horizon=Fraction(1, 2 * target), step_size=Fraction(1, 16 * target * choices.integer(1, 2)),
    )  # fmt: skip


WIDTHS = ((2, 1, 1), (1, 1, 1), (1, 2, 1), (1, 1, 1, 1), (2, 2, 1))
SLOPES = {"leaky_relu": "1/4", "relu": None, "homogeneous": ("1/2", "-13/10")}


def draw(choices: Choices) -> Instance:
    """Nets with a tube well inside a region, and step sizes that are shares of a guess."""
    activation = choices.pick(tuple(SLOPES))
    network = FullyConnected(choices.pick(WIDTHS), activation, slope=SLOPES[activation])
    drawn = Instance(
        network=network,
        loss=families.draw_loss(choices, network, choices.pick(("data", "whitened", "logistic"))),
        start=[families.draw_entry(choices) or Fraction(1, 2) for _ in range(network.dimension)],
    )
    reach, gradient, smoothness = guesses(drawn)
    radius = rounded(reach / 4)
    time = min(rounded(reach / (8 * gradient)), Fraction(1, 4))
    step = min(rounded(1 / (8 * smoothness)), time / choices.integer(1, 4))
    return drawn.replace(epsilon=radius, reach=radius, horizon=time, step_size=step)


def rounded(value: float) -> Fraction:
    """A power of two of about this size."""
    return Fraction(2) ** max(min(floor(log2(max(value, 2**-40))), 0), -24)


def guesses(instance: Any) -> tuple[float, float, float]:
    """Floats that guess how far the region reaches, and |grad f| and |Hess f|; the claim checks.

    Frobenius norms stand for the spectral ones.
    """
    network, loss = instance.network, instance.loss
    slope = float(max(map(abs, network.slopes))) or 1.0
    sizes = [sqrt(sum(float(x) ** 2 for row in w for x in row))
             for w in network.layers(instance.start)]  # fmt: skip
    layers = network.layer_matrices(RationalAlgebra, instance.start)
    signs = instance.objective.pre_activations(RationalAlgebra, layers)
    nearest = [abs(float(x)) for z in signs for row in rows_of(z) for x in row if x]
    inputs = sqrt(max(sum(float(x) ** 2 for x in loss.input(i)) for i in range(loss.samples)))
    moving = max(inputs, 0.1) * max(slope, 1.0) ** (len(sizes) - 1)
    moving *= prod(s + 0.5 for s in sizes[:-1]) * len(sizes)
    reach = min([1.0, *(z / moving for z in nearest)])
    residual = 1.0 + slope ** (len(sizes) - 1) * inputs * prod(sizes)
    gradient = residual * moving * (sizes[-1] + 0.5) * loss.samples
    return reach, max(gradient, 0.1), max(gradient * moving, moving**2 * loss.samples, 1.0)


SOURCE = Source(
    "Elkabetz & Cohen 2021, main theorem for homogeneous nets", "arXiv 2107.06608", "A4(c)"
)


@claim(
    source=SOURCE,
    family=Family("tubes in one region", draw),
    assumptions=[BALL_IN_REGION, *ASSUMED],
    example=example,
    controls=[
        Control("distance below epsilon / 8192", example, changes={"share": Fraction(1, 8192)}),
        Control("nine tenths of epsilon", nearly_epsilon, changes={"share": Fraction(9, 10)}),
        Control("a concave kink", concave_kink, outcome="vacuous"),
        Control("a concave kink, any region", concave_kink, drop=("ball_lies_in_one_region",)),
        Control("a convex kink", convex_kink, outcome="vacuous"),
        Control("a convex kink, any region", convex_kink, drop=("ball_lies_in_one_region",)),
        Control("step size too large", far_step, outcome="vacuous"),
        Control("no condition on the step size", far_step, drop=("step_size_is_small",)),
    ],
    details=details,
    formulas={"step size bound": STEP_SIZE_BOUND, "growth": GROWTH},
    survives={
        "depth_at_least_2: dropped": "depth 1 has no products of n - 2 layers to speak of",
        "loss_is_smooth: dropped": "without a bound of the second derivative nothing is stated",
        "gap_is_below_epsilon: dropped": "implied: for e_0 >= epsilon the step size bound is <= 0",
        "some_slope_and_input_are_not_zero: dropped": "both stand still where f is constant",
    },
)
def descent_tracks_flow_in_one_region(case: Case, *, share: Fraction = Fraction(1)) -> Any:
    """Inside one activation region descent of a homogeneous net stays near its flow."""
    return lt(tracking_error(case), share * case.epsilon, over=steps(0, last_step(case)))


@claim(
    source=Source("refuted: the main theorem across kinks", "arXiv 2107.06608", "A4(c)"),
    family=Family("concave kinks", draw_kink),
    assumptions=ASSUMED,
    example=concave_kink,
    expected=VIOLATED,
    controls=[
        Control("a convex kink refutes it, too", convex_kink),
        Control("step size too large", partial(concave_kink, step_size="1/4"), outcome="vacuous"),
    ],
    formulas={"step size bound": STEP_SIZE_BOUND, "growth": GROWTH},
)
def descent_tracks_flow_across_kinks(case: Case) -> Any:
    """Bounds that hold in every region make descent stay near the flow across kinks: false."""
    return lt(tracking_error(case), case.epsilon, over=steps(0, last_step(case)))
