"""theorycheck figure: draw a claim over its axis, or over a parameter."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from theorycheck.claims import Claim
from theorycheck.cli.console import error_line, in_progress, output, progress_console
from theorycheck.cli.exit_codes import INTERRUPTED, OK, OPEN
from theorycheck.cli.options import MaxSeconds, Settings
from theorycheck.cli.selection import one_claim
from theorycheck.cli.settings import Sources, make_instances, parse_settings
from theorycheck.errors import InvalidInstance
from theorycheck.trajectories import Effort

if TYPE_CHECKING:
    from theorycheck.problems import Instance
    from theorycheck.report.curves import Curves
    from theorycheck.report.drawing import Request

__all__ = ["figure"]

MOST_NAMED = 6


def figure(
    name: Annotated[str, typer.Argument(metavar="CLAIM", help="A claim, or a file with one.")],
    out: Annotated[
        Path | None, typer.Option("-o", metavar="F.pdf|png|svg|pgf", help="The drawing.")
    ] = None,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", metavar="F", help="Also write the drawn numbers.")
    ] = None,
    latex_file: Annotated[
        Path | None,
        typer.Option("--latex", metavar="F", help="Also write a figure environment with caption."),
    ] = None,
    over: Annotated[
        list[str],
        typer.Option(
            "--over", metavar="NAME=LOW..HIGH",
            help="Sweep over a parameter, e.g. step_size=2^-4..2^-12 or depth=2..6. Without -o: "
            "write the claim's details over its grid, e.g. layers=1/10,1/2, to --csv.",
        ),
    ] = [],  # noqa: B006 - typer reads it, nobody writes it
    relation: Annotated[
        int | None,
        typer.Option("--relation", metavar="N", help="Draw this relation of the conclusion."),
    ] = None,
    venue: Annotated[
        str,
        typer.Option(
            "--venue", metavar="NAME",
            help="Width and fonts: screen, neurips, iclr, icml, icml-wide, jmlr, arxiv, "
            "arxiv-double.",
        ),
    ] = "screen",
    settings: Settings = [],  # noqa: B006 - typer reads it, nobody writes it
    max_seconds: MaxSeconds = 60.0,
    jobs: Annotated[
        int, typer.Option("-j", "--jobs", metavar="JOBS", help="Processes; 0: where it pays.")
    ] = 0,
) -> int:  # fmt: skip
    """Draw certified enclosures of the two sides of a claim, or write its details over a grid."""
    if jobs < 0:
        raise InvalidInstance(f"-j {jobs} must not be negative; 0 starts processes where it pays")
    written: list[Path] = []
    try:
        if out is None:
            effort = Effort(max_seconds=max_seconds)
            return _grid(one_claim(name), over, settings, csv_file, effort, written)
        files = Files(out, csv_file, latex_file)
        return _figure(name, files, over, relation, venue, settings, max_seconds, jobs, written)
    except KeyboardInterrupt:
        # click would make a silent exit of it
        done = ", ".join(map(str, written))
        error_line(f"interrupted; {f'only {done} is written' if done else 'nothing was written'}")
        return INTERRUPTED


@dataclass(frozen=True)
class Files:
    """Where the drawing goes, and its numbers and its LaTeX, if anywhere."""

    out: Path
    csv: Path | None
    latex: Path | None


def _figure(
    name: str,
    files: Files,
    over: list[str],
    relation: int | None,
    venue: str,
    settings: list[str],
    max_seconds: float | None,
    jobs: int,
    written: list[Path],
) -> int:
    from theorycheck.report.axes import parse_over
    from theorycheck.report.drawing import Request
    from theorycheck.report.saving import require_drawable, require_folder, write_whole
    from theorycheck.report.venues import venue_called

    if len(over) > 1:
        raise InvalidInstance(
            f"a figure sweeps over one parameter, got --over {' --over '.join(over)}"
        )
    preset = venue_called(venue)
    axis = parse_over(over[0]) if over else None
    out = files.out
    require_drawable(out)
    for option, file in (("--csv", files.csv), ("--latex", files.latex)):
        if file is not None:
            require_folder(option, file)
    claim = one_claim(name)
    request = Request(axis, relation, Effort(max_seconds=max_seconds), jobs or None)
    curves = _computed(claim, parse_settings(settings), request)

    from theorycheck.report.curves import csv_text
    from theorycheck.report.figures import drawn
    from theorycheck.report.saving import save

    save(drawn(curves, preset), out, caption=curves.caption)
    written.append(out)
    console = output()
    console.print(f"{out}: {curves.caption}", soft_wrap=True)
    for reason in dict.fromkeys(reason for _, reason in curves.marks if reason):
        number = sum(reason == other for _, other in curves.marks)
        console.print(f"  {number} x {reason}", soft_wrap=True)
    _tell_left_out(curves)
    if files.latex is not None:
        from theorycheck.report.latex import figure_latex

        tex = figure_latex(out.name, curves.caption, claim.name) + "\n"
        write_whole(files.latex, lambda file: file.write_text(tex, encoding="utf-8"))
        written.append(files.latex)
    if files.csv is not None:
        text = csv_text(curves)
        write_whole(files.csv, lambda file: file.write_text(text, encoding="utf-8"))
        console.print(f"{files.csv}: {len(curves.places)} places, lower and upper bounds")
    return _code(curves)


def _tell_left_out(curves: Curves) -> None:
    """Say in one line which values made no instances, and why the first of them did not."""
    if not curves.left_out:
        return
    values = ", ".join(str(value) for value, _ in curves.left_out[:MOST_NAMED])
    more = len(curves.left_out) - MOST_NAMED
    rest = f" and {more} more" if more > 0 else ""
    error_line(f"left out {curves.axis}={values}{rest}: {curves.left_out[0][1]}")


def _code(curves: Curves) -> int:
    """0, or 3 with a line where no abscissa has a verdict."""
    from theorycheck.report.curves import Mark

    judgement = curves.judgement
    if {Mark.HOLDS, Mark.VIOLATED} & set(curves.counts):
        return OK
    if judgement is not None and judgement.is_open_as_expected:
        return OK
    reason = next((reason for _, reason in curves.marks if reason), "nothing was decided")
    error_line(f"{curves.claim.full_name} has no verdict anywhere in this figure: {reason}")
    return OPEN


def _grid(
    claim: Claim,
    over: list[str],
    settings: list[str],
    csv_file: Path | None,
    effort: Effort,
    written: list[Path],
) -> int:
    """Write the details of a claim over a grid of instances."""
    from theorycheck.report.grids import rows_of, write_rows

    if csv_file is None or not over:
        raise InvalidInstance(
            "a figure needs a file to draw to: pass -o F.pdf; or --over and --csv F for the numbers"
        )
    axes = {k: v if isinstance(v, tuple) else (v,) for k, v in parse_settings(over).items()}
    rows = rows_of(claim, {**parse_settings(settings), **axes}, effort)
    write_rows(rows, csv_file)
    written.append(csv_file)
    left_out = prod(map(len, axes.values())) - len(rows)
    note = f"; {left_out} more of the grid are no instances of the claim" if left_out else ""
    output().print(
        f"{csv_file}: {len(rows)} instances, lower and upper bounds{note}", soft_wrap=True
    )
    return 0


def _computed(claim: Claim, settings: dict[str, Any], request: Request) -> Curves:
    """Compute the curves, with a bar for the abscissas of a sweep."""
    from dataclasses import replace

    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from theorycheck.report.axes import maker
    from theorycheck.report.drawing import drawing_of, example_of

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    instance = make_instances(claim, Sources(settings))[0][1] if settings else example_of(claim)
    vary = maker(claim, instance)
    builder = inspect.signature(claim.example).parameters if callable(claim.example) else ()

    def make(name: str, value: Any) -> Instance:
        given = int(value) if value.denominator == 1 else value
        if not settings:
            return vary(name, value)
        try:
            return make_instances(claim, Sources({**settings, name: given}))[0][1]
        except InvalidInstance:
            if name in builder:  # what it refuses is no instance, however else it could be made
                raise
            return vary(name, value)

    with Progress(*columns, console=progress_console(), transient=True) as progress:
        bar = progress.add_task(in_progress(claim.name), total=None)

        def advance(done: int, total: int) -> None:
            progress.update(bar, completed=done, total=total)

        return drawing_of(claim, instance, replace(request, advance=advance, make=make))
