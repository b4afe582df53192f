r"""The paper's bounds for the high-resolution ODEs, as they are remembered, hold on quadratics.

    g(X(t)) <= 2 |X(0)|^2 e^{-sqrt(mu) t / 4} / s          Nesterov, 0 < s <= 1 / lambda_max
    g(X(t)) <= 7 |X(0)|^2 e^{-sqrt(mu) t / 4} / (2 s)      heavy ball

Source       remembered from Shi, Du, Jordan & Su 2021, not re-read; theory B19
Assumptions  H positive definite, mu = lambda_min(H), 0 < s lambda_max(H) <= 1
Checked      for all times of [0, horizon], both sides times e^{sqrt(mu) t / 4}
Not checked  general convex functions; the wording of the paper
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    assume,
    claim,
    frobenius_squared,
    gt,
    lambda_max,
    lambda_min,
    le,
    sqrt,
    times,
)  # fmt: skip
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.kernel_instances import draw_model, three_inputs

CONSTANTS = {"NAG": sympy.Integer(2), "HB": sympy.Rational(7, 2)}


def step_size_is_short(case: Case) -> Any:
    return [gt(case.step_size, 0), le(case.step_size * lambda_max(case.kernel.matrix), 1)]


def example(*, step_size: Any = "1/4", horizon: Any = 8) -> Instance:
    return three_inputs(step_size=step_size, horizon=horizon)


def draw(choices: Choices) -> Instance:
    """Inputs of distinct directions, mostly; s lambda_max(H) <= 1, for |H_ij| <= |x_i||x_j|/2."""
    drawn = draw_model(choices, horizon=2, distinct=choices.integer(0, 7) > 0)
    return drawn.replace(step_size=choices.pick(["1/4", "1/2", Fraction(2, len(drawn.inputs))]))


@claim(
    source=Source("remembered: Shi, Du, Jordan & Su 2021", "arXiv 1810.08907", "B19"),
    family=Family("high-resolution ODEs on kernel models, short steps", draw),
    assumptions=[
        assume.kernel_is_definite,
        Assumption("step_size_is_short", step_size_is_short, "0 < s lambda_max(H) <= 1"),
    ],
    example=example,
    controls=[
        Control("a thousandth of the bounds", example, changes={"factor": "1/1000"}),
        Control("a long step", lambda: example(step_size=4), outcome="vacuous"),
    ],
    survives={
        **dict.fromkeys(
            ("factor: constant 9/10", "relation 2: tightened 9/10"),
            "of 7/2 at most 5/7 was seen: s lambda_max -> 1 with mu -> 0, where the kick leaves "
            "an energy of 5/2",
        ),
        **dict.fromkeys(
            ("relation 1: tightened 1/2", "relation 1: tightened 9/10"),
            "of 2 at most a quarter was seen on quadratics, at t = 0 for s lambda_max = 1",
        ),
        "kernel_is_definite: dropped": "lambda_min = 0 leaves mu = 0, and the ODEs no damping: "
        "nothing is stated",
    },
)
def bounds_as_remembered(case: Case, *, factor: Any = 1) -> Any:
    """The remembered bounds of the high-resolution ODEs hold on quadratics."""
    mu = lambda_min(case.kernel.matrix)
    size = sympy.Rational(factor) * frobenius_squared(case.kernel.start) / case.step_size
    over = times(0, case.horizon)

    def scaled(method: str) -> Any:
        path = case.kernel.high_resolution(method, mu, case.step_size)
        return path.scaled(sqrt(mu) / 8).pseudo_loss

    return [le(scaled(method), c * size, over=over) for method, c in CONSTANTS.items()]
