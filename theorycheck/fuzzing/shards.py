"""A campaign is cut into shards of examples, each drawn by Hypothesis from its own seed.

Shards do not depend on the number of processes, so neither does what a campaign sees.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis.strategies import SearchStrategy

from theorycheck.claims import Claim, Judgement
from theorycheck.claims.guarded import judge_guarded
from theorycheck.errors import TheorycheckError
from theorycheck.fuzzing.choices import instances_of, round_instances_of
from theorycheck.fuzzing.records import Record, Records, key_of
from theorycheck.fuzzing.statements import statement_of
from theorycheck.problems import Family, Instance
from theorycheck.trajectories import Effort
from theorycheck.verdicts import VIOLATED

__all__ = ["SHARD", "Search", "Seen", "size_of"]

SHARD = 50
"""Examples per shard."""

SMALLER = 4 * SHARD
"""Instances judged in a round of search among smaller ones; many more are drawn."""
SMALLEST = (1, 1, 1, False)
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
    records : Records        judgements of the same statement are taken from here
    """

    claim: Claim
    family: Family
    effort: Effort
    records: Records
    known: dict[str, Record] = field(default_factory=dict, init=False)

    def judged(self, instance: Instance) -> Record:
        """Judge an instance, or find its judgement among the records."""
        key = key_of(instance)
        if key not in self.known:
            statement = statement_of(self.claim, instance, self.effort)
            found = self.records.get(statement, key)
            if found is None:
                found = self._made(instance, key, statement)
                self.records.put(self.claim.full_name, found)
            self.known[key] = found
        return self.known[key]

    def _made(self, instance: Instance, key: str, statement: str) -> Record:
        try:
            made = judge_guarded(self.claim, instance, self.effort)
        except TheorycheckError as error:
            return Record(key, None, f"{type(error).__name__}: {error}", statement)
        return Record(key, made.to_dict(), "", statement)

    def accepted(self, record: Record) -> Record:
        """Take a worker's record if it judged this statement; judge the instance here if not."""
        if record.judgement is not None:
            instance = Instance.from_json(record.judgement["instance"])
            statement = statement_of(self.claim, instance, self.effort)
            if not statement or statement != record.statement:
                return self.judged(instance)
        return self.known.setdefault(record.key, record)

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
        """Search again among smaller and rounder ones: a shrinker of choices may be stuck."""
        for attempt in range(MOST_DESCENTS):
            if size_of(best.instance) == SMALLEST:
                break
            smaller = self._smaller_than(size_of(best.instance), seed, -1 - attempt, seen)
            if smaller is None:
                break
            best = smaller
        return best

    def _smaller_than(
        self, bound: tuple[int, ...], seed: int, shard: int, seen: Seen
    ) -> Judgement | None:
        found: list[Judgement] = []
        tried: set[Instance] = set()

        def body(instance: Instance) -> None:
            if size_of(instance) >= bound or (not found and len(tried) >= SMALLER):
                return
            if not found:
                tried.add(instance)
            record = self.judged(instance)
            judgement = record.read()
            if judgement is not None and judgement.verdict is VIOLATED:
                seen(record)
                found.append(judgement)
                raise Violation

        phases = (Phase.generate, Phase.shrink)
        drawn = round_instances_of(self.family)
        self._hypothesis(body, seed, shard, 5 * SMALLER, phases, drawn=drawn)
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
        drawn: SearchStrategy[Instance] | None = None,
    ) -> None:
        settings = hypothesis.settings(max_examples=examples, phases=phases, database=None, **QUIET)
        test = hypothesis.given(instances_of(self.family) if drawn is None else drawn)(body)
        test = hypothesis.seed(f"{seed}/{shard}")(settings(test))
        with contextlib.suppress(*ENDS):  # what was found is in the caller's hands
            test()


def size_of(instance: Instance) -> tuple[int, int, int, bool]:
    """Order nets by depth, width, number of parameters; last come entries other than halves.

    Instances without a net are ordered by their length.
    """
    rough = any(x.denominator > 2 for x in _entries(instance))
    if "network" in instance:
        network = instance.network
        return network.depth, max(network.widths), network.dimension, rough
    return len(instance.fields.get("start", ())), 0, len(instance.to_json()), rough


def _entries(instance: Instance) -> list[Fraction]:
    """The entries of the start and of the data."""
    tables = list(instance.loss.inputs + instance.loss.targets) if "loss" in instance else []
    start = instance.fields.get("start", ())
    return [x for row in (start, *tables) for x in row]


def closeness(record: Record) -> float:
    """How near a violation an instance is, in [-1, 1]: minus its relative margin."""
    relative = None if record.judgement is None else record.judgement["relative_margin"]
    return -1.0 if relative is None else max(-1.0, min(1.0, -float(relative)))
