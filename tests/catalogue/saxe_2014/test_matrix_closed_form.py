"""Two balanced layers: the printed vector of theory A18, and what the formula says off balance."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import sympy

import theorycheck as tc
from tests.catalogue.enclose import Case, agrees, enclose
from theorycheck.catalogue.saxe_2014 import matrix_closed_form as claim_file
from theorycheck.claims import time

HALF = sympy.Rational(1, 2)
W_11, W_12 = "1.2068899735397758713008793543", "0.731523087121104180203225871687"


def printed_net() -> tc.Instance:
    half = [["1/2", 0], [0, "1/2"]]
    return tc.deep_linear_instance(target=[[2, 1], [1, 2]], weights=[half, half], horizon="1/2")


def test_flow_meets_the_printed_vector() -> None:
    product = Case(printed_net()).flow.end_to_end

    for column, printed in enumerate((W_11, W_12)):
        assert agrees(enclose(product[0, column].at(HALF), printed_net()), printed)


def test_closed_form_meets_the_printed_vector() -> None:
    root = 1 / sympy.sqrt(2)
    frame = [[root, -root], [root, root]]
    instance = printed_net()
    case = SimpleNamespace(
        target_left=frame, target_right=frame, strengths=[3, 1],
        network=instance.network, start=instance.start,
    )  # fmt: skip
    top, bottom = claim_file.closed_form(case)

    for column, printed in enumerate((W_11, W_12)):
        entry = (top[2, column] / bottom).subs(time, HALF)
        assert agrees(enclose(entry, instance), printed)


@pytest.mark.parametrize(("which", "printed"), [("formula", "0.76733"), ("flow", "0.81845")])
def test_formula_is_wrong_without_balance(which: str, printed: str) -> None:
    instance = claim_file.scalars()
    top, bottom = claim_file.closed_form(Case(instance))
    formula = (top[1, 0] / bottom).subs(time, 1)
    flow = Case(instance).flow.end_to_end[0, 0].at(1)

    assert agrees(enclose(formula if which == "formula" else flow, instance), printed)


def test_singular_target_holds() -> None:
    instance = claim_file.drawn(["1/2", "1/3"], [2, 0], ("1/2", 0, "1/3", "2/3"))

    assert tc.check(claim_file.matrix_closed_form, instance).verdict is tc.HOLDS
