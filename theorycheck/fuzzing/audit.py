"""Mutation audit: does a claim's statement matter in every part? Spoil each and look for a witness.

A mutant is killed by an exact instance on which it is certified VIOLATED. A mutant that survives
is news for the author: a constant that is not tight, an assumption that is not needed. Expected
survivors are declared with a reason: `@tc.claim(survives={"relation 1: strict": "..."})`.
"""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import hypothesis

from theorycheck.claims import Case, Claim, Judgement
from theorycheck.claims.guarded import guarded, judge_guarded
from theorycheck.errors import InvalidClaim, TheorycheckError
from theorycheck.fuzzing.mutants import Mutant, mutants_of
from theorycheck.fuzzing.options import searched_family
from theorycheck.fuzzing.records import Records
from theorycheck.fuzzing.shards import SHARD, Search, closeness
from theorycheck.fuzzing.tighten import hardest_instances
from theorycheck.problems import Family, Instance, families
from theorycheck.problems.choices import Choices
from theorycheck.trajectories import Effort
from theorycheck.verdicts import HOLDS, VIOLATED

__all__ = ["Audit", "Trial", "audit"]

DEFAULT_EFFORT = Effort(max_bits=256, max_seconds=10.0)
POOL = 12
HARDEST_SECONDS = 30.0


@dataclass(frozen=True)
class Trial:
    """What became of one mutant.

    Parameters
    ----------
    mutant : Mutant
    witness : Judgement or None    certified VIOLATED on an exact instance
    tried : int                    instances judged
    reason : str                   why it is expected to survive, as the author declared; or empty
    """

    mutant: Mutant
    witness: Judgement | None
    tried: int
    reason: str = ""

    @property
    def killed(self) -> bool:
        return self.witness is not None

    @property
    def outcome(self) -> str:
        if self.killed:
            return "killed" + (" although declared to survive" if self.reason else "")
        return f"survives, as declared: {self.reason}" if self.reason else "SURVIVES"

    def __str__(self) -> str:
        return f"{self.mutant.name}: {self.outcome}"


@dataclass(frozen=True)
class Audit:
    """What became of the mutants of a claim.

    Parameters
    ----------
    claim : str
    trials : tuple of Trial
    contradictions : tuple of Instance    witnesses on which the claim itself is VIOLATED
    errors : dict                  why the claim itself could not be judged -> instances
    """

    claim: str
    trials: tuple[Trial, ...]
    contradictions: tuple[Instance, ...] = ()
    errors: dict[str, int] = field(default_factory=dict)

    @property
    def killed(self) -> int:
        return sum(trial.killed for trial in self.trials)

    @property
    def survivors(self) -> tuple[Trial, ...]:
        return tuple(trial for trial in self.trials if not trial.killed)

    @property
    def unexplained(self) -> tuple[Trial, ...]:
        """Survivors that the author did not declare: news."""
        return tuple(trial for trial in self.survivors if not trial.reason)

    @property
    def outdated(self) -> tuple[Trial, ...]:
        """Mutants declared to survive that were killed."""
        return tuple(trial for trial in self.trials if trial.killed and trial.reason)

    def witnesses(self) -> list[dict[str, Any]]:
        """The killing witnesses as exact JSON data, for `witnesses.rejudge`."""
        return [
            {
                "mutant": trial.mutant.to_json(),
                "instance": trial.witness.instance.to_json(),
                "bits": trial.witness.bits,
                "where": trial.witness.where,
            }
            for trial in self.trials
            if trial.witness is not None
        ]

    def __str__(self) -> str:
        survived = len(self.survivors)
        text = f"{self.claim}: {self.killed} of {len(self.trials)} mutants killed"
        if survived:
            text += f", {survived} survive ({survived - len(self.unexplained)} as declared)"
        return text


def audit(
    claim: Claim,
    *,
    seed: int = 0,
    max_examples: int = 50,
    effort: Effort | None = None,
    family: Family | None = None,
    known: Iterable[Instance] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Audit:
    """Spoil a claim in every part and look for an instance that kills each mutant.

    Each mutant is judged on the example, the instances of the negative controls and drawn ones;
    then the family is searched, widened beyond the claim's assumptions where one is dropped.

    Parameters
    ----------
    claim : Claim           expected to hold
    seed : int
    max_examples : int      instances to search per mutant
    effort : Effort         per instance; 256 bits and 10 seconds by default
    family : Family         instead of the claim's own
    known : Instances       to try first, such as the witnesses of an earlier audit
    progress : function of (mutants done, mutants)

    Returns
    -------
    Audit                   .killed, .survivors, .unexplained, .witnesses()

    Raises
    ------
    InvalidClaim            no family, a claim that is not expected to hold, or a survivor declared
                            for a mutant that does not exist
    InvalidInstance         options out of range
    """
    chosen = searched_family("audit", claim, family, effort, seed=seed, max_examples=max_examples)
    if claim.expected is not HOLDS:
        raise InvalidClaim(f"{claim.full_name} is not expected to hold; audit claims that are")
    claim = guarded(claim)
    effort = effort or DEFAULT_EFFORT
    pool = _pool(claim, chosen, seed, known)
    mutants = mutants_of(claim, _telling(claim, [claim.example_instance(), *pool]), pool)
    strangers = set(claim.survives) - {mutant.name for mutant in mutants}
    if strangers:
        raise InvalidClaim(
            f"{claim.full_name} declares survivors that are no mutants of it: "
            f"{', '.join(sorted(strangers))}; its mutants are {'; '.join(m.name for m in mutants)}"
        )
    trials: list[Trial] = []
    contradictions: list[Instance] = []
    failed: list[Instance] = []
    hard: list[Instance] | None = None
    for done, mutant in enumerate(mutants):
        if progress is not None:
            progress(done, len(mutants))
        reason = claim.survives.get(mutant.name, "")
        if _is_implied(mutant, trials):
            trials.append(Trial(mutant, None, 0, reason))
            continue
        hunt = _Hunt(claim, mutant, effort)
        found = hunt.among(pool)
        failed += hunt.failed
        if found is None and hard is None:
            hard = hardest_instances(
                claim, chosen, seed=seed, max_examples=2 * max_examples, effort=effort,
                max_seconds=HARDEST_SECONDS, count=POOL,
            )  # fmt: skip
            hard = [instance for instance in hard if instance not in pool]
            found = hunt.among(hard)
            pool += hard
        found = found or hunt.search(_searched(mutant, chosen), seed, max_examples)
        trials.append(Trial(mutant, found, hunt.tried, reason))
        if found is not None:
            if found.instance not in pool:
                pool.insert(0, found.instance)
            if _contradicts(claim, found.instance, effort):
                contradictions.append(found.instance)
    errors = Counter(filter(None, (_error_of(claim, x, effort) for x in dict.fromkeys(failed))))
    return Audit(claim.full_name, tuple(trials), tuple(contradictions), dict(errors))


class _Hunt:
    """Look for an instance on which a mutant is certified VIOLATED."""

    def __init__(self, claim: Claim, mutant: Mutant, effort: Effort) -> None:
        self.claim, self.mutant, self.effort = claim, mutant, effort
        self.spoiled = mutant.of(claim)
        self.tried = 0
        self.found: Judgement | None = None
        self.failed: list[Instance] = []

    def among(self, pool: Iterable[Instance]) -> Judgement | None:
        for instance in pool:
            self.tried += 1
            try:
                judgement = judge_guarded(self.spoiled, instance, self.effort)
            except TheorycheckError:
                self.failed.append(instance)  # the mutant, or the claim, means nothing there
                continue
            if self._is_killed_by(judgement):
                return judgement
        return None

    def search(self, family: Family, seed: int, examples: int) -> Judgement | None:
        search = Search(self.spoiled, family, self.effort, Records())

        def body(instance: Instance) -> None:
            if self.found is not None:
                return
            self.tried += 1
            record = search.judged(instance)
            judgement = record.read()
            if judgement is not None and self._is_killed_by(judgement):
                self.found = judgement
            hypothesis.target(closeness(record))

        for shard in range(-(-examples // SHARD)):
            if self.found is None:
                search.explore(seed, shard, min(SHARD, examples - shard * SHARD), body)
        return self.found

    def _is_killed_by(self, judgement: Judgement) -> bool:
        """A dropped assumption must be what fails: other instances say nothing about it."""
        if judgement.verdict is not VIOLATED or judgement.vacuous:
            return False
        if self.mutant.kind != "dropped":
            return True
        try:
            return judge_guarded(self.claim, judgement.instance, self.effort).vacuous
        except TheorycheckError:
            return False


def _pool(claim: Claim, family: Family, seed: int, known: Iterable[Instance]) -> list[Instance]:
    """Instances to try first, the smallest first."""
    stored = [control.stored_instance() for control in claim.controls]
    drawn = family.instances(seed=seed, count=POOL)
    distinct = dict.fromkeys([*known, *stored, claim.example_instance(), *drawn])
    return sorted(distinct, key=lambda instance: len(json.dumps(instance.to_json())))


def _telling(claim: Claim, pool: list[Instance]) -> Instance:
    """The first instance on which the claim's relations can be built."""
    for instance in pool:
        with contextlib.suppress(TheorycheckError):
            claim.relations(Case(instance))
            return instance
    claim.relations(Case(pool[0]))
    raise InvalidClaim(f"{claim.full_name} states nothing on its instances")


def _is_implied(mutant: Mutant, trials: list[Trial]) -> bool:
    """Whether a stronger mutant of the same kind survived: then this one does, too."""
    if mutant.kind not in ("constant", "tightened") or mutant.factor is None:
        return False
    return any(
        not trial.killed
        and (trial.mutant.kind, trial.mutant.subject) == (mutant.kind, mutant.subject)
        and trial.mutant.factor is not None
        and (trial.mutant.factor < mutant.factor < 1 or trial.mutant.factor > mutant.factor > 1)
        for trial in trials
    )


def _contradicts(claim: Claim, instance: Instance, effort: Effort) -> bool:
    try:
        return judge_guarded(claim, instance, effort).contradicts
    except TheorycheckError:
        return False


def _error_of(claim: Claim, instance: Instance, effort: Effort) -> str:
    """Why the claim itself cannot be judged on an instance; empty where only a mutant cannot."""
    try:
        judge_guarded(claim, instance, effort)
    except InvalidClaim as error:
        return str(error)
    except TheorycheckError:
        pass  # an instance of another kind, such as a stored one
    return ""


def _searched(mutant: Mutant, family: Family) -> Family:
    return _widened(family) if mutant.kind == "dropped" else family


def _widened(family: Family) -> Family:
    """Leave what a family assumes: any net, loss and start; numbers up to 16 times as large."""

    def change(instance: Instance, choices: Choices) -> Instance:
        changes: dict[str, Any] = {}
        if "network" in instance and "loss" in instance and choices.boolean():
            point = families.draw_point(choices, (1, 4), (1, 3))
            instance = instance.without("descent_start")
            changes.update(point.fields)
        for name, value in instance.fields.items():
            if isinstance(value, Fraction) and name != "horizon" and choices.boolean():
                changes[name] = value * Fraction(2) ** choices.integer(-2, 4)
        return instance.replace(**changes)

    return family.map(change, f"{family.name}, widened")
