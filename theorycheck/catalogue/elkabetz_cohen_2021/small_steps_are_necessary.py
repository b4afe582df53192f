r"""On a concave quadratic descent leaves the flow unless the step is exponentially small.

    e^{m t} - (1 + m eta)^k >= e^{m t} (1 - e^{-(1 - ln 2) m^2 eta t}),    t = k eta,  m eta <= 1

for f = -(m/2) x^2 from x_0 = 1. So an error <= epsilon < e^{m t} forces
eta <= -ln(1 - epsilon e^{-m t}) / ((1 - ln 2) m^2 t) ~ epsilon e^{-m t} / (0.307 m^2 t).

Source       Elkabetz & Cohen 2021, Proposition 1 (informal); the instance and constant: theory A3.a
Assumptions  m > 0, eta > 0, m eta <= 1
Checked      every step up to the horizon
Not checked  steps beyond the horizon; m eta = 1 is an equality case, touching at k >= 1
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
    gt,
    le,
    step,
    steps,
    substitute,
)
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices

m, eta, rate = sympy.symbols(r"m \eta c", positive=True)
t = step * eta

TRUE_ERROR = sympy.exp(m * t) - (1 + m * eta) ** step
"""Flow minus descent at step k, both in closed form."""

LOWER_BOUND = sympy.exp(m * t) * (1 - sympy.exp(-rate * m**2 * eta * t))
"""From ln(1 + x) <= x - (1 - ln 2) x^2 on [0, 1]; the theorem's rate is 1 - ln 2."""

RATE = 1 - sympy.log(2)


def example(*, curvature: Any = 1, step_size: Any = "1/100", steps: Any = 500) -> Instance:
    """M = 1, t = 5 (theory A3.a, test vector)."""
    return Instance(curvature=curvature, step_size=step_size, steps=steps)


def draw(choices: Choices) -> Instance:
    """M in [1/4, 3], m eta in (0, 1]."""
    curvature = choices.fraction(0, 2, 4) + sympy.Rational(1, 4)
    product = sympy.Rational(choices.integer(1, 16), 16)
    return example(curvature=curvature, step_size=product / curvature, steps=choices.integer(1, 12))


def step_is_at_most_inverse_curvature(case: Case) -> Any:
    return le(case.curvature * case.step_size, 1)


def curvature_is_positive(case: Case) -> Any:
    return [gt(case.curvature, 0), gt(case.step_size, 0)]


def convex() -> Instance:
    """Curvature -5 and step 1: descent is (-4)^k, larger than the flow."""
    return example(curvature=-5, step_size=1, steps=2)


@claim(
    source=Source("Elkabetz & Cohen 2021, Proposition 1", "arXiv 2107.06608", "A3.a"),
    family=Family("concave quadratic", draw),
    assumptions=[
        Assumption("curvature_is_positive", curvature_is_positive, "m > 0 and eta > 0"),
        Assumption(
            "step_is_at_most_inverse_curvature", step_is_at_most_inverse_curvature, "m eta <= 1"
        ),
    ],
    survives={
        "curvature_is_positive: dropped": "true for -1 < m eta < 0, too; undecided below, where "
        "the powers of a negative number have no enclosure",
    },
    example=example,
    controls=[
        Control("convex", convex, outcome="vacuous"),
        Control(
            "rate 1 instead of 1 - ln 2",
            lambda: example(step_size=1, steps=4),
            changes={"constant": sympy.Integer(1)},
        ),
        Control(
            "rate 0.307 instead of 1 - ln 2",
            lambda: example(step_size=1, steps=4),
            changes={"constant": sympy.Rational(307, 1000)},
        ),
        Control(
            "m eta > 1",
            lambda: example(curvature=4, step_size=1, steps=3),
            drop=("step_is_at_most_inverse_curvature",),
        ),
    ],
    proof="proofs.elkabetz_cohen_2021.small_steps_are_necessary",
    formulas={"true error": TRUE_ERROR, "lower bound": LOWER_BOUND},
)
def small_steps_are_necessary(case: Case, *, constant: Any = RATE) -> Any:
    """The distance from descent to flow on a concave quadratic grows exponentially in time."""
    values = {m: case.curvature, eta: case.step_size}
    bound = substitute(LOWER_BOUND, {**values, rate: constant})
    return le(bound, substitute(TRUE_ERROR, values), over=steps(0, int(case.steps)))
