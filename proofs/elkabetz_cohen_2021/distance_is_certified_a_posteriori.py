"""The a-posteriori bound of one step solves the equation of the fundamental lemma."""

from __future__ import annotations

import sympy

from proofs.proof import Proof
from theorycheck.catalogue.elkabetz_cohen_2021 import distance_is_certified_a_posteriori as claimed
from theorycheck.symbolic.derivations import tracking as derived
from theorycheck.symbolic.functions import psi


def proofs() -> list[Proof]:
    steps = (derived.fundamental_lemma(), derived.certificate_step())
    proof = Proof(claimed.distance_is_certified_a_posteriori, steps)
    names = {
        derived.curvature: claimed.m, derived.t: claimed.eta, derived.held: claimed.defect,
        derived.gap: claimed.previous,
    }  # fmt: skip
    integral = psi(claimed.m, claimed.eta)
    stated = claimed.NEXT_BOUND.subs({integral: integral.closed_form(), claimed.share: 1})
    proof.ends_on_expression(sympy.sympify(stated), derived.CERTIFICATE, names, relation="=")
    return [proof]
