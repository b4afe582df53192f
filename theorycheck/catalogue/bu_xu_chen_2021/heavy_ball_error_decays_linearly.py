r"""Heavy ball drives the error of the kernel model to 0 at a linear rate.

    |D(t)| <= (1 + r t) e^{-r t} |D(0)|,      D'' + b D' + H D = 0, D'(0) = 0, l = lambda_min(H)
    r = b / 2 if b <= 2 sqrt(l),      r = l / (b/2 + sqrt(b^2/4 - l)) else

so that r = sqrt(l) for the damping b = 2 sqrt(l).

Source       Bu, Xu & Chen 2021 prove a linear rate; this bound with its constants: theory B13a
Assumptions  H positive definite; the damping on the side of 2 sqrt(l) that is stated
Checked      for all times of [since, horizon], both sides times e^{r t}; slow tests: to 10^6
Not checked  times below `since`: both sides agree at t = 0, and at critical damping for n = 1
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
    lambda_min,
    le,
    sqrt,
    substitute,
    time,
    times,
)  # fmt: skip
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.kernel_instances import draw_model, three_inputs
from theorycheck.problems.unit_inputs import kernel_on_data

b, l, r = sympy.symbols("b l r", positive=True)

OVERDAMPED_RATE = l / (b / 2 + sympy.sqrt(b**2 / 4 - l))
ENVELOPE = 1 + r * time
"""e^{r t} |D(t)| / |D(0)|."""


def least(case: Case) -> Any:
    return lambda_min(case.kernel.matrix)


def bounded(case: Case, damping: Any, rate: Any, factor: Any) -> Any:
    """e^{2 r t} |D|^2 <= (1 + r t)^2 |D(0)|^2, for a rate multiplied by `factor`."""
    path = case.kernel.heavy_ball(damping).scaled(factor * rate)
    bound = substitute(ENVELOPE, {r: factor * rate}) ** 2 * frobenius_squared(case.kernel.start)
    return le(frobenius_squared(path.error), bound, over=times(case.since, case.horizon))


def damping_is_at_most_critical(case: Case) -> Any:
    return [gt(case.damping, 0), le(case.damping**2, 4 * least(case))]


def damping_is_above_critical(case: Case) -> Any:
    return [gt(case.damping, 0), ge(case.damping**2, 4 * least(case))]


def light(*, damping: Any = "1/2", horizon: Any = 10) -> Instance:
    return three_inputs(damping=damping, horizon=horizon)


def heavy(*, damping: Any = 2, horizon: Any = 10) -> Instance:
    return three_inputs(damping=damping, horizon=horizon)


def short() -> Instance:
    return three_inputs(horizon=60)


def duplicate() -> Instance:
    twice = [(1, 0), ("3/5", "4/5"), (1, 0)]
    return short().replace(inputs=twice, damping="1/2")


def draw_light(choices: Choices) -> Instance:
    return draw_model(choices).replace(damping=choices.fraction(0, 1, 8) / 4)


def draw_heavy(choices: Choices) -> Instance:
    return draw_model(choices).replace(damping=1 + choices.fraction(0, 2, 4))


SOURCE = Source("Bu, Xu & Chen 2021, rate made explicit", "arXiv 2010.13165", "B13a")
VACUOUS = Control("duplicate inputs", duplicate, outcome="vacuous")


@claim(
    source=SOURCE,
    family=Family("heavy ball on kernel models, tuned", draw_model),
    assumptions=[assume.kernel_is_definite],
    example=three_inputs,
    on_data=kernel_on_data,
    controls=[
        Control("rate 5/4 sqrt(l)", short, changes={"factor": sympy.Rational(5, 4)}),
        VACUOUS,
    ],
    proof="proofs.bu_xu_chen_2021.heavy_ball_error_decays_linearly",
    formulas={"envelope": ENVELOPE},
    survives={
        "kernel_is_definite: dropped": "lambda_min = 0 leaves heavy ball no damping: nothing is "
        "stated",
    },
)
def heavy_ball_error_decays_linearly(case: Case, *, factor: Any = 1) -> Any:
    """With damping 2 sqrt(lambda_min) the error decays like e^{-sqrt(lambda_min) t}."""
    root = sqrt(least(case))
    return bounded(case, 2 * root, root, factor)


@claim(
    source=SOURCE,
    family=Family("heavy ball on kernel models, underdamped", draw_light),
    assumptions=[
        assume.kernel_is_definite,
        Assumption(
            "damping_is_at_most_critical", damping_is_at_most_critical, "b <= 2 sqrt(lambda_min)"
        ),
    ],
    example=light,
    controls=[
        Control("rate 5/8 b", lambda: light(horizon=60), changes={"factor": sympy.Rational(5, 4)}),
        Control("more than critical damping", lambda: heavy(horizon=60), outcome="vacuous"),
    ],
    survives={
        **dict.fromkeys(
            ("factor: constant 1/2", "factor: constant 9/10"),
            "(1 + c t) e^{-c t} falls with c: a smaller rate is the weaker statement",
        ),
        "kernel_is_definite: dropped": "implied by 0 < b <= 2 sqrt(lambda_min)",
    },
)
def underdamped_error_decays_at_half_the_damping(case: Case, *, factor: Any = 1) -> Any:
    """With damping b <= 2 sqrt(lambda_min) the error decays like e^{-b t / 2}."""
    return bounded(case, case.damping, sympy.Rational(case.damping) / 2, factor)


@claim(
    source=SOURCE,
    family=Family("heavy ball on kernel models, overdamped", draw_heavy),
    assumptions=[
        assume.kernel_is_definite,
        Assumption(
            "damping_is_above_critical", damping_is_above_critical, "b >= 2 sqrt(lambda_min)"
        ),
    ],
    example=heavy,
    controls=[
        Control(
            "rate 5/4 of it", lambda: heavy(horizon=200), changes={"factor": sympy.Rational(5, 4)}
        ),
        Control("less than critical damping", lambda: light(horizon=60), outcome="vacuous"),
    ],
    proof="proofs.bu_xu_chen_2021.heavy_ball_error_decays_linearly",
    formulas={"rate": OVERDAMPED_RATE},
    survives={
        **dict.fromkeys(
            ("factor: constant 1/2", "factor: constant 9/10"),
            "(1 + c t) e^{-c t} falls with c: a smaller rate is the weaker statement",
        ),
        "kernel_is_definite: dropped": "for lambda_min = 0 the rate is 0, and |D| does not grow",
        "damping_is_above_critical: dropped": "below critical damping the slow root is not real: "
        "nothing is stated",
    },
)
def overdamped_error_decays_at_the_slow_root(case: Case, *, factor: Any = 1) -> Any:
    """With damping b >= 2 sqrt(lambda_min) the error decays at the slow root of the last mode."""
    rate = substitute(OVERDAMPED_RATE, {b: case.damping, l: least(case)})
    return bounded(case, case.damping, rate, factor)
