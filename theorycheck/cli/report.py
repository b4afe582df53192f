"""theorycheck report: one static page of everything that was checked."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from theorycheck.claims import Claim, Judgement, shipped_claims
from theorycheck.claims.judgement import versions
from theorycheck.cli.console import error_line, output, progress_console
from theorycheck.cli.exit_codes import INTERRUPTED, exit_code
from theorycheck.cli.options import Data, MaxSeconds, Settings, Target, Weights, require_writable
from theorycheck.cli.selection import claims_of
from theorycheck.cli.settings import Sources, make_instances, parse_settings
from theorycheck.cli.tasks import Result, Task, execute
from theorycheck.errors import InvalidInstance, TheorycheckError
from theorycheck.trajectories import Effort

if TYPE_CHECKING:
    from theorycheck.report.page import Judged

__all__ = ["report"]

FIGURE_SECONDS = 20.0


@dataclass(frozen=True)
class Job:
    """All that a worker does for one claim.

    Parameters
    ----------
    tasks : tuple of Task    one per instance
    figure : bool            also draw the claim on the first of them
    """

    tasks: tuple[Task, ...]
    figure: bool


@dataclass(frozen=True)
class Made:
    """What comes back: results in the order of the tasks, the figure as SVG, its caption."""

    results: tuple[Result, ...]
    figure: str = ""
    caption: str = ""


def report(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CLAIM|PAPER|FILE.py]...", help="What to check; nothing: all."),
    ] = None,
    out: Annotated[Path, typer.Option("-o", metavar="F.html", help="The page.")] = Path(
        "report.html"
    ),
    data: Data = None,
    target: Target = None,
    weights: Weights = None,
    settings: Settings = [],  # noqa: B006 - typer reads it, nobody writes it
    max_seconds: MaxSeconds = 60.0,
    figures: Annotated[bool, typer.Option(help="Draw every claim.")] = True,
    title: Annotated[str, typer.Option(metavar="TEXT", help="Heading.")] = "theorycheck report",
    proofs: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="Where the folder proofs/ can be read, for links."),
    ] = "",
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="F", help="Also write the judgements.")
    ] = None,
    jobs: Annotated[
        int, typer.Option("-j", "--jobs", metavar="JOBS", help="Processes; 0 means one per CPU.")
    ] = 0,
) -> int:
    """Check claims and write one page with statements, verdicts, figures and witnesses."""
    from theorycheck.report.page import page
    from theorycheck.report.saving import write_whole

    if jobs < 0:
        raise InvalidInstance(f"-j {jobs} must not be negative; 0 means one process per CPU")
    if target is not None and data is None:
        raise InvalidInstance(f"--target {target} needs --data F.csv")
    _require_page(out, proofs)
    require_writable(json_file)
    drawable = figures and _can_draw()
    sources = Sources(parse_settings(settings), data, target, weights)
    claims = claims_of(names) if names else list(shipped_claims().values())
    if data is not None:
        claims = [c for c in claims if c.on_data is not None] or claims
    effort = Effort(max_seconds=max_seconds)
    todo = [
        Job(
            tuple(
                Task.made(claim, label, instance, effort)
                for label, instance in make_instances(claim, sources, with_iris=not sources.given)
            ),
            drawable,
        )
        for claim in claims
    ]
    begin = time.perf_counter()
    finished, interrupted = _run(todo, jobs or os.cpu_count() or 1)
    entries, judgements, errors = _entries(claims, todo, finished)
    seconds = time.perf_counter() - begin
    made = f"{time.strftime('%Y-%m-%d')}, {len(judgements)} judgements in {seconds:.0f} s"
    if interrupted:
        made += f", interrupted: {len(finished)} of {len(todo)} claims decided"
    text = page(entries, title=title, made=made, versions=versions(), proofs=proofs)
    write_whole(out, lambda file: file.write_text(text, encoding="utf-8"))
    if json_file is not None:
        stored = json.dumps([j.to_dict() for j in judgements], indent=2) + "\n"
        write_whole(json_file, lambda file: file.write_text(stored, encoding="utf-8"))
    size = len(text.encode("utf-8")) / 1e6
    output().print(f"{out}: {len(entries)} claims, {made}, {size:.1f} MB", soft_wrap=True)
    for error in errors:
        error_line(error)
    return INTERRUPTED if interrupted else exit_code(judgements, bad_input=bool(errors))


def _require_page(out: Path, proofs: str) -> None:
    from theorycheck.report.saving import require_folder

    if out.suffix.lower() not in (".html", ".htm"):
        raise InvalidInstance(f"-o {out} must end in .html")
    require_folder("-o", out)
    scheme, colon, _ = proofs.partition(":")
    if colon and scheme.lower() not in ("http", "https", "file"):
        raise InvalidInstance(f"--proofs {proofs} must be a folder or an http address")


def _can_draw() -> bool:
    from importlib.util import find_spec

    if find_spec("matplotlib") is not None:
        return True
    error_line(
        'no figures: they need matplotlib; install it with: pip install "theorycheck[figures]"'
    )
    return False


def _run(todo: Sequence[Job], jobs: int) -> tuple[dict[int, Made], bool]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from theorycheck.processes import run_all

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    done: dict[int, Made] = {}
    interrupted = False
    with Progress(*columns, console=progress_console(), transient=True) as progress:
        bar = progress.add_task("checking", total=len(todo))
        finished = run_all(work, todo, jobs, lost)
        try:
            for index, made in finished:
                done[index] = made
                progress.update(bar, advance=1)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            finished.close()
    return done, interrupted


def work(job: Job) -> Made:
    """Judge one claim on its instances and draw it on the first that the page shows."""
    results = tuple(execute(task) for task in job.tasks)
    shown = _shown(job, results)
    if not job.figure or not shown:
        return Made(results)
    try:
        figure, caption = _drawn(job.tasks[0], shown[0].judgement)
    except TheorycheckError as error:
        return Made(results, caption=str(error))
    except Exception as error:  # a drawing that fails must not lose the page
        return Made(results, caption=f"the drawing failed, please report it: {error!r}")
    return Made(results, figure, caption)


def _shown(job: Job, results: Sequence[Result]) -> list[Judged]:
    """The judgements of one claim that the page shows.

    A claim without example is shown by the most telling of its random instances.
    """
    from theorycheck.report.page import Judged

    judged = [
        Judged(task.label, Judgement.from_dict(result.judgement), result.seconds)
        for task, result in zip(job.tasks, results, strict=True)
        if result.judgement is not None
    ]
    if len(judged) > 1 and judged[0].label.startswith("random"):
        return [min(judged, key=lambda one: one.judgement.rank)]
    return judged


def lost(job: Job) -> Made:
    """Say that the process of a claim died."""
    from theorycheck.cli.tasks import lost as lost_task

    return Made(tuple(lost_task(task) for task in job.tasks))


def _drawn(task: Task, judgement: Judgement) -> tuple[str, str]:
    from theorycheck.cli.tasks import claim_of
    from theorycheck.report.drawing import Request, drawing_of
    from theorycheck.report.figures import drawn
    from theorycheck.report.svg import small_svg
    from theorycheck.report.venues import venue_called

    claim = claim_of(task)
    request = Request(effort=Effort(max_seconds=FIGURE_SECONDS), jobs=1)
    curves = drawing_of(claim, judgement.instance, request, judgement)
    figure = drawn(curves, venue_called("screen"))
    return small_svg(figure, claim.full_name), curves.caption


def _entries(
    claims: Sequence[Claim], todo: Sequence[Job], finished: dict[int, Made]
) -> tuple[list[Any], list[Judgement], list[str]]:
    from theorycheck.report.page import Entry

    entries: list[Any] = []
    judgements: list[Judgement] = []
    errors: list[str] = []
    for index in sorted(finished):
        made = finished[index]
        errors += [result.error for result in made.results if result.judgement is None]
        judged = _shown(todo[index], made.results)
        judgements += [one.judgement for one in judged]
        error = next((r.error for r in made.results if r.error), "") if not judged else ""
        entries.append(Entry(claims[index], judged, made.figure, made.caption, error))
    return entries, judgements, list(dict.fromkeys(errors))
