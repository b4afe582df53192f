"""Upper bounds of curvature, against hand-computed equality cases of theory A7."""

from __future__ import annotations

import theorycheck as tc
from tests.catalogue.enclose import Case, agrees, enclose
from theorycheck.catalogue.deep_linear_curvature import (
    curvature_upper_bounds as stated,
    hessian_quadratic_form as form,
)


def test_equal_scalar_layers_attain_the_bounds() -> None:
    instance = stated.equal_scalars()  # W = 4, g = 3: lambda_max = 4 + |2 * 4 - 1| = 11 = 8 + 3
    case = Case(instance)
    _, first, second, _ = stated.bounds(case, stated.layer_norms(case), 0, 1)

    assert enclose(tc.lambda_max(case.initial.hessian), instance).contains(11)
    assert enclose(first, instance).contains(11)
    assert enclose(second, instance).contains(11)


def test_attained_bounds_are_touching_or_hold() -> None:
    judgement = tc.check(stated.curvature_upper_bounds, stated.equal_scalars())

    assert judgement.verdict is tc.HOLDS or judgement.touching


def test_bounds_lie_above_the_printed_eigenvalue() -> None:
    instance = form.example()
    case = Case(instance)
    _, first, second, _ = stated.bounds(case, stated.layer_norms(case), 0, 1)
    top = enclose(tc.lambda_max(case.initial.hessian), instance)

    assert agrees(top, "33.86906617186014910279861")
    assert top.upper < enclose(first, instance).lower < enclose(second, instance).lower


def test_ball_bounds_are_attained_at_depth_one() -> None:
    # phi = (w - 1)^2 / 2 from w = 2 to 3: gradient 2 = 1 + 1, norm 3 = 2 + 1
    judgement = tc.check(stated.curvature_bounds_on_a_ball, stated.stretched())

    assert judgement.verdict is tc.HOLDS
    assert judgement.margin is not None
    assert judgement.margin.contains(0)
