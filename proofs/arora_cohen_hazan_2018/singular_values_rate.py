"""The velocity of a singular value of the end-to-end matrix, for every depth."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.arora_cohen_hazan_2018 import singular_values_rate as claimed
from theorycheck.symbolic.derivations import singular_values as derived
from theorycheck.symbolic.derivations.end_to_end import outer
from theorycheck.symbolic.derivations.layers import n


def proofs() -> list[Proof]:
    steps = (
        derived.singular_value_velocity(),
        derived.left_singular_vectors(),
        derived.right_singular_vectors(),
    )
    proof = Proof(claimed.singular_values_rate, steps)
    slope = (derived.u.T @ outer @ derived.v).scalar
    letters = {
        claimed.n: n, claimed.factor: n, claimed.sigma: derived.sigma, claimed.slope: slope
    }  # fmt: skip
    rate = -n * derived.sigma ** (2 - 2 / n) * slope
    proof.ends_on_expression(claimed.RATE.subs(letters), rate, relation="=")
    return [proof]
