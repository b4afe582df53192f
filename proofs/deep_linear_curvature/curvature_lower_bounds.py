"""The chain of lower bounds of the curvature, for every depth: each link derived, then chained."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.deep_linear_curvature import curvature_lower_bounds as claimed
from theorycheck.symbolic.derivations import curvature as derived


def proofs() -> list[Proof]:
    steps = (
        derived.pair_bound(),
        derived.partial_norm_bound(),
        derived.norm_bound(),
        derived.product_bound(),
        derived.frobenius_bound(),
        derived.curvature_lower_bounds(),
    )
    proof = Proof(claimed.curvature_lower_bounds, steps)
    bound = claimed.WORST_PRODUCT_BOUND.xreplace({claimed.count: derived.n - 1})
    same = {derived.outer: claimed.outer, derived.largest: claimed.largest}
    proof.ends_on_expression(bound, derived.PRODUCT_BOUND, same, relation="<=")
    frobenius = {derived.outer_frobenius: claimed.outer, derived.largest: claimed.largest}
    proof.ends_on_expression(bound, derived.FROBENIUS_BOUND, frobenius, relation="<=")
    return [proof]
