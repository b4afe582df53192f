"""The step size at a constant bound of the curvature: where the lemma's bound is epsilon."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.elkabetz_cohen_2021 import (
    descent_tracks_flow_at_constant_curvature as claimed,
)
from theorycheck.symbolic.derivations import tracking as derived


def proofs() -> list[Proof]:
    steps = (
        derived.fundamental_lemma(),
        derived.growth_at_constant_curvature(),
        derived.step_size_at_constant_curvature(),
    )
    proof = Proof(claimed.descent_tracks_flow_at_constant_curvature, steps)
    names = {
        derived.curvature: claimed.m, derived.t: claimed.horizon, derived.total: claimed.growth,
        derived.initial_gap: claimed.initial_gap, derived.epsilon: claimed.epsilon,
        derived.beta: claimed.beta, derived.gamma: claimed.gamma,
    }  # fmt: skip
    proof.ends_on_expression(claimed.GROWTH, derived.GROWTH, names, relation="=")
    proof.ends_on_expression(claimed.STEP_SIZE_BOUND, derived.STEP_SIZE, names, relation="=")
    return [proof]
