"""A campaign is cut into shards of examples, each drawn by Hypothesis from its own seed.

Shards do not depend on the number of processes, so neither does what a campaign sees.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity

from theorycheck.claims import Claim, Judgement
from theorycheck.claims.guarded import judge_guarded
from theorycheck.errors import TheorycheckError
from theorycheck.fuzzing.choices import instances_of
from theorycheck.fuzzing.records import Record, Records, identity, key_of
from theorycheck.problems import Family, Instance
from theorycheck.trajectories import Effort
from theorycheck.verdicts import VIOLATED

__all__ = ["SHARD", "Search", "Seen", "size_of"]

SHARD = 50
"""Examples per shard."""

SMALLER = 4 * SHARD
MOST_DESCENTS = 6
"""Rounds of search among smaller nets, each ended by a smaller violation."""

QUIET: dict[str, Any] = {
    "deadline": None, "suppress_health_check": list(HealthCheck), "print_blob": False,
    "verbosity": Verbosity.quiet, "report_multiple_bugs": False,
}  # fmt: skip

Seen = Callable[[Record], None]


class Violation(Exception):
    """Tell Hypothesis that an instance violates the claim; it never leaves this module."""


ENDS = (Violation, hypothesis.errors.Flaky, hypothesis.errors.Unsatisfiable)


@dataclass
class Search:
    """Judge instances of a family.

    Parameters
    ----------
    claim : Claim
    family : Family
    effort : Effort          per instance
    records : Records        judgements that are known already are taken from here
    """

    claim: Claim
    family: Family
    effort: Effort
    records: Records

    def __post_init__(self) -> None:
        self.owner = identity(self.claim, self.effort)

    def judged(self, instance: Instance) -> Record:
        """Judge an instance, or find its judgement among the records."""
        key = key_of(instance)
        found = self.records.get(self.owner, key)
        if found is None:
            try:
                made = judge_guarded(self.claim, instance, self.effort)
                found = Record(key, made.to_dict())
            except TheorycheckError as error:
                found = Record(key, None, f"{type(error).__name__}: {error}")
            self.records.put(self.owner, self.claim.full_name, found)
        return found

    def run(self, seed: int, shard: int, examples: int, seen: Seen) -> None:
        """Draw and judge the examples of one shard; nothing is shrunk."""

        def body(instance: Instance) -> None:
            record = self.judged(instance)
            seen(record)
            hypothesis.target(closeness(record))

        self._hypothesis(body, seed, shard, examples, (Phase.generate, Phase.target))

    def explore(
        self, seed: int, shard: int, examples: int, body: Callable[[Instance], None]
    ) -> None:
        """Draw the examples of one shard for a body that sets its own `hypothesis.target`s."""
        self._hypothesis(body, seed, shard, examples, (Phase.generate, Phase.target))

    def shrink(self, seed: int, shard: int, examples: int, seen: Seen) -> Judgement | None:
        """Draw the same examples again and shrink the first violation, always certified."""
        found: list[Judgement] = []

        def body(instance: Instance) -> None:
            record = self.judged(instance)
            judgement = record.read()
            if judgement is not None and judgement.verdict is VIOLATED:
                seen(record)
                found.append(judgement)
                raise Violation
            hypothesis.target(closeness(record))

        self._hypothesis(body, seed, shard, examples, (Phase.generate, Phase.target, Phase.shrink))
        return self._below(found[-1], seed, seen) if found else None

    def _below(self, best: Judgement, seed: int, seen: Seen) -> Judgement:
        """Search again among smaller nets: a shrinker of choices may be stuck on a larger one."""
        for attempt in range(MOST_DESCENTS):
            smaller = self._smaller_than(size_of(best.instance), seed, -1 - attempt, seen)
            if smaller is None:
                break
            best = smaller
        return best

    def _smaller_than(
        self, bound: tuple[int, ...], seed: int, shard: int, seen: Seen
    ) -> Judgement | None:
        found: list[Judgement] = []

        def body(instance: Instance) -> None:
            if size_of(instance) >= bound:
                hypothesis.reject()
            record = self.judged(instance)
            judgement = record.read()
            if judgement is not None and judgement.verdict is VIOLATED:
                seen(record)
                found.append(judgement)
                raise Violation

        self._hypothesis(body, seed, shard, SMALLER, (Phase.generate, Phase.shrink))
        return found[-1] if found else None

    def keep(self, violation: Judgement, folder: Path) -> None:
        """Write a violating instance down for `recall` in later runs."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(violation.instance.to_json(), indent=2)
        (folder / f"{key_of(violation.instance)}.json").write_text(text, encoding="utf-8")

    def recall(self, folder: Path, seen: Seen) -> Judgement | None:
        """Judge the violating instances of earlier runs; return the smallest that still is one.

        They are exact instances: a changed family or another version of Hypothesis loses none.
        """
        found: list[Judgement] = []
        for file in sorted(folder.glob("*.json")):
            try:
                instance = Instance.from_json(json.loads(file.read_text(encoding="utf-8")))
            except ValueError:  # damaged, or of another schema
                continue
            record = self.judged(instance)
            seen(record)
            judgement = record.read()
            if judgement is not None and judgement.verdict is VIOLATED:
                found.append(judgement)
        return min(found, key=lambda judgement: size_of(judgement.instance), default=None)

    def _hypothesis(
        self,
        body: Callable[[Instance], None],
        seed: int,
        shard: int,
        examples: int,
        phases: tuple[Phase, ...],
    ) -> None:
        settings = hypothesis.settings(max_examples=examples, phases=phases, database=None, **QUIET)
        test = hypothesis.given(instances_of(self.family))(body)
        test = hypothesis.seed(f"{seed}/{shard}")(settings(test))
        with contextlib.suppress(*ENDS):  # what was found is in the caller's hands
            test()


def size_of(instance: Instance) -> tuple[int, int, int]:
    """Order nets by depth, width and number of parameters; other instances by their length."""
    if "network" in instance:
        network = instance.network
        return network.depth, max(network.widths), network.dimension
    return len(instance.get("start", ())), 0, len(instance.to_json())


def closeness(record: Record) -> float:
    """How near a violation an instance is, in [-1, 1]: minus its relative margin."""
    relative = None if record.judgement is None else record.judgement["relative_margin"]
    return -1.0 if relative is None else max(-1.0, min(1.0, -float(relative)))
