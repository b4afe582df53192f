"""The integral of the speed of a neuron, and the factor 2 of the remembered bound."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.du_2019 import neurons_move_little as claimed
from theorycheck.claims import time
from theorycheck.symbolic.derivations import kernel_flow as derived


def proofs() -> list[Proof]:
    proof = Proof(claimed.neurons_move_little, (derived.error_decays(), derived.movement()))
    names = {
        derived.error: claimed.error, derived.rate: claimed.rate, derived.t: time,
        derived.spread: claimed.spread,
    }  # fmt: skip
    bound = claimed.BOUND.subs(claimed.factor, 1)
    proof.ends_on_expression(bound, derived.MOVEMENT, names, relation="=")
    return [proof]
