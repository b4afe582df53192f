r"""On every window the misalignment is small in the mean, so that some time in it is aligned.

    int (1 / beta^2 - 1) d log rho  <=  G / L

with G the growth of the log of the smoothed margin alpha / rho^L. So 1 / beta^2 - 1 <= G / (L R)
at some time of the window, R the growth of log rho; there the parameters are approximately KKT.

Source       Lyu & Li 2020, Lemma C.9, arXiv 1906.05890; theory C6 (i), (ii)
Assumptions  Lambda < l(0) at the start
Checked      the window [0, horizon], in the clock of the instance
Not checked  that the alignment tends to 1: it is not monotone, and no window implies it
See also     direction_moves_little.py, approximate_kkt_point.py
"""

from __future__ import annotations

from typing import Any

from theorycheck.catalogue.lyu_li_2020.smoothed_margin_is_nondecreasing import example
from theorycheck.claims import (
    Case,
    Control,
    Source,
    Term,
    assume,
    claim,
    frobenius_squared,
    inner,
    integral,
    le,
    log,
    times,
)
from theorycheck.problems import Instance, separable_predictors


def misalignment(case: Case) -> Term:
    """(1 / beta^2 - 1) d log rho / dt = |v|^2 / <theta, v> - <theta, v> / rho^2."""
    view = case.flow
    ascent = -view.gradient
    growth = inner(view.position, ascent)
    return frobenius_squared(ascent) / growth - growth / view.margins.rho_squared


def crooked() -> Instance:
    """A start far from its velocity: the entropy is a small part of the growth."""
    return example(weights=[[[4, -1], [0, 1]], [[2, "1/2"]]], horizon="1/16")


@claim(
    source=Source("Lyu & Li 2020, Lemma C.9", "arXiv 1906.05890", "C6"),
    family=separable_predictors(depth=(1, 2), samples=(2, 2), horizon="1/32"),
    assumptions=[assume.separated],
    example=example,
    controls=[
        Control("order doubled", crooked, changes={"factor": 4}),
        Control(
            "start that does not separate",
            lambda: example(weights=[[[-1, 0], [0, -1]], [[1, 1]]]),
            outcome="vacuous",
        ),
    ],
    survives={
        "relation 1: strict": "equality holds for one sample, whose weights have no entropy; the "
        "ball of an integral and that of a logarithm only touch",
        "separated: dropped": "for alpha <= 0 at the start log gamma(0) is not defined",
    },
)
def alignment_is_small_in_the_mean(case: Case, *, factor: Any = 1) -> Any:
    """The mean misalignment on a window is at most the margin's growth over that of the norm."""
    m, end = case.flow.margins, case.horizon
    rise = log(m.smoothed_margin.at(end)) - log(m.smoothed_margin.at(0))
    return le(factor * m.order * integral(misalignment(case), times(0, end)), rise)
