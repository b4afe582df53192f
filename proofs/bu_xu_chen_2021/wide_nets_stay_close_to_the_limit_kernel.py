"""The distance from the limit kernel's flow, and its ceiling for all times."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.bu_xu_chen_2021 import (
    wide_nets_stay_close_to_the_limit_kernel as claimed,
)
from theorycheck.claims import time
from theorycheck.symbolic.derivations import kernel_flow as derived


def proofs() -> list[Proof]:
    steps = (
        derived.error_decays(),
        derived.distance_from_the_kernel(),
        derived.closeness_has_a_ceiling(),
    )
    proof = Proof(claimed.wide_net_stays_close_to_the_limit_kernel, steps)
    names = {
        derived.error: claimed.error, derived.change: claimed.change, derived.t: time,
        derived.margin: claimed.least - claimed.change,
    }  # fmt: skip
    ceiling = claimed.CEILING.subs(claimed.factor, 1)
    proof.ends_on_expression(claimed.BOUND, derived.CLOSENESS, names, relation="=")
    proof.ends_on_expression(ceiling, derived.CEILING, names, relation="<=")
    return [proof]
