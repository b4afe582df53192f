r"""Gradient flow of a balanced net with one output reaches any loss in a time known beforehand.

    f(theta(t)) <= epsilon   for all t >= T = T_1 + ln^+(f(theta(0)) / epsilon) / lambda
    lambda = 2 (c_0/2)^{2-2/n},   T_1 = 0 if r_0 >= c_0/2, else
    T_1 = ln(c_0 / (2 r_0)) / c_0                                          (n = 2)
    T_1 = 2 / (c_0 (n-2)) (r_0^{-(1-2/n)} - (c_0/2)^{-(1-2/n)})            (n >= 3)

`as_remembered` is the paper's time as it was remembered; it is no claim.

Source       after Elkabetz & Cohen 2021, Section 5, arXiv 2107.06608; theory A21.a
Assumptions  balanced, one output, hidden width 1, ||u|| = 1, n >= 2, 0 < c_0, r_0 <= c_0
Checked      the loss at T, against epsilon; that it does not increase, up to T and after
Not checked  general starts, which first follow their orbit (theory A19)
See also     scalar_output_moves_in_a_plane.py
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.catalogue.elkabetz_cohen_2021.integrated_curvature_is_logarithmic import GROWS
from theorycheck.catalogue.elkabetz_cohen_2021.scalar_output_moves_in_a_plane import (
    CHAIN,
    cosine_number,
)
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    gt,
    le,
    nonincreasing,
    substitute,
    times,
)  # fmt: skip
from theorycheck.problems import Instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.single_output import single_output_family, single_output_instance
from theorycheck.problems.spoiled import with_inputs_scaled
from theorycheck.symbolic.derivations import planar

n = sympy.Symbol("n", integer=True, positive=True)
c_0, r_0, loss, goal = sympy.symbols(r"c_0 r_0 f_0 \epsilon", positive=True)
share = sympy.Symbol(r"\kappa", positive=True)

RATE = 2 * (c_0 / 2) ** (2 - 2 / n)
"""lambda, at which the loss decays once r >= c_0 / 2."""

GROWTH_TIME = 2 / (c_0 * (n - 2)) * (r_0 ** (-(1 - 2 / n)) - (c_0 / 2) ** (-(1 - 2 / n)))
"""T_1 at depth n >= 3, from r_0 < c_0 / 2."""

GROWTH_TIME_AT_DEPTH_TWO = sympy.log(c_0 / (2 * r_0)) / c_0
"""T_1 at depth two."""

DECAY_TIME = sympy.Max(0, sympy.log(loss / goal)) / RATE
"""What follows T_1."""

angle = sympy.Symbol("nu", real=True)
AS_REMEMBERED = (
    2 * n / r_0
    * sympy.Max(1, sympy.Rational(3, 2) * (1 - angle) / (1 + angle)) ** n
    * sympy.log(15 * n * sympy.Max(1, (1 - angle) / (1 + angle)) / (r_0 * sympy.Min(1, 2 * goal)))
)  # fmt: skip
"""The paper's time, as remembered (A21.b), for r_0 <= 1/5 and nu = c_0: never relied on."""


def time_needed(case: Case, threshold: Any, factor: Any = 1) -> Any:
    """T for a loss of `threshold`; `factor` spoils it."""
    depth, c = case.network.depth, cosine_number(case)
    r = Fraction(case.start[-1]) ** depth
    at_start = planar.LOSS.subs({planar.r: r, planar.c: c})
    values = {n: depth, c_0: c, r_0: r, goal: threshold, loss: at_start}
    formula: Any = DECAY_TIME
    if c > 0 and 2 * r < c:
        formula = formula + (GROWTH_TIME_AT_DEPTH_TWO if depth == 2 else GROWTH_TIME)
    return substitute(share * formula, {**values, share: factor})


def example(
    *, depth: Any = 3, layer: Any = "1/2", slope: Any = "1/3", goal: Any = "1/100"
) -> Instance:
    """R_0 = 1/8, c_0 = 4/5."""
    return single_output_instance(depth=depth, layer=layer, slope=slope, goal=goal)


def with_goal(instance: Instance, choices: Choices) -> Instance:
    return instance.replace(goal=Fraction(1, 10 ** choices.integer(1, 3)))


@claim(
    source=Source("after Elkabetz & Cohen 2021, Section 5", "arXiv 2107.06608", "A21.a"),
    family=single_output_family((2, 4), grows=True).map(with_goal),
    assumptions=[
        *CHAIN,
        GROWS,
        Assumption("goal_is_positive", lambda case: gt(case.goal, 0), "epsilon > 0"),
    ],
    example=example,
    controls=[
        Control(
            "inputs an eighth as long",
            lambda: with_inputs_scaled(example(), "1/8"),
            drop=("loss_is_whitened",),
        ),
        Control(
            "inputs an eighth as long, assumption kept",
            lambda: with_inputs_scaled(example(), "1/8"),
            outcome="vacuous",
        ),
        Control("a fifth of the time", example, changes={"constant": sympy.Rational(1, 5)}),
        Control("obtuse start", lambda: example(slope=2), outcome="vacuous"),
    ],
    details=lambda case: {
        "time": time_needed(case, case.goal),
        "loss then / epsilon": case.flow.loss.at(time_needed(case, case.goal)) / case.goal,
    },
    proof="proofs.elkabetz_cohen_2021.flow_converges_in_known_time",
    formulas={"rate": RATE, "growth time": GROWTH_TIME, "decay time": DECAY_TIME},
    survives={
        **dict.fromkeys(
            ("constant: constant 2", "constant: constant 10/9"),
            "a later time is the weaker statement, as the loss does not increase",
        ),
        "constant: constant 9/10": "the rate is taken at r = c_0/2 for ever, while r and c grow; "
        "half of the time is too short",
        "start_grows: dropped": "c_0 > 0 is enough, since r never falls below min(r_0, c_0); for "
        "c_0 <= 0 the time is not real, or negative",
        "goal_is_positive: dropped": "the time is infinite or not real for epsilon <= 0",
    },
)
def flow_converges_in_known_time(case: Case, *, constant: Any = 1) -> Any:
    """Gradient flow of a balanced net with one output is below a loss after a time known before."""
    needed = time_needed(case, case.goal, constant)
    return [
        le(case.flow.loss.at(needed), case.goal),
        nonincreasing(case.flow.loss, over=times(0, 1)),
    ]
