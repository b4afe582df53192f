"""theorycheck figure: draw both sides of a claim over its axis."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from theorycheck.claims import Claim
from theorycheck.cli.console import output
from theorycheck.cli.options import MaxSeconds, Settings
from theorycheck.cli.selection import one_claim
from theorycheck.cli.settings import Sources, make_instances, parse_settings
from theorycheck.errors import InvalidInstance
from theorycheck.trajectories import Effort

__all__ = ["figure"]


def figure(
    name: Annotated[str, typer.Argument(metavar="CLAIM", help="A claim, or a file with one.")],
    out: Annotated[
        Path | None, typer.Option("-o", metavar="F.pdf|png|svg", help="The drawing.")
    ] = None,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", metavar="F", help="Also write the drawn numbers.")
    ] = None,
    over: Annotated[
        list[str],
        typer.Option(
            "--over",
            metavar="KEY=A,B,...",
            help="Write the claim's details over a grid, e.g. --over layers=1/10,1/2; needs --csv.",
        ),
    ] = [],  # noqa: B006 - typer reads it, nobody writes it
    settings: Settings = [],  # noqa: B006
    max_seconds: MaxSeconds = 60.0,
) -> int:
    """Draw certified enclosures of the two sides of a claim, or write its details over a grid."""
    if over:
        return _grid(
            one_claim(name), over, settings, out, csv_file, Effort(max_seconds=max_seconds)
        )
    if out is None:
        raise InvalidInstance("a figure needs a file to draw to; pass -o F.pdf")
    from theorycheck.report.curves import curves_of, write_csv
    from theorycheck.report.figures import draw, require_drawable

    claim = one_claim(name)
    require_drawable(out)
    _, instance = make_instances(claim, Sources(parse_settings(settings)))[0]
    curves = curves_of(claim, instance, Effort(max_seconds=max_seconds))
    draw(curves, out)
    console = output()
    console.print(f"{out}: {curves.caption}", soft_wrap=True)
    if csv_file is not None:
        write_csv(curves, csv_file)
        console.print(f"{csv_file}: {len(curves.places)} places, lower and upper bounds")
    return 0


def _grid(
    claim: Claim,
    over: list[str],
    settings: list[str],
    out: Path | None,
    csv_file: Path | None,
    effort: Effort,
) -> int:
    from theorycheck.report.grids import rows_of, write_rows

    if csv_file is None or out is not None:
        raise InvalidInstance("--over writes numbers and draws nothing; pass --csv F, and no -o")
    axes = {k: v if isinstance(v, tuple) else (v,) for k, v in parse_settings(over).items()}
    rows = rows_of(claim, {**parse_settings(settings), **axes}, effort)
    write_rows(rows, csv_file)
    output().print(f"{csv_file}: {len(rows)} instances, lower and upper bounds", soft_wrap=True)
    return 0
