r"""Hessian and gradient of a deep linear net are bounded by products of layer norms, also on balls.

    lambda_max(Hess f), ||Hess f||_s <= L sum_j P_j^2 + lambda_max(K)
                                     <= n L max_j P_j^2 + (n-1) ||g||_s max_J prod_J ||W_l||_s
    ||grad f|| <= ||g||_F (sum_j P_j^2)^{1/2}
    in the ball of radius epsilon about theta:  the same with ||W_j||_s + epsilon for ||W_j||_s and
        ||g|| + L (prod_j (||W_j||_s + epsilon) - prod_j ||W_j||_s) for ||g||,
        and ||W'_{n:1}||_s <= (max_j ||W_j||_s + epsilon / sqrt(n))^n

P_j = prod_{l != j} ||W_l||_s, g = grad phi(W), L = ||Hess phi||, K as in curvature_lower_bounds.

Source       theory A7, 8b
Assumptions  square loss (L = ||c X X^T||_s); for the ball that the second point lies in it
Checked      at the given point, and at one given point of the ball
Not checked  that the second form is the weaker one (a sum is at most n times its largest term)
See also     curvature_lower_bounds.py; trajectories/tubes.py, which evaluates such bounds on tubes
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import combinations
from math import prod
from typing import Any

import sympy

from theorycheck.catalogue.deep_linear_curvature.curvature_lower_bounds import (
    layer_norms,
    zero_diagonal,
)
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    assume,
    claim,
    constant as fixed,
    lambda_max,
    lambda_min,
    le,
    maximum,
    norm,
    spectral_norm,
    sqrt,
    substitute,
)  # fmt: skip
from theorycheck.problems import Family, Instance, deep_linear_instance, families
from theorycheck.problems.choices import Choices
from theorycheck.problems.spoiled import with_exponential_loss

smoothness, squares, pairs, count, slope = sympy.symbols(
    r"L \sum{P_j^2} \lambda_{\max}(K) n \|g\|", nonnegative=True
)
largest, worst, factor = sympy.symbols(r"\max{P_j} \max{P_J} c", nonnegative=True)

HESSIAN_BOUND = factor * (smoothness * squares + pairs)
"""L sum_j P_j^2 + lambda_max(K); c = 1."""

WORST_HESSIAN_BOUND = factor * (count * smoothness * largest**2 + (count - 1) * slope * worst)
"""The same with the largest products only; c = 1."""

GRADIENT_BOUND = factor * slope * sympy.sqrt(squares)
"""||g||_F (sum_j P_j^2)^{1/2}; c = 1."""


def bounds(case: Case, norms: list[Any], growth: Any, constant: Any) -> tuple[Any, Any, Any, Any]:
    """lambda_max(K), and the three bounds, from layer norms and the growth of ||g||."""
    depth, outer = len(norms), case.initial.outer_gradient
    others = [prod(norms[:j] + norms[j + 1 :], start=1) for j in range(depth)]
    gradient = spectral_norm(outer) + growth
    apart = {
        (i, j): gradient * prod([w for k, w in enumerate(norms) if k not in (i, j)], start=1)
        for i, j in combinations(range(depth), 2)
    }
    curvature = lambda_max(zero_diagonal(apart, depth)) if depth > 1 else 0
    values = {
        smoothness: loss_smoothness(case), squares: sum(p**2 for p in others), pairs: curvature,
        count: depth, largest: maximum(others), factor: constant,
        worst: maximum(
            prod(chosen, start=1) for chosen in combinations(norms, max(depth - 2, 0))
        ),
    }  # fmt: skip
    return (
        curvature,
        substitute(HESSIAN_BOUND, values),
        substitute(WORST_HESSIAN_BOUND, {**values, slope: gradient}),
        substitute(GRADIENT_BOUND, {**values, slope: norm(outer) + growth}),
    )


def loss_smoothness(case: Case) -> Any:
    """L, the norm of c X X^T."""
    return spectral_norm(fixed(case.loss.gram, "A"))


def example(*, seed: Any = 3, depth: Any = 3, width: Any = 2) -> Instance:
    """A random net with two outputs."""
    return deep_linear_instance(
        target=[[1, 2, 0], [0, 1, -1]], depth=depth, width=width, start="random", scale=2, seed=seed
    )


def equal_scalars(depth: int = 2) -> Instance:
    """Equal scalar layers beyond the target, where the first two bounds are attained."""
    return deep_linear_instance(target=[[1]], weights=[[[2]]] * depth)


def in_ball(*, seed: Any = 3, depth: Any = 3, width: Any = 2, epsilon: Any = "1/4") -> Instance:
    """The net of `example` and a point of the ball; `descent_start` is that point."""
    case = example(seed=seed, depth=depth, width=width)
    size = 1 + int(Fraction(case.network.dimension) ** Fraction(1, 2))
    moved = [x + (-1) ** k * Fraction(str(epsilon)) / size for k, x in enumerate(case.start)]
    return case.replace(descent_start=moved, epsilon=epsilon, step_size=1)


def stretched(*, epsilon: Any = 1) -> Instance:
    """A scalar net of depth one, moved by the whole of epsilon: gradient and norm are attained."""
    return deep_linear_instance(
        target=[[1]], weights=[[[2]]], descent_start=[2 + Fraction(epsilon)], epsilon=epsilon,
        step_size=1,
    )  # fmt: skip


def draw_ball(choices: Choices) -> Instance:
    """A point and another one at most epsilon away from it."""
    point = families.draw_point(choices, (2, 2), (1, 2), start="any")
    epsilon = Fraction(1, choices.integer(1, 8))
    way = [choices.fraction(-1, 1, 2) for _ in range(point.network.dimension)]
    length = max(Fraction(1), sum(map(abs, way), Fraction(0)))  # at least the Euclidean length
    moved = [x + epsilon * y / length for x, y in zip(point.start, way, strict=True)]
    return point.replace(descent_start=moved, epsilon=epsilon, step_size=1)


def point_is_in_the_ball(case: Case) -> Any:
    return le(norm(case.descent.position.at(0) - case.initial.position), case.epsilon)


@claim(
    source=Source("curvature of deep linear nets, from above", "", "A7"),
    family=families.points(depth=(2, 3), width=(1, 3), start="any"),
    assumptions=[assume.square_loss],
    example=example,
    on_data=partial(deep_linear_instance, depth=3, start="random", scale="1/2"),
    controls=[
        Control(
            "exponential loss",
            lambda: with_exponential_loss(example()),
            drop=("loss_is_square",),
        ),
        Control(
            "exponential loss, assumption kept",
            lambda: with_exponential_loss(example()),
            outcome="vacuous",
        ),
        Control("half of the bounds", equal_scalars, changes={"constant": Fraction(1, 2)}),
        Control("0.99 of the bounds", equal_scalars, changes={"constant": Fraction(99, 100)}),
    ],
    formulas={
        "Hessian bound": HESSIAN_BOUND,
        "worst Hessian bound": WORST_HESSIAN_BOUND,
        "gradient bound": GRADIENT_BOUND,
    },
)
def curvature_upper_bounds(case: Case, *, constant: Any = 1) -> Any:
    """Sharpness and gradient norm lie below bounds in the layers' norms."""
    _, first, second, slope_bound = bounds(case, layer_norms(case), 0, constant)
    hessian = case.initial.hessian
    return [
        le(lambda_max(hessian), first),
        le(spectral_norm(hessian), first),
        le(spectral_norm(hessian), second),
        le(norm(case.initial.gradient), slope_bound),
    ]


@claim(
    source=Source("curvature of deep linear nets on a ball", "", "A7"),
    family=Family("points and balls", draw_ball),
    assumptions=[
        assume.square_loss,
        Assumption("point_is_in_the_ball", point_is_in_the_ball, "||theta' - theta|| <= epsilon"),
    ],
    example=in_ball,
    controls=[
        Control(
            "exponential loss",
            lambda: with_exponential_loss(in_ball()),
            drop=("loss_is_square",),
        ),
        Control(
            "exponential loss, assumption kept",
            lambda: with_exponential_loss(in_ball()),
            outcome="vacuous",
        ),
        Control("0.99 of the bounds", stretched, changes={"constant": Fraction(99, 100)}),
        Control(
            "a point outside",
            lambda: stretched().replace(epsilon="1/2"),
            drop=("point_is_in_the_ball",),
        ),
        Control(
            "a point outside, assumption kept",
            lambda: stretched().replace(epsilon="1/2"),
            outcome="vacuous",
        ),
    ],
)
def curvature_bounds_on_a_ball(case: Case, *, constant: Any = 1) -> Any:
    """In a ball about a point the bounds hold with enlarged layer norms."""
    before, there, depth = layer_norms(case), case.descent, case.network.depth
    wider = [w + case.epsilon for w in before]
    growth = loss_smoothness(case) * (prod(wider) - prod(before))
    below, above, _, slope_bound = bounds(case, wider, growth, constant)
    hessian, whole = there.hessian.at(0), there.end_to_end.at(0)
    return [
        le(-lambda_min(hessian), constant * below),
        le(spectral_norm(hessian), above),
        le(norm(there.gradient.at(0)), slope_bound),
        le(
            spectral_norm(whole), constant * (maximum(before) + case.epsilon / sqrt(depth)) ** depth
        ),
    ]
