"""The loss decays at twice the least eigenvalue of the preconditioner on the end-to-end matrix.

That eigenvalue is at least c^{2-2/n} if W has singular values >= c, and n times as much on square
matrices, where both singular values of a pair are (`preconditioner_spectrum`).
"""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.arora_2019 import loss_decays_exponentially as claimed
from theorycheck.claims import time
from theorycheck.symbolic.derivations import preconditioner as derived


def proofs() -> list[Proof]:
    steps = (
        derived.preconditioner_eigenvectors(),
        derived.equal_singular_values(),
        derived.loss_decays(),
    )
    proof = Proof(claimed.loss_decays_exponentially, steps)
    names = {
        derived.first_loss: claimed.start, derived.time: time,
        derived.least: claimed.copies * claimed.margin ** (2 - 2 / claimed.n),
    }  # fmt: skip
    bound = claimed.LOSS_BOUND.subs(claimed.factor, 2)
    proof.ends_on_expression(bound, derived.LOSS_BOUND, names, relation="<=")
    return [proof]
