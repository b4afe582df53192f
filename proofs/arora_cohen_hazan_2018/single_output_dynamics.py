"""The equation of a net with one output: what multiplies grad phi and w, for every depth."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.arora_cohen_hazan_2018 import single_output_dynamics as claimed
from theorycheck.symbolic.derivations import scalar_output as derived
from theorycheck.symbolic.derivations.layers import n
from theorycheck.symbolic.words import inner


def proofs() -> list[Proof]:
    steps = (derived.roots_of_rank_one(), derived.scalar_output_equation())
    proof = Proof(claimed.single_output_dynamics, steps)
    size, slope = derived.size, inner(derived.g, derived.w)
    # the claim's letters are the derivation's: alpha = |w|^{2/n}, c = n - 1
    letters = {
        claimed.n: n, claimed.factor: n - 1, claimed.slope: slope,
        claimed.root: size ** (2 / n), claimed.length: size**2,
    }  # fmt: skip
    for stated, coefficient in (
        (claimed.ACROSS, -(size ** (2 - 2 / n))),
        (claimed.ALONG, -(n - 1) * slope * size ** (-2 / n)),
    ):
        proof.ends_on_expression(-stated.subs(letters), coefficient, relation="=")
    return [proof]
