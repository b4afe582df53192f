"""What the checker found out about one relation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from theorycheck.balls import Ball
from theorycheck.claims.places import Place
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED, Verdict

__all__ = ["FINITE_RELATION_HOLDS", "Evidence", "Outcome", "joined", "sized"]

FINITE_RELATION_HOLDS = "surrogate: the finite relation holds"
"""How the reason begins where a surrogate is open as it must be."""


class Evidence(Enum):
    """How a verdict was reached, strongest first. `SAMPLE` can never give HOLDS."""

    PROOF = "proof"
    EXACT = "exact"
    ENCLOSURE = "enclosure"
    SAMPLE = "sample"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Outcome:
    """Verdict on one relation, with margin and place.

    Parameters
    ----------
    verdict : Verdict
    evidence : Evidence
    reason : str                    one line; for UNDECIDED the cause and what would help
    margin : Ball or None           encloses rhs - lhs at the worst place
    relative_margin : float or None  margin over the larger side, an estimate for display
    place : Place or None           the worst place, or the witness of a violation
    bits : int                      the rung of the ladder, 0 where no ball was needed
    overlap : Fraction or None      width of an enclosure of rhs - lhs that contains 0
    touching : bool                 an equality case: the overlap shrinks with the precision
    reached : Fraction or None      where an enclosure ended
    """

    verdict: Verdict
    evidence: Evidence = Evidence.ENCLOSURE
    reason: str = ""
    margin: Ball | None = None
    relative_margin: float | None = None
    place: Place | None = None
    bits: int = 0
    overlap: Fraction | None = None
    touching: bool = False
    reached: Fraction | None = None

    def at_bits(self, bits: int) -> Outcome:
        return replace(self, bits=bits)


def sized(width: Fraction) -> str:
    """Write a width for a reader; it may be too large for a float."""
    return f"{float(width):.3g}" if width < 10**300 else "more than 1e300"


def holds(evidence: Evidence, reason: str) -> Outcome:
    return Outcome(HOLDS, evidence, reason)


def violated(evidence: Evidence, reason: str, place: Place | None = None) -> Outcome:
    return Outcome(VIOLATED, evidence, reason, place=place)


def undecided(reason: str, place: Place | None = None) -> Outcome:
    return Outcome(UNDECIDED, Evidence.ENCLOSURE, reason, place=place)


def joined(outcomes: tuple[Outcome, ...]) -> Outcome:
    """Join several outcomes by Kleene's "and", keeping the one that decides.

    A violation decides; else an undecided one; else the one with the least relative margin and
    the weakest evidence.
    """
    for verdict in (VIOLATED, UNDECIDED):
        deciding = [o for o in outcomes if o.verdict is verdict]
        if deciding:
            plain = [o for o in deciding if not o.touching]
            return (plain or deciding)[0]
    order = list(Evidence)
    weakest = max(outcomes, key=lambda o: order.index(o.evidence))
    tight = [o for o in outcomes if o.relative_margin is not None]
    if not tight:
        return weakest
    worst = min(tight, key=lambda o: o.relative_margin or 0.0)
    # a replay needs the highest rung that any of them needed
    return replace(worst, evidence=weakest.evidence, bits=max(o.bits for o in outcomes))
