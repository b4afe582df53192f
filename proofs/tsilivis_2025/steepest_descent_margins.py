"""Growth of the margin along steepest flow in any norm, and the gap of Fenchel's inequality."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.tsilivis_2025 import steepest_descent_margins as claimed
from theorycheck.symbolic.derivations import margin_rates as derived


def proofs() -> list[Proof]:
    proof = Proof(
        claimed.steepest_flow_grows_its_margin, (derived.steepest_flow(), derived.fenchel_gap())
    )
    names = {
        derived.L: claimed.order, derived.N: claimed.length, derived.G: claimed.speed,
        derived.a: claimed.slack, derived.beta: claimed.cosine, derived.kappa: claimed.kappa,
    }  # fmt: skip
    proof.ends_on_expression(claimed.GROWTH, derived.STEEPEST, names, relation="=")
    proof.ends_on_expression(claimed.FENCHEL_GAP, derived.FENCHEL_GAP, names, relation="=")
    return [proof]
