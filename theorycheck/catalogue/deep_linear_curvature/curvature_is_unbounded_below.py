r"""From depth three on, no constant bounds the Hessian's least eigenvalue from below.

    inf over theta of lambda_min(Hess f(theta)) = -infinity    for n >= 3 and grad phi(0) != 0:

with W_1 = W_2 = 0, W_l = c I-like for 2 < l < n and W_n = c u e_1^T (n = 3: W_3 = c u e_1^T) the
Gauss-Newton part vanishes and lambda_min = -||W_{n:3}^T grad phi(0)||_s, a multiple of c.

Source       Elkabetz & Cohen 2021, remark on arbitrary negativity; construction: theory A6.e
Assumptions  square loss; n >= 3; grad phi(0) != 0
Checked      for the level asked for, a point built from the instance lies below it
Not checked  the limit itself: the level is a number that the user sets
See also     curvature_lower_bounds.py; for depth two lambda_min >= -||grad phi||_s
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
    assume,
    claim,
    equal,
    gt,
    lambda_min,
    le,
    norm,
    substitute,
)  # fmt: skip
from theorycheck.networks import DeepLinear
from theorycheck.problems import Family, Instance, deep_linear_instance, families
from theorycheck.problems.choices import Choices
from theorycheck.problems.spoiled import with_logistic_loss

level, factor = sympy.symbols("L c", positive=True)
TARGET_LEVEL = -factor * level
"""The value that lambda_min falls below; c = 1 in the theorem."""


def negative_point(network: DeepLinear, slope: Any, wanted: Fraction) -> tuple[Fraction, ...]:
    """W_1 = W_2 = 0 and a large last layer aligned with the largest entry of grad phi(0)."""
    rows = [[abs(x) for x in row] for row in slope]
    best = max(range(len(rows)), key=lambda i: max(rows[i]))
    size = max(rows[best])
    scale = 1 + wanted / size if size else Fraction(1)
    layers = []
    for j, (height, width) in enumerate(network.shapes, start=1):
        block = [[Fraction(0)] * width for _ in range(height)]
        if j == network.depth:
            block[best][0] = scale
        elif j > 2:
            for i in range(min(height, width)):
                block[i][i] = Fraction(1)
        layers.append(block)
    return network.parameters(layers)


def example(*, depth: Any = 3, width: Any = 2, level: Any = 1000) -> Instance:
    """A point of curvature below -1000."""
    base = deep_linear_instance(target=[[1, 2], [0, 1]], depth=depth, width=width)
    return base.replace(
        start=negative_point(base.network, base.loss.cross, Fraction(level)), level=level
    )


def draw(choices: Choices) -> Instance:
    """Any net of depth 3 or 4, any level, the point built for it."""
    network = families.draw_network(choices, (3, 4), (1, 3))
    loss: Any = families.draw_loss(choices, network, "whitened")
    wanted = Fraction(10 ** choices.integer(0, 6))
    start = negative_point(network, loss.cross, wanted)
    return Instance(network=network, loss=loss, start=start, level=wanted)


def slope_at_zero_is_nonzero(case: Case) -> Any:
    from theorycheck.claims import constant

    return gt(norm(constant(case.loss.cross, r"\nabla\phi(0)")), 0)


def start_is_the_point(case: Case) -> Any:
    """The start is the point that the theorem builds for the level."""
    built = negative_point(case.network, case.loss.cross, Fraction(case.level))
    return equal(sympy.Integer(int(tuple(case.start) == tuple(built))), 1)


@claim(
    source=Source(
        "Elkabetz & Cohen 2021, arbitrary negative curvature", "arXiv 2107.06608", "A6.e"
    ),
    family=Family("negative points", draw),
    assumptions=[
        assume.square_loss,
        assume.depth_at_least(3),
        Assumption("slope_at_zero_is_nonzero", slope_at_zero_is_nonzero, "grad phi(0) != 0"),
        Assumption("start_is_the_point", start_is_the_point, "the start is the point built"),
    ],
    example=example,
    controls=[
        Control(
            "depth 2",
            lambda: example(depth=2).replace(level=1000),
            drop=("depth_at_least_3",),
        ),
        Control("depth 2, assumption kept", lambda: example(depth=2), outcome="vacuous"),
        Control("logistic loss", lambda: with_logistic_loss(example()), outcome="vacuous"),
        Control("twice the level", example, changes={"constant": 4}),
    ],
    formulas={"level": TARGET_LEVEL},
    survives={
        "relation 1: strict": "the point built lies below the level by ||grad phi(0)||_s",
        "loss_is_square: dropped": "the point is built for the square loss, and for no other",
    },
)
def curvature_is_unbounded_below(case: Case, *, constant: Any = 1) -> Any:
    """For depth three or more some point has a Hessian eigenvalue below any given level."""
    bound = substitute(TARGET_LEVEL, {level: case.level, factor: constant})
    return le(lambda_min(case.initial.hessian), bound)
