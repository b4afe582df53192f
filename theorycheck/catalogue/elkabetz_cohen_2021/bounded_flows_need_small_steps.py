r"""Even a flow that converges may need step sizes that are exponentially small in time.

    f = x^2/2 - (m/2) y^2 + a x^2 y has a saddle at 0 with the stable manifold y = h(x),
    h(x) = sum_{k even} h_k x^k,   (m + k) h_k = a [k = 2] - 2 a sum_{i=2}^{k-2} i h_i h_{k-i}

The flow from the manifold tends to the saddle, descent leaves it: for m = a = 1, x_0 = 1/2

    ||theta_k - theta(k eta)|| >= c eta e^{k eta}     at 1 <= k eta <= 4, eta <= 1/8, c = 1/50

so that staying within epsilon up to t needs eta <= 50 epsilon e^{-t}.

Source       Elkabetz & Cohen 2021, Proposition 1 (informal); the instance: theory A3.b
Assumptions  m = a = 1, x_0 = 1/2; one start; 0 < eta <= 1/8; horizon T in [1, 4]
Checked      that the flow stays within its start's norm up to T; the distance at every step from
             time 1 on; as an assumption, the coefficients, exactly
Not checked  the manifold itself: the start is its series to order 24, rounded, and how near that
             is to the manifold is not proved; convergence of the flow beyond T; the limit 0.0276
             of distance / (eta e^t), which is numerical
See also     small_steps_are_necessary.py, in closed form on an unbounded flow
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Any

import sympy

from theorycheck.catalogue.elkabetz_cohen_2021.descent_tracks_flow import last_step, tracking_error
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    assume,
    claim,
    equal,
    le,
    norm,
    step,
    steps,
    substitute,
    times,
)  # fmt: skip
from theorycheck.problems import Family, Instance, Objective
from theorycheck.problems.choices import Choices

ORDER = 24
"""Order of the series that gives the start."""

eta, factor = sympy.symbols(r"\eta c", positive=True)

LEAST_DISTANCE = factor * eta * sympy.exp(step * eta)
"""Lower bound of the distance at step k; c = 1/50 from time 1 to time 4."""

CONSTANT = Fraction(1, 50)


def right_side(coupling: Any, earlier: dict[int, Any], k: int) -> Any:
    """The right side of the recursion, from the coefficients before k."""
    return coupling * int(k == 2) - 2 * coupling * sum(
        i * earlier[i] * earlier[k - i] for i in range(2, k - 1, 2)
    )


def coefficients(curvature: Any, coupling: Any, order: int = ORDER) -> dict[int, Any]:
    """The coefficients h_2, h_4, ..., of the stable manifold, exactly."""
    found: dict[int, Any] = {}
    for k in range(2, order + 1, 2):
        found[k] = right_side(coupling, found, k) / (curvature + k)
    return found


def example(*, step_size: Any = "1/32", horizon: Any = 2) -> Instance:
    """The saddle with m = a = 1 from x_0 = 1/2, its start rounded to 40 bits."""
    x, y = sympy.symbols("x y")
    one = Fraction(1)
    series = coefficients(one, one)
    first = Fraction(1, 2)
    second = sum((h * first**k for k, h in series.items()), Fraction(0))
    return Instance(
        objective=Objective.from_sympy(x**2 / 2 - y**2 / 2 + x**2 * y, variables=[x, y]),
        start=[first, Fraction(round(second * 2**40), 2**40)], series=list(series.values()),
        step_size=step_size, horizon=horizon,
    )  # fmt: skip


def off_the_manifold() -> Instance:
    """The same objective from (1/2, 0): the flow leaves as well, and grows."""
    case = example(horizon=3)
    return case.replace(start=[case.start[0], 0])


def on_a_line() -> Instance:
    """The same start, with the series of y = 0 through it."""
    return off_the_manifold().replace(series=[0])


def convex() -> Instance:
    """A bowl, along which descent stays with the flow."""
    x, y = sympy.symbols("x y")
    return example().replace(objective=Objective.from_sympy(x**2 + y**2, variables=[x, y]))


def draw(choices: Choices) -> Instance:
    return example(
        step_size=Fraction(1, choices.integer(8, 40)), horizon=Fraction(choices.integer(2, 8), 2)
    )


def step_size_and_horizon_are_in_range(case: Case) -> Any:
    return [le(case.step_size, Fraction(1, 8)), le(1, case.horizon), le(case.horizon, 4)]


def start_is_near_the_manifold(case: Case) -> Any:
    """The start is x_0 = 1/2, and the series there up to 10^-8."""
    first, second = case.start
    series = sum((h * first**k for k, h in zip(orders(case), case.series, strict=True)), -second)
    return [equal(first, Fraction(1, 2)), le(abs(series), Fraction(1, 10**8))]


def series_solves_the_recursion(case: Case) -> Any:
    series = dict(zip(orders(case), case.series, strict=True))
    return [equal((1 + k) * h, right_side(1, series, k)) for k, h in series.items()]


def orders(case: Case) -> range:
    return range(2, 2 * len(case.series) + 1, 2)


def compensated() -> Instance:
    """Descent from a little above the manifold, which it then leaves later."""
    case = example()
    first, second = case.start
    return case.replace(descent_start=[first, second + Fraction(7, 2**13)])


@claim(
    source=Source("Elkabetz & Cohen 2021, Proposition 1", "arXiv 2107.06608", "A3.b"),
    family=Family("the saddle at several steps", draw),
    assumptions=[
        assume.objective_is(
            "x^2/2 - y^2/2 + x^2 y", lambda _, x, y: x**2 / 2 - y**2 / 2 + x**2 * y
        ),
        Assumption(
            "step_size_and_horizon_are_in_range",
            step_size_and_horizon_are_in_range,
            "eta <= 1/8 and 1 <= T <= 4",
        ),
        Assumption(
            "start_is_near_the_manifold",
            start_is_near_the_manifold,
            "x_0 = 1/2 and |y_0 - h(x_0)| <= 10^-8 (truncated series)",
        ),
        Assumption(
            "series_solves_the_recursion",
            series_solves_the_recursion,
            "the series' coefficients solve the manifold's recursion",
        ),
        assume.one_start,
    ],
    example=example,
    controls=[
        Control("constant 1/30", example, changes={"constant": Fraction(1, 30)}),
        Control("a step of 2", lambda: example(step_size=2), outcome="vacuous"),
        Control(
            "off the manifold the flow is not bounded by its start",
            off_the_manifold,
            drop=("start_is_near_the_manifold",),
        ),
        Control("off the manifold, assumption kept", off_the_manifold, outcome="vacuous"),
        Control("a convex objective", convex, drop=("objective_is_as_stated",)),
        Control("a convex objective, assumption kept", convex, outcome="vacuous"),
        Control("the series of a line", on_a_line, drop=("series_solves_the_recursion",)),
        Control("the series of a line, assumption kept", on_a_line, outcome="vacuous"),
        Control("descent from another start", compensated, drop=("one_start",)),
        Control("descent from another start, assumption kept", compensated, outcome="vacuous"),
    ],
    formulas={"least distance": LEAST_DISTANCE},
    survives={
        **dict.fromkeys(
            ("constant: constant 10/9", "relation 2: tightened 9/10", "relation 2: strict"),
            "1/50 is a round number below the best constant; 1/30 is above it, as a control shows",
        ),
    },
)
def bounded_flows_need_small_steps(case: Case, *, constant: Any = CONSTANT) -> Any:
    """The flow on a saddle's stable manifold stays bounded while descent leaves exponentially."""
    least = substitute(LEAST_DISTANCE, {eta: case.step_size, factor: constant})
    whole = times(0, case.horizon)
    return [
        le(norm(case.flow.position), norm(case.flow.position.at(0)), over=whole),
        le(least, tracking_error(case), over=steps(ceil(1 / case.step_size), last_step(case))),
    ]
