"""One mode of any depth: each closed form is put into the equation derived for every depth."""

from __future__ import annotations

import sympy
from sympy import Expr

from proofs.proof import Proof
from theorycheck.catalogue.saxe_2014 import scalar_closed_forms as claimed
from theorycheck.claims import Claim, time
from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations import scalar_modes as derived
from theorycheck.symbolic.named import unnamed


def by_quadrature() -> Proof:
    proof = Proof(claimed.every_depth_has_a_time_by_quadrature, (derived.mode_equation(),))
    # w = p^n moves n p^{n-1} times as fast as the layer p, and the integrand is 1 / p'
    slope = derived.n * derived.layer ** (derived.n - 1)
    speed = slope / claimed.TIME.function.xreplace({claimed.x: derived.layer})
    proof.ends_on_expression(
        speed, derived.field(derived.n, derived.layer**derived.n), relation="="
    )
    return proof


def at_depth_one() -> Proof:
    steps = (derived.mode_equation(), derived.depth_one())
    proof = Proof(claimed.depth_one_is_exponential, steps)
    curve = claimed.EXPONENTIAL.xreplace({claimed.rate: 1})
    proof.ends_on_expression(curve, derived.EXPONENTIAL, {derived.t: time}, relation="=")
    return proof


def elementary(claim: Claim, step: Derivation, variable: Expr, speed: Expr) -> Proof:
    """The rate of the claimed time along the flow is the derived one, which is one."""
    proof = Proof(claim, (derived.mode_equation(), step))
    assert step.conclusion is not None
    rate = sympy.diff(claim.formulas["time"], variable) * speed
    proof.ends_on_expression(rate, unnamed(step.conclusion.left), relation="=")
    return proof


def proofs() -> list[Proof]:
    p, r, s, root = derived.layer, derived.r, derived.s, derived.root
    three = p**2 * (root**3 - p**3)
    four = 2 * r**2 * (s - r**2)
    return [
        by_quadrature(),
        at_depth_one(),
        elementary(claimed.depth_three_has_a_closed_time, derived.depth_three(), p, three),
        elementary(claimed.depth_four_has_a_closed_time, derived.depth_four(), r, four),
    ]
