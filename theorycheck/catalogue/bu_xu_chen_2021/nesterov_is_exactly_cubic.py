r"""Nesterov's ODE with friction 3 / t is exactly cubic on the kernel model: never linear.

    g(D(t)) <= C |D(0)|^2 lambda_min^{-1/2} t^{-3},      C = 2 max_z z J_1(z)^2 < 3404/2500
    (3/4) |D(0)|^2 lambda_max^{-1/2} <= t^3 E(t) <= 2 |D(0)|^2 lambda_min^{-1/2}

the second for t >= 6 lambda_min^{-1/2}, with E = (|D'|^2 + D^T H D) / 2.
No bound o(t^{-3}), so no exponential one, can hold.

Source       Bu, Xu & Chen 2021: sublinear; two-sided and with constants: theory B15b, c
             (u = t^{3/2} y has e = (u'^2 + l u^2) / 2 in e(inf) exp(-+ 3 / (4 z)), z = t sqrt(l),
             e(inf) = 4 / (pi sqrt l), and |t^3 E - e| <= (3/2 / z + 9/4 / z^2) e)
Assumptions  H positive definite; for the two-sided bound since >= 6 lambda_min^{-1/2}
Checked      for all times of [since, horizon]; to t = 10^6 in the slow tests
Not checked  the limit itself; D(t) may vanish at isolated times (n = 1), the energy cannot
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
    frobenius_squared,
    ge,
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
from theorycheck.problems.unit_inputs import kernel_on_data, late_kernel_on_data

CEILING = sympy.Rational(3404, 2500)
"""At least 2 max_z z J_1(z)^2 = 1.36135195734733421018178425976."""

LEAST, GREATEST = sympy.Rational(3, 4), sympy.Integer(2)


def times_are_late(case: Case) -> Any:
    # of both signs of since the square is the same
    return [gt(case.since, 0), ge(case.since**2 * lambda_min(case.kernel.matrix), 36)]


def late(*, since: Any = 20, horizon: Any = 25) -> Instance:
    return three_inputs(since=since, horizon=horizon)


def draw(choices: Choices) -> Instance:
    return draw_model(choices, since=choices.integer(15, 30), horizon=32)


@claim(
    source=Source("Bu, Xu & Chen 2021, constant made explicit", "arXiv 2010.13165", "B15b"),
    family=Family("Nesterov's ODE on kernel models", draw_model),
    assumptions=[assume.kernel_is_definite],
    example=lambda: three_inputs(horizon=6),
    on_data=kernel_on_data,
    controls=[
        Control("half of the constant", lambda: three_inputs(horizon=40), changes={"factor": "1/2"})
    ],
    survives={
        "kernel_is_definite: dropped": "lambda_min^{-1/2} is infinite without it: nothing is "
        "stated",
    },
)
def nesterov_pseudo_loss_is_at_most_cubic(case: Case, *, factor: Any = 1) -> Any:
    """The pseudo-loss of Nesterov's ODE decays at least like t^{-3}."""
    least = lambda_min(case.kernel.matrix)
    bound = sympy.Rational(factor) * CEILING * frobenius_squared(case.kernel.start) / sqrt(least)
    cubic = time**3 * case.kernel.nesterov().pseudo_loss
    return le(cubic, bound, over=times(case.since, case.horizon))


@claim(
    source=Source("Bu, Xu & Chen 2021, made two-sided", "arXiv 2010.13165", "B15c"),
    family=Family("Nesterov's ODE on kernel models, late", draw),
    assumptions=[
        assume.kernel_is_definite,
        Assumption("times_are_late", times_are_late, "since >= 6 / sqrt(lambda_min(H))"),
    ],
    example=late,
    on_data=late_kernel_on_data,
    controls=[
        Control("lower bound 5/2", lambda: late(horizon=100), changes={"lowest": "5/2"}),
        Control("upper bound 1/2", lambda: late(horizon=100), changes={"highest": "1/2"}),
        Control("too early", lambda: late(since=2), outcome="vacuous"),
    ],
    survives={
        **dict.fromkeys(
            (
                "lowest: constant 10/9",
                "relation 2: tightened 9/10",
                "highest: constant 9/10",
                "relation 1: tightened 9/10",
            ),
            "3/4 and 2 are round: for t sqrt(l) >= 6 a mode has t^3 E sqrt(l) from 1.04 to 1.64",
        ),
        "kernel_is_definite: dropped": "implied by since^2 lambda_min >= 36",
    },
)
def nesterov_is_exactly_cubic(case: Case, *, lowest: Any = LEAST, highest: Any = GREATEST) -> Any:
    """The energy of Nesterov's ODE is of order t^{-3} from both sides."""
    matrix, over = case.kernel.matrix, times(case.since, case.horizon)
    size = frobenius_squared(case.kernel.start)
    cubic = time**3 * case.kernel.nesterov().energy
    return [
        le(cubic, sympy.Rational(highest) * size / sqrt(lambda_min(matrix)), over=over),
        ge(cubic, sympy.Rational(lowest) * size / sqrt(lambda_max(matrix)), over=over),
    ]
