"""theorycheck figure: draw both sides of a claim over its axis."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from theorycheck.cli.console import output
from theorycheck.cli.options import MaxSeconds, Settings
from theorycheck.cli.selection import one_claim
from theorycheck.cli.settings import Sources, make_instances, parse_settings
from theorycheck.trajectories import Effort

__all__ = ["figure"]


def figure(
    name: Annotated[str, typer.Argument(metavar="CLAIM", help="A claim, or a file with one.")],
    out: Annotated[Path, typer.Option("-o", metavar="F.pdf|png|svg", help="The drawing.")],
    csv_file: Annotated[
        Path | None, typer.Option("--csv", metavar="F", help="Also write the drawn numbers.")
    ] = None,
    settings: Settings = [],  # noqa: B006 - typer reads it, nobody writes it
    max_seconds: MaxSeconds = 60.0,
) -> int:
    """Draw certified enclosures of the two sides of a claim."""
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
