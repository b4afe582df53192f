r"""Four lower bounds of the Hessian's least eigenvalue, each weaker and cheaper than the last.

    lambda_min(Hess f) >= -lambda_max(K^part) >= -lambda_max(K)
                       >= -(n-1) ||g||_s max_J prod_{l in J} ||W_l||_s
                       >= -(n-1) ||g||_F max_J prod_{l in J} ||W_l||_s,      |J| = n - 2

K and K^part are n x n with zero diagonal, K_{jj'} = ||g||_s prod_{l != j,j'} ||W_l||_s and
K^part_{jj'} = ||W_{j-1:1} g^T W_{n:j'+1}||_s ||W_{j'-1:j+1}||_s for j < j'.

Source       Elkabetz & Cohen 2021, curvature lemma (last form); the chain: theory A6
Assumptions  phi convex (the square loss is); n >= 2
Checked      at the given point, all four
Not checked  -; scalar nets with equal weights attain equality: there the verdict is touching
See also     curvature_is_unbounded_below.py
"""

from __future__ import annotations

from functools import partial
from itertools import combinations, pairwise
from math import prod
from typing import Any

import sympy

from theorycheck.claims import (
    AbstractMatrix,
    Case,
    Control,
    FromScalars,
    Source,
    assume,
    claim,
    expression_of,
    ge,
    lambda_max,
    lambda_min,
    maximum,
    norm,
    spectral_norm,
    substitute,
)  # fmt: skip
from theorycheck.problems import Instance, deep_linear_instance, families

count, outer, largest = sympy.symbols(r"c \|g\| P", nonnegative=True)

WORST_PRODUCT_BOUND = -count * outer * largest
"""c = n - 1, P the largest product of n - 2 layer norms."""


def layer_norms(case: Case) -> list[Any]:
    return [spectral_norm(w) for w in case.initial.layers]


def zero_diagonal(entries: dict[tuple[int, int], Any], size: int) -> AbstractMatrix:
    """The symmetric n x n matrix with the given entries above a zero diagonal."""
    return FromScalars(
        tuple(
            tuple(
                sympy.S.Zero if i == j else expression_of(entries[min(i, j), max(i, j)])
                for j in range(size)
            )
            for i in range(size)
        )
    )


def norm_matrix(case: Case) -> AbstractMatrix:
    """K."""
    norms, gradient = layer_norms(case), spectral_norm(case.initial.outer_gradient)
    pairs = combinations(range(len(norms)), 2)
    return zero_diagonal(
        {(i, j): gradient * prod([w for k, w in enumerate(norms) if k not in (i, j)], start=1)
         for i, j in pairs},
        len(norms),
    )  # fmt: skip


def partial_norm_matrix(case: Case) -> AbstractMatrix:
    """K^part: norms of the products that occur, not products of norms."""
    point, depth = case.initial, case.network.depth
    entries = {}
    for j, k in combinations(range(1, depth + 1), 2):
        around = point.product(j - 1, 1) @ point.outer_gradient.T @ point.product(depth, k + 1)
        entries[j - 1, k - 1] = spectral_norm(around) * spectral_norm(point.product(k - 1, j + 1))
    return zero_diagonal(entries, depth)


def example(*, seed: Any = 3, depth: Any = 3, width: Any = 2) -> Instance:
    """A random net with two outputs, so that all four bounds differ."""
    return deep_linear_instance(
        target=[[1, 2, 0], [0, 1, -1]], depth=depth, width=width, start="random", scale=2, seed=seed
    )


def equality_instance(depth: int = 3) -> Instance:
    """A scalar net with equal weights c = 1 on phi with large negative slope: nearly attained."""
    return deep_linear_instance(target=[[1000]], weights=[[[1]]] * depth)


@claim(
    source=Source("Elkabetz & Cohen 2021, curvature of deep linear nets", "arXiv 2107.06608", "A6"),
    family=families.points(depth=(2, 4), width=(1, 3)),
    assumptions=[assume.depth_at_least(2)],
    example=example,
    on_data=partial(deep_linear_instance, depth=3, start="random", scale="1/2"),
    controls=[
        Control(
            "n - 2 in place of n - 1", equality_instance, changes={"constant": lambda n: n - 2}
        ),
        Control(
            "0.99 (n - 1) in place of n - 1",
            equality_instance,
            changes={"constant": lambda n: sympy.Rational(99, 100) * (n - 1)},
        ),
    ],
    formulas={"last bound": WORST_PRODUCT_BOUND},
    proof="proofs.deep_linear_curvature.curvature_lower_bounds",
    survives={"depth_at_least_2: dropped": "depth 1 has no products of n - 2 layers to speak of"},
)
def curvature_lower_bounds(case: Case, *, constant: Any = lambda n: n - 1) -> Any:
    """The Hessian's least eigenvalue lies above a chain of bounds in the layers' norms."""
    depth, norms = case.network.depth, layer_norms(case)
    worst = maximum(prod(choice, start=1) for choice in combinations(norms, depth - 2))
    values = {count: constant(depth), largest: worst}
    gradient = case.initial.outer_gradient
    bounds = [
        lambda_min(case.initial.hessian),
        -lambda_max(partial_norm_matrix(case)),
        -lambda_max(norm_matrix(case)),
        substitute(WORST_PRODUCT_BOUND, {**values, outer: spectral_norm(gradient)}),
        substitute(WORST_PRODUCT_BOUND, {**values, outer: norm(gradient)}),
    ]
    chain = [ge(high, low) for high, low in pairwise(bounds)]
    return [*chain, *(ge(bounds[0], low) for low in bounds[2:])]
