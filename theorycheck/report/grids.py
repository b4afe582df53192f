"""The details of a claim over a grid of instances, as certified numbers for a figure."""

from __future__ import annotations

import csv
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from theorycheck.balls import Ball
from theorycheck.claims import Claim
from theorycheck.claims.details import tabulate
from theorycheck.claims.guarded import judge_guarded
from theorycheck.errors import InvalidInstance
from theorycheck.report.decimals import decimal_above, decimal_below
from theorycheck.trajectories import Effort

__all__ = ["GridRow", "rows_of", "write_rows"]


@dataclass(frozen=True)
class GridRow:
    """An instance of a grid: what the claim comes to on it, and its enclosed details."""

    outcome: str
    values: Mapping[str, Ball]


def rows_of(claim: Claim, settings: Mapping[str, Any], effort: Effort) -> list[GridRow]:
    """Judge a claim on its grid, and enclose its details there.

    Parameters
    ----------
    claim : Claim
    settings : dict      arguments of the claim's grid; an axis is a tuple
    effort : Effort      of each judgement, and of each row of details

    Raises
    ------
    InvalidInstance      no grid, a setting it does not have, details that are not enclosed
    """
    if claim.grid is None or claim.details is None:
        raise InvalidInstance(f"claim {claim.full_name} has no grid; draw it with -o F.pdf")
    parameters = {
        name: p
        for name, p in inspect.signature(claim.grid).parameters.items()
        if p.kind is not p.VAR_KEYWORD
    }
    unknown = [k for k in settings if k not in parameters]
    missing = [k for k, p in parameters.items() if p.default is p.empty and k not in settings]
    if unknown or missing:
        wrong = f"{unknown[0]!r} is none of them" if unknown else f"--over {missing[0]}= is missing"
        raise InvalidInstance(
            f"the grid of {claim.full_name} has the settings {', '.join(parameters)}; {wrong}"
        )
    instances = claim.grid(**settings)
    if not instances:
        raise InvalidInstance(f"no instance of this grid is covered by {claim.full_name}")
    return [
        GridRow(judge_guarded(claim, instance, effort).summary, values)
        for instance, values in zip(instances, tabulate(claim, instances, effort), strict=True)
    ]


def write_rows(rows: Sequence[GridRow], path: Path) -> None:
    """Write lower bounds rounded down and upper bounds rounded up.

    Raises
    ------
    InvalidInstance    the file cannot be written
    """
    names = list(rows[0].values)
    header = [f"{name}_{end}" for name in names for end in ("lower", "upper")]
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*header, "claim"])
            for row in rows:
                ends = [
                    text
                    for name in names
                    for text in (
                        decimal_below(row.values[name].lower),
                        decimal_above(row.values[name].upper),
                    )
                ]
                writer.writerow([*ends, row.outcome])
    except OSError as error:
        raise InvalidInstance(f"{path} cannot be written: {error.strerror}") from None
