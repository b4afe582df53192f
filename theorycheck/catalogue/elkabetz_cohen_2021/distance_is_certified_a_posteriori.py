r"""The distance between descent and flow is bounded from the iterates alone, step by step.

    ||theta_k - theta(k eta)|| <= E_k,   E_0 = e_0,   E_{k+1} = e^{m_k eta} E_k + h_k psi(m_k, eta)

with m_k >= -lambda_min of the Hessian on a hull of step k that holds descent and flow, and
h_k >= ||Hess f(v(s)) grad f(theta_k)|| along the step. No flow is needed to evaluate the bound.

Source       fundamental lemma (Hairer, Norsett & Wanner I.10) on GD's interpolant; theory A1, A2.d
Assumptions  none beyond the certified m_k and h_k, whose hulls are verified strictly
Checked      every iterate, against an enclosure of the true flow
Not checked  nothing is left out: the bound holds for the exact iterates and the exact flow
See also     descent_tracks_flow.py, which pays sup beta * sup gamma over the whole horizon
"""

from __future__ import annotations

from functools import partial
from typing import Any

import sympy

from theorycheck.catalogue.elkabetz_cohen_2021.descent_tracks_flow import (
    example as near_identity,
    gap_at_start,
    last_step,
    tracking_error,
)  # fmt: skip
from theorycheck.claims import (
    Case,
    Control,
    Source,
    claim,
    le,
    recurrence,
    steps,
    substitute,
    supremum,
)
from theorycheck.problems import Instance, Objective, deep_linear_instance, families
from theorycheck.symbolic.functions import psi

m, eta, defect, previous, share = sympy.symbols(r"m_k \eta h_k E_k c", real=True)

NEXT_BOUND = sympy.exp(m * eta) * previous + share * defect * psi(m, eta)
"""E_{k+1} from E_k; c = 1 in the theorem."""


def certificate(case: Case, constant: Any = 1) -> Any:
    """The sequence E_k of the instance."""
    gap = gap_at_start(case)
    return recurrence(
        start=gap,
        next=lambda before: substitute(
            NEXT_BOUND,
            {
                m: case.descent.step_bound("m", gap),
                eta: case.step_size,
                defect: case.descent.step_bound("h", gap),
                previous: before,
                share: constant,
            },
        ),
    )


def example(*, horizon: Any = 2, step_size: Any = "2^-8", **settings: Any) -> Instance:
    """The net of `descent_tracks_flow`, at a coarser step."""
    return near_identity(horizon=horizon, step_size=step_size, **settings)


def equality_case(*, step_size: Any = "1/64", horizon: Any = 1) -> Instance:
    """F = -x^2 / 2 from x_0 = 1: the bound is attained (theory A2, test vector)."""
    x = sympy.Symbol("x")
    return Instance(
        objective=Objective.from_sympy(-(x**2) / 2, variables=[x]),
        start=[1],
        step_size=step_size,
        horizon=horizon,
    )


def details(case: Case) -> dict[str, Any]:
    """The true distance and its bound at the end of the horizon."""
    last = last_step(case)
    bound, true = certificate(case).at(last), tracking_error(case)
    return {
        "certificate E_K": bound,
        "true distance at K": true.at(last),
        "E_K / true distance at K": bound / true.at(last),
        "largest true distance": supremum(true, steps(0, last)),
    }


@claim(
    source=Source(
        "Hairer, Norsett & Wanner, Theorem I.10.6, on the descent interpolant", "", "A2.d"
    ),
    family=families.tracking(),
    example=example,
    on_data=partial(deep_linear_instance, depth=2, scale="1/2", horizon="1/8", step_size="2^-9"),
    controls=[
        Control("half of the defect", equality_case, changes={"constant": sympy.Rational(1, 2)}),
        Control("0.99 of the defect", equality_case, changes={"constant": sympy.Rational(99, 100)}),
    ],
    details=details,
    proof="proofs.elkabetz_cohen_2021.distance_is_certified_a_posteriori",
    formulas={"next bound": NEXT_BOUND},
)
def distance_is_certified_a_posteriori(case: Case, *, constant: Any = 1) -> Any:
    """The distance between descent and flow stays below the a-posteriori certificate."""
    return le(tracking_error(case), certificate(case, constant), over=steps(0, last_step(case)))
