"""Rows of panels: certified enclosures solid, float64 estimates dashed, and the same in a CSV."""

from __future__ import annotations

import csv
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.report.decimals import decimal_above, decimal_below
from theorycheck.report.saving import save

__all__ = ["Line", "Panel", "Row", "draw_rows", "figure_of", "write_rows"]

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#000000")
"""Okabe & Ito: told apart by colour-blind readers."""
DASHES = (0, (4.0, 1.6))
PANEL_SIZE = (3.45, 2.75)
FOOT = 0.75
FONT: Any = {"font.size": 8}
CAPTION_WIDTH = 210


@dataclass(frozen=True)
class Line:
    """One curve with a lower and an upper bound at every place; equal for an estimate.

    Parameters
    ----------
    name : str                 plain text, for the CSV
    label : str                for the legend; may hold mathematics
    places, lower, upper       sequences of one length, exact or float64
    certified : bool           an enclosure or a certified bound, else a float64 estimate
    width : float              of the stroke, in points
    colour : int               its number among the colours
    """

    name: str
    label: str
    places: Sequence[Fraction | int]
    lower: Sequence[Fraction | float]
    upper: Sequence[Fraction | float]
    certified: bool
    width: float = 1.5
    colour: int = 0

    @staticmethod
    def estimate(
        name: str,
        label: str,
        places: Sequence[Fraction | int],
        values: Sequence[float],
        **look: Any,
    ) -> Line:
        """Make a line of float64 numbers."""
        return Line(name, label, places, values, values, certified=False, **look)


@dataclass(frozen=True)
class Panel:
    """Curves over the same axis.

    Parameters
    ----------
    top : float or None       the y-axis ends at least there; it begins at 0
    legend : str              where the legend goes, as matplotlib names it
    room : float              share of a logarithmic axis kept free below, for the legend
    """

    name: str
    title: str
    x_label: str
    y_label: str
    lines: Sequence[Line]
    logarithmic: bool = False
    top: float | None = None
    legend: str = "best"
    room: float = 0.0


@dataclass(frozen=True)
class Row:
    """Panels side by side under one title; those `undrawn` go to the CSV alone."""

    name: str
    title: str
    panels: Sequence[Panel]
    undrawn: Sequence[Panel] = ()


def draw_rows(rows: Sequence[Row], caption: str, path: Path) -> None:
    """Draw the panels row by row, with a caption that says what is certified.

    Raises
    ------
    InvalidInstance    the file cannot be written
    """
    from matplotlib import rc_context

    with rc_context(FONT):
        save(figure_of(rows, caption), path)


def figure_of(rows: Sequence[Row], caption: str) -> Any:
    """Lay the rows out as a matplotlib figure."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    columns = max(len(row.panels) for row in rows)
    size = (PANEL_SIZE[0] * columns, PANEL_SIZE[1] * len(rows) + FOOT)
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    heights = [PANEL_SIZE[1]] * len(rows) + [FOOT]
    *parts, foot = figure.subfigures(len(heights), 1, height_ratios=heights, squeeze=False)[:, 0]
    for part, row in zip(parts, rows, strict=True):
        part.suptitle(row.title, fontsize=10, fontweight="bold", x=0.005, ha="left")
        places = part.subplots(1, columns, squeeze=False)[0]
        for axes, panel in zip(places, row.panels, strict=False):
            _draw(axes, panel)
    _foot(foot, caption)
    return figure


def _draw(axes: Any, panel: Panel) -> None:
    if panel.logarithmic:
        axes.set_yscale("log")
    for line in panel.lines:
        colour = COLOURS[line.colour]
        places = [float(x) for x in line.places]
        low, high = (_shown(values, panel) for values in (line.lower, line.upper))
        axes.plot(
            places, high, color=colour, linewidth=line.width, label=line.label,
            linestyle="-" if line.certified else DASHES,
        )  # fmt: skip
        if line.certified:
            axes.fill_between(places, low, high, color=colour, alpha=0.25, linewidth=0)
    if panel.top is not None:
        axes.set_ylim(0, max(panel.top, axes.get_ylim()[1]))
    if panel.room:
        low, high = axes.get_ylim()
        axes.set_ylim(low * (low / high) ** (panel.room / (1 - panel.room)), high)
    axes.set_title(panel.title, fontsize=8.5)
    axes.set_xlabel(panel.x_label)
    axes.set_ylabel(panel.y_label)
    axes.margins(x=0.01)
    axes.grid(visible=True, linewidth=0.3, alpha=0.6)
    axes.legend(loc=panel.legend, fontsize=7, framealpha=0.85, edgecolor="none", handlelength=2.6)


def _shown(values: Sequence[Fraction | float], panel: Panel) -> list[float]:
    """What has no place on a logarithmic scale is left out."""
    return [math.nan if panel.logarithmic and x <= 0 else float(x) for x in values]


def _foot(part: Any, caption: str) -> None:
    from matplotlib.lines import Line2D

    keys = [
        Line2D([], [], color="0.2", linestyle="-", label="solid: certified bound or enclosure"),
        Line2D([], [], color="0.2", linestyle=DASHES, label="dashed: float64 estimate, no bound"),
    ]
    part.legend(handles=keys, loc="upper center", ncols=2, frameon=False, fontsize=8.5)
    text = "\n".join(textwrap.wrap(caption.replace("$", r"\$"), CAPTION_WIDTH))
    part.text(0.5, 0.0, text, ha="center", va="bottom", fontsize=7.5, color="0.25")


def write_rows(rows: Sequence[Row], path: Path) -> None:
    """Write all numbers: certified bounds rounded outwards, estimates as they are.

    Raises
    ------
    InvalidInstance    the file cannot be written
    """
    header = ["network", "panel", "curve", "evidence", "iteration", "lower", "upper"]
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            for row in rows:
                for panel in (*row.panels, *row.undrawn):
                    for line in panel.lines:
                        evidence = "certified" if line.certified else "float64"
                        first = (row.name, panel.name, line.name, evidence)
                        writer.writerows((*first, *numbers) for numbers in _numbers(line))
    except OSError as error:
        raise InvalidInstance(f"{path} cannot be written: {error.strerror}") from None


def _numbers(line: Line) -> list[tuple[str, str, str]]:
    if line.certified:
        return [
            (str(x), decimal_below(Fraction(a)), decimal_above(Fraction(b)))
            for x, a, b in zip(line.places, line.lower, line.upper, strict=True)
        ]
    return [
        (str(x), repr(float(a)), repr(float(b)))
        for x, a, b in zip(line.places, line.lower, line.upper, strict=True)
    ]
