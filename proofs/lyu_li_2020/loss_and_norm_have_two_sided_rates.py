"""The clock of the margin runs between two constant speeds."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.lyu_li_2020 import loss_and_norm_have_two_sided_rates as claimed
from theorycheck.claims import time
from theorycheck.symbolic.derivations import margin_rates as derived


def proofs() -> list[Proof]:
    steps = (derived.clock_is_at_least_as_fast(), derived.clock_is_at_most_as_fast())
    proof = Proof(claimed.loss_and_norm_have_two_sided_rates, steps)
    names = {
        derived.L: claimed.L, derived.g: claimed.g, derived.B: claimed.B, derived.c: claimed.c
    }  # fmt: skip
    for stated, speed in ((claimed.SLOWEST, derived.SLOWEST), (claimed.FASTEST, derived.FASTEST)):
        proof.ends_on_expression(stated.diff(time), speed, names, relation="<=")
        proof.vanishes(stated.subs(time, 0))
    return [proof]
