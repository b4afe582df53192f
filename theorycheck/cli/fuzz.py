"""theorycheck fuzz: search for a counterexample, shrink it, and say how to see it again."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from theorycheck.claims import Claim
from theorycheck.cli.console import error_line, in_progress, output, progress_console
from theorycheck.cli.exit_codes import BAD_INPUT, CONTRADICTED, INTERRUPTED, OK, OPEN
from theorycheck.cli.options import InstanceSeconds, MaxBits, Seed, require_writable
from theorycheck.cli.selection import claims_of
from theorycheck.errors import InvalidInstance, TheorycheckError
from theorycheck.report.tables import witness_lines
from theorycheck.trajectories import Effort

if TYPE_CHECKING:
    from theorycheck.fuzzing import Campaign

__all__ = ["fuzz"]

MOST_REASONS = 5


def fuzz(
    names: Annotated[
        list[str], typer.Argument(metavar="CLAIM|PAPER|FILE.py...", help="What to search.")
    ],
    examples: Annotated[
        int, typer.Option("--examples", metavar="N", help="Instances to draw per claim.")
    ] = 200,
    seed: Seed = 0,
    max_bits: MaxBits = 256,
    max_seconds: InstanceSeconds = 10.0,
    store: Annotated[
        Path | None,
        typer.Option("--store", metavar="F", help="Keep judgements in this file, and resume."),
    ] = None,
    database: Annotated[
        Path | None,
        typer.Option("--database", metavar="DIR", help="Keep counterexamples for later runs."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="F", help="Write the counterexamples here.")
    ] = None,
    jobs: Annotated[
        int, typer.Option("-j", "--jobs", metavar="JOBS", help="Processes; 0 means one per CPU.")
    ] = 0,
) -> int:
    """Search a claim's family for an instance that contradicts it, and shrink it."""
    from theorycheck.fuzzing.options import require_counts, require_folder

    if jobs < 0:
        raise InvalidInstance(f"-j {jobs} must not be negative; 0 means one process per CPU")
    require_writable(json_file)
    effort = Effort(max_bits=max_bits, max_seconds=max_seconds)
    require_counts(seed=seed, max_examples=examples)
    if database is not None:
        require_folder(database, "--database ")
    campaigns: list[Campaign] = []
    refused = 0
    for claim in claims_of(names):
        try:
            campaign = _searched(claim, examples, seed, effort, store, database, jobs)
        except TheorycheckError as error:
            error_line(str(error))
            refused += 1
            continue
        campaigns.append(campaign)
        _print(campaign, json_file)
        if not campaign.complete:
            break
    found = [c.smallest.to_dict() for c in campaigns if c.smallest is not None]
    if json_file is not None:
        json_file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return _exit_code(campaigns, refused)


def _searched(
    claim: Claim, examples: int, seed: int, effort: Effort, store: Path | None,
    database: Path | None, jobs: int,
) -> Campaign:  # fmt: skip
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from theorycheck.fuzzing import fuzz as search

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=progress_console(), transient=True) as progress:
        bar = progress.add_task(in_progress(claim.name), total=examples)
        return search(
            claim, max_examples=examples, seed=seed, effort=effort, store=store,
            database=database, jobs=jobs or os.cpu_count() or 1,
            progress=lambda done, _: progress.update(bar, completed=done),
        )  # fmt: skip


def _print(campaign: Campaign, json_file: Path | None) -> None:
    console = output()
    mark = "" if campaign.complete else " (interrupted)"
    console.print(f"{campaign}{mark}", soft_wrap=True)
    for reason, number in list(campaign.reasons.items())[:MOST_REASONS]:
        console.print(f"  {number} x {reason}", soft_wrap=True)
    if campaign.all_vacuous:
        console.print("  all instances are vacuous: nothing was checked", soft_wrap=True)
    if campaign.smallest is not None:
        for line in witness_lines(campaign.smallest, json_file):
            console.print(line, soft_wrap=True)
    hardest = campaign.hardest_judgement
    if hardest is not None and hardest.relative_margin is not None:
        console.print(
            f"  hardest: relative margin {hardest.relative_margin:.3g} on {hardest.instance!r}",
            soft_wrap=True,
        )


def _exit_code(campaigns: list[Campaign], refused: int) -> int:
    if any(not c.complete for c in campaigns):
        return INTERRUPTED
    if refused or any(c.counts.get("error") for c in campaigns):
        return BAD_INPUT
    if any(c.contradicts for c in campaigns):
        return CONTRADICTED
    return OPEN if any(c.all_vacuous for c in campaigns) else OK
