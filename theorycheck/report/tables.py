"""Tables of judgements for terminals and pipes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from theorycheck.claims import Claim, Judgement
from theorycheck.verdicts import UNDECIDED

__all__ = ["Row", "claims_table", "details_table", "table", "witness_lines"]


@dataclass(frozen=True)
class Row:
    """A judgement with what the table says besides.

    Parameters
    ----------
    judgement : Judgement
    source : str
    label : str            name of the instance: example, iris, data
    seconds : float
    """

    judgement: Judgement
    source: str
    label: str
    seconds: float


def plain_table(*headers: str) -> Table:
    """Make a table without lines, whose cells are not cut."""
    made = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    for header in headers:
        made.add_column(header, overflow="fold")
    return made


def table(rows: Sequence[Row], *, terminal: bool) -> Table:
    """Lay out judgements; on a terminal with lines and colour.

    Parameters
    ----------
    rows : sequence of Row
    terminal : bool    wrap cells to the width at hand; a pipe gets one line per judgement
    """
    made = Table(
        box=box.SIMPLE_HEAD if terminal else None, pad_edge=False, show_edge=False,
        header_style="bold",
    )  # fmt: skip
    for header in (
        "claim",
        "source",
        "instance",
        "verdict",
        "evidence",
        "margin",
        "where",
        "seconds",
    ):
        justify = "right" if header in ("margin", "seconds") else "left"
        made.add_column(header, justify=justify, overflow="fold", no_wrap=not terminal)  # type: ignore[arg-type]
    for row in rows:
        made.add_row(
            _breakable(row.judgement.claim) if terminal else row.judgement.claim,
            row.source, row.label,
            Text(row.judgement.summary, style=_style(row.judgement)),
            "" if row.judgement.vacuous else str(row.judgement.evidence),
            relative_margin(row.judgement), row.judgement.where, f"{row.seconds:.2f}",
        )  # fmt: skip
    return made


def relative_margin(judgement: Judgement) -> str:
    """Print the margin over the larger side, an estimate; empty where nothing was enclosed."""
    value = judgement.relative_margin
    return "" if value is None else f"{value:.2g}"


def _breakable(name: str) -> str:
    """Let a terminal break a long dotted name behind the paper."""
    return name.replace(".", ". ", 1)


def _style(judgement: Judgement) -> str:
    if judgement.contradicts:
        return "bold red"
    if judgement.vacuous or judgement.verdict is UNDECIDED:
        return "yellow"
    return "green"


def witness_lines(judgement: Judgement, json_file: Path | None) -> list[str]:
    """Say where a claim fails, on which exact instance, and how to see it again."""
    place = f" at {judgement.where}" if judgement.where else ""
    command = (
        f"theorycheck replay {json_file}"
        if json_file is not None
        else "run again with --json F.json, then: theorycheck replay F.json"
    )
    return [
        f"{judgement.claim} is VIOLATED{place}: {judgement.reason}",
        f"  witness: {judgement.instance!r}",
        f"  replay:  {command}",
    ]


def details_table(details: Sequence[tuple[str, str]]) -> Table:
    """Lay out named quantities with their enclosures."""
    made = Table(box=None, pad_edge=False, show_edge=False, show_header=False)
    for name, text in details:
        made.add_row(f"  {name}", text)
    return made


def claims_table(claims: Sequence[Claim], *, terminal: bool) -> Table:
    """List claims: name, what they say, source, expected outcome, proof, whether they take data."""
    made = Table(
        box=box.SIMPLE_HEAD if terminal else None, pad_edge=False, show_edge=False,
        header_style="bold",
    )  # fmt: skip
    for header in ("claim", "says", "source", "expected", "proof", "data"):
        made.add_column(header, overflow="fold", no_wrap=not terminal)
    for claim in claims:
        made.add_row(
            _breakable(claim.full_name) if terminal else claim.full_name,
            claim.title, str(claim.source), claim.expected.value, claim.proof or "none yet",
            "yes" if claim.on_data is not None else "no",
        )  # fmt: skip
    return made
