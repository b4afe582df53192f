"""The logistic curve of a balanced scalar net of depth two, by substitution into its equation."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.saxe_2014 import scalar_closed_form as claimed
from theorycheck.claims import time
from theorycheck.symbolic.derivations import scalar_modes as derived


def proofs() -> list[Proof]:
    proof = Proof(claimed.scalar_closed_form, (derived.mode_equation(), derived.depth_two()))
    curve = claimed.LOGISTIC.xreplace({claimed.rate: 2})
    names = {derived.s: claimed.s, derived.start: claimed.initial, derived.t: time}
    proof.ends_on_expression(curve, derived.LOGISTIC, names, relation="=")
    return [proof]
