r"""The layers of a deep linear classifier become rank one, and its margin keeps a lower bound.

    |W_k|_F^2 - |W_k|_2^2  <=  D_k,      y_i <w, x_i>  >=  L^{L/2} gamma(0) |w|      for every i,

with w = (W_L ... W_1)^T, B_k = W_{k+1}^T W_{k+1} - W_k W_k^T, which the flow keeps, and

    D_k = |W_k(0)|_F^2 - |W_L(0)|_F^2 + sum_{j=k}^{L-1} lambda_max(B_j).

The left side is bounded while |W_k| grows without bound, so W_k / |W_k| tends to rank one. And

    |W_{k+1} W_k|_2^2  >=  |W_k|_2^2 (|W_{k+1}|_2^2 - lambda_max(B_k) + lambda_min(B_k)),

since with u the top left singular vector of W_k, |W_{k+1} u|^2 = |W_k|^2 + <u, B_k u>: the top
singular vectors of neighbours tend to agree.

Source       after Ji & Telgarsky 2019, arXiv 1810.02032; (i)-(iv) sharpened: theory C7
Assumptions  a linear net of depth at least 2, one output; the start separates (for the margin)
Checked      every place of [0, horizon], in the clock of the instance
Not checked  (iii) as a bound of the cosine: its step above has no singular vectors; the limits
See also     du_hu_lee_2018/balancedness.py for (i)
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
    frobenius_squared,
    ge,
    lambda_max,
    lambda_min,
    le,
    norm,
    spectral_norm,
    surrogate,
    times,
)  # fmt: skip
from theorycheck.exact import as_fraction
from theorycheck.problems import Instance, classifier_instance, separable_predictors
from theorycheck.verdicts import UNDECIDED


def net_is_deep(case: Case) -> Any:
    return ge(case.network.depth, 2)


def spread(case: Case, k: int) -> Any:
    """D_k, from the start."""
    start, depth = case.initial, case.network.depth
    own, last = frobenius_squared(start.layer(k)), frobenius_squared(start.layer(depth))
    return sum((lambda_max(start.imbalance(j)) for j in range(k, depth)), own - last)


def example(**settings: Any) -> Instance:
    chosen: dict[str, Any] = {
        "inputs": [[1, "1/2"], ["1/2", 1]], "labels": [1, 1],
        "weights": [[[1, "1/2"], ["1/4", 1]], [[1, "1/2"]]], "horizon": "1/4",
        "activation": "linear",
    }  # fmt: skip
    return classifier_instance(**{**chosen, **settings})


def opposed() -> Instance:
    """Two ReLU units of opposite directions, whose product is 0; the flow keeps no B_k."""
    return example(inputs=[[1, -1]], weights=[[[1], [-1]], [[1, 1]]], activation="relu", horizon=5)


def crossed() -> Instance:
    """The first layer is largest across the second."""
    return example(weights=[[[3, "3/2"], [0, 3]], [["1/8", 2]]], horizon="1/64")


def nearly_tight() -> Instance:
    """W_2 is long and across the top of W_1: the width of the spectrum is 1.02 times too much."""
    return example(
        inputs=[[0], [1]], labels=[1], weights=[[[1, 0], [0, "1/10"]], [["1/10", 10]]],
        horizon="1/64",
    )  # fmt: skip


def scalar(*, first: Any = 1, last: Any = 1, label: int = 1) -> Instance:
    """Two scalar layers: every layer is of rank one, and the flow keeps it so."""
    return example(inputs=[[1]], labels=[label], weights=[[[first]], [[last]]], horizon="1/64")


def misclassified() -> Instance:
    """Unequal layers, whose product is short: gamma(0) is -1/100, the margin over |w| is -1."""
    return scalar(first=10, last="1/10", label=-1)


def aligned() -> Instance:
    """A balanced start along both samples, the second of which is far behind."""
    return example(inputs=[[2, 1], [0, 0]], weights=[[[5, 0]], [[5]]], horizon="1/64")


def unbalanced(**settings: Any) -> Instance:
    """A start on data whose layers are moved a little, unlike each other."""
    chosen = {"depth": 2, "activation": "linear", "most": 12, "horizon": "1/4", "size": "9/8"}
    made = classifier_instance(**{**chosen, **settings})
    moves = (Fraction(k * 7 % 5 - 2, 32) for k in range(len(made.start)))
    return made.replace(start=tuple(x + move for x, move in zip(made.start, moves, strict=True)))


ASSUMPTIONS = [
    assume.linear_net,
    Assumption("net_is_deep", net_is_deep, "depth >= 2"),
    assume.separated,
]


@claim(
    source=Source("after Ji & Telgarsky 2019", "arXiv 1810.02032", "C7"),
    family=separable_predictors(depth=(2, 4), samples=(2, 3), horizon="1/8"),
    assumptions=ASSUMPTIONS,
    example=example,
    on_data=unbalanced,
    controls=[
        Control("a tenth of the spread", example, changes={"share": "1/10"}),
        Control("four times the margin", example, changes={"factor": 4}),
        Control("11/10 of the margin", aligned, changes={"factor": Fraction(11, 10)}),
        Control("separation dropped", misclassified, drop=("separated",)),
        Control("depth one", lambda: example(weights=[[[2, 2]]]), outcome="vacuous"),
    ],
    survives={
        **dict.fromkeys(
            ("share: constant 2", "share: constant 10/9"),
            "D_k >= 0, as it bounds a square: a larger share is the weaker statement",
        ),
        **dict.fromkeys(
            ("factor: constant 1/2", "factor: constant 9/10"),
            "gamma(0) > 0: a smaller factor is the weaker statement",
        ),
        "linear_net: dropped": "w = W_L ... W_1 is the predictor of a deep linear net only; of "
        "other nets nothing is stated",
        "net_is_deep: dropped": "true at depth one, where it says that the margin over |w| stays "
        "above gamma(0)",
    },
)
def layers_of_a_classifier_align(case: Case, *, share: Any = 1, factor: Any = 1) -> Any:
    """The layers of a deep linear classifier align, and its normalised margin keeps a bound."""
    now, depth, over = case.flow, case.network.depth, times(0, case.horizon)
    kept = [conserved(now.imbalance(j), over=over) for j in range(1, depth)]
    rank_one = [
        le(
            frobenius_squared(now.layer(k)) - spectral_norm(now.layer(k)) ** 2,
            as_fraction(share, "share") * spread(case, k),
            over=over,
        )
        for k in range(1, depth)
    ]
    least = now.margins.smoothed_margin.at(0) * sympy.sqrt(depth**depth) * factor
    product = norm(now.end_to_end)
    return [*kept, *rank_one, *(le(least * product, q, over=over) for q in now.margins.q)]


@claim(
    source=Source("after Ji & Telgarsky 2019", "arXiv 1810.02032", "C7"),
    family=separable_predictors(depth=(2, 3), samples=(2, 3), horizon="1/16"),
    assumptions=ASSUMPTIONS,
    example=example,
    on_data=unbalanced,
    controls=[
        Control("a hundredth of the spectrum", crossed, changes={"share": "1/100"}),
        Control("0.95 of the spectrum", nearly_tight, changes={"share": "19/20"}),
        Control("a net of ReLU units", opposed, outcome="vacuous"),
        Control("ReLU units, any net", opposed, drop=("linear_net",)),
        Control("depth one", lambda: example(weights=[[[2, 2]]]), outcome="vacuous"),
    ],
    survives={
        "net_is_deep: dropped": "at depth one no layer has a neighbour: nothing is stated",
        "separated: dropped": "the flow keeps B_k from every start; only the limit needs it",
    },
)
def neighbouring_layers_align(case: Case, *, share: Any = 1) -> Any:
    """The norm of a product of neighbouring layers is nearly the product of their norms."""
    now, start, over = case.flow, case.initial, times(0, case.horizon)
    relations = []
    for k in range(1, case.network.depth):
        kept = start.imbalance(k)
        width = (lambda_max(kept) - lambda_min(kept)) * as_fraction(share, "share")
        after, before = spectral_norm(now.layer(k + 1)) ** 2, spectral_norm(now.layer(k)) ** 2
        product = spectral_norm(now.layer(k + 1) @ now.layer(k)) ** 2
        relations.append(le(before * (after - width), product, over=over))
    return relations


@claim(
    source=Source("Ji & Telgarsky 2019, Theorem 2.2", "arXiv 1810.02032", "C7"),
    family=separable_predictors(depth=(2, 3), samples=(2, 2), horizon="1/32"),
    assumptions=ASSUMPTIONS,
    example=example,
    controls=[Control("depth one", lambda: example(weights=[[[2, 2]]]), outcome="vacuous")],
    expected=UNDECIDED,
)
def layers_tend_to_rank_one(case: Case) -> Any:
    """The normalised layers tend to rank one; a window bounds the distance from rank one only."""
    first = case.flow.layer(1)
    beyond = frobenius_squared(first) - spectral_norm(first) ** 2
    within = le(beyond, spread(case, 1), over=times(0, case.horizon))
    return surrogate("every W_k / |W_k| tends to rank one", within)
