r"""Gradient descent on a balanced net with one output follows the flow to a small loss.

    T at least the time of A21.a for the loss epsilon/4,   M_0 as in A20
    a = min{1/2, 1/(4 (M_0 + n T)), sqrt(2 epsilon)/2.6}
    eta <= a r_0 e^{-3 - (n-1) arccos c_0} / (n^2 T),   K eta = T
    ==>   ||theta_k - theta(k eta)|| <= a r_0^{1/n} / sqrt(n) for k <= K,  and f(theta_K) <= epsilon

Source       Elkabetz & Cohen 2021, convergence of descent (the paper's Theorem 3 has this form; its
             constants were not at hand, these are derived), arXiv 2107.06608; theory A22
Assumptions  balanced, one start, one output, hidden width 1, ||u|| = 1, n >= 2, 0 < c_0,
             r_0 <= c_0; 0 < epsilon < 1/2; T = K eta long enough and eta small enough
Checked      the distance at every step up to K, and the loss there
Not checked  c_0 <= 0 and r_0 > c_0, for which theory A22 has a sketch
See also     distance_is_certified_a_posteriori.py, about a thousand times sharper
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from math import ceil
from typing import Any

import sympy

from theorycheck.catalogue.elkabetz_cohen_2021.descent_tracks_flow import tracking_error
from theorycheck.catalogue.elkabetz_cohen_2021.flow_converges_in_known_time import time_needed
from theorycheck.catalogue.elkabetz_cohen_2021.integrated_curvature_is_logarithmic import (
    GROWS,
    bound as curvature_bound,
    scale,
)
from theorycheck.catalogue.elkabetz_cohen_2021.scalar_output_moves_in_a_plane import (
    CHAIN,
    cosine_number,
)
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    assume,
    claim,
    gt,
    le,
    lt,
    steps,
    substitute,
    supremum,
)  # fmt: skip
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.single_output import single_output_instance, unit_vector
from theorycheck.problems.spoiled import with_inputs_scaled

n = sympy.Symbol("n", integer=True, positive=True)
T, M_0, a, c_0, r_0, goal = sympy.symbols(r"T M_0 a c_0 r_0 \epsilon", positive=True)

SHARE = sympy.Min(
    sympy.Rational(1, 2),
    1 / (4 * (M_0 + n * T)),
    sympy.sqrt(2 * goal) / sympy.Rational(13, 5),
)
"""a, the radius of the tube relative to the layers."""

STEP_SIZE_BOUND = a * r_0 * sympy.exp(-3 - (n - 1) * sympy.acos(c_0)) / (n**2 * T)
"""Largest step size."""

TUBE_RADIUS = a * r_0 ** (1 / n) / sympy.sqrt(n)
"""Largest distance from the flow."""


def quantities(case: Case) -> dict[Any, Any]:
    """The numbers of the theorem on an instance."""
    depth = case.network.depth
    values = {
        n: depth,
        T: case.steps * case.step_size,
        M_0: curvature_bound(case),
        c_0: cosine_number(case),
        r_0: scale(case),
        goal: case.goal,
    }
    return {**values, a: substitute(SHARE, values)}


def goal_is_small(case: Case) -> Any:
    return [gt(case.goal, 0), lt(case.goal, Fraction(1, 2))]


def step_size_is_small(case: Case) -> Any:
    return le(case.step_size, substitute(STEP_SIZE_BOUND, quantities(case)))


def time_is_long_enough(case: Case) -> Any:
    return le(time_needed(case, case.goal / 4), case.steps * case.step_size)


def example(
    *,
    depth: Any = 2,
    layer: Any = "7/8",
    slope: Any = "1/8",
    goal: Any = "1/21",
    step_size: Any = "1/2800",
    steps: Any = 4210,
) -> Instance:
    """A start of length 0.77 at c_0 = 0.97, its loss 0.0510 above 1/21."""
    return single_output_instance(
        depth=depth, layer=layer, slope=slope, goal=goal, step_size=step_size, steps=steps
    )


def coarse() -> Instance:
    """Two steps of four, with which descent does not converge."""
    return example(step_size=4, steps=2)


def one_step(*, slope: Any = "1/8") -> Instance:
    """One step of the example, after which the loss is above epsilon."""
    return example(slope=slope, steps=1)


def moved() -> Instance:
    """The example with descent from elsewhere."""
    case = example()
    return case.replace(descent_start=[x / 2 for x in case.start])


def draw(choices: Choices) -> Instance:
    """Starts a little above epsilon / 4, so that few steps are enough."""
    depth = choices.integer(2, 3)
    part = choices.integer(1, 2) if depth == 2 else 1
    slope, layer = Fraction(choices.integer(0, 3), 16), Fraction(choices.integer(14, 15), 16)
    c, r = unit_vector(slope)[0], layer**depth
    goal = 2 * (r * r - 2 * r * c + 1) / (1 + Fraction(part, 12))
    count = 4 * depth**3 * part**2
    size = Fraction(part, 8) / count
    return example(depth=depth, layer=layer, slope=slope, goal=goal, step_size=size, steps=count)


def details(case: Case) -> dict[str, Any]:
    """What a figure shows of one start: how far the bound of the distance is from the distance."""
    values, last = quantities(case), case.steps
    return {
        "scale": values[r_0],
        "cosine": values[c_0],
        "bound": substitute(TUBE_RADIUS, values),
        "truth": supremum(tracking_error(case), steps(0, last)),
        "largest step size": substitute(STEP_SIZE_BOUND, values),
        "loss at K / epsilon": case.descent.loss.at(last) / case.goal,
    }


def grid(
    layers: Sequence[Any], slopes: Sequence[Any], *, depth: int = 2, goal: Any = "1/10"
) -> list[Instance]:
    """Starts over scale and angle for a figure, with steps a little below what is allowed.

    The steps are found in floats, which may err: the assumptions of the claim decide. Starts that
    are not covered (r_0 > c_0, c_0 <= 0) or need no time are left out; see A20's `grid`.
    """
    made = []
    for layer in layers:
        for slope in slopes:
            start = example(depth=depth, layer=layer, slope=slope, goal=goal, steps=1, step_size=1)
            case = Case(start)
            if not scale(case) <= cosine_number(case):
                continue
            needed = float(sympy.N(time_needed(case, start.goal / 4).expression))
            if needed > 0:
                span = Fraction(ceil(needed * 1024 * 1.001), 1024)
                with_time = Case(start.replace(step_size=span))
                largest = substitute(STEP_SIZE_BOUND, quantities(with_time)).expression
                count = ceil(float(span) * 1.001 / float(sympy.N(largest)))
                made.append(start.replace(step_size=span / count, steps=count))
    return made


@claim(
    source=Source("Elkabetz & Cohen 2021, convergence of descent", "arXiv 2107.06608", "A22"),
    family=Family("descent on single-output nets", draw),
    assumptions=[
        *CHAIN,
        GROWS,
        assume.one_start,
        Assumption("goal_is_small", goal_is_small, "0 < epsilon < 1/2"),
        Assumption("time_is_long_enough", time_is_long_enough, "K eta >= T of A21.a"),
        Assumption("step_size_is_small", step_size_is_small, "the step size is below the bound"),
    ],
    example=example,
    controls=[
        Control("tube ten thousand times thinner", example, changes={"shrink": Fraction(1, 10**4)}),
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
        Control(
            "descent from another start",
            moved,
            drop=("one_start",),
        ),
        Control("descent from another start, assumption kept", moved, outcome="vacuous"),
        Control("steps too long", coarse, drop=("step_size_is_small",)),
        Control("steps too long, assumption kept", coarse, outcome="vacuous"),
        Control("obtuse start", lambda: example(slope=2), outcome="vacuous"),
        Control("obtuse start, one step", partial(one_step, slope=2), drop=("start_grows",)),
        Control("too short a time", one_step, drop=("time_is_long_enough",)),
    ],
    details=details,
    grid=grid,
    formulas={"share": SHARE, "step size bound": STEP_SIZE_BOUND, "tube radius": TUBE_RADIUS},
    survives={
        **dict.fromkeys(
            (
                "shrink: constant 1/2",
                "shrink: constant 9/10",
                "relation 1: tightened 1/2",
                "relation 1: tightened 9/10",
                "relation 1: strict",
            ),
            "the radius is proved, not best: the distances seen are below a thousandth of it",
        ),
        **dict.fromkeys(
            ("relation 2: tightened 1/2", "relation 2: tightened 9/10", "relation 2: strict"),
            "the flow is below epsilon/4 by then, and descent far closer to it than the radius",
        ),
        "goal_is_small: dropped": "no start here has a loss above 1/2, and the proof does not ask "
        "for epsilon < 1/2; for epsilon <= 0 the time is infinite or not real",
    },
)
def descent_converges_from_near_zero(case: Case, *, shrink: Fraction = Fraction(1)) -> Any:
    """Gradient descent on a balanced net with one output tracks the flow down to a small loss."""
    radius = substitute(TUBE_RADIUS, quantities(case))
    return [
        le(tracking_error(case), shrink * radius, over=steps(0, case.steps)),
        le(case.descent.loss.at(case.steps), case.goal),
    ]
