"""The time at infinite depth: the limit of the fields, and the time that passes along it."""

from __future__ import annotations

import sympy

from proofs.proof import Proof
from theorycheck.catalogue.saxe_2014.infinite_depth_has_a_closed_time import (
    infinite_depth_has_a_closed_time as claim,
)
from theorycheck.symbolic.derivations import scalar_modes as derived
from theorycheck.symbolic.named import unnamed


def proofs() -> list[Proof]:
    step = derived.infinite_depth()
    proof = Proof(claim, (derived.mode_equation(), step))
    assert step.conclusion is not None
    speed = derived.w**2 * (derived.s - derived.w)
    rate = sympy.diff(claim.formulas["time"], derived.w) * speed
    proof.ends_on_expression(rate, unnamed(step.conclusion.left), relation="=")
    return [proof]
