r"""The time one mode takes in the limit of infinite depth is known in closed form.

    tau = s^{-2} ln(w (s - w_0) / (w_0 (s - w))) + (1/w_0 - 1/w) / s,      dw/dtau = w^2 (s - w)

The flow of balanced scalar nets in the time tau = n t has the field w^{2-2/n} (s - w); this is the
flow of its limit, n -> infinity, itself a gradient flow, of w^4/4 - s w^3/3.

Source       Saxe, McClelland & Ganguli 2014, infinite depth, arXiv 1312.6120; theory A17
Assumptions  0 < w_0 < s
Checked      tau - F(w(tau)) is conserved on [0, T]: its rate exactly; F is defined there
Not checked  that the flows of nets converge to it; only their fields do (symbolic derivation)
See also     scalar_closed_forms.py for finite depth
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
    conserved,
    gt,
    lt,
    substitute,
    time,
    times,
)  # fmt: skip
from theorycheck.problems import Family, Instance, Objective
from theorycheck.problems.choices import Choices
from theorycheck.symbolic.derivations import scalar_modes as modes

TIME = modes.TIME_AT_INFINITE_DEPTH
"""tau(w)."""


def example(*, target: Any = 1, start: Any = "1/100", horizon: Any = 2) -> Instance:
    """The limit field for target s, from w_0."""
    w, s = sympy.Symbol("w"), sympy.Rational(str(target))
    return Instance(
        objective=Objective.from_sympy(w**4 / 4 - s * w**3 / 3, variables=[w]),
        start=[start],
        target=target,
        horizon=horizon,
    )


def twice_the_target() -> Instance:
    return example().replace(target=2)


def draw(choices: Choices) -> Instance:
    target = Fraction(choices.integer(2, 8), 4)
    start = target * Fraction(choices.integer(1, 7), 8)
    return example(target=target, start=start, horizon=choices.integer(1, 3))


def start_is_between_zero_and_target(case: Case) -> Any:
    return [gt(case.start[0], 0), lt(case.start[0], case.target)]


@claim(
    source=Source("Saxe, McClelland & Ganguli 2014, infinite depth", "arXiv 1312.6120", "A17"),
    family=Family("limit of one mode", draw),
    assumptions=[
        assume.objective_is(
            "w^4/4 - s w^3/3", lambda case, w: w**4 / 4 - sympy.sympify(case.target) * w**3 / 3
        ),
        Assumption(
            "start_is_between_zero_and_target", start_is_between_zero_and_target, "0 < w_0 < s"
        ),
    ],
    example=example,
    controls=[
        Control("time twice as fast", example, changes={"constant": 2}),
        Control("another target", twice_the_target, drop=("objective_is_as_stated",)),
        Control("another target, assumption kept", twice_the_target, outcome="vacuous"),
        Control("start beyond the target", lambda: example(start=2), outcome="vacuous"),
    ],
    formulas={"time": TIME},
    proof="proofs.saxe_2014.infinite_depth_has_a_closed_time",
    survives={
        "start_is_between_zero_and_target: dropped": "the logarithm is of a ratio of like signs: "
        "the formula holds from every start but 0 and s",
    },
)
def infinite_depth_has_a_closed_time(case: Case, *, constant: Any = 1) -> Any:
    """The time one mode takes in the limit of infinite depth is elementary in its strength."""
    begin = Fraction(case.start[0])
    values = {modes.w: case.flow.position[0], modes.s: case.target, modes.start: begin}
    elapsed = substitute(TIME, values) - constant * time
    return conserved(elapsed, over=times(0, case.horizon), given=[])
