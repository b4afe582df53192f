"""Search a claim's family for a counterexample; shrink it while it stays certified."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from theorycheck.claims import Claim, Judgement
from theorycheck.claims.registry import number_of
from theorycheck.errors import InvalidInstance
from theorycheck.fuzzing.options import require_folder, searched_family
from theorycheck.fuzzing.records import Record, Records
from theorycheck.fuzzing.shards import SHARD, Search, size_of
from theorycheck.fuzzing.workers import Shard, run_here, run_in_processes, written
from theorycheck.problems import Family, Instance
from theorycheck.trajectories import Effort
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED, Verdict

__all__ = ["Campaign", "fuzz"]

DEFAULT_EFFORT = Effort(max_bits=256, max_seconds=10.0)
"""Per instance: a search looks at many."""
NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d./]*(?:[eE][-+]?\d+)?(?!\w)")
"""A number within a reason, not the digits of a name."""


@dataclass(frozen=True)
class Campaign:
    """What a search saw.

    Parameters
    ----------
    claim : str                  full name
    seed : int
    examples : int               distinct instances judged
    counts : dict                "HOLDS", "VIOLATED", "UNDECIDED", "vacuous", "error" -> how many
    reasons : dict               reason of an UNDECIDED (or error) -> how many
    expected : Verdict           what the claim declares
    smallest : Judgement or None    the violation after shrinking; certified
    worst : Judgement or None    the violation of least relative margin
    hardest : Instance or None   the decided instance of least relative margin
    undecided : Judgement or None    the first that is UNDECIDED and not touching
    vacuous : Judgement or None    the first that is vacuous
    complete : bool              False where the search was interrupted
    """

    claim: str
    seed: int
    examples: int
    counts: dict[str, int]
    reasons: dict[str, int]
    expected: Verdict
    smallest: Judgement | None
    worst: Judgement | None
    hardest_judgement: Judgement | None
    undecided: Judgement | None = None
    vacuous: Judgement | None = None
    complete: bool = True

    @property
    def smallest_violation(self) -> Instance | None:
        """The smallest exact instance that violates the claim, or None."""
        return None if self.smallest is None else self.smallest.instance

    @property
    def worst_violation(self) -> Instance | None:
        return None if self.worst is None else self.worst.instance

    @property
    def hardest(self) -> Instance | None:
        found = self.hardest_judgement
        return None if found is None else found.instance

    @property
    def contradicts(self) -> bool:
        """Whether a violation was found of a claim that is expected to hold."""
        return self.smallest is not None and self.expected is HOLDS

    @property
    def all_vacuous(self) -> bool:
        """Whether nothing was checked: every instance fails an assumption. That is a failure."""
        return self.examples > 0 and self.counts.get("vacuous", 0) == self.examples

    @property
    def replay_line(self) -> str:
        """One line of Python that re-runs the smallest violation."""
        return "tc.replay(campaign.smallest.to_json())"

    def __str__(self) -> str:
        counted = ", ".join(f"{number} {name}" for name, number in self.counts.items())
        return f"{self.claim}: {self.examples} instances: {counted}"


def fuzz(
    claim: Claim,
    *,
    max_examples: int = 200,
    seed: int = 0,
    family: Family | None = None,
    effort: Effort | None = None,
    jobs: int = 1,
    store: str | Path | None = None,
    database: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Campaign:
    """Search for an instance that violates a claim.

    The same seed sees the same instances, whatever the number of jobs.

    Parameters
    ----------
    claim : Claim
    max_examples : int      instances to draw; a few of them may coincide
    seed : int
    family : Family         instead of the claim's own; serial only
    effort : Effort         per instance; 256 bits and 10 seconds by default
    jobs : int              processes; more than one needs a claim of the catalogue or of a file
    store : path            SQLite file: judgements are kept there and not made again
    database : path         folder in which violations are kept, exactly, for later runs
    progress : function of (examples asked for so far, max_examples)

    Returns
    -------
    Campaign                counts, smallest and worst violation, hardest instance

    Raises
    ------
    InvalidClaim, InvalidInstance    no family, or options out of range
    """
    searched = searched_family(
        "fuzz", claim, family, effort, seed=seed, max_examples=max_examples, jobs=jobs
    )
    if jobs > 1:
        _require_findable(claim, family)
    if database is not None:
        require_folder(Path(database))
    effort = effort or DEFAULT_EFFORT
    path = None if store is None else Path(store)
    number = number_of(claim) or 0
    search = Search(claim, searched, effort, Records(path))
    tally = _Tally()
    folder = None if database is None else _folder(Path(database), claim)
    recalled = None if folder is None else search.recall(folder, tally.add)
    complete, done = True, 0
    by_shard: dict[int, list[Record]] = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as logs:
        shards = [
            Shard(claim.full_name, claim.file, number, seed, i,
                  min(SHARD, max_examples - i * SHARD), effort, path, Path(logs, f"{i}.jsonl"))
            for i in range(-(-max_examples // SHARD))
        ]  # fmt: skip
        serial = jobs == 1
        results = run_here(search, shards, tally.add) if serial else run_in_processes(shards, jobs)
        try:
            for index, records in results:
                by_shard[index] = records
                done += shards[index].examples
                if progress is not None:
                    progress(done, max_examples)
        except KeyboardInterrupt:
            complete = False
        finally:
            results.close()
        for shard in shards:
            if shard.index not in by_shard:
                by_shard[shard.index] = written(shard)
    for index in sorted(by_shard):
        for record in by_shard[index]:
            tally.add(record if serial else search.accepted(record))
    violating = [
        i for i, records in by_shard.items()
        if any(_violates(search.known.get(record.key, record)) for record in records)
    ]  # fmt: skip
    shrunk = None
    if violating and complete:
        first = min(violating)
        shrunk = search.shrink(seed, first, shards[first].examples, lambda _: None)
    known = [violation for violation in (shrunk, recalled) if violation is not None]
    smallest = min(known, key=lambda v: size_of(v.instance), default=tally.worst)
    if folder is not None and smallest is not None:
        search.keep(smallest, folder)
    return tally.campaign(claim, seed, smallest, complete=complete)


class _Tally:
    """Count distinct instances as they are seen."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.worst: Judgement | None = None
        self.hardest: Judgement | None = None
        self.undecided: Judgement | None = None
        self.vacuous: Judgement | None = None

    def add(self, record: Record) -> None:
        if record.key in self.keys:
            return
        self.keys.add(record.key)
        judgement = record.read()
        if judgement is None:
            self.counts["error"] += 1
            self.reasons[record.error] += 1
            return
        self.counts["vacuous" if judgement.vacuous else judgement.verdict.value] += 1
        if judgement.verdict is UNDECIDED and not judgement.vacuous:
            self.reasons[_kind_of(judgement)] += 1
            if self.undecided is None and not judgement.touching:
                self.undecided = judgement
        if judgement.vacuous and self.vacuous is None:
            self.vacuous = judgement
        if judgement.vacuous or judgement.verdict is UNDECIDED:
            return
        if judgement.verdict is VIOLATED:
            self.worst = _tighter(self.worst, judgement)
        else:
            self.hardest = _tighter(self.hardest, judgement)

    def campaign(
        self, claim: Claim, seed: int, smallest: Judgement | None, *, complete: bool
    ) -> Campaign:
        names = ("HOLDS", "VIOLATED", "UNDECIDED", "vacuous", "error")
        counts = {name: self.counts[name] for name in names if self.counts[name]}
        return Campaign(
            claim.full_name, seed, len(self.keys), counts, dict(self.reasons.most_common()),
            claim.expected, smallest, self.worst, self.hardest, self.undecided, self.vacuous,
            complete,
        )  # fmt: skip


def _tighter(old: Judgement | None, new: Judgement) -> Judgement:
    if old is None or old.relative_margin is None:
        return new
    if new.relative_margin is None or new.relative_margin >= old.relative_margin:
        return old
    return new


def _kind_of(judgement: Judgement) -> str:
    """The cause of an UNDECIDED, without its numbers."""
    if judgement.touching:
        return "touching"
    return NUMBER.sub("...", judgement.reason.split(":")[0])


def _violates(record: Record) -> bool:
    judgement = record.read()
    return judgement is not None and judgement.verdict is VIOLATED


def _folder(database: Path, claim: Claim) -> Path:
    """Claims of different files may share a name."""
    mark = hashlib.sha256(claim.file.encode()).hexdigest()[:8] if claim.file else "catalogue"
    return database / f"{claim.full_name}-{mark}"


def _require_findable(claim: Claim, family: Family | None) -> None:
    """Worker processes find the claim by its name and its number among its namesakes."""
    if family is not None or not (claim.file or claim.paper) or number_of(claim) is None:
        raise InvalidInstance(
            "more than one job needs a claim that worker processes find by name; use jobs=1 for "
            "a claim that is in no file or was changed, or with another family"
        )
