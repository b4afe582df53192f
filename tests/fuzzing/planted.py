"""Wrong claims, one per kind, that a search must find and shrink to the size it fails on."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import theorycheck as tc
from theorycheck.catalogue.arora_cohen_hazan_2018.end_to_end_dynamics import (
    end_to_end_field,
    velocity,
)
from theorycheck.catalogue.deep_linear_curvature.curvature_lower_bounds import (
    curvature_lower_bounds,
)
from theorycheck.claims import Case, Claim


@tc.claim(source="planted", family=tc.families.points(depth=(2, 4), width=(1, 3)))
def curvature_constant_is_too_small(case: Case) -> Any:
    """The Hessian's least eigenvalue is at least -(n - 2) |g| P; true with n - 1."""
    return curvature_lower_bounds.conclusion(case, constant=lambda n: n - 2)


@tc.claim(source="planted", family=tc.families.deep_linear(depth=(2, 4), width=(1, 3)))
def balancedness_is_conserved_by_descent(case: Case) -> Any:
    """Gradient descent conserves the imbalance; true of the flow."""
    return tc.conserved(list(case.descent.imbalances))


@tc.claim(source="planted", family=tc.families.deep_linear(depth=(1, 3), width=(1, 3)))
def loss_halves_in_a_unit_of_time(case: Case) -> Any:
    """The loss falls by half in the first unit of time."""
    return tc.le(2 * case.flow.loss.at(1), case.flow.loss.at(0))


@tc.claim(
    source="planted", family=tc.families.deep_linear(depth=(1, 3), width=(1, 2), start="mixed")
)
def end_to_end_dynamics_without_balance(case: Case) -> Any:
    """The end-to-end matrix follows its preconditioned flow; true of balanced starts."""
    return tc.equal(velocity(case), end_to_end_field(case), over=tc.times(0, case.horizon))


@tc.claim(source="planted", family=tc.families.points(depth=(1, 3), width=(1, 3)))
def product_has_one_large_singular_value(case: Case) -> Any:
    """|W|_F^2 <= 1.99 |W|_s^2, which fails where the largest singular value is repeated."""
    product = case.initial.end_to_end
    spectral = tc.lambda_max(product @ product.T)
    return tc.le(tc.frobenius_squared(product), Fraction(199, 100) * spectral)


@tc.claim(source="planted", family=tc.families.points(depth=(1, 4), width=(1, 3)))
def scalar_nets_of_depth_four_are_small(case: Case) -> Any:
    """A bound with so much room that only nets of depth 4 and width 1 exceed it."""
    network = case.network
    room = 1000 * (4 - network.depth) + 1000 * (max(network.widths) - 1)
    return tc.le(tc.frobenius_squared(case.initial.end_to_end), Fraction(1, 2) + room)


PLANTED: list[tuple[Claim, int, int]] = [
    (curvature_constant_is_too_small, 2, 1),
    (balancedness_is_conserved_by_descent, 2, 1),
    (loss_halves_in_a_unit_of_time, 1, 1),
    (end_to_end_dynamics_without_balance, 2, 1),
    (product_has_one_large_singular_value, 1, 2),
    (scalar_nets_of_depth_four_are_small, 4, 1),
]
"""Claims with the least depth and width they fail on."""
