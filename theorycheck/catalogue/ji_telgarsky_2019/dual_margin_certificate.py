r"""A deep linear net carries a certificate of how far its predictor is from the largest margin.

    w = (W_L ... W_1)^T,   z_i = y_i x_i,   gamma* = max over |u| <= 1 of min_i <u, z_i>
    min_i <w, z_i> / |w|  <=  gamma*  <=  |sum_i p_i z_i|      for every p in the simplex
    |w|  <=  prod_k |W_k|_F  <=  (rho^2 / L)^{L/2},   so that q_min / |w| >= L^{L/2} gamma-bar

The quotient of the two ends of the first line is a certified optimality gap in (0, 1].

Source       weak duality; theory C7 (iv), (v); after Ji & Telgarsky 2019, arXiv 1810.02032
Assumptions  Lambda < l(0); a deep linear net with one output; `dual`, where given, in the simplex
Checked      with p the loss's weights at the point, and with the instance's own `dual`, exactly
Not checked  that w / |w| converges to the maximiser
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

import sympy

from theorycheck.claims import (
    AbstractMatrix,
    Assumption,
    Case,
    Concluded,
    Control,
    FromScalars,
    Source,
    assume,
    claim,
    constant,
    equal,
    frobenius_squared,
    ge,
    le,
    sqrt,
)
from theorycheck.errors import InvalidInstance
from theorycheck.problems import Instance, classifier_family, classifier_instance
from theorycheck.problems.separation import signed_samples

SOURCE = Source("Ji & Telgarsky 2019, own form", "arXiv 1810.02032", "C7")


def dual_is_in_the_simplex(case: Case) -> Any:
    if "dual" not in case.instance:
        return []
    if len(case.dual) != case.loss.samples:
        raise InvalidInstance(
            f"dual has {len(case.dual)} weights for {case.loss.samples} samples; give one each"
        )
    return [equal(sum(case.dual, Fraction(0)), 1), *(ge(p, 0) for p in case.dual)]


def dual_bounds(case: Case) -> list[Any]:
    """|sum_i p_i z_i|^2 for the loss's weights, and for the instance's own weights."""
    samples = constant(signed_samples(case.loss.inputs, case.loss.targets[0]), "Z")
    m = case.initial.margins
    weights: list[AbstractMatrix] = [
        FromScalars(tuple((m.weight(i).expression,) for i in range(m.samples)))
    ]
    if "dual" in case.instance:
        weights.append(
            FromScalars(tuple((sympy.Rational(*p.as_integer_ratio()),) for p in case.dual))
        )
    return [frobenius_squared(samples.T @ p) for p in weights]


def on_plane(*, depth: Any = 2, loss: str = "logistic") -> Instance:
    return classifier_instance(
        inputs=[[2, 1, "-1/2"], [0, 1, -2]], labels=[1, 1, -1], depth=depth, loss=loss
    )


def one_sample() -> Instance:
    """A single sample and w along it: both inequalities are equalities."""
    return classifier_instance(inputs=[["3/5"], ["4/5"]], labels=[1], start=["6/5", "8/5"])


def balanced() -> Instance:
    """A balanced rank-one net: all products of norms agree."""
    return classifier_instance(
        inputs=[[1], [0]], labels=[1], depth=2, width=1, start=[1, 0, 1]
    )  # fmt: skip


def opposed() -> Instance:
    """One sample with both labels: q_min = -|w|, while the weighted mean is shorter than 1."""
    return classifier_instance(inputs=[[1, 1]], labels=[1, -1], start=[5])


def details(case: Case) -> dict[str, Any]:
    m, length = case.initial.margins, frobenius_squared(case.initial.end_to_end)
    margin = m.q_min / sqrt(length)
    best = [sqrt(bound) for bound in dual_bounds(case)]
    named: dict[str, Any] = {
        "margin of w": margin,
        "upper bound of gamma* by the loss's weights": best[0],
    }
    if len(best) > 1:
        named["upper bound of gamma* by the dual"] = Concluded(best[1])
    return {**named, "optimality gap": Concluded(margin / best[-1])}


@claim(
    source=SOURCE,
    family=classifier_family(architectures=("linear",)),
    assumptions=[
        assume.linear_net,
        assume.separated,
        Assumption("dual_is_in_the_simplex", dual_is_in_the_simplex, "dual p >= 0, of sum 1"),
    ],
    example=on_plane,
    on_data=partial(classifier_instance, activation="linear"),
    controls=[
        Control("0.99 of the dual bound", one_sample, changes={"share": Fraction(99, 100)}),
        Control("a dual of sum 1/2", lambda: one_sample().replace(dual=["1/2"]), outcome="vacuous"),
        Control(
            "a net of ReLU units",
            lambda: classifier_instance(inputs=[[1]], labels=[1], depth=2, activation="relu"),
            outcome="vacuous",
        ),
        Control("separation dropped", opposed, drop=("separated",)),
        Control("0.99 of the product of norms", balanced, changes={"of_norms": Fraction(99, 100)}),
    ],
    survives={
        "linear_net: dropped": "w = W_L ... W_1 is the predictor of a deep linear net only; of "
        "other nets nothing is stated",
    },
    details=details,
)
def margin_is_within_a_dual_bound(case: Case, *, share: Any = 1, of_norms: Any = 1) -> Any:
    """The margin of a deep linear predictor is at most the norm of any weighted mean sample."""
    m, view = case.initial.margins, case.initial
    order, end_to_end = m.order, frobenius_squared(view.end_to_end)
    norms = sympy.Mul(*[frobenius_squared(w).expression for w in view.layers])
    return [
        *[le(m.q_min**2, share**2 * end_to_end * bound) for bound in dual_bounds(case)],
        le(end_to_end, of_norms * norms),
        le(norms, of_norms * (m.rho_squared / order) ** order),
    ]
