r"""The Hessian of a homogeneous net is bounded from below on every activation region.

    lambda_min(Hess f) >= -(n-1) a^{n-1} S max_{|J| = n-2} prod_{l in J} ||W_l||_s
    S = c sum_i ||r_i|| ||x_i||

for s(z) = alpha max(z, 0) + beta min(z, 0), a = max(|alpha|, |beta|), r_i the loss's slope at the
prediction of sample i. On the epsilon-ball, within the region: ||W_l||_s + epsilon in place of
||W_l||_s, and ||r_i|| + L a^{n-1} ||x_i|| (prod (||W_l||_s + epsilon) - prod ||W_l||_s) in place
of ||r_i||, for a loss with second derivative at most L.

Source       Elkabetz & Cohen 2021, curvature of nets with homogeneous activations; theory A8, 8b
Assumptions  the point lies inside a region (no pre-activation is 0), depth at least 2, convex loss
Checked      at the given point; for the ball at a given second point of it, in the same region
Not checked  -; (s, -s) with one sample attains equality: there the verdict is touching
See also     catalogue/deep_linear_curvature/curvature_lower_bounds.py, sharper for linear nets
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import combinations
from math import prod
from typing import Any

import sympy

from theorycheck.catalogue.elkabetz_cohen_2021.activation_regions import (
    SMOOTH_LOSS,
    START_IN_REGION,
    Ball,
    OnRegion,
    largest_slope,
)
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    assume,
    claim,
    ge,
    lambda_min,
    le,
    lt,
    maximum,
    norm,
    substitute,
)  # fmt: skip
from theorycheck.losses import SquareLoss
from theorycheck.networks import FullyConnected
from theorycheck.problems import Family, Instance, families
from theorycheck.problems.choices import Choices

count, slope, n, slopes, largest = sympy.symbols(r"c a n S P", nonnegative=True)

REGION_BOUND = -count * slope ** (n - 1) * slopes * largest
"""c = n - 1, S the sum of ||r_i|| ||x_i||, P the largest product of n - 2 layer norms."""

ACTIVATIONS = ("relu", "leaky_relu", "homogeneous", "absolute")


def region_bound(case: Case, constant: Any) -> Any:
    net, depth = OnRegion(case), case.network.depth
    norms = net.spectral_norms()
    worst = maximum(prod(chosen, start=sympy.S.One) for chosen in combinations(norms, depth - 2))
    return substitute(
        REGION_BOUND,
        {
            count: constant(depth), slope: largest_slope(case), n: depth,
            slopes: net.slope_sum(), largest: worst,
        },
    )  # fmt: skip


def example(*, scale: Any = 1, activation: Any = "homogeneous", seed: Any = 2) -> Instance:
    """Three layers with slopes (1/2, -13/10), two samples and two outputs."""
    slope = ("1/2", "-13/10") if activation == "homogeneous" else None
    network = FullyConnected((2, 2, 2, 2), activation, slope=slope)
    return Instance(
        network=network,
        loss=SquareLoss([[1, "-1/2"], ["1/3", 1]], [[1, -1], [0, 2]], mean=True),
        start=network.random_start(seed=int(seed), scale=scale),
    )


def scalar(
    first: Any = 2, second: Any = 3, *, target: Any = 1, activation: str = "relu", slope: Any = None
) -> Instance:
    """X -> W_2 s(W_1 x) at x = 1; (2, 3) is theory A8's vector, lambda_min = (13 - sqrt 509)/2."""
    return Instance(
        network=FullyConnected((1, 1, 1), activation, slope=slope),
        loss=SquareLoss([[1]], [[target]]), start=[first, second],
    )  # fmt: skip


def equality(*, activation: str = "relu") -> Instance:
    """(s, -s) for the ReLU, (-s, -s) for slopes (1/2, -13/10): lambda_min = -a |r| exactly."""
    if activation == "relu":
        return scalar(1, -1)
    return scalar(-1, -1, activation="homogeneous", slope=("1/2", "-13/10"))


def steep(depth: int = 3) -> Instance:
    """Scalar layers 1 and the target 1000: nearly attained at every depth."""
    return Instance(
        network=FullyConnected((1,) * (depth + 1)), loss=SquareLoss([[1]], [[1000]]),
        start=[1] * depth,
    )  # fmt: skip


def on_data(
    *, data: Any, width: Any = 2, activation: Any = "relu", scale: Any = "1/2", seed: Any = 0
) -> Instance:
    """One hidden layer on a data set, mean square loss."""
    network = FullyConnected((len(data.inputs), int(width), len(data.targets)), activation)
    start = network.random_start(seed=int(seed), scale=scale)
    return Instance(network=network, loss=data.loss(), start=start, data_name=data.name)


def one_layer_counts() -> Instance:
    """One weight moves by epsilon, h by 10 epsilon; the other neuron sees lambda_min <= -|r|."""
    return Instance(
        network=FullyConnected((1, 2, 1)), loss=SquareLoss([[1]], [[0]]),
        start=[10, "1/100", 0, 0], descent_start=[10, "1/100", "1/2", 0], epsilon="1/2",
        step_size=1,
    )  # fmt: skip


NO_PRODUCTS = {"depth_at_least_2: dropped": "depth 1 has no products of n - 2 layers to speak of"}


def draw_point(choices: Choices) -> Instance:
    """Nets of depth two and three with any loss; some are scalar, some start on a kink."""
    widths = choices.pick(((1, 2), (1, 1)))
    drawn = families.fully_connected((2, 3), widths, activations=ACTIVATIONS).draw(choices)
    return drawn.without("horizon", "step_size")


def details(case: Case) -> dict[str, Any]:
    least, bound = lambda_min(case.initial.hessian), region_bound(case, lambda depth: depth - 1)
    return {"lambda_min": least, "bound": bound}


@claim(
    source=Source(
        "Elkabetz & Cohen 2021, curvature of homogeneous nets", "arXiv 2107.06608", "A8"
    ),
    family=Family("points of homogeneous nets", draw_point),
    assumptions=[assume.depth_at_least(2), START_IN_REGION],
    example=example,
    on_data=on_data,
    controls=[
        Control("n - 2 in place of n - 1", steep, changes={"constant": lambda n: n - 2}),
        Control(
            "0.99 (n - 1) for the ReLU", equality,
            changes={"constant": lambda n: Fraction(99, 100) * (n - 1)},
        ),
        Control(
            "0.99 (n - 1) for slopes (1/2, -13/10)", partial(equality, activation="homogeneous"),
            changes={"constant": lambda n: Fraction(99, 100) * (n - 1)},
        ),
        Control("on a kink there is no Hessian", partial(scalar, 0), outcome="vacuous"),
    ],
    details=details,
    formulas={"lower bound": REGION_BOUND},
    survives={
        **NO_PRODUCTS,
        "start_lies_in_a_region: dropped": "on a kink there is no Hessian: undecided there",
    },
)  # fmt: skip
def curvature_is_bounded_on_regions(
    case: Case, *, constant: Any = lambda depth: depth - 1
) -> Any:  # fmt: skip
    """On an activation region the Hessian's least eigenvalue lies above a bound in layer norms."""
    return ge(lambda_min(case.initial.hessian), region_bound(case, constant))


# -- on a ball -----------------------------------------------------------------------------------
def both_points_lie_in_one_region(case: Case) -> Any:
    """No sign of the start is 0, and the second point has the same ones."""
    here, there = OnRegion(case), OnRegion(case, "descent")
    if here.is_trivial():
        return []
    return [
        lt(0, distance if net is here else distance.at(0))
        for net in (here, there)
        for _, _, _, distance in net.distances()
    ]


def second_point_is_near(case: Case) -> Any:
    return le(norm(case.descent.position.at(0) - case.initial.position), case.epsilon)


def moved(instance: Instance, choices: Choices) -> Instance:
    """Put a second point within epsilon: along a coordinate, or along two."""
    dimension, share = instance.network.dimension, Fraction(choices.integer(4, 8), 8)
    epsilon = Fraction(1, choices.integer(2, 16))
    point, k = list(instance.start), choices.integer(0, dimension - 1)
    sign = 1 if choices.boolean() else -1
    point[k] += sign * epsilon * share * Fraction(3, 5)
    point[(k + 1) % dimension] += epsilon * share * Fraction(4, 5)
    return instance.replace(epsilon=epsilon, descent_start=point, step_size=1)


def on_a_ball(*, epsilon: Any = "3/16", move: Any = "1/8") -> Instance:
    """The equality case (1, -1), moved to (1 + move, -1 - move): -lambda_min = (1 + move)^2 + 1."""
    way, near = Fraction(str(move)), equality()
    return near.replace(epsilon=epsilon, step_size=1, descent_start=[1 + way, -1 - way])


def deep_on_a_ball() -> Instance:
    """Three layers with slopes (1/2, -13/10), the first weight moved by epsilon."""
    network = FullyConnected((2, 2, 1, 1), "homogeneous", slope=("1/2", "-13/10"))
    start = [1, "-1/2", "3/4", 1, "1/2", -1, "2/3"]
    return Instance(
        network=network, loss=SquareLoss([[1], ["1/3"]], [[1]]), start=start, epsilon="1/16",
        descent_start=["17/16", *start[1:]], step_size=1,
    )  # fmt: skip


@claim(
    source=Source("after Elkabetz & Cohen 2021, on balls", "arXiv 2107.06608", "A8"),
    family=Family("two points of a region", lambda choices: moved(
        families.fully_connected(
            (2, 3), choices.pick(((1, 2), (1, 1))), activations=ACTIVATIONS
        ).draw(choices), choices)),
    assumptions=[
        assume.depth_at_least(2),
        SMOOTH_LOSS,
        Assumption("second_point_is_near", second_point_is_near, "within epsilon of the start"),
        Assumption(
            "both_points_lie_in_one_region", both_points_lie_in_one_region,
            "the pre-activations of both points have the same signs, none 0",
        ),
    ],
    example=deep_on_a_ball,
    controls=[
        Control("the bound of the centre alone", on_a_ball, changes={"radius": Fraction(0)}),
        Control("nine tenths of the bound", on_a_ball, changes={"share": Fraction(9, 10)}),
        Control(
            "nine tenths of the radius", one_layer_counts, changes={"radius": Fraction(9, 10)}
        ),
        Control("across a kink", partial(on_a_ball, move=-2, epsilon=3), outcome="vacuous"),
        Control("on a kink", partial(on_a_ball, move=-1, epsilon=3), outcome="vacuous"),
        Control("outside the ball", partial(on_a_ball, move="1/4"), outcome="vacuous"),
    ],
    formulas={"lower bound": REGION_BOUND},
    survives={
        **NO_PRODUCTS,
        "loss_is_smooth: dropped": "without L there is no bound to state",
        "both_points_lie_in_one_region: dropped": "the bound holds in every region that the ball "
        "meets, as s is Lipschitz with constant a; on a kink there is no Hessian",
    },
)  # fmt: skip
def curvature_is_bounded_near_a_point_of_a_region(
    case: Case, *, radius: Any = Fraction(1), share: Any = Fraction(1)
) -> Any:
    """Within epsilon of a point, inside its region, the curvature lies above one bound."""
    ball = Ball(OnRegion(case), radius * case.epsilon)
    return ge(lambda_min(case.descent.hessian.at(0)), -share * ball.curvature)
