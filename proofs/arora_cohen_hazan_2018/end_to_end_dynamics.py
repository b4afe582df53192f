"""The end-to-end equation of balanced nets, for every depth.

The powers of W_n W_n^T and W_1^T W_1 come from balance by induction, the velocity from the product
rule by induction; the claim's sum over j is the sum of the derived terms.
"""

from __future__ import annotations

from proofs.proof import Proof, instances
from theorycheck.catalogue.arora_cohen_hazan_2018.end_to_end_dynamics import end_to_end_dynamics
from theorycheck.claims import Case
from theorycheck.symbolic.derivations import end_to_end as derived


def proofs() -> list[Proof]:
    steps = (
        derived.end_to_end_velocity(),
        derived.powers_of_balanced_products(),
        derived.powers_of_balanced_products_below(),
        derived.end_to_end_equation(),
    )
    proof = Proof(end_to_end_dynamics, steps)
    for instance in instances(end_to_end_dynamics):
        case = Case(instance)
        flow, depth = case.flow, case.network.depth
        parts = []
        for j in range(1, depth + 1):
            letters = {
                derived.left: flow.product(depth, j + 1),
                derived.right: flow.product(j - 1, 1),
                derived.outer: flow.outer_gradient,
                derived.top_gram: flow.layer(depth) @ flow.layer(depth).T,
                derived.bottom_gram: flow.layer(1).T @ flow.layer(1),
            }
            parts.append((letters, {derived.n: depth, derived.j: j}))
        proof.ends_on_relation(case, end_to_end_dynamics.relations(case)[0], parts)
    return [proof]
