"""The integrated curvature is at most what a potential loses along the flow, for every depth.

The claim's bound is the potential at the start: along the flow it falls at the derived speed, and
it is nonnegative where r <= 1.
"""

from __future__ import annotations

import sympy

from proofs.proof import Proof
from theorycheck.catalogue.elkabetz_cohen_2021 import integrated_curvature_is_logarithmic as claimed
from theorycheck.symbolic.derivations import integrated_curvature as derived
from theorycheck.symbolic.derivations.planar import ANGULAR, RADIAL, c, n, planar_reduction, r
from theorycheck.symbolic.named import unnamed


def proofs() -> list[Proof]:
    steps = (planar_reduction(), derived.integrated_curvature())
    proof = Proof(claimed.integrated_curvature_is_logarithmic, steps)
    along = {n: claimed.n, derived.distance: claimed.slope, r: claimed.length}
    proof.ends_on_expression(claimed.CURVATURE, derived.CURVATURE, along, relation="<=")

    said = steps[-1].conclusion
    assert said is not None
    names = {n: claimed.n, c: claimed.c_0, r: claimed.r_0}
    bound = claimed.BOUND.subs(claimed.factor, 1)
    moved = (
        bound.diff(names[x]) * field.xreplace(names) for x, field in ((c, ANGULAR), (r, RADIAL))
    )
    legs = {**names, derived.sine: sympy.sqrt(1 - claimed.c_0**2)}
    proof.ends_on_expression(-sum(moved), unnamed(said.right), legs, relation="<=")
    proof.vanishes(bound.subs({claimed.c_0: 1, claimed.r_0: 1}))
    return [proof]
