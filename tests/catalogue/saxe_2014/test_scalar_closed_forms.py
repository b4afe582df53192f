"""Times of scalar nets of other depths, against the printed vectors of theory A17."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

import theorycheck as tc
from tests.catalogue.enclose import Case, agrees, enclose
from theorycheck.catalogue.saxe_2014 import (
    infinite_depth_has_a_closed_time as infinite,
    scalar_closed_forms as claim_file,
    unbalanced_closed_form as unbalanced,
)
from theorycheck.claims import time
from theorycheck.symbolic.derivations import scalar_modes as modes

Q = sympy.Rational
TENTH, MOST = Q(1, 10), Q(9, 10)
DEPTH_THREE = "9.53281192661214463833024704475"
DEPTH_FOUR = "50.1755540225593871784387602486"


def between(formula: sympy.Expr, variable: sympy.Expr, low: Any, high: Any) -> sympy.Expr:
    return formula.xreplace({variable: high}) - formula.xreplace({variable: low})


def quadrature(depth: int, low: Any, high: Any) -> sympy.Expr:
    values = {claim_file.n: sympy.Integer(depth), claim_file.s: sympy.S.One}
    return claim_file.TIME.xreplace({**values, claim_file.lower: low, claim_file.upper: high})


@pytest.mark.parametrize(
    ("time_taken", "printed"),
    [
        (
            between(modes.TIME_AT_DEPTH_THREE.subs(modes.root, 1), modes.layer, TENTH, MOST),
            DEPTH_THREE,
        ),
        (quadrature(3, TENTH, MOST), DEPTH_THREE),
        (
            between(modes.TIME_AT_DEPTH_FOUR.subs(modes.s, 1), modes.r, Q(1, 100), MOST),
            DEPTH_FOUR,
        ),
        (quadrature(4, TENTH, sympy.sqrt(MOST)), DEPTH_FOUR),
        (
            infinite.TIME.xreplace(
                {modes.w: MOST, modes.s: sympy.S.One, modes.start: Q(1, 100)}
            ),
            "105.681233316359698198531813415",
        ),
    ],
)  # fmt: skip
def test_time_meets_the_printed_vector(time_taken: sympy.Expr, printed: str) -> None:
    assert agrees(enclose(time_taken, claim_file.scalar_net()), printed)


def test_depth_one_meets_the_printed_vector() -> None:
    values = {claim_file.s: 1, claim_file.start: Q(1, 100), claim_file.rate: 1, time: 3}
    curve = claim_file.EXPONENTIAL.xreplace({k: sympy.sympify(v) for k, v in values.items()})

    assert agrees(enclose(curve, claim_file.scalar_net()), "0.950710802315814696450451008506")


def test_unbalanced_curve_meets_the_printed_vectors() -> None:
    values = {modes.s: 1, modes.c: 1, modes.initial: 1, modes.R: sympy.sqrt(5), modes.t: 1}
    Y = unbalanced.CURVE.xreplace({k: sympy.sympify(v) for k, v in values.items()})
    at = {modes.c: sympy.S.One, modes.Y: Y, modes.sign: sympy.S.One}
    instance = unbalanced.example()

    for formula, printed in (
        (modes.PRODUCT, "0.737849737646739211381878843288"),
        (modes.LARGER, "1.17953536267017171634008577998"),
        (modes.SMALLER, "0.6255427018113579754338442487"),
    ):
        assert agrees(enclose(formula.xreplace(at), instance), printed)


def test_flow_of_depth_three_is_where_its_time_says() -> None:
    instance = claim_file.scalar_net(horizon=10, root=1)
    layer = Case(instance).flow.layer(1)[0, 0]
    taken = between(modes.TIME_AT_DEPTH_THREE.subs(modes.root, 1), modes.layer, TENTH, MOST)
    ball = enclose(layer.at(taken), instance, bits=128)

    assert ball.lower <= MOST <= ball.upper
    assert ball.radius < Q(1, 10**25)


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5, 8])
def test_quadrature_holds_at_every_depth(depth: int) -> None:
    instance = claim_file.scalar_net(depth=depth, layer="1/2", horizon=1)

    assert tc.check(claim_file.every_depth_has_a_time_by_quadrature, instance).verdict is tc.HOLDS
