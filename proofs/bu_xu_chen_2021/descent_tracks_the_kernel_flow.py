"""Powers of 1 - x against powers of e^{-x}, for every number of steps."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.bu_xu_chen_2021 import descent_tracks_the_kernel_flow as claimed
from theorycheck.symbolic.derivations import kernel_flow as derived


def proofs() -> list[Proof]:
    proof = Proof(claimed.descent_tracks_the_kernel_flow, (derived.steps_track_the_flow(),))
    names = {derived.x: claimed.x}
    proof.ends_on_expression(claimed.GAP, derived.STEP_GAP, names, relation="<=")
    return [proof]
