"""Search: counterexamples, hardest instances, tightness, mutants of a claim."""

from __future__ import annotations

from theorycheck.fuzzing.audit import Audit, audit
from theorycheck.fuzzing.campaign import Campaign, fuzz
from theorycheck.fuzzing.tighten import Tightness, tighten
from theorycheck.fuzzing.trial import Trial, replay_claim, try_claim

__all__ = [
    "Audit", "Campaign", "Tightness", "Trial", "audit", "fuzz", "replay_claim", "tighten",
    "try_claim",
]  # fmt: skip
