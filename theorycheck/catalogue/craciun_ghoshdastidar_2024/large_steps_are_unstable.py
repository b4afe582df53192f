r"""Global minimisers of deep linear nets are sharp, so that large steps are unstable at them.

    lambda_max(Hess f(theta)) >= n ||Phi||_s^{2-2/n}        wherever W_{n:1} = Phi
    eta > 2 / (n ||Phi||_s^{2-2/n})   =>   lambda_min(I - eta Hess f(theta)) < -1  there

for f = ||W_{n:1} - Phi||_F^2 / 2; equality in the first for balanced factors.

Source       Craciun & Ghoshdastidar 2024 (abstract); threshold and proof: theory A25
Assumptions  the whitened square loss; the point is a global minimiser with zero residual
Checked      at the given minimiser: its sharpness, and that a step expands along some direction
Not checked  that starts which converge have measure zero (a theorem about almost all starts);
             balanced factors attain equality: there the verdict is touching
See also     catalogue/kreisler_2023, depth two in full
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from typing import Any

import sympy

from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    constant as fixed,
    equal,
    ge,
    gt,
    lambda_max,
    lambda_min,
    lt,
    spectral_norm,
    substitute,
)  # fmt: skip
from theorycheck.exact import RationalAlgebra, rows_of
from theorycheck.losses import SquareLoss
from theorycheck.networks import DeepLinear
from theorycheck.problems import Family, Instance, families
from theorycheck.problems.choices import Choices

n, target_norm, factor = sympy.symbols(r"n \|\Phi\|_s c", positive=True)
eta = sympy.Symbol(r"\eta", positive=True)

MINIMAL_SHARPNESS = factor * n * target_norm ** (2 - 2 / n)
"""Lower bound of the sharpness at global minimisers; c = 1."""

THRESHOLD = 2 / MINIMAL_SHARPNESS
"""eta_c: above it every global minimiser is unstable."""


def sharpness_bound(case: Case, constant: Any = 1) -> Any:
    target = spectral_norm(fixed(case.loss.targets, r"\Phi"))
    values = {n: case.network.depth, target_norm: target, factor: constant}
    return substitute(MINIMAL_SHARPNESS, values)


def loss_is_whitened(case: Case) -> Any:
    size = len(case.loss.gram)
    unit = [[int(i == j) for j in range(size)] for i in range(size)]
    return equal(fixed(case.loss.gram, "A"), unit)


def residual_is_zero(case: Case) -> Any:
    return equal(case.initial.residual, 0)


def step_size_is_large(case: Case) -> Any:
    """The step size exceeds eta_c, multiplied out."""
    return gt(case.step_size * sharpness_bound(case), 2)


def at_minimiser(network: DeepLinear, start: Any, **fields: Any) -> Instance:
    """The instance whose target is the end-to-end matrix of the start."""
    layers = network.layer_matrices(RationalAlgebra, start)
    whole = reduce(lambda below, layer: RationalAlgebra.multiply(layer, below), layers)
    return Instance(
        network=network, loss=SquareLoss.whitened(rows_of(whole)), start=start, **fields
    )


def example(*, depth: Any = 3, width: Any = 2, seed: Any = 3, step_size: Any = 1) -> Instance:
    """Factors that are not balanced, hence sharper than need be."""
    network = DeepLinear((int(width),) * (int(depth) + 1))
    start = network.random_start(seed=int(seed), scale=2)
    return at_minimiser(network, start, step_size=step_size)


def scalar(*, depth: int = 3, layer: Any = 2, step_size: Any = "1/16") -> Instance:
    """Phi = 8, n = 3 and equal layers: sharpness 48 exactly, eta_c = 1/24 (A25 vector)."""
    network = DeepLinear((1,) * (depth + 1))
    return at_minimiser(network, [layer] * depth, step_size=step_size)


def no_minimiser() -> Instance:
    """Two layers equal to 1 with target 2: the Hessian is the identity."""
    return scalar(depth=2, layer=1, step_size="7/4").replace(loss=SquareLoss.whitened([[2]]))


def short_inputs() -> Instance:
    """X = 1/2 and Y = 4: sharpness 48/4 = 12 at W = 8, where 3 * 4^{4/3} = 19.05 is asked for."""
    return scalar(step_size="1/9").replace(loss=SquareLoss([["1/2"]], [[4]]))


def draw(choices: Choices) -> Instance:
    """A net, its product as the target, and a step above 2 / (n min(m, m^2)) >= eta_c.

    m is the largest entry of Phi in size, a lower bound of its norm.
    """
    point = families.draw_point(choices, (1, 4), (1, 3), "whitened", start=SHAPES)
    made = at_minimiser(point.network, point.start)
    size = max(abs(x) for row in made.loss.targets for x in row) or Fraction(1)
    least = Fraction(1) if point.network.depth == 1 else min(size, size**2)
    share = 1 + Fraction(choices.integer(1, 8), 8)
    return made.replace(step_size=2 * share / (point.network.depth * least))


SHAPES = (*("entries",) * 8, "low rank", "zero layer")
SOURCE = Source("Craciun & Ghoshdastidar 2024", "arXiv 2402.13108", "A25")
WHITENED = Assumption("loss_is_whitened", loss_is_whitened, "f = ||W - Phi||_F^2 / 2")
MINIMISER = Assumption("residual_is_zero", residual_is_zero, "W_{n:1} = Phi")
FAMILY = Family("global minimisers", draw)


@claim(
    source=SOURCE,
    family=FAMILY,
    assumptions=[WHITENED, MINIMISER],
    example=example,
    controls=[
        Control("constant 1.01 n", scalar, changes={"constant": Fraction(101, 100)}),
        Control("no minimiser", no_minimiser, drop=("residual_is_zero",)),
        Control("no minimiser, assumption kept", no_minimiser, outcome="vacuous"),
        Control("inputs half as long", short_inputs, drop=("loss_is_whitened",)),
    ],
    proof="proofs.craciun_ghoshdastidar_2024.large_steps_are_unstable",
    formulas={"minimal sharpness": MINIMAL_SHARPNESS},
)
def minimisers_are_at_least_this_sharp(case: Case, *, constant: Any = 1) -> Any:
    """At a global minimiser the largest Hessian eigenvalue is at least n ||Phi||_s^{2-2/n}."""
    return ge(lambda_max(case.initial.hessian), sharpness_bound(case, constant))


@claim(
    source=SOURCE,
    family=FAMILY,
    assumptions=[
        WHITENED,
        MINIMISER,
        Assumption("step_size_is_large", step_size_is_large, "eta > 2 / (n ||Phi||_s^{2-2/n})"),
    ],
    example=example,
    controls=[
        Control(
            "half of the threshold",
            lambda: scalar(step_size="1/48"),
            drop=("step_size_is_large",),
        ),
        Control(
            "half of the threshold, assumption kept",
            lambda: scalar(step_size="1/48"),
            outcome="vacuous",
        ),
        Control("expansion by more than 3", scalar, changes={"expansion": 3}),
        Control(
            "expansion by 10/9, just above the threshold",  # 1 - 48/23 = -1.087
            lambda: scalar(step_size="1/23"),
            changes={"expansion": Fraction(10, 9)},
        ),
        Control("no minimiser", no_minimiser, drop=("residual_is_zero",)),
        Control("inputs half as long", short_inputs, drop=("loss_is_whitened",)),
    ],
    proof="proofs.craciun_ghoshdastidar_2024.large_steps_are_unstable",
    formulas={"threshold": THRESHOLD},
)
def large_steps_are_unstable(case: Case, *, expansion: Any = 1) -> Any:
    """Above the threshold a step of descent expands along some direction at every minimiser."""
    dimension = case.network.dimension
    unit = fixed([[int(i == j) for j in range(dimension)] for i in range(dimension)], "I")
    return lt(lambda_min(unit - case.initial.hessian * case.step_size), -expansion)
