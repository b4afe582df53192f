"""Limits stay open: a surrogate never returns HOLDS, whatever its finite relation says."""

from __future__ import annotations

from fractions import Fraction as F

import pytest

import theorycheck as tc
from theorycheck import balls
from theorycheck.catalogue.soudry_2018 import weights_follow_the_log_of_time as linear
from theorycheck.claims import Case
from theorycheck.claims.places import Place, Reach
from theorycheck.claims.registry import shipped_claims
from theorycheck.claims.relations import Surrogate
from theorycheck.claims.rung import Rung

OPEN = [
    c for c in shipped_claims().values() if c.example is not None and c.expected is tc.UNDECIDED
]
LIMITS = {
    "directions_converge", "alignment_tends_to_one", "layers_tend_to_rank_one",
    "weights_tend_to_the_max_margin_direction", "limit_directions_are_kkt_points",
}  # fmt: skip


def test_the_limits_of_the_line_are_stated():
    assert {claim.name for claim in OPEN} >= LIMITS


@pytest.mark.parametrize("claim", OPEN, ids=lambda claim: claim.full_name)
def test_open_claims_are_surrogates_and_never_hold(claim):
    relations = claim.relations(Case(claim.example_instance()))

    assert all(isinstance(relation, Surrogate) for relation in relations)
    assert tc.check(claim).verdict is tc.UNDECIDED


def test_direction_is_close_at_a_late_time():
    """TV9: |r| <= e^{-1/2} with w^ = (1, 0), so the distance is 2 e^{-1/2} / log(10^100 + 1)."""
    case = Case(linear.example())
    rung = Rung(case.instance, 128, Reach(), tc.Effort(max_seconds=20).start())
    norm, distance = (detail.term.expression for detail in linear.details(case).values())

    assert abs(balls.lower(rung.value(distance, Place())) - F("0.00526832")) < F(1, 10**7)
    assert abs(balls.lower(rung.value(norm, Place())) - F("229.6519787")) < F(1, 10**6)
