"""A claim over a parameter, or over instances of its family: one judged instance per abscissa.

Only names, exact JSON and text cross between processes, never balls.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from theorycheck.balls import Ball
from theorycheck.claims import Claim, Steps, find
from theorycheck.claims.guarded import guarded, judge_guarded
from theorycheck.claims.places import Place
from theorycheck.claims.registry import namesakes, number_of
from theorycheck.errors import TheorycheckError, UnknownClaim
from theorycheck.problems import Instance
from theorycheck.processes import run_all
from theorycheck.report.curves import Mark
from theorycheck.report.enclosures import enclose
from theorycheck.report.subjects import Subject, subject_of
from theorycheck.trajectories import Effort
from theorycheck.verdicts import VIOLATED

__all__ = ["Measured", "Task", "measure", "measure_all"]

WORTH_PROCESSES = 4.0
"""Seconds of expected work from which it pays to start processes when nobody said how many."""

Advance = Callable[[int, int], None]


@dataclass(frozen=True)
class Task:
    """An instance to be judged and measured, as a worker receives it.

    Parameters
    ----------
    claim, file : str
    number : int                  which of the claims of that name
    relation : int or None        which relation is drawn; None: the most telling one
    count : int or None           how many relations it was counted among; None: the user asked
    instance : dict or None       exact JSON; None where none could be made, as `error` says
    error : str
    max_bits, max_seconds         effort for the instance
    """

    claim: str
    file: str
    number: int
    relation: int | None
    count: int | None
    instance: dict[str, Any] | None
    error: str
    max_bits: int
    max_seconds: float | None

    @classmethod
    def made(
        cls,
        claim: Claim,
        relation: int | None,
        count: int | None,
        make: Callable[[], Instance],
        effort: Effort,
    ) -> Task:
        """A task for the instance that `make` makes, or for the reason why it makes none."""
        instance, error = None, ""
        try:
            instance = make().to_json()
        except TheorycheckError as problem:
            error = str(problem)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as problem:
            error = f"no instance: {type(problem).__name__}: {problem}"
        return cls(
            claim.full_name, claim.file, number_of(claim) or 0, relation, count, instance, error,
            effort.max_bits, effort.max_seconds,
        )  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """What was found on one instance.

    Parameters
    ----------
    sides : tuple of dict or None       enclosures of the sides, as exact JSON
    difference : dict or None
    mark : str
    reason : str
    where : str                         the place that is shown, empty for a static claim
    made : bool                         whether there was an instance at all
    """

    sides: tuple[dict[str, Any] | None, ...]
    difference: dict[str, Any] | None
    mark: str
    reason: str
    where: str = ""
    made: bool = True

    @classmethod
    def failed(cls, reason: str, *, made: bool = True) -> Measured:
        return cls((), None, Mark.UNDECIDED.value, reason, made=made)

    def side(self, index: int) -> Ball | None:
        stored = self.sides[index] if index < len(self.sides) else None
        return None if stored is None else Ball.from_json(stored)

    @property
    def apart(self) -> Ball | None:
        return None if self.difference is None else Ball.from_json(self.difference)


def measure(
    claim: Claim, instance: Instance, relation: int | None, count: int | None, effort: Effort
) -> Measured:
    """Judge a claim on an instance, and enclose the sides at the end of its range.

    Of a violated relation with a range the sides are shown at the witness. Where the claim states
    as many relations as elsewhere the one of the same number is shown, else the most telling one.
    """
    judgement = judge_guarded(claim, instance, effort)
    mark, reason = Mark.of(judgement).value, judgement.reason
    try:
        subject = subject_of(guarded(claim), instance, relation, of=count)
    except TheorycheckError as error:
        # where an assumption fails the conclusion need not even make sense
        return Measured((), None, mark, reason or str(error))
    place = _shown_place(subject, judgement.place if judgement.verdict is VIOLATED else None)
    found = enclose(subject.terms, len(subject.sides), [place], subject.over, instance, effort)
    balls = [column[0] for column in found.columns]
    stored = [None if ball is None else ball.to_json() for ball in balls]
    count = len(subject.sides)
    return Measured(
        sides=tuple(stored[:count]),
        difference=stored[-1] if subject.difference is not None else None,
        mark=mark,
        reason=reason or found.reason,
        where="" if subject.over is None else str(place),
    )


def _shown_place(subject: Subject, witness: Place | None) -> Place:
    over = subject.over
    if over is None:
        return Place()
    if witness is not None and witness.symbol == over.symbol and witness.is_exact:
        return witness
    return Place.at_step(over.end) if isinstance(over, Steps) else Place.at_time(over.end)


def measure_all(
    claim: Claim, tasks: Sequence[Task], jobs: int | None, advance: Advance | None = None
) -> list[Measured]:
    """Measure every task; in processes where asked for, or where the first one is slow.

    Parameters
    ----------
    jobs : int or None    None means one process per CPU if the work is worth starting them
    advance : function    told how many of how many are done
    """
    results: dict[int, Measured] = {}
    started = time.perf_counter()

    def record(index: int, result: Measured) -> None:
        results[index] = result
        if advance is not None:
            advance(len(results), len(tasks))

    waiting = list(range(len(tasks)))
    if number_of(claim) is None or not (claim.file or claim.paper):
        jobs = 1  # spoiled, or made in a session: no other process finds it
    if jobs is None or jobs == 1:
        while waiting:
            index = waiting.pop(0)
            record(index, _here(claim, tasks[index]))
            expected = (time.perf_counter() - started) / len(results) * len(waiting)
            if jobs is None and expected > WORTH_PROCESSES:
                break
    if waiting:
        import os

        rest = [tasks[i] for i in waiting]
        finished = run_all(_work, rest, jobs or os.cpu_count() or 1, _lost)
        try:
            for index, result in finished:
                record(waiting[index], result)
        finally:
            finished.close()
    return [results[i] for i in range(len(tasks))]


def _here(claim: Claim, task: Task) -> Measured:
    if task.instance is None:
        return Measured.failed(task.error, made=False)
    effort = Effort(max_bits=task.max_bits, max_seconds=task.max_seconds)
    try:
        instance = Instance.from_json(task.instance)
        return measure(claim, instance, task.relation, task.count, effort)
    except TheorycheckError as error:
        return Measured.failed(str(error))


def _work(task: Task) -> Measured:
    found = namesakes(find(task.file or task.claim), task.claim)
    if task.number >= len(found):
        raise UnknownClaim(f"{task.claim} is not in {task.file or 'the catalogue'} any more")
    return _here(found[task.number], task)


def _lost(task: Task) -> Measured:
    return Measured.failed("its process ended early (out of memory?); try -j 1")
