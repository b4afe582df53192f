"""Search: counterexamples, hardest instances, tightness, mutants of a claim."""

from __future__ import annotations

from theorycheck.fuzzing.audit import Audit, audit
from theorycheck.fuzzing.campaign import Campaign, fuzz
from theorycheck.fuzzing.tighten import Tightness, tighten

__all__ = ["Audit", "Campaign", "Tightness", "audit", "fuzz", "tighten"]
