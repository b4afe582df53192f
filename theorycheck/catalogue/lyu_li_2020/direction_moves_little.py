r"""How far the direction of a separating predictor moves is bounded by the growth of its margin.

    |theta(S)/rho(S) - theta(0)/rho(0)|^2  <=  R G / L,        G <= log(B / (L gamma(0)))

R = log(rho(S)/rho(0)), G = log of the quotient of the smoothed margins gamma = alpha / rho^L at S
and at 0, B a bound of the margins' gradients on the unit sphere.

Source       theory C6 (iii), (iv), after Lyu & Li 2020, Lemma C.9, arXiv 1906.05890
Assumptions  the start separates; deep linear net with one output
Checked      half of the window [0, horizon], and all of it, in the clock of the instance
Not checked  that the direction converges: no finite relation implies it
See also     alignment_is_small_in_the_mean.py, (i); smoothed_margin_is_nondecreasing.py
"""

from __future__ import annotations

from typing import Any

from theorycheck.catalogue.lyu_li_2020.smoothed_margin_is_nondecreasing import example
from theorycheck.claims import Case, Control, Source, assume, claim, inner, le, log, sqrt
from theorycheck.problems import separable_predictors


@claim(
    source=Source("after Lyu & Li 2020, Lemma C.9", "arXiv 1906.05890", "C6"),
    family=separable_predictors(depth=(1, 4), samples=(2, 3), horizon="1/8"),
    assumptions=[assume.separated],
    example=example,
    controls=[
        Control("a quarter of the path", example, changes={"divisor": 16}),
        Control(
            "start that does not separate",
            lambda: example(weights=[[[-1, 0], [0, -1]], [[1, 1]]]),
            outcome="vacuous",
        ),
    ],
    survives={
        **dict.fromkeys(
            ("relation 1: strict", "relation 2: strict"),
            "the path is as short as its chord only where the direction stands still: both sides "
            "are 0 then, and balls of logarithms only touch",
        ),
        "relation 3: strict": "gamma = B / L takes one sample, and a start on the ray that the "
        "flow keeps: both sides are 0 then, and balls of logarithms only touch",
        "separated: dropped": "for alpha <= 0 at the start log gamma(0) is not defined",
    },
)
def direction_moves_little(case: Case, *, divisor: Any = 1) -> Any:
    """The path of the direction is bounded by the growth of margin and norm."""
    now, position = case.flow.margins, case.flow.position
    squared, margins = now.rho_squared, log(now.smoothed_margin)
    relations = []
    for place in (case.horizon / 2, case.horizon):
        rise = margins.at(place) - margins.at(0)
        norms = (log(squared.at(place)) - log(squared.at(0))) / 2
        ends = inner(position.at(place), position.at(0))
        moved = 2 - 2 * ends / sqrt(squared.at(place) * squared.at(0))
        relations.append(le(divisor * moved, norms * rise / now.order))
    ceiling = log(now.gradient_bound / now.order) - margins.at(0)
    return [*relations, le(margins.at(case.horizon) - margins.at(0), ceiling)]
