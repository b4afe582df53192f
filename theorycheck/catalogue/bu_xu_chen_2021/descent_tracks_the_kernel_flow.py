r"""Gradient descent on the kernel model stays near the flow, uniformly in time.

    |D_k - D(k eta)| <= (eta lambda_max / 2) e^{eta lambda_max - 1} |D(0)|      for all k

Source       theory B17a (|(1 - x)^k - e^{-k x}| <= (x / 2) e^{x - 1} for 0 < x <= 1)
Assumptions  0 < eta lambda_max(H) <= 1
Checked      every step of the range
Not checked  -
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
    gt,
    lambda_max,
    le,
    step,
    steps,
    substitute,
)  # fmt: skip
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.kernel_instances import draw_model, three_inputs

x = sympy.Symbol("x", positive=True)

GAP = x / 2 * sympy.exp(x - 1)
"""The greatest distance per |D(0)|; x = eta lambda_max."""


def step_size_is_short(case: Case) -> Any:
    return [
        gt(case.step_size, 0),
        le(case.step_size * lambda_max(case.kernel.matrix), 1),
    ]


def example(*, step_size: Any = 1, count: Any = 60) -> Instance:
    return three_inputs(step_size=step_size, steps=count)


def draw(choices: Choices) -> Instance:
    return draw_model(choices, step_size=choices.fraction(1, 5, 4) / 4, steps=20)


@claim(
    source=Source("theory notes, own corollary on the kernel model", "", "B17a"),
    family=Family("gradient descent on kernel models", draw),
    assumptions=[
        Assumption("step_size_is_short", step_size_is_short, "0 < eta lambda_max(H) <= 1")
    ],
    example=example,
    controls=[
        Control("a tenth of the bound", example, changes={"factor": sympy.Rational(1, 10)}),
        Control("a long step", lambda: example(step_size=3), outcome="vacuous"),
    ],
    proof="proofs.bu_xu_chen_2021.descent_tracks_the_kernel_flow",
    formulas={"gap": GAP},
)
def descent_tracks_the_kernel_flow(case: Case, *, factor: Any = 1) -> Any:
    """Descent on the kernel model stays within half its step size of the flow."""
    eta = sympy.Rational(case.step_size)
    gap = substitute(GAP, {x: eta * lambda_max(case.kernel.matrix)}) * factor
    distance = case.kernel.iterates("GD", eta) - case.kernel.flow.error.at(step * eta)
    bound = gap**2 * frobenius_squared(case.kernel.start)
    return le(frobenius_squared(distance), bound, over=steps(1, case.steps))
