"""theorycheck tighten: how far a claim's inequalities are from equality."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from theorycheck.cli.console import output, progress_console
from theorycheck.cli.exit_codes import BAD_INPUT, CONTRADICTED, OK
from theorycheck.cli.options import MaxBits, Seed, require_writable
from theorycheck.cli.selection import one_claim
from theorycheck.trajectories import Effort

__all__ = ["tighten"]


def tighten(
    name: Annotated[str, typer.Argument(metavar="CLAIM", help="What to tighten.")],
    examples: Annotated[
        int, typer.Option("--examples", metavar="N", help="Instances to draw.")
    ] = 100,
    seed: Seed = 0,
    max_bits: MaxBits = 256,
    max_seconds: Annotated[
        float, typer.Option("--max-seconds", metavar="S", help="Seconds the search may take.")
    ] = 50.0,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="F", help="Write the hardest instance here.")
    ] = None,
) -> int:
    """Search for the instance on which a claim comes closest to equality, and certify it."""
    from theorycheck.fuzzing import tighten as search

    require_writable(json_file)
    Effort(max_seconds=max_seconds)  # refuses what is no number of seconds
    claim = one_claim(name)
    effort = Effort(max_bits=max_bits, max_seconds=5.0)
    with progress_console().status(f"tightening {claim.name}"):
        found = search(
            claim, max_examples=examples, seed=seed, effort=effort, max_seconds=max_seconds
        )
    console = output()
    console.print(str(found), soft_wrap=True)
    console.print(f"  instance: {found.instance!r}", soft_wrap=True)
    if json_file is not None:
        text = json.dumps(found.instance.to_json(), indent=2)
        json_file.write_text(text + "\n", encoding="utf-8")
    if found.errors:
        return BAD_INPUT
    return CONTRADICTED if found.contradicts else OK
