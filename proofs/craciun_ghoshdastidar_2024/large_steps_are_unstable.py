"""The least sharpness of global minimisers of every depth, and the step size that it excludes."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.craciun_ghoshdastidar_2024 import large_steps_are_unstable as claimed
from theorycheck.symbolic.derivations import minimal_sharpness as derived
from theorycheck.symbolic.derivations.layers import n


def proofs() -> list[Proof]:
    steps = (
        derived.sharpest_direction(),
        derived.rayleigh_quotient(),
        derived.minimal_sharpness(),
    )
    bound = n * derived.sigma ** (2 - 2 / n)
    names = {n: claimed.n, derived.sigma: claimed.target_norm}
    once = {claimed.factor: 1}
    sharpness = Proof(claimed.minimisers_are_at_least_this_sharp, steps)
    sharpness.ends_on_expression(claimed.MINIMAL_SHARPNESS.subs(once), bound, names, relation="<=")
    # a step above 2 / bound is above 2 / lambda_max, at which descent is not stable
    threshold = Proof(claimed.large_steps_are_unstable, steps)
    threshold.ends_on_expression(2 / claimed.THRESHOLD.subs(once), bound, names, relation="<=")
    return [sharpness, threshold]
