r"""Nesterov's ODE with friction alpha / t, alpha >= 2, brings the pseudo-loss down like t^{-2}.

    g(D(t)) <= (alpha - 1)^2 |D(0)|^2 / (2 t^2),      g(D) = D^T H D / 2

because E = (2 t^2 / (alpha - 1)) g + (alpha - 1) |D + t D' / (alpha - 1)|^2 does not increase.

Source       Su, Boyd & Candes 2016 for convex functions and alpha >= 3; quadratics: theory B15a
Assumptions  alpha >= 2
Checked      for all times of [0, horizon], both sides times 2 t^2; H may be singular
Not checked  the energy's monotonicity by itself
"""

from __future__ import annotations

from typing import Any

import sympy

from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    frobenius_squared,
    ge,
    le,
    time,
    times,
)  # fmt: skip
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.kernel_instances import draw_model, three_inputs


def friction_is_at_least_two(case: Case) -> Any:
    return ge(case.friction, 2)


def example(*, friction: Any = 3, horizon: Any = 10) -> Instance:
    return three_inputs(friction=friction, horizon=horizon)


def draw(choices: Choices) -> Instance:
    return draw_model(choices).replace(friction=choices.fraction(2, 6, 2))


@claim(
    source=Source("Su, Boyd & Candes 2016, on the pseudo-loss", "arXiv 1503.01243", "B15a"),
    family=Family("Nesterov's ODE with any friction", draw),
    assumptions=[Assumption("friction_is_at_least_two", friction_is_at_least_two, "alpha >= 2")],
    example=example,
    controls=[
        Control("a fifth of the bound", lambda: example(horizon=20), changes={"factor": "1/5"}),
        Control("friction 1", lambda: example(friction=1), outcome="vacuous"),
        Control(
            "friction 1, assumption dropped",
            lambda: example(friction=1, horizon=20),
            drop=("friction_is_at_least_two",),
        ),
    ],
)
def pseudo_loss_is_at_most_quadratic(case: Case, *, factor: Any = 1) -> Any:
    """The pseudo-loss of Nesterov's ODE decays at least like t^{-2}."""
    alpha = sympy.Rational(case.friction)
    scaled = 2 * time**2 * case.kernel.nesterov(alpha).pseudo_loss
    bound = sympy.Rational(factor) * (alpha - 1) ** 2 * frobenius_squared(case.kernel.start)
    return le(scaled, bound, over=times(0, case.horizon))
