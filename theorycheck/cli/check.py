"""theorycheck check: judge claims on their examples, on the bundled data, or on the user's."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from theorycheck.claims import Claim, Judgement, shipped_claims
from theorycheck.cli.console import (
    error_line,
    in_progress,
    is_terminal,
    output,
    print_table,
    progress_console,
)
from theorycheck.cli.exit_codes import CONTRADICTED, INTERRUPTED, OK, OPEN, exit_code
from theorycheck.cli.options import (
    Data,
    MaxBits,
    MaxSeconds,
    Settings,
    Target,
    Weights,
    require_writable,
)
from theorycheck.cli.selection import claims_of
from theorycheck.cli.settings import Sources, make_instances, parse_settings
from theorycheck.cli.tasks import Result, Task
from theorycheck.errors import InvalidInstance, UnsuitableData
from theorycheck.problems import Instance
from theorycheck.report.latex import judgements_latex
from theorycheck.report.saving import require_folder, write_whole
from theorycheck.report.tables import Row, details_table, table, witness_lines
from theorycheck.trajectories import Effort
from theorycheck.verdicts import VIOLATED

__all__ = ["check"]


def check(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CLAIM|PAPER|FILE.py]...", help="What to check; nothing: all claims."
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Named claims on the bundled data, too.")
    ] = False,
    data: Data = None,
    target: Target = None,
    weights: Weights = None,
    settings: Settings = [],  # noqa: B006 - typer reads it, nobody writes it
    max_bits: MaxBits = 1024,
    max_seconds: MaxSeconds = 60.0,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="F", help="Write the judgements to this file.")
    ] = None,
    latex_file: Annotated[
        Path | None, typer.Option("--latex", metavar="F", help="Write a LaTeX table to this file.")
    ] = None,
    jobs: Annotated[
        int, typer.Option("-j", "--jobs", metavar="JOBS", help="Processes; 0 means one per CPU.")
    ] = 0,
    cross_check: Annotated[
        bool, typer.Option("--cross-check", help="Compare trajectories with an mpmath integrator.")
    ] = False,
) -> int:
    """Check claims and print a table of verdicts."""
    if jobs < 0:
        raise InvalidInstance(f"-j {jobs} must not be negative; 0 means one process per CPU")
    if target is not None and data is None:
        raise InvalidInstance(f"--target {target} needs --data F.csv")
    require_writable(json_file)
    if latex_file is not None:
        require_folder("--latex", latex_file)
    effort = Effort(max_bits=max_bits, max_seconds=max_seconds)
    sources = Sources(parse_settings(settings), data, target, weights)
    chosen = _chosen(names or [], sources)
    with_iris = (everything or not names) and not sources.given
    tasks = [
        Task.made(claim, label, instance, effort, details=len(chosen) == 1, cross_check=cross_check)
        for claim, made in _instances(chosen, sources, with_iris=with_iris)
        for label, instance in made
    ]
    return _run(tasks, chosen, jobs or os.cpu_count() or 1, json_file, latex_file)


def _chosen(names: Sequence[str], sources: Sources) -> list[Claim]:
    claims = claims_of(names) if names else list(shipped_claims().values())
    if sources.data is not None and len(claims) > 1:
        able = [c for c in claims if c.on_data is not None]
        if not able:
            raise InvalidInstance("none of these claims has a form on data; leave out --data")
        return able
    return claims


def _instances(
    chosen: Sequence[Claim], sources: Sources, *, with_iris: bool
) -> list[tuple[Claim, list[tuple[str, Instance]]]]:
    """The instances of every claim; a claim for other data is left out, unless all are."""
    found, unsuitable = [], None
    for claim in chosen:
        try:
            found.append((claim, make_instances(claim, sources, with_iris=with_iris)))
        except UnsuitableData as error:
            unsuitable = error
    if not found and unsuitable is not None:
        raise unsuitable
    return found


def _run(
    tasks: Sequence[Task],
    claims: Sequence[Claim],
    jobs: int,
    json_file: Path | None,
    latex_file: Path | None,
) -> int:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from theorycheck.cli.tasks import execute, lost
    from theorycheck.processes import run_all

    results: dict[int, Result] = {}
    begin = time.perf_counter()
    interrupted = False
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=progress_console(), transient=True) as progress:
        bar = progress.add_task("checking", total=len(tasks))
        finished = run_all(execute, tasks, jobs, lost)
        try:
            for index, result in finished:
                results[index] = result
                name = in_progress(tasks[index].claim.split(".")[-1])
                progress.update(bar, advance=1, description=name)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            finished.close()
    files = (json_file, latex_file)
    return _report(tasks, claims, results, time.perf_counter() - begin, files, interrupted)


def _report(
    tasks: Sequence[Task],
    claims: Sequence[Claim],
    results: dict[int, Result],
    seconds: float,
    files: tuple[Path | None, Path | None],
    interrupted: bool,
) -> int:
    json_file, latex_file = files
    sources = {(claim.full_name, claim.file): claim.source.text for claim in claims}
    groups: dict[str, list[tuple[Row, Result]]] = {}
    for index in sorted(results):
        task, result = tasks[index], results[index]
        if result.judgement is None:
            continue
        judgement = Judgement.from_dict(result.judgement)
        row = Row(judgement, sources[task.claim, task.file], task.label, result.seconds)
        groups.setdefault(f"{task.file} {task.claim} {_kind(task)}", []).append((row, result))
    # a claim without example is shown by the most telling of its random instances
    shown = [min(group, key=lambda pair: pair[0].judgement.rank) for group in groups.values()]
    judgements = [row.judgement for row, _ in shown]
    if json_file is not None:
        text = json.dumps([j.to_dict() for j in judgements], indent=2)
        json_file.write_text(text + "\n", encoding="utf-8")
    if latex_file is not None:
        text = judgements_latex([row for row, _ in shown])
        write_whole(latex_file, lambda file: file.write_text(text + "\n", encoding="utf-8"))
    console = output()
    if shown:
        rows = [row for row, _ in shown]
        print_table(table(rows, width=console.width if is_terminal() else None))
    for row, _ in shown:
        _explain(console, row, json_file)
    for note in dict.fromkeys(_notes(row.judgement) for row, _ in shown):
        if note:
            console.print(f"note: {note}", soft_wrap=True)
    for group in groups.values():
        if len(group) > 1:
            counted = _counted([row.judgement for row, _ in group])
            text = f"{group[0][0].judgement.claim}: {len(group)} random instances: {counted}"
            console.print(text, soft_wrap=True)
    for row, result in shown:
        _print_extras(console, row, result)
    if interrupted:
        missing = len(tasks) - len(results)
        console.print(f"interrupted: {len(results)} of {len(tasks)} decided, {missing} not checked")
    elif shown:
        console.print(f"{_counted(judgements)} in {seconds:.1f} s")
    errors = list(dict.fromkeys(r.error for r in results.values() if r.error))
    for error in errors:
        error_line(error)
    if interrupted:
        return INTERRUPTED
    disagree = any(not agrees for r in results.values() for _, agrees in r.cross_check)
    code = exit_code(judgements, bad_input=bool(errors))
    return CONTRADICTED if disagree and code in (OK, OPEN) else code


def _explain(console: Console, row: Row, json_file: Path | None) -> None:
    """Say below the table why a row is not a plain HOLDS, with the witness of a violation."""
    judgement = row.judgement
    if judgement.verdict is VIOLATED and judgement.contradicts:
        for line in witness_lines(judgement, json_file):
            console.print(line, soft_wrap=True)
    elif judgement.reason and (
        judgement.verdict is not judgement.expected or judgement.is_asymptotic
    ):
        reason = judgement.reason.removeprefix("touching: ").removeprefix("vacuous: ")
        text = f"{judgement.claim} [{row.label}] {judgement.summary}: {reason}"
        console.print(text, soft_wrap=True)
    if judgement.vacuous and "combination" in judgement.instance:
        from theorycheck.problems.separation import certificate_text

        text = certificate_text(judgement.instance.combination)
        console.print(f"{judgement.claim} [{row.label}] {text}", soft_wrap=True)


def _notes(judgement: Judgement) -> str:
    """What an instance says about how its data were made exact."""
    return str(getattr(judgement.instance, "note", ""))


def _print_extras(console: Console, row: Row, result: Result) -> None:
    name = f"{row.judgement.claim} [{row.label}]"
    if result.details:
        console.print(f"\n{name}")
        print_table(details_table(result.details))
    for text, _ in result.cross_check:
        console.print(f"{name} cross-check: {text}", soft_wrap=True)


def _kind(task: Task) -> str:
    return "random" if task.label.startswith("random") else task.label


def _counted(judgements: Sequence[Judgement]) -> str:
    counts: dict[str, int] = {}
    for judgement in judgements:
        counts[judgement.summary] = counts.get(judgement.summary, 0) + 1
    return ", ".join(f"{number} {name}" for name, number in counts.items())
