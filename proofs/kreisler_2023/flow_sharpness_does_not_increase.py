"""Two scalar layers: the exact step of a^2 - b^2, its monotony, and the sharpness at ab = s."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.kreisler_2023 import flow_sharpness_does_not_increase as stated
from theorycheck.symbolic.derivations import sharpness as derived

LETTERS = {derived.a: stated.a, derived.b: stated.b, derived.s: stated.s, derived.eta: stated.eta}


def proofs() -> list[Proof]:
    exact = Proof(stated.imbalance_shrinks_exactly, (derived.imbalance_step(),))
    after = stated.IMBALANCE_AFTER.subs(stated.count, 1)
    exact.ends_on_expression(after, derived.IMBALANCE_AFTER, LETTERS, relation="=")

    attained = Proof(stated.flow_sharpness_is_attained_at_minimisers, (derived.flow_sharpness(),))
    squared = stated.FLOW_SHARPNESS.subs(stated.count, 4) ** 2
    attained.ends_on_expression(squared, derived.FLOW_SHARPNESS**2, LETTERS, relation="=")

    # S^2 = (a^2 - b^2)^2 + 4 s^2: it does not increase if (a^2 - b^2)^2 does not
    monotone = Proof(
        stated.flow_sharpness_does_not_increase,
        (derived.imbalance_step(), derived.imbalance_does_not_grow()),
    )
    before = squared - 4 * stated.s**2
    monotone.ends_on_expression(before, (derived.a**2 - derived.b**2) ** 2, LETTERS, relation="<=")
    monotone.ends_on_expression(after**2, derived.IMBALANCE_AFTER**2, LETTERS, relation="<=")
    return [exact, attained, monotone]
