"""The eigenvalue along the gradient is minus the logarithmic rate of the gradient's norm."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.elkabetz_cohen_2021.aligned_curvature_is_exact import (
    EIGENVALUE,
    aligned_curvature_is_exact,
    factor,
    p,
)
from theorycheck.symbolic.derivations import planar


def proofs() -> list[Proof]:
    steps = (planar.hessian_of_equal_layers(), planar.curvature_along_the_gradient())
    proof = Proof(aligned_curvature_is_exact, steps)
    claimed = -EIGENVALUE.subs(factor, planar.n - 1)
    proof.ends_on_expression(claimed, -planar.LAMBDA, {planar.value: p**planar.n}, relation="=")
    return [proof]
