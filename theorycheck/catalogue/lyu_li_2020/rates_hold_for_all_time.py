r"""What the two-sided rates of loss and norm need for ALL times is certified at the start alone.

    (L alpha / rho)^2  <=  |u|^2  <=  (c B)^2 rho^{2L-2}       at every separating point

because nu >= alpha, beta^2 <= 1, |h_i| <= B rho^{L-1} and sum_i r_i <= c, u = sum_i r_i h_i. With
alpha / rho^L nondecreasing, d alpha / dt = lambda |u|^2 integrates (theory C5) to

    L^2 g^{2/L} t  <=  T(alpha(t)) - T(alpha(0))  <=  (c B)^2 g^{2/L - 2} t       for every t >= 0,

so `details` prints two-sided bounds at t = 10^100. No trajectory is computed.

Source       Lyu & Li 2020, Theorem 4.3, arXiv 1906.05890; constants of theory C5
Assumptions  Lambda < l(0) at the start; flow of the sum loss in its time
Checked      the four inequalities and B at the start, on every branch of a kink; exactly, but for
             the logistic loss
Not checked  the integration and the persistence of the four inequalities: they are the proof, and
             hold at every separating point; on a window the conclusion itself is checked next door
See also     loss_and_norm_have_two_sided_rates.py
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from theorycheck.catalogue.lyu_li_2020.loss_and_norm_have_two_sided_rates import (
    FLOW_IS_OF_THE_SUM,
    B,
    c,
    constants,
    g,
    later,
)
from theorycheck.claims import (
    Case,
    Concluded,
    Control,
    Source,
    assume,
    claim,
    frobenius_squared,
    le,
    log,
)
from theorycheck.problems import Instance, classifier_family, classifier_instance

LATE = 10**100


def example(*, loss: str = "logistic", depth: Any = 2) -> Instance:
    return classifier_instance(
        inputs=[[1, "1/2"], ["1/2", 1]], labels=[1, 1], loss=loss, depth=depth
    )


def one_sample(*, depth: Any = 1) -> Instance:
    """A linear net on one sample: |h| = B."""
    return classifier_instance(inputs=[["3/5"], ["4/5"]], labels=[1], depth=depth)


def many() -> Instance:
    """Twelve samples of one margin: their weights add up to nearly c lambda."""
    return classifier_instance(inputs=[[1] * 12], labels=[1] * 12, start=[6], loss="logistic")


def slow() -> Instance:
    """In the slow clock there is no sum loss: c is computed from -alpha, and far below 1."""
    return classifier_instance(
        inputs=[[1, 1]], labels=[1, 1], start=[8], loss="logistic", clock="margin"
    )


def details(case: Case) -> Mapping[str, Any]:
    known, order = constants(case), case.initial.margins.order
    least, most = later(case, LATE)
    return {
        "alpha(10^100) at least": Concluded(least),
        "alpha(10^100) at most": Concluded(most),
        "log rho(10^100) at least": Concluded(log(least * order / known[B]) / order),
        "log rho(10^100) at most": Concluded(log(most / known[g]) / order),
    }


@claim(
    source=Source("Lyu & Li 2020, Theorem 4.3", "arXiv 1906.05890", "C5"),
    family=classifier_family(),
    assumptions=[FLOW_IS_OF_THE_SUM, assume.separated],
    example=example,
    on_data=classifier_instance,
    controls=[
        Control("0.99 of the gradient bound", one_sample, changes={"share": Fraction(99, 100)}),
        Control("c = 1 for the logistic loss", example, changes={"spread": 0}),
        Control(
            "mean loss", lambda: example().replace(loss=_mean(example())), outcome="vacuous"
        ),
        Control("nine tenths of c - 1", many, changes={"spread": Fraction(9, 10)}),
        Control("the slow clock, dropped", slow, drop=("flow_is_of_the_sum",)),
    ],
    survives={
        **dict.fromkeys(
            ("relation 2: tightened 1/2", "relation 2: tightened 9/10"),
            "0 <= x and 0 <= x / 2 are one statement",
        ),
        "separated: dropped": "the inequalities hold at every point, as the entropy is >= 0 and, "
        "for the logistic loss, lambda alpha / Lambda decreases in Lambda > 0; separation makes "
        "T(alpha) defined",
    },
    details=details,
)  # fmt: skip
def rates_hold_for_all_time(case: Case, *, share: Any = 1, spread: Any = 1) -> Any:
    """Loss and norm keep explicit two-sided rates for all times, by inequalities at the start."""
    m, known = case.initial.margins, constants(case)
    reach = (share * known[B]) ** 2 * m.rho_squared ** (m.order - 1)
    gradients = [
        le(frobenius_squared(m.gradient(i, branch=b)), reach)
        for i in range(m.samples)
        for b in range(m.branches)
    ]
    weights = sum((m.relative_weight(i) for i in range(1, m.samples)), m.relative_weight(0))
    total = [le(weights, 1 + spread * (known[c] - 1))] if m.is_logistic else []
    return [le(m.alpha, m.nu), le(0, m.lagrange), *gradients, *total]


def _mean(case: Instance) -> Any:
    loss = case.loss
    return type(loss)(loss.inputs, loss.targets, mean=True)
