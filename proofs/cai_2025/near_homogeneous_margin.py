"""The rate of the modified margin, and its bound by the speed of the direction."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.cai_2025 import near_homogeneous_margin as claimed
from theorycheck.symbolic.derivations import margin_rates as derived
from theorycheck.symbolic.named import unnamed


def proofs() -> list[Proof]:
    step = derived.modified_margin_grows()
    proof = Proof(claimed.modified_margin_grows, (step,))
    said = step.conclusion
    assert said is not None
    names = {
        derived.M: claimed.order, derived.phi: claimed.phi, derived.rho: claimed.rho,
        derived.radial: claimed.radial, derived.speed: claimed.speed, derived.drift: claimed.drift,
    }  # fmt: skip
    proof.ends_on_expression(claimed.DIRECTION, derived.DIRECTION, names, relation="<=")
    proof.ends_on_expression(claimed.RATE, unnamed(said.right), names, relation="<=")
    return [proof]
