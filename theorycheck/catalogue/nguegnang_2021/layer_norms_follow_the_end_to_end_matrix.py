r"""Layers of a nearly balanced net are no larger than a root of the end-to-end matrix, plus drift.

    x = max_j ||W_j||_s^2,   M = ||W_{n:1}||_s,   delta = max_j ||D_j||_s
    M^2 >= prod_{j=0}^{n-1} (x - j delta)_+          (the same with ||W_1||_s^2 or ||W_n||_s^2)
    x   <= M^{2/n} + (n - 1) delta
    ||W_{n:1}^T W_{n:1} - (W_1^T W_1)^n||_s <= n (n-1)/2 delta x^{n-1}
    balanced:  W_{n:1}^T W_{n:1} = (W_1^T W_1)^n,  so that ||W_j||_s = M^{1/n} for every j

Source       improves the constant of Nguegnang, Rauhut & Terstiege 2021; theory A11 a-e
Assumptions  none; balance for the last line
Checked      at the given point; the last line as words, for all balanced nets of these widths
Not checked  that n - 1 is the best constant: the scalar net (1, 0) attains it for n = 2
See also     catalogue/du_hu_lee_2018/balancedness.py: delta is conserved by the flow
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial, reduce
from math import prod
from typing import Any

import sympy

from theorycheck.claims import (
    Case,
    Control,
    Source,
    assume,
    claim,
    equal,
    le,
    maximum,
    spectral_norm,
    substitute,
)  # fmt: skip
from theorycheck.problems import Instance, deep_linear_instance, families

n, product, imbalance, largest, factor = sympy.symbols(r"n M \delta x c", nonnegative=True)

LARGEST_LAYER = product ** (2 / n) + factor * (n - 1) * imbalance
"""Upper bound of x; c = 1."""

GRAM_DEFECT = factor * n * (n - 1) / 2 * imbalance * largest ** (n - 1)
"""Distance of the Gram matrix of the product from a power of the first layer's; c = 1."""


def squared_norms(case: Case) -> list[Any]:
    return [spectral_norm(w) ** 2 for w in case.initial.layers]


def delta(case: Case) -> Any:
    """The largest imbalance; 0 at depth one."""
    imbalances = case.initial.imbalances
    return maximum(spectral_norm(d) for d in imbalances) if imbalances else 0


def falling_product(start: Any, drop: Any, count: int) -> Any:
    """prod_{j=0}^{n-1} (x - j delta)_+."""
    return prod((maximum([start - j * drop, 0]) for j in range(1, count)), start=start)


def values(case: Case, constant: Any) -> dict[sympy.Expr, Any]:
    return {
        n: case.network.depth,
        product: spectral_norm(case.initial.end_to_end),
        imbalance: delta(case),
        largest: maximum(squared_norms(case)),
        factor: constant,
    }


def example(*, depth: Any = 3, width: Any = 2, seed: Any = 5) -> Instance:
    """Random layers, not balanced."""
    return deep_linear_instance(
        target=[[1, 0], [0, 1]], depth=depth, width=width, start="random", scale=1, seed=seed
    )


def nearly_balanced() -> Instance:
    """Layers of norms near 2 and of small imbalance."""
    return deep_linear_instance(
        target=[[1, 0], [0, 1]],
        weights=[[[2, 0], [0, 1]], [["33/16", 0], ["1/16", 1]], [["31/16", "1/16"], [0, 1]]],
    )


def scalar(first: Any = 2, second: Any = 1) -> Instance:
    """W_1 = 2, W_2 = 1: delta = 3, x = 4, M = 2, an equality case of the product (A11 vector)."""
    return deep_linear_instance(target=[[1]], weights=[[[first]], [[second]]])


def balanced(*, depth: Any = 3, width: Any = 3, seed: Any = 1) -> Instance:
    return deep_linear_instance(
        target=[[1, 0], [0, 1]], depth=depth, width=width, scale="3/2", seed=seed
    )


SOURCE = Source("Nguegnang, Rauhut & Terstiege 2021, sharpened", "arXiv 2108.02040", "A11")
FAMILY = families.points(depth=(1, 4), width=(1, 3), start="any")
ON_DATA = partial(deep_linear_instance, depth=3, start="random", scale="1/2")


@claim(
    source=SOURCE,
    family=FAMILY,
    example=nearly_balanced,
    on_data=ON_DATA,
    controls=[
        Control("half of the drift", scalar, changes={"share": Fraction(1, 2)}),
        Control("0.99 of the drift", scalar, changes={"share": Fraction(99, 100)}),
    ],
)
def end_to_end_norm_is_at_least_a_falling_product(case: Case, *, share: Any = 1) -> Any:
    """The end-to-end norm squared is at least the product of falling layer norms squared."""
    count, squares, drop = case.network.depth, squared_norms(case), share * delta(case)
    starts = [maximum(squares), squares[0], squares[-1]]
    whole = spectral_norm(case.initial.end_to_end) ** 2
    return [le(falling_product(start, drop, count), whole) for start in starts]


@claim(
    source=SOURCE,
    family=FAMILY,
    example=example,
    on_data=ON_DATA,
    controls=[
        Control("n - 2 in place of n - 1", lambda: scalar(1, 0), changes={"constant": 0}),
        Control("0.99 (n - 1)", lambda: scalar(1, 0), changes={"constant": Fraction(99, 100)}),
    ],
    formulas={"largest layer": LARGEST_LAYER},
)
def layer_norms_follow_the_end_to_end_matrix(case: Case, *, constant: Any = 1) -> Any:
    """No layer's squared norm exceeds M^{2/n} + (n - 1) delta."""
    given = values(case, constant)
    return le(given[largest], substitute(LARGEST_LAYER, given))


@claim(
    source=SOURCE,
    family=FAMILY,
    example=nearly_balanced,
    on_data=ON_DATA,
    controls=[Control("0.99 of the bound", scalar, changes={"constant": Fraction(99, 100)})],
    formulas={"Gram defect": GRAM_DEFECT},
)
def gram_matrix_is_nearly_a_power_of_the_first_layer(case: Case, *, constant: Any = 1) -> Any:
    """W_{n:1}^T W_{n:1} differs from (W_1^T W_1)^n by at most n (n-1)/2 delta x^{n-1}."""
    whole, first = case.initial.end_to_end, case.initial.layer(1)
    power = reduce(lambda a, b: a @ b, [first.T @ first] * case.network.depth)
    bound = substitute(GRAM_DEFECT, values(case, constant))
    return le(spectral_norm(whole.T @ whole - power), bound)


@claim(
    source=SOURCE,
    family=families.points(depth=(1, 4), width=(1, 3), start="balanced"),
    assumptions=[assume.balanced],
    example=balanced,
    on_data=partial(deep_linear_instance, depth=3, scale="1/2"),
    controls=[
        Control("not balanced", nearly_balanced, outcome="vacuous"),
        Control("not balanced, assumption dropped", nearly_balanced, drop=("balanced",)),
        Control("power n - 1", balanced, changes={"missing": 1}),
    ],
)
def balanced_layers_are_roots_of_the_end_to_end_matrix(case: Case, *, missing: int = 0) -> Any:
    """For a balanced net the end-to-end Gram matrices are powers of those of the end layers."""
    count, whole = case.network.depth - missing, case.initial.end_to_end
    first, last = case.initial.layer(1), case.initial.layer(case.network.depth)
    right = reduce(lambda a, b: a @ b, [first.T @ first] * count)
    left = reduce(lambda a, b: a @ b, [last @ last.T] * count)
    return [equal(whole.T @ whole, right), equal(whole @ whole.T, left)]
