"""theorycheck experiment: run a paper's experiment, resume it, draw it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from theorycheck.cli.console import output, progress_console
from theorycheck.cli.exit_codes import CONTRADICTED, INTERRUPTED, OK, OPEN
from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.verdicts import UNDECIDED, VIOLATED, Verdict

if TYPE_CHECKING:
    from rich.progress import Progress

    from theorycheck.experiments.elkabetz_cohen import NetworkResult, Settings
    from theorycheck.experiments.store import Store

__all__ = ["experiment"]

NAMES = ("elkabetz-cohen",)
ENDINGS = (".pdf", ".png")


def experiment(
    name: Annotated[str, typer.Argument(metavar="NAME", help=f"{', '.join(NAMES)}.")],
    out: Annotated[
        Path, typer.Option("-o", metavar="FOLDER|F.pdf|png|svg", help="A drawing, or a folder.")
    ] = Path("elkabetz-cohen"),
    iterations: Annotated[
        int | None, typer.Option("--iterations", metavar="N", help="Iterations at eta_0.")
    ] = None,
    step_size: Annotated[
        str | None, typer.Option("--step-size", metavar="Q", help="eta_0, such as 1/100.")
    ] = None,
    records: Annotated[
        int | None, typer.Option("--records", metavar="N", help="Recording times.")
    ] = None,
    every: Annotated[
        int | None, typer.Option("--every", metavar="K", help="Take every K-th image.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="S", help="Same weights.")] = None,
    certified_step_size: Annotated[
        str | None,
        typer.Option("--certified-step-size", metavar="Q", help="eta of the certified version."),
    ] = None,
    certified_steps: Annotated[
        int | None,
        typer.Option("--certified-steps", metavar="N", help="Its number of steps."),
    ] = None,
    certified_hidden: Annotated[
        str | None,
        typer.Option("--certified-hidden", metavar="3,3", help="Its hidden widths."),
    ] = None,
    full: Annotated[
        bool,
        typer.Option(
            "--full",
            help="Start from the paper's eta_0 = 1/1000 and 10,000 iterations; options change it.",
        ),
    ] = False,
    store: Annotated[
        Path | None,
        typer.Option("--store", metavar="F", help="Keep results there; default: beside -o."),
    ] = None,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", metavar="F", help="Also write all numbers.")
    ] = None,
) -> int:
    """Run a paper's experiment; the same command goes on from what is stored."""
    from theorycheck.experiments.store import Store

    if name not in NAMES:
        raise InvalidInstance(f"there is no experiment {name!r}; there is {', '.join(NAMES)}")
    settings = _settings(
        full=full,
        changes={
            "iterations": iterations, "records": records, "stride": every, "seed": seed,
            "step_size": _rational(step_size, "--step-size"),
        },
        small={
            "steps": certified_steps,
            "step_size": _rational(certified_step_size, "--certified-step-size"),
            "hidden": _hidden(certified_hidden),
        },
    )  # fmt: skip
    drawings, numbers, base = _places(out, csv_file, store)
    kept = Store(base)
    try:
        results = _performed(settings, kept)
    finally:
        kept.close()
    if results is None:
        print(f"interrupted; the same command goes on from {base}", file=sys.stderr, flush=True)
        return INTERRUPTED
    _write(settings, results, drawings, numbers)
    return _exit_code(result.certified.verdict for result in results)


def _exit_code(verdicts: Iterable[Verdict]) -> int:
    found = list(verdicts)
    if any(verdict is VIOLATED for verdict in found):
        return CONTRADICTED
    return OPEN if any(verdict is UNDECIDED for verdict in found) else OK


def _settings(*, full: bool, changes: dict[str, object], small: dict[str, object]) -> Settings:
    from dataclasses import replace
    from typing import Any

    from theorycheck.experiments.elkabetz_cohen import Settings

    def given(options: dict[str, object]) -> dict[str, Any]:
        return {key: value for key, value in options.items() if value is not None}

    chosen = Settings.as_in_the_paper() if full else Settings()
    return replace(chosen, **given(changes), small=replace(chosen.small, **given(small)))


def _rational(text: str | None, option: str) -> Fraction | None:
    return None if text is None else as_fraction(text, option)


def _hidden(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    words = text.split(",")
    if not all(word.strip().isdecimal() and int(word) > 0 for word in words):
        raise InvalidInstance(
            f"--certified-hidden {text!r} must be widths separated by commas, such as 3,3"
        )
    return tuple(int(word) for word in words)


def _places(
    out: Path, csv_file: Path | None, store: Path | None
) -> tuple[list[Path], Path | None, Path]:
    """The drawings, the table and the store; everything is refused before anything is computed."""
    from theorycheck.report.saving import require_drawable

    if out.suffix and not out.is_dir():
        drawings, numbers, base = [out], csv_file, out.with_name(out.name + ".sqlite")
        require_drawable(out)
    else:
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidInstance(f"-o {out} cannot be a folder: {error.strerror}") from None
        drawings = [out / f"{NAMES[0]}{ending}" for ending in ENDINGS]
        require_drawable(drawings[0])
        numbers, base = csv_file or out / f"{NAMES[0]}.csv", out / f"{NAMES[0]}.sqlite"
    if csv_file is not None and (csv_file.is_dir() or not csv_file.absolute().parent.is_dir()):
        raise InvalidInstance(f"--csv {csv_file} cannot be written; give a file in a folder")
    return drawings, numbers, store or base


def _performed(settings: Settings, store: Store) -> list[NetworkResult] | None:
    """Run everything, telling stderr of every finished stage; None after Ctrl-C."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from theorycheck.experiments.elkabetz_cohen import perform

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    try:
        with Progress(*columns, console=progress_console(), transient=True) as progress:
            return list(perform(settings, store, _Told(progress)))
    except KeyboardInterrupt:
        return None


class _Told:
    """A bar on a terminal, and one line on stderr when a stage is complete."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._bar = progress.add_task("")
        self._stage, self._resumed = "", 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self._stage, self._resumed = stage, done
        self._progress.update(self._bar, description=stage, completed=done, total=total)
        if done == total:
            stored = f" ({self._resumed} from the store)" if self._resumed > 1 else ""
            line = f"{stage}: {done}/{total}{stored}"
            if self._progress.console.is_terminal:
                self._progress.console.print(line, highlight=False)
            else:
                print(line, file=sys.stderr, flush=True)


def _write(
    settings: Settings, results: list[NetworkResult], drawings: list[Path], numbers: Path | None
) -> None:
    from theorycheck.cli.experiment_panels import caption_of, row_of
    from theorycheck.report.panels import draw_rows, write_rows

    console = output()
    rows = [row_of(settings, result) for result in results]
    caption = caption_of(settings, results)
    for path in drawings:
        draw_rows(rows, caption, path)
        console.print(f"{path}: {len(rows)} networks, 4 panels each", soft_wrap=True)
    if numbers is not None:
        write_rows(rows, numbers)
        console.print(f"{numbers}: lower and upper value of every curve", soft_wrap=True)
    for result in results:
        console.print(_summary(result), soft_wrap=True)
    console.print(caption, soft_wrap=True)


def _summary(result: NetworkResult) -> str:
    """What the curves say at their ends."""
    found = result.certified
    last = found.steps
    far = max(max(values) for values in result.apart.values())
    return (
        f"{result.name}: loss {result.losses[1][0]:.4g} -> {result.losses[1][-1]:.4g}, "
        f"{result.from_start[-1]:.4g} from the start, at most {far:.4g} from the finer runs "
        f"(float64); {found.verdict.name}, certified at steps 0 to {last}: true distance <= E_k, "
        f"at the last {float(found.distances[last][1]):.6g} against "
        f"{float(found.certificate[last]):.6g}"
    )
