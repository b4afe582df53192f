"""The error of a wide net decays at the rate its start certifies."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.du_2019 import wide_nets_converge_from_one_start as claimed
from theorycheck.claims import time
from theorycheck.symbolic.derivations import kernel_flow as derived


def proofs() -> list[Proof]:
    steps = (derived.error_decays(), derived.movement(), derived.movement_has_a_limit())
    names = {derived.error: claimed.error, derived.rate: claimed.rate, derived.t: time}
    found = []
    for claim in (
        claimed.wide_net_converges_under_flow,
        claimed.wide_net_converges_with_both_layers,
    ):
        proof = Proof(claim, steps)
        proof.ends_on_expression(claimed.BOUND**2, derived.DECAY**2, names, relation="<=")
        found.append(proof)
    return found
