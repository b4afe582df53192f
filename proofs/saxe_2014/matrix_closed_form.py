"""The matrix closed form: the equation of both sides, and the exponential on singular vectors."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.saxe_2014 import matrix_closed_form as claimed
from theorycheck.symbolic.derivations import riccati as derived


def proofs() -> list[Proof]:
    steps = (
        derived.layers_to_riccati(),
        derived.inverse_exists(),
        derived.inverse_rate(),
        derived.closed_form(),
        derived.one_pair(),
    )
    proof = Proof(claimed.matrix_closed_form, steps)
    names = {derived.t: claimed.t, derived.value: claimed.s}
    pairs = zip(
        (*claimed.GROWTH, *claimed.INTEGRAL),
        (derived.COSINE, derived.SINE, *derived.INTEGRALS),
        strict=True,
    )
    for stated, entry in pairs:
        proof.ends_on_expression(stated, entry, names, relation="=")
    return [proof]
