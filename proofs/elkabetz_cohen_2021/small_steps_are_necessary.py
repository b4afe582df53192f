"""Descent on a concave quadratic stays behind the flow: both sides of the lower bound."""

from __future__ import annotations

import sympy

from proofs.proof import Proof
from theorycheck.catalogue.elkabetz_cohen_2021 import small_steps_are_necessary as claimed
from theorycheck.claims import step
from theorycheck.symbolic.derivations import tracking as derived
from theorycheck.symbolic.derivations.layers import eta


def proofs() -> list[Proof]:
    steps = (derived.flow_gap(), derived.descent_gap(), derived.loss_of_descent())
    proof = Proof(claimed.small_steps_are_necessary, steps)
    said = steps[-1].conclusion
    assert said is not None
    names = {derived.m: claimed.m, eta: claimed.eta, derived.k: step}
    lower = claimed.LOWER_BOUND.subs(claimed.rate, claimed.RATE)
    proof.ends_on_expression(lower, sympy.sympify(said.left), names, relation="<=")
    proof.ends_on_expression(claimed.TRUE_ERROR, sympy.sympify(said.right), names, relation="<=")
    return [proof]
