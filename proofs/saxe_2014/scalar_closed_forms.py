"""The time of one mode by quadrature: the equation of the mode, derived for every depth."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.saxe_2014.scalar_closed_forms import (
    TIME,
    every_depth_has_a_time_by_quadrature,
    x,
)
from theorycheck.symbolic.derivations import scalar_modes as derived


def proofs() -> list[Proof]:
    proof = Proof(every_depth_has_a_time_by_quadrature, (derived.mode_equation(),))
    # w = p^n moves n p^{n-1} times as fast as the layer p, and the integrand is 1 / p'
    slope = derived.n * derived.layer ** (derived.n - 1)
    claimed = slope / TIME.function.xreplace({x: derived.layer})
    proof.ends_on_expression(
        claimed, derived.field(derived.n, derived.layer**derived.n), relation="="
    )
    return [proof]
