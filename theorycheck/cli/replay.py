"""theorycheck replay: run stored judgements again and compare the verdicts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from theorycheck.claims import Judgement, replay as replay_text
from theorycheck.cli.console import output
from theorycheck.cli.exit_codes import CONTRADICTED, exit_code
from theorycheck.errors import InvalidInstance

__all__ = ["replay"]


def replay(
    file: Annotated[Path, typer.Argument(metavar="F.json", help="What check --json wrote.")],
) -> int:
    """Run stored judgements again: same claim, instance and precision, no time limit."""
    console = output()
    judged, differing = [], 0
    for record in _records(file):
        stored = Judgement.from_dict(record)
        found = replay_text(json.dumps(record))
        judged.append(found)
        same = found.verdict is stored.verdict and found.vacuous == stored.vacuous
        differing += not same
        place = f" at {found.where}" if found.where else ""
        word = "same verdict" if same else f"DIFFERS from the recorded {stored.summary}"
        console.print(f"{found.claim}: {found.summary}{place} ({word})", soft_wrap=True)
        if found.reason:
            console.print(f"  {found.reason}", soft_wrap=True)
    return CONTRADICTED if differing else exit_code(judged)


def _records(file: Path) -> list[dict[str, Any]]:
    """Read one judgement or a list of them.

    Raises
    ------
    InvalidInstance    no such file, no JSON, or no judgements in it
    """
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInstance(f"{file} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise InvalidInstance(f"{file} is no JSON: {error}") from None
    records = data if isinstance(data, list) else [data]
    if not records or not all(isinstance(r, dict) for r in records):
        raise InvalidInstance(f"{file} holds no judgements; replay what check --json wrote")
    return records
