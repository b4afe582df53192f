r"""Nesterov's iterates with momentum (k - 1) / (k + 2) decay at least like k^{-2} on a kernel.

    g(D_k) <= 2 |D_0|^2 / (s (k + 1)^2),      0 < s <= 1 / lambda_max(H),      g = D^T H D / 2

    D_{k+1} = (1 - s H) (D_k + ((k - 1) / (k + 2)) (D_k - D_{k-1})),    D_{-1} = D_0

Source       Su, Boyd & Candes 2016 and before them Nesterov 1983; theory B15e (remembered)
Assumptions  0 < s <= 1 / lambda_max(H)
Checked      every step of the range
Not checked  finite width
See also     pseudo_loss_is_at_most_quadratic.py for the ODE
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
    inner,
    lambda_max,
    le,
    step,
    steps,
)  # fmt: skip
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.kernel_instances import draw_model, three_inputs
from theorycheck.problems.unit_inputs import kernel_on_data

size, eta = sympy.symbols("D_0 s", positive=True)

BOUND = 2 * size**2 / (eta * (step + 1) ** 2)
"""Of g(D_k)."""


def step_size_is_small(case: Case) -> Any:
    return [gt(case.step_size, 0), le(case.step_size * lambda_max(case.kernel.matrix), 1)]


def example(*, step_size: Any = "4/5", count: Any = 30) -> Instance:
    return three_inputs(step_size=step_size, steps=count)


def on_data(*, step_size: Any = None, steps: Any = 30, **settings: Any) -> Instance:
    """The kernel of a data set, with s = 9 / (10 n) < 1 / trace(H) unless it is given."""
    made = kernel_on_data(**settings)
    small = sympy.Rational(9, 10 * len(made.inputs)) if step_size is None else step_size
    return made.replace(step_size=small, steps=steps)


def draw(choices: Choices) -> Instance:
    return draw_model(choices, step_size=choices.pick(["1/2", "2/3", 1]), steps=12)


@claim(
    source=Source("Su, Boyd & Candes 2016, section 1", "arXiv 1503.01243", "B15e"),
    family=Family("Nesterov's iterates on kernel models", draw),
    assumptions=[
        Assumption("step_size_is_small", step_size_is_small, "0 < s <= 1 / lambda_max(H)")
    ],
    example=example,
    on_data=on_data,
    controls=[
        Control("a twentieth of the bound", example, changes={"factor": "1/20"}),
        Control("step 8", lambda: example(step_size=8), outcome="vacuous"),
        Control(
            "step 8, assumption dropped",
            lambda: example(step_size=8),
            drop=("step_size_is_small",),
        ),
    ],
    formulas={"bound of g(D_k)": BOUND},
    survives={
        **dict.fromkeys(
            (
                "factor: constant 1/2",
                "factor: constant 9/10",
                "relation 1: tightened 1/2",
                "relation 1: tightened 9/10",
            ),
            "2 is for convex functions; on quadratics 2 max J_1^2 = 0.677 is approached as s -> 0",
        ),
    },
)
def iterates_are_at_most_quadratic(case: Case, *, factor: Any = 1) -> Any:
    """The pseudo-loss of Nesterov's iterates decays at least like k^{-2}."""
    run = case.kernel.iterates("NAG-C", case.step_size)
    twice = inner(run, case.kernel.matrix @ run) * (step + 1) ** 2
    allowed = sympy.Rational(factor) * 4 / case.step_size * frobenius_squared(case.kernel.start)
    return le(twice, allowed, over=steps(0, case.steps))
