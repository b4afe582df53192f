r"""Along gradient flow norm and smoothed margin do not decrease: the factors of growth are >= 0.

    d log(alpha / rho^L) / d log rho = L (a / beta^2 - 1) >= L (1 / beta^2 - 1) >= 0
    a - 1 = (nu / lambda - alpha) / alpha >= 0        exp: the entropy of the weights over alpha
    d log rho / ds = L (nu / lambda) / rho^2 > 0       in the time ds = lambda dt
    rho^2 |u|^2 - <theta, u>^2 = sum_{j<k} (theta_j u_k - theta_k u_j)^2 >= 0,   i.e. beta^2 <= 1

Source       Lyu & Li 2020, Lemma 5.1 and B.1, arXiv 1906.05890; exact form: theory C2 (v)-(vii)
Assumptions  Lambda < l(0) at the point
Checked      all factors, at a point, for the exponential and the logistic loss; equality (one
             sample; theta parallel to its velocity) is decided by structure
Not checked  growth along a flow, which follows at almost every time; on a kink the velocity is
             not unique and the verdict is UNDECIDED, with the kink's name
See also     the derivation of the identity in `symbolic/derivations/margins.py`
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.claims import Case, Control, Source, assume, claim, gt, le, substitute
from theorycheck.problems import Instance, classifier_family, classifier_instance

order, slack, alignment = sympy.symbols(r"L a \beta", positive=True)

GROWTH = order * (slack / alignment**2 - 1)
"""d log(smoothed margin) / d log rho along gradient flow, exactly (C2 vi)."""

SOURCE = Source("Lyu & Li 2020, Lemma 5.1 (exact form)", "arXiv 1906.05890", "C2")


def plane(*, loss: str = "exponential", start: Any = (1, 2)) -> Instance:
    """z_1 = (1, 0), z_2 = (0, 1), theta = (1, 2): vector TV6."""
    return classifier_instance(inputs=[[1, 0], [0, 1]], labels=[1, 1], loss=loss, start=start)


def one_sample(*, depth: Any = 2) -> Instance:
    """A single sample and a balanced net along it: equality in both factors."""
    return classifier_instance(inputs=[["3/5"], ["4/5"]], labels=[1], depth=depth)


def not_separated() -> Instance:
    return plane(start=[1, -1])


def on_the_wrong_side() -> Instance:
    """Theta antiparallel to its velocity: alpha / rho falls, at the rate nu (nu - alpha)."""
    return classifier_instance(inputs=[[1, 1]], labels=[1, 1], start=[-1])


def details(case: Case) -> dict[str, Any]:
    m = case.initial.margins
    values = {order: m.order, slack: m.slack, alignment: m.alignment}
    return {
        "alpha": m.alpha,
        "smoothed margin alpha / rho^L": m.smoothed_margin,
        "normalised margin q_min / rho^L": m.normalised_margin,
        "slack a": m.slack,
        "alignment beta": m.alignment,
        "d log(smoothed margin) / d log rho": substitute(GROWTH, values),
    }


@claim(
    source=SOURCE,
    family=classifier_family(),
    assumptions=[assume.separated],
    example=plane,
    on_data=classifier_instance,
    controls=[
        Control("slack of at least 5/4", one_sample, changes={"least_slack": Fraction(5, 4)}),
        Control("not separated", not_separated, outcome="vacuous"),
        Control("separation dropped", on_the_wrong_side, drop=("separated",)),
        Control(
            "slack of at least 2, exponential loss", plane, changes={"least_slack": Fraction(2)}
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
    proof="proofs.lyu_li_2020.smoothed_margin_grows",
    formulas={"growth": GROWTH},
    details=details,
)
def smoothed_margin_grows(case: Case, *, least_slack: Any = 1) -> Any:
    """Along gradient flow norm and smoothed margin do not decrease: nu > 0, a >= 1, beta^2 <= 1."""
    m = case.initial.margins
    return [gt(m.nu, 0), le((least_slack - 1) * m.alpha, m.slack_gap), le(0, m.lagrange)]
