r"""The second derivative of a deep linear net's loss in any direction, in closed form.

    Hess f(theta)[D, D] = Hess phi(W)[W', W']
                          + 2 sum_{j<j'} <g, W_{n:j'+1} D_{j'} W_{j'-1:j+1} D_j W_{j-1:1}>

with W' = sum_j W_{n:j+1} D_j W_{j-1:1} and g = grad phi(W).

Source       product rule; theory A5
Assumptions  square loss
Checked      D^T H D for the assembled Hessian H against the formula, exactly, for given D
Not checked  -
See also     curvature_lower_bounds.py, which bounds this form
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.claims import Case, Control, Source, assume, claim, constant, equal, inner
from theorycheck.problems import Family, Instance, deep_linear_instance, families
from theorycheck.problems.choices import Choices
from theorycheck.problems.spoiled import with_exponential_loss

FIRST, SECOND = sympy.symbols("Q_1 Q_2")
cross_weight = sympy.Symbol("c")
QUADRATIC_FORM = FIRST + cross_weight * SECOND
"""Gauss-Newton part plus c times the sum over pairs of layers; c = 2."""


def directions(case: Case) -> list[Any]:
    """The direction D as one matrix per layer."""
    blocks = case.network.layers(case.direction)
    return [constant(block, rf"\Delta_{{{j}}}") for j, block in enumerate(blocks, start=1)]


def first_variation(case: Case, delta: list[Any]) -> Any:
    """W' = sum_j W_{n:j+1} D_j W_{j-1:1}."""
    point, depth = case.initial, case.network.depth
    total = None
    for j in range(1, depth + 1):
        term = point.product(depth, j + 1) @ delta[j - 1] @ point.product(j - 1, 1)
        total = term if total is None else total + term
    return total


def pair_sum(case: Case, delta: list[Any]) -> Any:
    """sum_{j<j'} <g, W_{n:j'+1} D_{j'} W_{j'-1:j+1} D_j W_{j-1:1}>."""
    point, depth = case.initial, case.network.depth
    total: Any = 0
    for k in range(2, depth + 1):
        for j in range(1, k):
            word = (
                point.product(depth, k + 1) @ delta[k - 1] @ point.product(k - 1, j + 1)
                @ delta[j - 1] @ point.product(j - 1, 1)
            )  # fmt: skip
            total = inner(point.outer_gradient, word) + total
    return total


def example() -> Instance:
    """The net of theory A5's vector: W = 3, g = 2."""
    return deep_linear_instance(
        target=[[1]],
        weights=[[[1], [2]], [[1, -1], [0, 2]], [[1, 1]]],
        direction=[1, -1, 2, 0, 1, "1/2", -1, 3],
    )


def draw(choices: Choices) -> Instance:
    point = families.draw_point(choices, depth=(1, 4), width=(1, 3))
    size = point.network.dimension
    return point.replace(direction=[choices.fraction(-2, 2, 2) for _ in range(size)])


@claim(
    source=Source("product rule for W_n ... W_1", "", "A5"),
    family=Family("point and direction", draw),
    assumptions=[assume.square_loss],
    example=example,
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
        Control("pairs counted once", example, changes={"weight": Fraction(1)}),
    ],
    formulas={"quadratic form": QUADRATIC_FORM},
    proof="proofs.deep_linear_curvature.hessian_quadratic_form",
)
def hessian_quadratic_form(case: Case, *, weight: Fraction = Fraction(2)) -> Any:
    """The Hessian form is the Gauss-Newton part plus twice the sum over pairs of layers."""
    delta = directions(case)
    direction = constant([[x] for x in case.direction], r"\Delta")
    velocity = first_variation(case, delta)
    gauss_newton = inner(velocity @ constant(case.loss.gram, "A"), velocity)
    formula = QUADRATIC_FORM.xreplace(
        {FIRST: gauss_newton.expression, SECOND: _expression(pair_sum(case, delta)),
         cross_weight: sympy.Rational(weight.numerator, weight.denominator)}
    )  # fmt: skip
    return equal(inner(direction, case.initial.hessian @ direction), formula)


def _expression(value: Any) -> sympy.Expr:
    from theorycheck.claims import expression_of

    return expression_of(value)
