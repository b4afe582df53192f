r"""The smoothed normalised margin does not decrease along gradient flow.

    rho^{L+2} d(alpha / rho^L)/ds = (rho^2 |u|^2 - <theta, u>^2) + L^2 nu (nu - alpha)  >=  0

with u = v / lambda, nu over lambda, ds = lambda dt. The first term is a sum of squares (Lagrange),
whatever element of the Clarke subdifferential u is; nu - alpha is the entropy of the softmax
weights for the exponential loss. So the sign is that of the form, and equality cases (one sample,
theta parallel to v) are decided.

Source       Lyu & Li 2020, Lemma 5.1, arXiv 1906.05890; exact form in theory C2(vi)
Assumptions  Lambda < l(0) at the start
Checked      nu >= alpha > 0 at every place of [0, horizon], in the clock of the instance;
             on data: linear nets of any depth, nets of ReLU units across their kinks
Not checked  that alpha / rho^L converges
See also     smoothed_margin_grows.py, the same factors at a point
"""

from __future__ import annotations

from functools import partial
from typing import Any

from theorycheck.claims import Case, Control, Source, assume, claim, gt, le, times
from theorycheck.problems import Instance, classifier_instance, separable_predictors


def example(**settings: Any) -> Instance:
    chosen: dict[str, Any] = {
        "inputs": [[1, "1/2"], ["1/2", 1]], "labels": [1, 1], "activation": "linear",
        "weights": [[[1, "1/2"], ["1/2", 1]], [[1, "1/2"]]], "horizon": "1/16",
    }  # fmt: skip
    return classifier_instance(**{**chosen, **settings})


def details(case: Case) -> dict[str, Any]:
    m = case.flow.margins
    ends = {"0": 0, "the horizon": case.horizon}
    named = {"smoothed margin": m.smoothed_margin, "alignment beta": m.alignment, "rho": m.rho}
    return {f"{name} at {end}": term.at(t) for name, term in named.items()
            for end, t in ends.items()}  # fmt: skip


@claim(
    source=Source("Lyu & Li 2020, Lemma 5.1", "arXiv 1906.05890", "C2"),
    family=separable_predictors(
        architectures=("linear", "linear", "relu", "leaky_relu"),
        samples=(1, 2),
        horizon="1/16",
    ),
    assumptions=[assume.separated],
    example=example,
    on_data=partial(classifier_instance, most=16, horizon="1/2"),
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
            drop=("separated",),
        ),
    ],
    survives=dict.fromkeys(
        (
            "relation 2: tightened 1/2",
            "relation 2: tightened 9/10",
            "relation 3: tightened 1/2",
            "relation 3: tightened 9/10",
        ),
        "0 <= x and 0 <= x / 2 are one statement",
    ),
    details=details,
)
def smoothed_margin_is_nondecreasing(case: Case, *, extra: Any = 0) -> Any:
    """The smoothed normalised margin alpha / rho^L does not decrease along gradient flow."""
    m, over = case.flow.margins, times(0, case.horizon)
    return [
        gt(m.alpha, 0, over=over),
        le(extra * m.alpha, m.order * m.slack_gap, over=over),
        le(0, m.lagrange, over=over),
    ]
