"""Draw curves with matplotlib, without touching its global state."""

from __future__ import annotations

import importlib.util
import math
import textwrap
from fractions import Fraction
from pathlib import Path
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.report.curves import Curve, Curves

__all__ = ["draw", "require_drawable", "save"]

FORMATS = (".pdf", ".png", ".svg")
SIZE = (5.5, 3.6)
COLOURS = ("#1f4e9c", "#c4501b")
STYLES = ("-", "--")
LOG_RATIO = 20.0
LONGEST_LABEL = 70


def require_drawable(path: Path) -> None:
    """Refuse what cannot be drawn before anything is computed.

    Raises
    ------
    InvalidInstance    an unknown ending, a folder that is not there, or no matplotlib
    """
    if path.suffix.lower() not in FORMATS:
        raise InvalidInstance(f"-o {path} must end in one of {', '.join(FORMATS)}")
    if not path.absolute().parent.is_dir():
        raise InvalidInstance(f"-o {path}: the folder {path.parent} does not exist")
    if importlib.util.find_spec("matplotlib") is None:
        raise InvalidInstance(
            'figures need matplotlib; install it with: pip install "theorycheck[figures]"'
        )


def draw(curves: Curves, path: Path) -> None:
    """Draw enclosures as bands around their midpoints, with the claim's title and source.

    Raises
    ------
    InvalidInstance    the file cannot be written
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    logarithmic = _is_logarithmic(curves)
    places = [float(x) for x in curves.places]
    for curve, colour, style in zip(curves.curves, COLOURS, STYLES, strict=False):
        # what may be zero has no place on a logarithmic scale, however small its enclosure
        shown = [not logarithmic or b.lower > 0 for b in curve.balls]
        middle, low, high = (
            [float(x) if ok else math.nan for x, ok in zip(values, shown, strict=True)]
            for values in _bounds(curve)
        )
        axes.plot(places, middle, color=colour, linestyle=style, linewidth=1.4, label=_label(curve))
        axes.fill_between(places, low, high, color=colour, alpha=0.25, linewidth=0)
    if logarithmic:
        axes.set_yscale("log")
    axes.set_xlabel("time $t$" if curves.axis == "t" else "step $k$")
    axes.margins(x=0.01)
    axes.grid(visible=True, linewidth=0.3, alpha=0.6)
    axes.legend(frameon=False, fontsize=8)
    axes.set_title("\n".join(textwrap.wrap(_plain(curves.claim.title), 70)), fontsize=9)
    figure.supxlabel(
        "\n".join(textwrap.wrap(_plain(str(curves.claim.source)), 100)), fontsize=7, color="0.35"
    )
    save(figure, path)


def save(figure: Any, path: Path) -> None:
    """Write a figure without the date, so that the same figure is the same file.

    Raises
    ------
    InvalidInstance    the file cannot be written
    """
    undated = {".pdf": {"CreationDate": None}, ".svg": {"Date": None}, ".png": None}
    try:
        figure.savefig(path, dpi=200, metadata=undated[path.suffix.lower()])
    except OSError as error:
        raise InvalidInstance(f"{path} cannot be written: {error.strerror}") from None


def _bounds(curve: Curve) -> tuple[list[Fraction], ...]:
    balls = curve.balls
    return [b.midpoint for b in balls], [b.lower for b in balls], [b.upper for b in balls]


def _plain(text: str) -> str:
    """Keep matplotlib from reading mathematics into prose."""
    return text.replace("$", r"\$")


def _label(curve: Curve) -> str:
    """The side's formula where matplotlib can set it and it is short, else its name."""
    from matplotlib.mathtext import MathTextParser

    names = {"lhs": "left side", "rhs": "right side", "value": "value"}
    if len(curve.latex) > LONGEST_LABEL:
        return names[curve.name]
    formula = f"${curve.latex}$"
    try:
        MathTextParser("path").parse(formula)
    except ValueError:
        return names[curve.name]
    return formula


def _is_logarithmic(curves: Curves) -> bool:
    """Whether nearly all values are certainly positive, over more than one decade."""
    balls = [b for curve in curves.curves for b in curve.balls]
    positive = [float(b.midpoint) for b in balls if b.lower > 0]
    if any(b.upper < 0 for b in balls) or len(positive) < len(balls) * 9 // 10:
        return False
    return bool(positive) and max(positive) > LOG_RATIO * min(positive)
