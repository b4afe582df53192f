"""Tables of judgements for terminals and pipes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from theorycheck.claims import Claim, Judgement
from theorycheck.report.prose import visible
from theorycheck.verdicts import UNDECIDED

__all__ = ["Row", "claims_table", "details_table", "table", "witness_lines"]

HEADERS = ("claim", "source", "instance", "verdict", "evidence", "margin", "where", "seconds")
WIDE = 150


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


def table(rows: Sequence[Row], *, width: int | None = None) -> Table:
    """Lay out judgements.

    Parameters
    ----------
    rows : sequence of Row
    width : int or None    of the terminal, where long cells are wrapped and a narrow table puts
                           the source below the claim; None means one line per judgement
    """
    compact = width is not None and width < WIDE
    made = _lined(terminal=width is not None)
    if compact:
        made.padding = (0, 0, 0, 0)
    for header in HEADERS:
        if not (compact and header in ("source", "evidence")):
            made.add_column(
                header,
                justify="right" if header in ("margin", "seconds") else "left",
                overflow="fold",
                no_wrap=width is None or header in ("instance", "evidence", "margin", "seconds"),
            )
    for row in rows:
        cells = _cells(row)
        if width is not None:
            cells["claim"] = Text(visible(row.judgement.claim.split(".")[-1]))
        if compact:
            cells["claim"].append(f"\n{cells.pop('source')}", style="dim")
            cells["verdict"].append(f"\n{cells.pop('evidence')}", style="dim")
        made.add_row(*cells.values())
    return made


def _cells(row: Row) -> dict[str, Text]:
    judgement = row.judgement
    return {
        "claim": Text(visible(judgement.claim)),
        "source": Text(visible(row.source)),
        "instance": Text(visible(row.label)),
        "verdict": Text(judgement.summary, style=_style(judgement)),
        "evidence": Text("" if judgement.vacuous else str(judgement.evidence)),
        "margin": Text(relative_margin(judgement)),
        "where": Text(judgement.where),
        "seconds": Text(f"{row.seconds:.2f}"),
    }


def _lined(*, terminal: bool) -> Table:
    """Make an empty table, with a line below its head on a terminal."""
    kind = box.SIMPLE_HEAD if terminal else None
    return Table(box=kind, pad_edge=False, show_edge=False, header_style="bold")


def relative_margin(judgement: Judgement) -> str:
    """Print the margin over the larger side, an estimate; empty where nothing was enclosed."""
    value = judgement.relative_margin
    return "" if value is None else f"{value:.2g}"


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
        made.add_row(Text(f"  {visible(name)}"), Text(visible(text)))
    return made


def claims_table(claims: Sequence[Claim], *, terminal: bool) -> Table:
    """List claims: name, what they say, source, expected outcome, proof, whether they take data."""
    made = _lined(terminal=terminal)
    for header in ("claim", "says", "source", "expected", "proof", "data"):
        made.add_column(header, overflow="fold", no_wrap=not terminal)
    for claim in claims:
        made.add_row(
            claim.full_name.replace(".", ". ", 1) if terminal else claim.full_name,
            claim.title,
            str(claim.source),
            claim.expected.value,
            "yes" if claim.proof else "none yet",
            "yes" if claim.on_data is not None else "no",
        )
    return made
