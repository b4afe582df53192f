r"""The smoothed normalised margin does not decrease along gradient flow.

    rho^{L+2} d(alpha / rho^L)/ds
        = (rho^2 |v|^2 - <theta, v>^2) + L^2 nu (nu - |l'(alpha)| alpha)  >=  0

up to the factor |l'(alpha)| of the clock. The first term is a sum of squares (Lagrange); the second
is L^2 nu times a multiple of the entropy of the softmax weights for the exponential loss. So the
sign is that of the form, and equality cases (one sample, theta parallel to v) are decided.

Source       Lyu & Li 2020, Lemma 5.1, arXiv 1906.05890; exact form in theory C2(vi)
Assumptions  the start separates: sum loss below l(0); deep linear net with one output
Checked      every place of [0, horizon], in the clock of the instance
Not checked  that alpha / rho^L converges
See also     loss_and_norm_have_two_sided_rates.py
"""

from __future__ import annotations

from typing import Any

from theorycheck.catalogue.lyu_li_2020.separation import SEPARATES
from theorycheck.claims import Case, Control, Source, claim, ge, times
from theorycheck.claims.predictors import Predictor, predictor
from theorycheck.problems import Instance
from theorycheck.problems.separable import separable_instance, separable_predictors


def excess(now: Predictor) -> Any:
    """Nu - |l'(alpha)| alpha >= 0: the slope times the entropy, for the exponential loss."""
    if now.samples == 1:
        return 0
    if not now.is_logistic:
        return now.slope * now.entropy
    return now.growth / now.order - now.slope * now.alpha


def derivative_of_margin(now: Predictor, order: Any) -> Any:
    """The numerator of the derivative of alpha / rho^order."""
    missing = (now.order - order) * now.slope * now.alpha
    return now.lagrange_sum + now.growth * (now.order * excess(now) + missing)


def example(**settings: Any) -> Instance:
    chosen: dict[str, Any] = {
        "inputs": [[1, "1/2"], ["1/2", 1]], "labels": [1, 1],
        "weights": [[[1, "1/2"], ["1/2", 1]], [[1, "1/2"]]], "horizon": "1/16",
    }  # fmt: skip
    return separable_instance(**{**chosen, **settings})


@claim(
    source=Source("Lyu & Li 2020, Lemma 5.1", "arXiv 1906.05890", "C2"),
    family=separable_predictors(depth=(1, 3), samples=(1, 2), horizon="1/16"),
    assumptions=[SEPARATES],
    example=example,
    controls=[
        Control(
            "one order too many",
            lambda: example(inputs=[[1]], labels=[1], weights=[[[2]]]),
            changes={"extra": 1},
        ),
        Control(
            "start that does not separate",
            lambda: example(weights=[[[-1, 0], [0, -1]], [[1, 1]]]),
            outcome="vacuous",
        ),
        Control(
            "separation dropped",
            lambda: example(inputs=[[1, 2]], weights=[[["-1/2"]]]),
            drop=("start_separates",),
        ),
    ],
)
def smoothed_margin_is_nondecreasing(case: Case, *, extra: Any = 0) -> Any:
    """The smoothed normalised margin alpha / rho^L does not decrease along gradient flow."""
    now = predictor(case)
    return ge(derivative_of_margin(now, now.order + extra), 0, over=times(0, case.horizon))
