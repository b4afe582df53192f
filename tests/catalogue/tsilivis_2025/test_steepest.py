"""Printed vector TV8, and the Fenchel gap by its definition."""

from __future__ import annotations

import pytest
import sympy

from tests.catalogue.enclose import agrees, enclose
from theorycheck.catalogue.lyu_li_2020.smoothed_margin_grows import plane
from theorycheck.catalogue.tsilivis_2025.steepest_descent_margins import (
    FENCHEL_GAP,
    GROWTH,
    cosine,
    length,
    order,
    speed,
    values,
)
from theorycheck.claims import Case, exp, substitute

# the steepest direction is (1, 1) for linf, whose norm has the gradient (0, 1) at (1, 2); it is
# (1, 0) for l1, whose norm has the gradient (1, 1): kappa = 1 in both
PRINTED = {
    "linf": ("0.63447071068499756037442037908908", "0.48115315990738154163509669403895"),
    "l1": ("0.57858629411429488106368251344097", "0.26899492252510444417114440168024"),
}


@pytest.mark.parametrize("norm", PRINTED)
def test_alignment_and_growth_have_the_printed_digits(norm: str) -> None:
    case = Case(plane())
    m = case.initial.margins
    given = values(m, norm, 1)
    alignment, growth = PRINTED[norm]
    per_time = substitute(GROWTH, given) * exp(-m.alpha)  # lambda = Lambda = e^{-alpha}

    assert agrees(enclose(given[cosine], case.instance), alignment)
    assert agrees(enclose(per_time, case.instance), growth)


def test_fenchel_gap_is_that_of_half_the_squared_norm() -> None:
    nu = sympy.Symbol("nu", positive=True)
    dual = length / speed * speed  # N*(s) with s = u N / G
    gap = length**2 / 2 + dual**2 / 2 - order * nu * length / speed

    assert sympy.cancel(gap - FENCHEL_GAP.subs(cosine, order * nu / (speed * length))) == 0
