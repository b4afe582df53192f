"""Two starts on a concave quadratic: the flows' distance and both bounds of that of descent."""

from __future__ import annotations

import sympy

from proofs.proof import Proof
from theorycheck.catalogue.elkabetz_cohen_2021 import initial_gap_grows_exponentially as claimed
from theorycheck.claims import step, time
from theorycheck.symbolic.derivations import tracking as derived
from theorycheck.symbolic.derivations.layers import eta


def proofs() -> list[Proof]:
    steps = (
        derived.flow_gap(),
        derived.descent_gap(),
        derived.most_gap_of_descent(),
        derived.least_gap_of_descent(),
    )
    proof = Proof(claimed.initial_gap_grows_exponentially, steps)
    names = {
        derived.m: claimed.m, derived.t: time, derived.initial_gap: claimed.gap,
        eta: claimed.eta, derived.k: step,
    }  # fmt: skip
    apart = derived.initial_gap * sympy.exp(derived.m * derived.t)
    proof.ends_on_expression(claimed.FLOW_GAP.subs(claimed.factor, 1), apart, names, relation="=")
    move = derived.m * eta
    most, least = (sympy.exp(p * derived.k) for p in (move, move * (1 - move / 2)))
    # the map is linear: distances are e_0 times those from distance 1
    proof.ends_on_expression(claimed.MOST_DESCENT_GAP / claimed.gap, most, names, relation="<=")
    proof.ends_on_expression(
        claimed.LEAST_DESCENT_GAP.subs(claimed.factor, sympy.S.Half) / claimed.gap, least, names,
        relation="<=",
    )  # fmt: skip
    return [proof]
