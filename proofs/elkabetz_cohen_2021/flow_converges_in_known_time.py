"""The rate of the loss, and the times of growth at depth two and above.

A claimed time of growth is a function of the start: it is 0 at c_0 / 2, and along the flow it runs
down at least as fast as time passes.
"""

from __future__ import annotations

from sympy import Expr, Integer

from proofs.proof import Proof
from theorycheck.catalogue.elkabetz_cohen_2021 import flow_converges_in_known_time as claimed
from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations import integrated_curvature as derived
from theorycheck.symbolic.derivations.planar import LOSS, RADIAL, c, n, planar_reduction, r
from theorycheck.symbolic.named import unnamed

NAMES = {n: claimed.n, derived.first: claimed.c_0, derived.start: claimed.r_0, r: claimed.r_0}


def proofs() -> list[Proof]:
    steps = (
        derived.growth_time(),
        derived.growth_time_at_depth_two(),
        planar_reduction(),
        derived.loss_decays(),
    )
    proof = Proof(claimed.flow_converges_in_known_time, steps)
    # f' <= -rate f
    falls = -claimed.RATE * LOSS.xreplace(NAMES)
    proof.ends_on_expression(falls, -derived.DECAY_RATE * LOSS, NAMES, relation="<=")
    runs_down(proof, claimed.GROWTH_TIME, claimed.n, steps[0])
    runs_down(proof, claimed.GROWTH_TIME_AT_DEPTH_TWO, Integer(2), steps[1])
    return [proof]


def runs_down(proof: Proof, time: Expr, depth: Expr, step: Derivation) -> None:
    said = step.conclusion
    assert said is not None
    field = RADIAL.xreplace({**NAMES, n: depth})
    rate = -time.diff(claimed.r_0) * field
    proof.ends_on_expression(rate, unnamed(said.right), {**NAMES, c: c}, relation="<=")
    proof.vanishes(time.subs(claimed.r_0, claimed.c_0 / 2))
