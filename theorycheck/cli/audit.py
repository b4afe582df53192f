"""theorycheck audit: mutants of claims, killed by certified witnesses or surviving."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from theorycheck.claims import Claim, shipped_claims
from theorycheck.cli.console import error_line, in_progress, output, progress_console
from theorycheck.cli.exit_codes import BAD_INPUT, CONTRADICTED, OK, OPEN
from theorycheck.cli.options import InstanceSeconds, MaxBits, Seed
from theorycheck.cli.selection import claims_of
from theorycheck.errors import TheorycheckError
from theorycheck.problems import Instance
from theorycheck.trajectories import Effort
from theorycheck.verdicts import HOLDS

if TYPE_CHECKING:
    from theorycheck.fuzzing import Audit

__all__ = ["audit"]


def audit(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CLAIM|PAPER|FILE.py]...", help="What to audit; nothing: the catalogue."
        ),
    ] = None,
    examples: Annotated[
        int, typer.Option("--examples", metavar="N", help="Instances to search per mutant.")
    ] = 50,
    seed: Seed = 0,
    max_bits: MaxBits = 256,
    max_seconds: InstanceSeconds = 10.0,
    store: Annotated[
        Path | None,
        typer.Option(
            "--store", metavar="F.json", help="Keep killing witnesses here; tried first next time."
        ),
    ] = None,
) -> int:
    """Spoil claims in every part and report which mutants no instance kills."""
    from theorycheck.fuzzing.options import require_counts
    from theorycheck.fuzzing.witnesses import instances_of, read_witnesses, write_witnesses

    require_counts(seed=seed, max_examples=examples)
    kept = {} if store is None else read_witnesses(store, missing_is_empty=True)
    effort = Effort(max_bits=max_bits, max_seconds=max_seconds)
    audits: list[Audit] = []
    refused = 0
    for claim in _chosen(names):
        known = instances_of(kept.get(claim.full_name, []))
        try:
            found = _audited(claim, examples, seed, effort, known)
        except TheorycheckError as error:
            error_line(str(error))
            refused += 1
            continue
        audits.append(found)
        _print(found)
        if store is not None:
            kept[found.claim] = found.witnesses()
            write_witnesses(store, kept)
    if refused and not audits:
        return BAD_INPUT
    killed = sum(found.killed for found in audits)
    total = sum(len(found.trials) for found in audits)
    declared = sum(len(found.survivors) - len(found.unexplained) for found in audits)
    false = sum(len(found.contradictions) for found in audits)
    output().print(
        f"{killed} of {total} mutants killed, {declared} survive as declared, "
        f"{total - killed - declared} unexplained, {false} false verdicts"
    )
    broken = refused or any(found.errors for found in audits)
    return BAD_INPUT if broken else _exit_code(audits)


def _chosen(names: list[str] | None) -> list[Claim]:
    if not names:
        return [c for c in shipped_claims().values() if c.expected is HOLDS]
    claims = claims_of(names)
    return [
        c for c in claims if c.expected is HOLDS
    ] or claims  # refutations have no mutants: refused one by one


def _audited(
    claim: Claim, examples: int, seed: int, effort: Effort, known: list[Instance]
) -> Audit:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from theorycheck.fuzzing import audit as search

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=progress_console(), transient=True) as progress:
        bar = progress.add_task(in_progress(claim.name), total=None)
        return search(
            claim, max_examples=examples, seed=seed, effort=effort, known=known,
            progress=lambda done, total: progress.update(bar, completed=done, total=total),
        )  # fmt: skip


def _print(found: Audit) -> None:
    console = output()
    console.print(str(found), soft_wrap=True)
    for trial in (*found.survivors, *found.outdated):
        console.print(f"  {trial}", soft_wrap=True)
    for reason, number in found.errors.items():
        console.print(f"  {number} x error: {reason}", soft_wrap=True)
    for instance in found.contradictions:
        console.print(f"  the claim itself is VIOLATED on {instance!r}", soft_wrap=True)


def _exit_code(audits: list[Audit]) -> int:
    if any(found.contradictions for found in audits):
        return CONTRADICTED
    return OPEN if any(found.unexplained or found.outdated for found in audits) else OK
