"""The error decays at the least eigenvalue of the Gram matrix, squared."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.du_2019 import error_decays_at_the_gram_rate as claimed
from theorycheck.claims import time
from theorycheck.symbolic.derivations import kernel_flow as derived


def proofs() -> list[Proof]:
    proof = Proof(claimed.error_decays_at_the_gram_rate, (derived.error_decays(),))
    names = {derived.error: claimed.error, derived.rate: claimed.rate, derived.t: time}
    bound = claimed.BOUND.subs(claimed.factor, 1) ** 2
    proof.ends_on_expression(bound, derived.DECAY**2, names, relation="<=")
    return [proof]
