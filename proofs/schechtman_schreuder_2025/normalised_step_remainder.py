"""The remainder of a step on the sphere, from its parts along the direction and across."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.schechtman_schreuder_2025 import normalised_step_remainder as claimed
from theorycheck.symbolic.derivations import margin_rates as derived


def proofs() -> list[Proof]:
    proof = Proof(claimed.direction_takes_an_euler_step, (derived.normalised_step(),))
    names = {
        derived.along: claimed.along, derived.across: claimed.across, derived.length: claimed.LENGTH
    }  # fmt: skip
    proof.ends_on_expression(claimed.REMAINDER_SQUARED, derived.REMAINDER, names, relation="=")
    return [proof]
