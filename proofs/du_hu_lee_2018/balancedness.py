"""Balancedness under flow, its exact drift under descent: for every depth and every layer.

The claims' relations, read as words in the layers of an instance, are the conclusions with
P = W_{n:j+2}, Q = W_{j-1:1} and g = grad phi(W_{n:1}) filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from proofs.proof import Proof, instances
from theorycheck.catalogue.du_hu_lee_2018.balancedness import (
    balancedness_drifts_exactly,
    balancedness_is_conserved_by_flow,
)  # fmt: skip
from theorycheck.claims import Case
from theorycheck.claims.views import View
from theorycheck.symbolic.derivations.balancedness import balancedness, descent_drift
from theorycheck.symbolic.derivations.layers import A, B, G, P, Q, eta
from theorycheck.symbolic.words import Words


def around(view: View, depth: int, j: int) -> Mapping[Words, Any]:
    """The letters around layers j and j + 1 of an instance."""
    return {
        A: view.layer(j), B: view.layer(j + 1), G: view.outer_gradient,
        P: view.product(depth, j + 2), Q: view.product(j - 1, 1),
    }  # fmt: skip


def conserved() -> Proof:
    claim = balancedness_is_conserved_by_flow
    proof = Proof(claim, (balancedness(),))
    for instance in instances(claim):
        case = Case(instance)
        for j, relation in enumerate(claim.relations(case), start=1):
            letters = around(case.flow, case.network.depth, j)
            proof.ends_on_relation(case, relation, [(letters, {})])
    return proof


def drift() -> Proof:
    claim = balancedness_drifts_exactly
    proof = Proof(claim, (descent_drift(),))
    for instance in instances(claim):
        case = Case(instance)
        for j, relation in enumerate(claim.relations(case), start=1):
            letters = around(case.descent, case.network.depth, j)
            proof.ends_on_relation(case, relation, [(letters, {eta: case.step_size})])
    return proof


def proofs() -> list[Proof]:
    return [conserved(), drift()]
