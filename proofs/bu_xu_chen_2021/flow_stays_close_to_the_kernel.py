"""The distance from the flow of the first kernel solves the linear equation of its defect."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.bu_xu_chen_2021 import flow_stays_close_to_the_kernel as claimed
from theorycheck.claims import time
from theorycheck.symbolic.derivations import kernel_flow as derived


def proofs() -> list[Proof]:
    steps = (derived.error_decays(), derived.distance_from_the_kernel())
    proof = Proof(claimed.flow_stays_close_to_the_kernel, steps)
    names = {
        derived.error: claimed.error, derived.change: claimed.change, derived.t: time,
        derived.margin: claimed.least - claimed.change,
    }  # fmt: skip
    bound = claimed.BOUND.subs(claimed.factor, 1)
    proof.ends_on_expression(bound, derived.CLOSENESS, names, relation="=")
    return [proof]
