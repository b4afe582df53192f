"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from theorycheck.errors import InvalidInstance

__all__ = [
    "Data", "InstanceSeconds", "MaxBits", "MaxSeconds", "Seed", "Settings", "Target", "Weights",
    "require_writable",
]  # fmt: skip

Data = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="F.csv", help="Check on this table: numbers, one row per sample."
    ),
]
Target = Annotated[
    str | None,
    typer.Option("--target", metavar="COL", help="Column of the table to be predicted."),
]
Weights = Annotated[
    Path | None,
    typer.Option(
        "--weights", metavar="F", help="Start from these weight matrices (.npz or .json)."
    ),
]
Settings = Annotated[
    list[str],
    typer.Option("--set", metavar="KEY=VALUE", help="Change the instance, e.g. --set depth=3."),
]
MaxBits = Annotated[
    int, typer.Option("--max-bits", metavar="N", help="Largest working precision in bits.")
]
MaxSeconds = Annotated[
    float, typer.Option("--max-seconds", metavar="S", help="Seconds that one claim may take.")
]

InstanceSeconds = Annotated[
    float, typer.Option("--max-seconds", metavar="S", help="Seconds one instance may take.")
]
Seed = Annotated[int, typer.Option("--seed", metavar="S", help="Same seed, same search.")]


def require_writable(path: Path | None) -> None:
    """Refuse a file that cannot be written before the work is done, not after it."""
    if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
        raise InvalidInstance(
            f"--json {path} cannot be written; give a file in a folder that exists"
        )
