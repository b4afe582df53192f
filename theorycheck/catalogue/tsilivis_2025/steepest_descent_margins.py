r"""Steepest flow in l1, l2 or linf does not decrease its smoothed margin alpha / N(theta)^L.

    theta' = G s,  G = N*(u),  s in argmax_{N(s) <= 1} <s, u>      (in units of lambda = -l'(alpha))
    d log(alpha / N^L) = (L G / N) (a / beta_N - kappa),   beta_N = L nu / (G N),   kappa <= 1
                      >= (L G / N) (a / beta_N - 1) >= 0,  since L alpha <= L nu <= G N
    Fenchel gap  N^2 / 2 + N*(s)^2 / 2 - <s, theta> = N^2 (1 - beta_N),   s = u N / G

Source       Tsilivis et al. 2025, arXiv 2410.22069; identity and proof: theory C10
Assumptions  Lambda < l(0) at the point
Checked      L alpha <= G N at a point, which is the sign of the rate, for the three norms; one
             sample is decided in exact rationals. Ties of the steepest direction do not matter: the
             inequality holds for every selection
Not checked  flows; that limit points satisfy the generalised KKT conditions
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.catalogue.lyu_li_2020.smoothed_margin_grows import not_separated, plane
from theorycheck.claims import (
    Case,
    Control,
    Source,
    Term,
    assume,
    claim,
    frobenius_squared,
    le,
    max_norm,
    sqrt,
    sum_norm,
)
from theorycheck.claims.margins import MarginView
from theorycheck.claims.matrices import AbstractMatrix
from theorycheck.problems import Instance, classifier_family, classifier_instance

order, length, speed, slack, cosine, kappa = sympy.symbols(r"L N G a \beta_N \kappa", positive=True)

GROWTH = order * speed / length * (slack / cosine - kappa)
"""The rate of log(alpha / N^L) in the time ds = lambda dt."""

FENCHEL_GAP = length**2 * (1 - cosine)
"""N^2 / 2 + N*(s)^2 / 2 - <s, theta> with s = u N / G."""

SOURCE = Source("Tsilivis, Gronich, Kempe & Vardi 2025", "arXiv 2410.22069", "C10")
NORMS = ("l1", "l2", "linf")
DUAL = {"l1": "linf", "l2": "l2", "linf": "l1"}


def norm_of(name: str, column: AbstractMatrix) -> Term:
    """The norm of a column by its name."""
    if name == "l2":
        return sqrt(frobenius_squared(column))
    return max_norm(column) if name == "linf" else sum_norm(column)


def sizes(m: MarginView, name: str) -> tuple[Term, Term]:
    """N(theta) and G = N*(u)."""
    return norm_of(name, m.position), norm_of(DUAL[name], m.velocity)


def values(m: MarginView, name: str, selection: Any) -> dict[sympy.Expr, Any]:
    total, fast = sizes(m, name)
    return {
        order: m.order, length: total, speed: fast, slack: m.slack,
        cosine: m.order * m.nu / (fast * total), kappa: selection,
    }  # fmt: skip


def one_sample() -> Instance:
    """One sample along which l1, l2 and linf all attain equality: the scalar case."""
    return classifier_instance(inputs=[[2]], labels=[1], start=[1])


def even() -> Instance:
    return plane(start=[4, 4])


def details(case: Case) -> dict[str, Any]:
    m = case.initial.margins
    named = {}
    for name in NORMS:
        total, fast = sizes(m, name)
        named[f"beta of {name}"] = m.order * m.nu / (fast * total)
    return named


@claim(
    source=SOURCE,
    family=classifier_family(),
    assumptions=[assume.separated],
    example=plane,
    on_data=classifier_instance,
    controls=[
        Control("0.99 of the dual product", one_sample, changes={"share": Fraction(99, 100)}),
        Control(
            "the norm itself for its dual",
            lambda: plane(start=[4, 4]),
            changes={"dual": {n: n for n in NORMS}},
        ),
        Control("not separated", not_separated, outcome="vacuous"),
    ],
    proof="proofs.tsilivis_2025.steepest_descent_margins",
    formulas={"growth": GROWTH, "Fenchel gap": FENCHEL_GAP},
    details=details,
)
def steepest_flow_grows_its_margin(case: Case, *, share: Any = 1, dual: Any = DUAL) -> Any:
    """Steepest flow in l1, l2 or linf does not decrease the smoothed margin of that norm."""
    m = case.initial.margins
    found = []
    for name in NORMS:
        total, fast = norm_of(name, m.position), norm_of(dual[name], m.velocity)
        found.append(le((m.order * m.alpha) ** 2, (share * fast * total) ** 2))
    return found
