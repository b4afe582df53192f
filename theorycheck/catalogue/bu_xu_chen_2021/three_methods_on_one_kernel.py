r"""Flow, heavy ball and Nesterov's method on one kernel: exponential, linear, exactly cubic.

    flow        |D|^2 <= e^{-2 l t} |D(0)|^2
    heavy ball  |D|^2 <= (1 + r t)^2 e^{-2 r t} |D(0)|^2,        b = 2 r, r = sqrt(l)
    Nesterov    g(D) <= C |D(0)|^2 l^{-1/2} t^{-3},   and   E >= (3/4) |D(0)|^2 L^{-1/2} t^{-3}

at the time of the instance, with l, L = lambda_min(H), lambda_max(H); the last for t >= since. All
three losses at 62 times from 0 to 10^6, certified, as a table:

    theorycheck figure bu_xu_chen_2021.three_methods_on_one_kernel --over until=1000000 --csv F.csv

Source       Bu, Xu & Chen 2021 (abstract), with the constants of theory B7, B13(a), B15(b), (c)
Assumptions  H positive definite; since >= 6 l^{-1/2}
Checked      the bounds at one time; logarithms, because the flow's loss is 10^-100000 at t = 10^6
Not checked  times between; for these each method has a claim of its own
See also     heavy_ball_error_decays_linearly.py, nesterov_is_exactly_cubic.py,
             du_2019/error_decays_between_two_rates.py; `tc.kernels.loss_curves` for other kernels
"""

from __future__ import annotations

from typing import Any

import sympy

from theorycheck.catalogue.bu_xu_chen_2021.nesterov_is_exactly_cubic import (
    CEILING,
    LEAST,
    times_are_late,
)
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    assume,
    claim,
    frobenius_squared,
    ge,
    lambda_max,
    lambda_min,
    le,
    log,
    sqrt,
)  # fmt: skip
from theorycheck.kernels import logarithmic_times
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.kernel_instances import draw_model, three_inputs
from theorycheck.problems.unit_inputs import late_kernel_on_data

COUNT = 61


def paths(case: Case) -> dict[str, Any]:
    """The three methods by name."""
    root = sqrt(lambda_min(case.kernel.matrix))
    return {
        "GF": case.kernel.flow,
        "HB": case.kernel.heavy_ball(2 * root),
        "NAG": case.kernel.nesterov(),
    }


def squared_error(case: Case, path: Any) -> Any:
    return frobenius_squared(path.error).at(sympy.Rational(case.moment))


def details(case: Case) -> dict[str, Any]:
    """log10 of L = |D|^2 / 2 of every method, and what is constant for a cubic energy."""
    ten = log(sympy.Integer(10))
    losses = {
        f"log10 L, {name}": log(squared_error(case, path) / 2) / ten
        for name, path in paths(case).items()
    }
    moment = sympy.Rational(case.moment)
    cubed = moment**3 * case.kernel.nesterov().energy.at(moment) if moment else moment
    return {"t": moment, **losses, "t^3 E, NAG": cubed}


def example(*, moment: Any = 100) -> Instance:
    return three_inputs(since=20, moment=moment)


def early() -> Instance:
    """One mode at t = 1/100: t^3 E is 0, nearly."""
    return Instance(kernel_matrix=[[1]], error=[1], moment="1/100", since=0)


def on_data(*, moment: Any = 100, layers: Any = "first", **settings: Any) -> Instance:
    return late_kernel_on_data(layers=layers, **settings).replace(moment=moment)


def grid(*, until: Any = (10**6,)) -> list[Instance]:
    """T = 0 and logarithmic times from 1/1000 on."""
    moments = [0, *logarithmic_times("1/1000", max(until), COUNT)]
    return [example(moment=t) for t in moments]


def draw(choices: Choices) -> Instance:
    moment = choices.pick([1, 10, 50, 1000])
    return draw_model(choices, since=choices.integer(15, 30), moment=moment)


@claim(
    source=Source("Bu, Xu & Chen 2021, made explicit", "arXiv 2010.13165", "B7, B13a, B15b, B15c"),
    family=Family("three methods on kernel models", draw),
    assumptions=[
        assume.kernel_is_definite,
        Assumption("times_are_late", times_are_late, "since >= 6 / sqrt(lambda_min(H))"),
    ],
    example=example,
    on_data=on_data,
    controls=[
        Control("one mode, early, assumption dropped", early, drop=("times_are_late",)),

        Control("5/4 of both rates", example, changes={"factor": "5/4"}),
        Control("a lower bound four times higher", example, changes={"lowest": 4}),
        Control("duplicate inputs", lambda: example().replace(
            inputs=[(1, 0), (0, 1), (1, 0)]), outcome="vacuous"),
        Control("a negative time since when", lambda: example(moment=1).replace(
            since=-20), outcome="vacuous"),
    ],
    details=details,
    grid=grid,
    survives={
        **dict.fromkeys(
            ("lowest: constant 10/9", "relation 4: tightened 9/10"),
            "3/4 is round: for t sqrt(l) >= 6 a mode has t^3 E sqrt(l) >= 1.04",
        ),
        **dict.fromkeys(
            ("relation 1: strict", "relation 2: strict"),
            "equality is for n = 1, where no ball decides two equal logarithms",
        ),
        "kernel_is_definite: dropped": "implied by since^2 lambda_min >= 36",
    },
)  # fmt: skip
def three_methods_on_one_kernel(case: Case, *, factor: Any = 1, lowest: Any = 1) -> Any:
    """At one time the three methods keep to their rates: exponential, linear, exactly cubic."""
    matrix, size = case.kernel.matrix, frobenius_squared(case.kernel.start)
    least, moment, share = lambda_min(matrix), sympy.Rational(case.moment), sympy.Rational(factor)
    cubic = case.kernel.nesterov()
    upper = le(moment**3 * cubic.pseudo_loss.at(moment), CEILING * size / sqrt(least))
    if not moment:  # there the other bounds are equalities
        return upper
    found = {name: log(squared_error(case, path)) for name, path in paths(case).items()}
    rate = sqrt(least)
    relations = [
        le(found["GF"], log(size) - 2 * share * least * moment),
        le(found["HB"], log(size) + 2 * log(1 + rate * moment) - 2 * share * rate * moment),
        upper,
    ]
    if moment >= case.since:
        bound = sympy.Rational(lowest) * LEAST * size / sqrt(lambda_max(matrix))
        relations.append(ge(moment**3 * cubic.energy.at(moment), bound))
    return relations
