"""A claim as a test: its example, its negative controls, and a search of its family."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from theorycheck.claims import Claim, Control, Judgement, replay
from theorycheck.claims.guarded import judge_guarded
from theorycheck.claims.judgement import parse
from theorycheck.fuzzing.campaign import Campaign, fuzz
from theorycheck.trajectories import Effort
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED

__all__ = ["Trial", "replay_claim", "try_claim"]

MOST_REASONS = 5


@dataclass(frozen=True)
class Trial:
    """What became of a claim that was run as a test.

    Parameters
    ----------
    outcome : str                in words, as tables print it
    counts : dict                "HOLDS", "VIOLATED", "UNDECIDED", "touching", "vacuous", "error"
                                 -> instances; the example counts, controls do not
    failure : str                why it fails as a test, empty where it passes
    judgement : Judgement or None    the one that shows the failure; it replays
    control : str                name of the negative control it is about, or empty
    reasons : dict               reason of an UNDECIDED (or error) of the search -> instances
    """

    outcome: str
    counts: dict[str, int]
    failure: str = ""
    judgement: Judgement | None = None
    control: str = ""
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return not self.failure

    @property
    def instances(self) -> int:
        return sum(self.counts.values())


def try_claim(
    claim: Claim,
    *,
    examples: int,
    seed: int,
    effort: Effort,
    undecided_fails: bool,
    database: Path | None = None,
) -> Trial:
    """Run a claim as a test; the first thing that is wrong ends it.

    The example must come out as the claim expects, every negative control as it declares, and no
    instance of the family may contradict the claim. A claim that is expected to be VIOLATED passes
    once an instance refutes it. An equality case (`touching`) is counted and never fails.

    Parameters
    ----------
    claim : Claim
    examples : int             instances to draw from the family, >= 1
    seed : int
    effort : Effort            per instance
    undecided_fails : bool     whether an UNDECIDED that is not touching fails
    database : Path or None    folder in which violations are kept for later runs

    Raises
    ------
    InvalidClaim, InvalidInstance    the claim is not well formed, or has nothing to be checked on
    KeyboardInterrupt                the search was interrupted
    """
    counts: Counter[str] = Counter()
    shown: Judgement | None = None
    if claim.example is not None or claim.family is None:
        shown = judge_guarded(claim, claim.example_instance(), effort)
        counts[_kind(shown)] += 1
        if shown.contradicts:
            return Trial(shown.summary, counts, _wrong(shown), shown)
        if undecided_fails and _kind(shown) == "UNDECIDED":
            return Trial("UNDECIDED", counts, "the example is UNDECIDED", shown)
    for control in claim.controls:
        found = judge_guarded(claim.spoiled(control), control.stored_instance(), effort)
        if not _as_declared(found, control):
            failure = (
                f"negative control {control.name!r} must come out "
                f"{control.outcome}, not {_kind(found)}"
            )
            return Trial("control", counts, failure, found, control.name)
    if claim.expected is VIOLATED and counts["VIOLATED"]:
        return Trial("refuted, as expected", counts)
    if claim.family is None:
        return _concluded(claim, counts, shown, None, undecided_fails=undecided_fails)
    campaign = fuzz(claim, max_examples=examples, seed=seed, effort=effort, database=database)
    if not campaign.complete:
        raise KeyboardInterrupt
    counts.update(campaign.counts)
    touching = campaign.reasons.get("touching", 0)
    counts["UNDECIDED"] -= touching
    counts["touching"] += touching
    return _concluded(claim, +counts, shown, campaign, undecided_fails=undecided_fails)


def replay_claim(claim: Claim, text: str, *, undecided_fails: bool) -> Trial | None:
    """Judge a stored instance again, as the test of its claim; None for another claim's.

    Parameters
    ----------
    claim : Claim
    text : str                 a judgement's JSON, with the name of a "control" if it is of one
    undecided_fails : bool     whether an UNDECIDED that is not touching fails

    Raises
    ------
    InvalidInstance    the text is no stored judgement
    """
    data = parse(text)
    if data["claim"] != claim.full_name:
        return None
    controls = [c for c in claim.controls if c.name == data.get("control")]
    judged = replay(text, claims=[claim.spoiled(c) for c in controls] or [claim])
    kind, recorded = _kind(judged), _kind(Judgement.from_dict(data))
    again = "the same verdict as recorded" if kind == recorded else f"recorded was {recorded}"
    bad = judged.contradicts or judged.vacuous or (undecided_fails and kind == "UNDECIDED")
    if controls:
        bad = not _as_declared(judged, controls[0])
    name = controls[0].name if controls else ""
    failure = f"{_wrong(judged)} ({again})" if bad else ""
    return Trial(judged.summary, {kind: 1}, failure, judged if bad else None, name)


def _concluded(
    claim: Claim, counts: Counter[str], example: Judgement | None, campaign: Campaign | None, *,
    undecided_fails: bool,
) -> Trial:  # fmt: skip
    """Weigh what the example and the search have shown, the gravest first."""
    smallest = None if campaign is None else campaign.smallest
    reasons = {} if campaign is None else dict(list(campaign.reasons.items())[:MOST_REASONS])

    def failed(outcome: str, failure: str, shown: Judgement | None) -> Trial:
        return Trial(outcome, counts, failure, shown, reasons=reasons)

    if smallest is not None and claim.expected is HOLDS:
        return failed("VIOLATED", _wrong(smallest), smallest)
    if counts["error"]:
        return failed("error", f"{counts['error']} instances could not be judged", None)
    if smallest is not None:
        return Trial("refuted, as expected", counts, reasons=reasons)
    total = counts.total()
    if counts["vacuous"] == total:
        shown = example if campaign is None else campaign.vacuous
        return failed("vacuous", f"all {total} instances are vacuous: nothing was checked", shown)
    if claim.expected is VIOLATED:
        return failed("not refuted", f"expected VIOLATED, but none of {total} instances is", None)
    if counts["UNDECIDED"] and undecided_fails:
        shown = None if campaign is None else campaign.undecided
        return failed("UNDECIDED", f"{counts['UNDECIDED']} of {total} instances: UNDECIDED", shown)
    return Trial(_passing(counts), counts, reasons=reasons)


def _passing(counts: Counter[str]) -> str:
    if counts["HOLDS"]:
        return "HOLDS"
    return "UNDECIDED" if counts["UNDECIDED"] else "UNDECIDED (touching)"


def _kind(judgement: Judgement) -> str:
    if judgement.vacuous:
        return "vacuous"
    if judgement.verdict is UNDECIDED and judgement.touching:
        return "touching"
    return judgement.verdict.value


def _wrong(judgement: Judgement) -> str:
    place = f" at {judgement.where}" if judgement.where else ""
    return f"{_kind(judgement)}{place}, expected {judgement.expected}"


def _as_declared(judgement: Judgement, control: Control) -> bool:
    if control.outcome == "vacuous":
        return judgement.vacuous
    return judgement.verdict is control.outcome and not judgement.vacuous
