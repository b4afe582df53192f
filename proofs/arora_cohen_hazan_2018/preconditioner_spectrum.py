"""Eigenvectors and eigenvalues of the preconditioner; the sum of the claim at its first depths.

The derivation is about every depth: (x - y) times the recursion telescopes. The claim's sum is the
recursion written out, which is compared at the depths 1 to 6, for distinct and equal values.
"""

from __future__ import annotations

import sympy

from proofs.proof import Proof
from theorycheck.catalogue.arora_cohen_hazan_2018 import preconditioner_spectrum as claimed
from theorycheck.symbolic.derivations import preconditioner as derived

DEPTHS = range(1, 7)


def proofs() -> list[Proof]:
    distinct = (
        derived.sum_of_terms(),
        derived.preconditioner_eigenvectors(),
        derived.quotient_form(),
    )
    proof = Proof(claimed.preconditioner_spectrum, (*distinct, derived.equal_singular_values()))
    quotient = (derived.sigma**2 - derived.tau**2) / (derived.x - derived.y)
    same = derived.n * derived.sigma ** (2 - 2 / derived.n)
    first, second = (sympy.Symbol(s.name, positive=True) for s in (claimed.first, claimed.second))
    for depth in DEPTHS:
        # singular values as powers, so that their roots are letters
        at_depth = claimed.EIGENVALUE.subs(claimed.n, depth).doit()
        apart = at_depth.subs({claimed.first: first**depth, claimed.second: second**depth})
        names = {derived.sigma: first**depth, derived.tau: second**depth}
        roots = {derived.x: first**2, derived.y: second**2}
        proof.ends_on_expression(apart, quotient, {**names, **roots}, relation="=")
        equal = apart.subs(second, first)
        proof.ends_on_expression(
            equal, same, {derived.n: sympy.Integer(depth), **names}, relation="="
        )
    return [proof]
