"""Printed vector TV10."""

from __future__ import annotations

from tests.catalogue.enclose import agrees, enclose
from theorycheck.catalogue.cai_2025.near_homogeneous_margin import details, scalar
from theorycheck.claims import Case

TV10 = {
    "margin q_1": "65.002683250983166150652591278848",
    "Euler defect of sample 1": "-1.0241456593330207493008042599131",
    "bound of the defect": "19.230455308700152396704030754448",
    "phi": "45.7722279422830137539485605244",
    "phi / rho^2": "0.35482347242079855623215938391008",
    "d/ds log(phi / rho^2)": "0.39770106597014031185094053568546",
    "its lower bound": "9.9976466391569415963947988581775e-8",
}


def test_all_quantities_have_the_printed_digits() -> None:
    case = Case(scalar())
    named = details(case)

    assert {
        name for name in TV10 if agrees(enclose(named[name], case.instance), TV10[name])
    } == set(TV10)
