r"""Singular values of a balanced end-to-end matrix move at a rate that vanishes with them.

    sigma_r' = - n (sigma_r^2)^{1-1/n} <grad phi(W), u_r v_r^T>

so that a positive one stays positive, n >= 2.

Source       Arora, Cohen, Hu & Luo 2019, arXiv 1905.13655, Theorem 3; theory A16
Assumptions  balanced; frames that diagonalise W; sigma_r > 0 different from the others, where
             sigma_r' = u_r^T W' v_r; the second part: n >= 2, W square
Checked      the rate of every singular value, exactly, at the start; on the flow, that W stays
             invertible on [0, T]
Not checked  the motion of the singular vectors
See also     preconditioner_spectrum.py
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.catalogue.arora_cohen_hazan_2018.end_to_end_dynamics import velocity
from theorycheck.catalogue.arora_cohen_hazan_2018.preconditioner_spectrum import ORTHOGONAL, column
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    assume,
    claim,
    entry,
    equal,
    gt,
    inner,
    lambda_min,
    norm,
    substitute,
    times,
)  # fmt: skip
from theorycheck.problems import Family, Instance
from theorycheck.problems.aligned import aligned_instance
from theorycheck.problems.choices import Choices

n, sigma, slope, factor = sympy.symbols(r"n \sigma_r g_r c", real=True)

RATE = -factor * (sigma**2) ** (1 - 1 / n) * slope
"""sigma_r', with g_r = <grad phi(W), u_r v_r^T>; c = n in the theorem."""


def singular_values_are_distinct(case: Case) -> Any:
    rows, columns = case.initial.end_to_end.shape
    values = case.singular_values[: min(rows, columns)]
    apart = [gt(norm(a - b), 0) for i, a in enumerate(values) for b in values[:i]]
    return [*apart, *(gt(a, 0) for a in values)]


def example(*, depth: Any = 3, diagonal: Any = ("3/2", 1), horizon: Any = "1/4") -> Instance:
    """Two different singular values, 27/8 and 1."""
    return aligned_instance(
        target=[[2, 1], [0, 1]], diagonal=diagonal, depth=depth, horizon=horizon
    )


def repeated() -> Instance:
    """Two equal singular values, for which the frames are not determined."""
    return example(diagonal=(1, 1))


def draw(choices: Choices) -> Instance:
    """Up to 2 x 3, different singular values."""
    rows, columns = choices.integer(1, 2), choices.integer(1, 3)
    count = min(rows, columns)
    least = choices.integer(1, 3)
    return aligned_instance(
        target=[[choices.integer(-2, 2) for _ in range(columns)] for _ in range(rows)],
        diagonal=[Fraction(least + 2 * i, 4) for i in range(count)],
        depth=choices.integer(1, 4),
        left_slope=choices.fraction(-2, 2, 3),
        right_slope=choices.fraction(-2, 2, 3),
        horizon=Fraction(1, 4),
    )


@claim(
    source=Source("Arora, Cohen, Hu & Luo 2019, Theorem 3", "arXiv 1905.13655", "A16"),
    family=Family("balanced nets with different singular values", draw),
    assumptions=[
        assume.balanced,
        ORTHOGONAL,
        Assumption(
            "singular_values_are_distinct",
            singular_values_are_distinct,
            "the singular values are positive and different",
        ),
    ],
    example=example,
    controls=[
        Control("n - 1 instead of n", example, changes={"constant": 2}),
        Control("equal singular values", repeated, outcome="vacuous"),
    ],
    proof="proofs.arora_cohen_hazan_2018.singular_values_rate",
    formulas={"rate": RATE},
)
def singular_values_rate(case: Case, *, constant: Any = None) -> Any:
    """Each singular value moves by its own power times the gradient between its vectors."""
    depth, view = case.network.depth, case.initial
    rows, columns = view.end_to_end.shape
    relations: list[Any] = []
    for r in range(min(rows, columns)):
        u, v = column(case.left, r, "u"), column(case.right, r, "v")
        values = {
            n: depth,
            sigma: case.singular_values[r],
            slope: inner(view.outer_gradient, u @ v.T),
            factor: depth if constant is None else constant,
        }
        moved = entry(u.T @ velocity(case).at(0) @ v, 0, 0)
        relations.append(equal(moved, substitute(RATE, values)))
    if depth >= 2 and rows == columns:
        product = case.flow.end_to_end
        relations.append(gt(lambda_min(product @ product.T), 0, over=times(0, case.horizon)))
    return relations
