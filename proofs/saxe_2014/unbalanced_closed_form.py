"""Two unequal layers: the Riccati curve is put into the equation that the layers' flow gives it."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.saxe_2014.unbalanced_closed_form import unbalanced_closed_form as claim
from theorycheck.symbolic.derivations import scalar_modes as derived


def proofs() -> list[Proof]:
    proof = Proof(claim, (derived.unbalanced_depth_two(),))
    proof.ends_on_expression(claim.formulas["curve"], derived.RICCATI_CURVE, relation="=")
    return [proof]
