"""The tuned radii: roots at the ends of the spectrum, and Jury's inequalities for every mode."""

from __future__ import annotations

import sympy

from proofs.proof import Proof
from theorycheck.catalogue.wang_lin_abernethy_2021 import tuned_radii as claimed
from theorycheck.symbolic.derivations import tuned_radii as derived


def proofs() -> list[Proof]:
    steps = {
        "GD": derived.descent(), "HB": derived.heavy_ball(), "NAG": derived.nesterov(),
        "NAG*": derived.nesterov_at_its_best(),
    }  # fmt: skip
    names = {
        derived.kappa: claimed.kappa, derived.s: sympy.sqrt(claimed.kappa),
        derived.v: sympy.sqrt(3 * claimed.kappa + 1),
    }  # fmt: skip
    found = []
    for claim in (claimed.tuned_radius_is_attained, claimed.tuned_radius_bounds_every_mode):
        proof = Proof(claim, tuple(steps.values()))
        for method, tuning in claimed.TUNINGS.items():
            radius = derived.METHODS[method].radius
            proof.ends_on_expression(tuning.radius, radius, names, relation="<=")
        found.append(proof)
    return found
