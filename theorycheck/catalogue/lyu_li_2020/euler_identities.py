r"""Euler's identities of a homogeneous classifier, for every Clarke subgradient.

    h_i(c theta) = c^{L-1} h_i(theta),    <h_i, theta> = L q_i     for every sample i

Source       Lyu & Li 2020, Theorem B.2, arXiv 1906.05890; theory C1 (a), (b)
Assumptions  none: q_i is L-homogeneous by the architecture
Checked      exactly, at a rational point, for the first samples; on a kink for the gradient of
             every smooth branch, of which Clarke subgradients are convex combinations
Not checked  (Hess q) theta = (L - 1) grad q, which `derive` proves in general
See also     smoothed_margin_grows.py
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from theorycheck.claims import Case, Control, Source, claim, equal, inner
from theorycheck.networks import FullyConnected
from theorycheck.problems import Instance, classifier_family, classifier_instance

SAMPLES = 4
"""Samples that are looked at; they are alike."""

SOURCE = Source("Lyu & Li 2020, Theorem B.2", "arXiv 1906.05890", "C1")


def example() -> Instance:
    """Two ReLU units, one sample on the kink of the second."""
    return classifier_instance(
        inputs=[[1, 2], [3, -1]], labels=[1, 1], depth=2, activation="relu",
        start=[2, 1, 1, 2, 1, "1/2"],
    )  # fmt: skip


def three_layers(*, depth: Any = 3) -> Instance:
    return classifier_instance(inputs=[[1, 0], [0, 1]], labels=[1, 1], depth=depth)


@claim(
    source=SOURCE,
    family=classifier_family(separated=False, samples=(1, 3)),
    example=example,
    on_data=classifier_instance,
    controls=[
        Control("order one less", three_layers, changes={"missing": 1}),
        Control("a ReLU net of order 3", example, changes={"missing": -1}),
    ],
)
def gradients_are_homogeneous(case: Case, *, missing: int = 0) -> Any:
    """Every margin satisfies Euler's identity, and its gradients scale with one order less."""
    margins = case.initial.margins
    order, double = margins.order - missing, Fraction(2)
    pairs = [(i, b) for b in range(margins.branches) for i in range(min(margins.samples, SAMPLES))]
    return [
        relation
        for i, b in pairs
        for h in [margins.gradient(i, branch=b)]
        for relation in (
            equal(inner(h, margins.position), order * margins.margin(i)),
            *([] if _on_kink(case) else [equal(
                margins.gradient(i, scale=double), h * double ** (order - 1)
            )]),
        )
    ]  # fmt: skip


def _on_kink(case: Case) -> bool:
    """Scaling a kink stays on it: each branch is one linear formula there, and (a) is vacuous."""
    return isinstance(case.network, FullyConnected) and case.initial.margins.branches > 1
