"""The two bounds of a start: decay of the error, and the radius that no neuron leaves."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.du_2019 import flow_converges_from_one_start as claimed
from theorycheck.claims import time
from theorycheck.symbolic.derivations import kernel_flow as derived


def proofs() -> list[Proof]:
    steps = (derived.error_decays(), derived.movement(), derived.movement_has_a_limit())
    proof = Proof(claimed.flow_converges_from_one_start, steps)
    names = {
        derived.error: claimed.error, derived.rate: claimed.rate, derived.t: time,
        derived.spread: claimed.spread, derived.neurons: claimed.neurons,
    }  # fmt: skip
    bound = claimed.BOUND.subs(claimed.factor, 1) ** 2
    proof.ends_on_expression(bound, derived.DECAY**2, names, relation="<=")
    limit = steps[-1].conclusion
    assert limit is not None
    proof.ends_on_expression(claimed.MOVEMENT, limit.right, names, relation="<=")
    return [proof]
