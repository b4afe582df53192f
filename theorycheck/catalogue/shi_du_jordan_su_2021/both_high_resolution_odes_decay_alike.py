r"""Both high-resolution ODEs decay at the rate sqrt(mu) exactly, on quadratics.

    |X(t)| <= (1 + c t) e^{-sqrt(mu) t} |X(0)|
    c = sqrt(mu) + 2 sqrt(s) lambda_max / (1 + sqrt(mu s))

for heavy ball and Nesterov's method, 0 < mu <= lambda_min(H), since every mode has |y| <= (1 + r t)
e^{-r t} from rest and |y| <= t e^{-r t} kicked, r >= sqrt(mu). No better rate holds for both:

    z^2 + (2 sqrt mu + sqrt s mu) z + (1 + sqrt(mu s)) mu = (z + sqrt mu) (z + sqrt mu + sqrt s mu)

Source       the ODEs: Shi, Du, Jordan & Su 2021; the rates: theory B19
Assumptions  H positive definite; mu = share * lambda_min(H), 0 < share <= 1
Checked      for all times of [since, horizon], both sides times e^{sqrt(mu) t}
Not checked  general convex functions
"""

from __future__ import annotations

from typing import Any

import sympy

from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    assume,
    claim,
    equal,
    frobenius_squared,
    gt,
    lambda_max,
    lambda_min,
    le,
    sqrt,
    time,
    times,
)  # fmt: skip
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.kernel_instances import draw_model, three_inputs


def share_is_admissible(case: Case) -> Any:
    return [gt(case.share, 0), le(case.share, 1)]


def example(*, share: Any = "1/2", step_size: Any = "1/4", horizon: Any = 8) -> Instance:
    return three_inputs(share=share, step_size=step_size, horizon=horizon)


def steep() -> Instance:
    return example(share=1, horizon=80)


def draw(choices: Choices) -> Instance:
    share = choices.fraction(1, 7, 8) / 8
    step = choices.pick(["1/4", "1", "1/16"])
    return draw_model(choices, horizon="5/2").replace(share=share, step_size=step)


@claim(
    source=Source("Shi, Du, Jordan & Su 2021, rates of the notes", "arXiv 1810.08907", "B19"),
    family=Family("high-resolution ODEs on kernel models", draw),
    assumptions=[
        assume.kernel_is_definite,
        Assumption("share_is_admissible", share_is_admissible, "0 < mu <= lambda_min(H)"),
    ],
    example=example,
    controls=[
        Control("rate 3/2 sqrt(mu)", steep, changes={"factor": "3/2"}),
        Control("share above 1", lambda: example(share=2), outcome="vacuous"),
    ],
    survives={
        **dict.fromkeys(
            ("factor: constant 1/2", "factor: constant 9/10"),
            "a smaller rate is the weaker statement",
        ),
        "kernel_is_definite: dropped": "lambda_min = 0 leaves mu = 0, and the ODEs no damping: "
        "nothing is stated",
    },
)
def both_high_resolution_odes_decay_alike(case: Case, *, factor: Any = 1) -> Any:
    """Both high-resolution ODEs decay at the rate sqrt(mu) on quadratics."""
    matrix, step_size = case.kernel.matrix, sympy.Rational(case.step_size)
    mu = case.share * lambda_min(matrix)
    root, small = sqrt(mu), sympy.sqrt(step_size)
    growth = 1 + (root + 2 * small * lambda_max(matrix) / (1 + small * root)) * time
    bound = growth**2 * frobenius_squared(case.kernel.start)
    over = times(case.since, case.horizon)
    rate = sympy.Rational(factor) * root
    errors = (
        case.kernel.high_resolution(m, mu, step_size).scaled(rate).error for m in ("HB", "NAG")
    )
    z, m, s = sympy.Rational(case.share), sympy.Integer(3), sympy.Rational(1, 5)
    quadratic = z**2 + (2 * m + s * m**2) * z + (1 + m * s) * m**2
    return [
        *(le(frobenius_squared(error), bound, over=over) for error in errors),
        equal(quadratic, (z + m) * (z + m + s * m**2)),
    ]
