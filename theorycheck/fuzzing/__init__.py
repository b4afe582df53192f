"""Search: counterexamples, hardest instances, tightness, mutants of a claim."""

from __future__ import annotations

from theorycheck.fuzzing.campaign import Campaign, fuzz

__all__ = ["Campaign", "fuzz"]
