r"""The factor e^{m t} with which the theorem counts the gap of the two starts is attained.

    f = -(m/2) x^2, starts x_0 and x_0 + e_0:   two flows are e_0 e^{m t} apart at time t,
    two runs of descent at least e_0 e^{m t (1 - m eta / 2)} and at most e_0 e^{m t} at t = k eta

so no bound of the distance between descent and flow with e_0 > 0 can do without the factor: as
eta -> 0 descent from x_0 + e_0 is e_0 e^{m t} away from the flow from x_0.

Source       Elkabetz & Cohen 2021, main theorem, the term e_0; the instance: theory A3.c
Assumptions  m > 0, e_0 > 0, a concave quadratic, one start; ln(1 + x) >= x - x^2 / 2 gives
             the lower side
Checked      the flows for every t, by substitution; descent at every step up to the horizon
Not checked  the limit eta -> 0 itself, which follows from the two sides
See also     descent_tracks_flow.py; small_steps_are_necessary.py
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
    equal,
    gt,
    le,
    step,
    steps,
    substitute,
    time,
    times,
)  # fmt: skip
from theorycheck.problems import Family, Instance, Objective
from theorycheck.problems.choices import Choices

m, gap, eta, factor = sympy.symbols(r"m e_0 \eta c", positive=True)

FLOW_GAP = gap * sympy.exp(factor * m * time)
"""Distance of the two flows at time t; c = 1."""

LEAST_DESCENT_GAP = gap * sympy.exp(m * eta * step * (1 - factor * m * eta))
"""Lower bound of the distance of the two runs of descent at step k; c = 1/2."""

MOST_DESCENT_GAP = gap * sympy.exp(m * eta * step)
"""Upper bound of the same: 1 + x <= e^x."""


def example(
    *, curvature: Any = 1, gap: Any = "1/8", start: Any = "1/2", step_size: Any = "1/16",
    horizon: Any = 2,
) -> Instance:  # fmt: skip
    """Two coordinates of -(m/2) (x^2 + y^2): one function, two starts."""
    x, y = sympy.symbols("x y")
    rate = Fraction(str(curvature))
    half = sympy.Rational(rate.numerator, 2 * rate.denominator)
    first = Fraction(str(start))
    return Instance(
        objective=Objective.from_sympy(-half * (x**2 + y**2), variables=[x, y]),
        start=[first, first + Fraction(str(gap))],
        curvature=rate, gap=gap, step_size=step_size, horizon=horizon,
    )  # fmt: skip


def draw(choices: Choices) -> Instance:
    return example(
        curvature=Fraction(choices.integer(1, 8), 4), gap=Fraction(1, choices.integer(1, 16)),
        start=choices.fraction(-2, 2, 3), step_size=Fraction(1, choices.integer(2, 16)),
        horizon=Fraction(choices.integer(1, 4), 2),
    )  # fmt: skip


def constants_are_positive(case: Case) -> Any:
    return [gt(case.curvature, 0), gt(case.gap, 0)]


def concave_quadratic(case: Case, x: Any, y: Any) -> Any:
    return -sympy.sympify(case.curvature) / 2 * (x**2 + y**2)


def starts_differ_by_the_gap(case: Case) -> Any:
    return equal(case.start[1] - case.start[0], case.gap)


def another_start() -> Instance:
    """Descent with half of the gap."""
    case = example()
    return case.replace(descent_start=[case.start[0], case.start[0] + case.gap / 2])


@claim(
    source=Source("Elkabetz & Cohen 2021, main theorem, e_0 > 0", "arXiv 2107.06608", "A3.c"),
    family=Family("two starts on a concave quadratic", draw),
    assumptions=[
        assume.objective_is("-(m/2) (x^2 + y^2)", concave_quadratic),
        Assumption("constants_are_positive", constants_are_positive, "m > 0 and e_0 > 0"),
        Assumption(
            "starts_differ_by_the_gap", starts_differ_by_the_gap, "the starts differ by e_0"
        ),
        assume.one_start,
    ],
    example=example,
    controls=[
        Control("rate m / 2 of the flows", example, changes={"rate": Fraction(1, 2)}),
        Control(
            "m eta / 4 in place of m eta / 2",
            lambda: example(step_size=1),
            changes={"loss": Fraction(1, 4)},
        ),
        Control(
            "another gap",
            lambda: example().replace(gap="1/4"),
            drop=("starts_differ_by_the_gap",),
        ),
        Control(
            "another curvature",
            lambda: example().replace(curvature=2),
            drop=("objective_is_as_stated",),
        ),
        Control(
            "another curvature, assumption kept",
            lambda: example().replace(curvature=2),
            outcome="vacuous",
        ),
        Control(
            "another gap, assumption kept", lambda: example().replace(gap=1), outcome="vacuous"
        ),
        Control("a negative gap", lambda: example(gap="-1/8"), drop=("constants_are_positive",)),
        Control("a negative gap, assumption kept", lambda: example(gap="-1/8"), outcome="vacuous"),
        Control("descent from another start", another_start, drop=("one_start",)),
        Control("descent from another start, assumption kept", another_start, outcome="vacuous"),
    ],
    proof="proofs.elkabetz_cohen_2021.initial_gap_grows_exponentially",
    formulas={
        "flow gap": FLOW_GAP,
        "least descent gap": LEAST_DESCENT_GAP,
        "most descent gap": MOST_DESCENT_GAP,
    },
    survives=dict.fromkeys(
        ("loss: constant 2", "loss: constant 10/9"),
        "a larger loss is the weaker lower bound; smaller ones are killed",
    ),
)
def initial_gap_grows_exponentially(
    case: Case, *, rate: Any = 1, loss: Fraction = Fraction(1, 2)
) -> Any:
    """A gap of the starts grows like e^{m t} under the flow, and under descent as eta -> 0."""
    values = {m: case.curvature, gap: case.gap, eta: case.step_size}
    flows = [substitute(x * sympy.exp(m * time), {m: case.curvature}) for x in case.start]
    apart = case.descent.position[1] - case.descent.position[0]
    last = int(case.horizon / case.step_size)
    return [
        equal(
            case.flow.position[1] - case.flow.position[0],
            substitute(FLOW_GAP, {**values, factor: rate}),
            over=times(0, case.horizon), solution=flows,
        ),
        le(substitute(LEAST_DESCENT_GAP, {**values, factor: loss}), apart, over=steps(0, last)),
        le(apart, substitute(MOST_DESCENT_GAP, values), over=steps(0, last)),
    ]  # fmt: skip
