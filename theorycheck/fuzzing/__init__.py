"""Search: counterexamples, hardest instances, tightness, mutants of a claim."""

from __future__ import annotations

from theorycheck.fuzzing.campaign import Campaign, fuzz
from theorycheck.fuzzing.trial import Trial, replay_claim, try_claim

__all__ = ["Campaign", "Trial", "fuzz", "replay_claim", "try_claim"]
