"""Growth of the smoothed margin: the exact rate, and its sign from slack and alignment."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.lyu_li_2020 import smoothed_margin_grows as stated
from theorycheck.symbolic.derivations import margin_slack, margins as derived

# a = nu / (lambda alpha)
LETTERS = {
    derived.L: stated.order,
    derived.nu: stated.slack * derived.slope * derived.alpha,
    derived.beta: stated.alignment,
}


def proofs() -> list[Proof]:
    grows = Proof(
        stated.smoothed_margin_grows,
        (
            derived.norm_grows(),
            derived.loss_decreases(),
            margin_slack.exponential_slack(),
            margin_slack.logistic_slack(),
            derived.margin_growth(),
            derived.margin_grows(),
        ),
    )
    grows.ends_on_expression(stated.GROWTH, derived.MARGIN_GROWTH, LETTERS, relation="=")
    grows.ends_on_expression(stated.GROWTH, derived.MARGIN_GROWTH, LETTERS, relation="<=")
    return [grows]
