"""Hessian and curvature bounds, against the printed vectors of theory A5 and A6."""

from __future__ import annotations

from itertools import combinations
from math import prod

import theorycheck as tc
from tests.catalogue.enclose import Case, agrees, enclose
from theorycheck.catalogue.deep_linear_curvature import (
    curvature_lower_bounds as bounds,
    hessian_quadratic_form as form,
)

VECTOR = form.example()


def test_least_eigenvalue_meets_the_printed_vector() -> None:
    hessian = Case(VECTOR).initial.hessian

    assert agrees(enclose(tc.lambda_min(hessian), VECTOR), "-4.654373892244968003662535")
    assert agrees(enclose(tc.lambda_max(hessian), VECTOR), "33.86906617186014910279861")


def test_norm_matrix_bound_meets_the_printed_vector() -> None:
    case = Case(VECTOR)
    bound = -tc.lambda_max(bounds.norm_matrix(case))

    assert agrees(enclose(bound, VECTOR), "-7.96718378566918480446179715706")


def test_worst_product_bound_meets_the_printed_vector() -> None:
    case = Case(VECTOR)
    worst = tc.maximum(prod(c, start=1) for c in combinations(bounds.layer_norms(case), 1))
    bound = -2 * worst * tc.norm(case.initial.outer_gradient)

    assert agrees(enclose(bound, VECTOR), "-9.15298244508294876160116453728")


def test_equal_scalar_layers_have_curvature_3_plus_2g() -> None:
    instance = bounds.equality_instance()  # w = 1, g = -999: eigenvalue 3 (1 + g) - g = 3 + 2 g
    ball = enclose(tc.lambda_min(Case(instance).initial.hessian), instance)

    assert ball.contains(-1995)


def test_depth_two_chain_is_decided_by_structure() -> None:
    instance = bounds.example(depth=2)
    judgement = tc.check(bounds.curvature_lower_bounds, instance)

    assert judgement.verdict is tc.HOLDS


def test_constant_n_minus_2_is_caught() -> None:
    control = bounds.curvature_lower_bounds.controls[0]
    spoiled = bounds.curvature_lower_bounds.spoiled(control)

    assert tc.check(spoiled, control.stored_instance()).verdict is tc.VIOLATED
