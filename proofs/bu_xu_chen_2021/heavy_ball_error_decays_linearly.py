"""Heavy ball from rest: its modes in every damping, and the envelope they stay below."""

from __future__ import annotations

import sympy

from proofs.proof import Proof
from theorycheck.catalogue.bu_xu_chen_2021 import heavy_ball_error_decays_linearly as claimed
from theorycheck.claims import time
from theorycheck.symbolic.derivations import heavy_ball as derived


def proofs() -> list[Proof]:
    modes = (derived.error_dynamics(), derived.entire_functions(), derived.uniform_formula())
    # at the damping 2 sqrt(l) the least mode is critical, and all others are underdamped
    tuned = Proof(
        claimed.heavy_ball_error_decays_linearly,
        (*modes, derived.underdamped(), derived.critically_damped(), derived.uniform_bound()),
    )
    envelope = claimed.ENVELOPE * sympy.exp(-claimed.r * time)
    names = {derived.b: 2 * claimed.r, derived.t: time}
    tuned.ends_on_expression(envelope, derived.CRITICAL, names, relation="<=")

    slow = Proof(
        claimed.overdamped_error_decays_at_the_slow_root,
        (*modes, derived.overdamped(), derived.uniform_bound(), derived.slow_root()),
    )
    slow.ends_on_expression(
        claimed.OVERDAMPED_RATE, derived.SLOW_ROOT, {derived.b: claimed.b, derived.l: claimed.l},
        relation="=",
    )  # fmt: skip
    return [tuned, slow]
