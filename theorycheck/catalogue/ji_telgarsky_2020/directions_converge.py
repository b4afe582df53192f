r"""The direction of a separating predictor converges, and aligns with the gradient: both stay open.

    theta / |theta| converges,            <theta, v> / (|theta| |v|)  ->  1,      v = -grad Lambda

A limit cannot be decided on a window. What is checked is what windows do show: the path of the
direction is at most sqrt(R G / L) long, and the misalignment at most G / L in the mean.

Source       Ji & Telgarsky 2020, Theorems 3.1 and 4.1 (recalled numbers), arXiv 2006.06657
Assumptions  Lambda < l(0) at the start
Checked      the finite relations of theory C6, on [0, horizon]
Not checked  the limits: the verdict is UNDECIDED whatever the relations say
See also     lyu_li_2020/direction_moves_little.py, lyu_li_2020/alignment_is_small_in_the_mean.py
"""

from __future__ import annotations

from typing import Any

from theorycheck.catalogue.lyu_li_2020.alignment_is_small_in_the_mean import (
    alignment_is_small_in_the_mean,
)
from theorycheck.catalogue.lyu_li_2020.direction_moves_little import direction_moves_little
from theorycheck.catalogue.lyu_li_2020.smoothed_margin_is_nondecreasing import example
from theorycheck.claims import Case, Control, Source, assume, claim, surrogate
from theorycheck.problems import Instance, separable_predictors
from theorycheck.verdicts import UNDECIDED

FAMILY = separable_predictors(depth=(1, 2), samples=(2, 2), horizon="1/32")


def not_separated() -> Instance:
    return example(weights=[[[-1, 0], [0, -1]], [[1, 1]]])


@claim(
    source=Source("Ji & Telgarsky 2020, Theorem 3.1", "arXiv 2006.06657", "C6"),
    family=FAMILY,
    assumptions=[assume.separated],
    example=example,
    controls=[Control("not separated", not_separated, outcome="vacuous")],
    expected=UNDECIDED,
)
def directions_converge(case: Case) -> Any:
    """The direction of the parameters converges; a window bounds its path only."""
    parts = direction_moves_little.conclusion(case)
    return [surrogate("the direction of the parameters converges", part) for part in parts]


@claim(
    source=Source("Ji & Telgarsky 2020, Theorem 4.1", "arXiv 2006.06657", "C6"),
    family=FAMILY,
    assumptions=[assume.separated],
    example=example,
    controls=[Control("not separated", not_separated, outcome="vacuous")],
    expected=UNDECIDED,
)
def alignment_tends_to_one(case: Case) -> Any:
    """Parameters and negative gradient align; a window bounds the mean misalignment only."""
    mean = alignment_is_small_in_the_mean.conclusion(case)
    return surrogate("parameters and negative gradient align", mean)
