"""Length and angle of a balanced net with one output, and its orbit, for every depth."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.elkabetz_cohen_2021.scalar_output_moves_in_a_plane import (
    scalar_output_moves_in_a_plane,
)
from theorycheck.symbolic.derivations import planar


def proofs() -> list[Proof]:
    steps = (planar.planar_reduction(), planar.orbit(), planar.orbit_integrals())
    proof = Proof(scalar_output_moves_in_a_plane, steps)
    proof.ends_on_expression(
        scalar_output_moves_in_a_plane.formulas["angular"], planar.ANGULAR, relation="="
    )
    return [proof]
