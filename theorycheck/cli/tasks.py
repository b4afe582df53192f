"""One claim on one instance: what a worker receives, what it does, what it sends back.

Only names, exact JSON and text cross between processes, never balls.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from theorycheck.claims import Claim, find
from theorycheck.claims.guarded import judge_guarded
from theorycheck.claims.registry import namesakes, number_of
from theorycheck.errors import TheorycheckError, UnknownClaim
from theorycheck.problems import Instance
from theorycheck.trajectories import Effort

__all__ = ["Result", "Task", "execute", "lost"]


@dataclass(frozen=True)
class Task:
    """A claim to be judged on an instance.

    Parameters
    ----------
    claim : str              full name
    file : str               the user's file, empty for the catalogue
    number : int             which of the claims of that name
    label : str              the instance's name in the table
    instance : dict          exact JSON
    max_bits : int
    max_seconds : float
    details : bool           also enclose the claim's named details
    cross_check : bool       also compare the trajectories with the reference integrator
    """

    claim: str
    file: str
    number: int
    label: str
    instance: dict[str, Any]
    max_bits: int
    max_seconds: float
    details: bool = False
    cross_check: bool = False

    @classmethod
    def made(
        cls, claim: Claim, label: str, instance: Instance, effort: Effort, **extra: bool
    ) -> Task:
        return cls(
            claim=claim.full_name, file=claim.file, number=number_of(claim) or 0, label=label,
            instance=instance.to_json(), max_bits=effort.max_bits,
            max_seconds=float(effort.max_seconds or 0), **extra,
        )  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What came of a task: a judgement, or an error that is the user's to mend.

    Parameters
    ----------
    judgement : dict or None     exact JSON
    error : str                  one line, empty where there is a judgement
    seconds : float
    details : list of (name, text)
    cross_check : list of (text, agrees)
    """

    judgement: dict[str, Any] | None
    error: str = ""
    seconds: float = 0.0
    details: list[tuple[str, str]] = field(default_factory=list)
    cross_check: list[tuple[str, bool]] = field(default_factory=list)


def execute(task: Task) -> Result:
    """Judge the claim of a task; errors of the user's making come back as text."""
    begin = time.perf_counter()
    try:
        claim = claim_of(task)
        return _judged(task, claim, begin)
    except TheorycheckError as error:
        return Result(None, f"{task.claim}: {error}", time.perf_counter() - begin)


def lost(task: Task) -> Result:
    """Say that the process of a task died."""
    return Result(None, f"{task.claim}: its process ended early (out of memory?); try -j 1")


def claim_of(task: Task) -> Claim:
    found = namesakes(find(task.file or task.claim), task.claim)
    if task.number < len(found):
        return found[task.number]
    raise UnknownClaim(f"{task.claim} is not in {task.file or 'the catalogue'} any more")


def _judged(task: Task, claim: Claim, begin: float) -> Result:
    instance = Instance.from_json(task.instance)
    effort = Effort(max_bits=task.max_bits, max_seconds=task.max_seconds)
    judgement = judge_guarded(claim, instance, effort)
    seconds = time.perf_counter() - begin
    details: list[tuple[str, str]] = []
    checked: list[tuple[str, bool]] = []
    # what a vacuous judgement lacks stands in the details; data that no margin separates have none
    if task.details and not (judgement.vacuous and "combination" in instance):
        from theorycheck.claims.details import enclose_details

        details = [(d.name, str(d)) for d in enclose_details(claim, instance, effort)]
    if task.cross_check:
        from theorycheck.cli.cross_check import cross_check

        checked = cross_check(instance, effort)
    return Result(judgement.to_dict(), "", seconds, details, checked)
