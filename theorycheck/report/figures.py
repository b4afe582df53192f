"""Draw curves with matplotlib, without touching its global state."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from theorycheck.balls import Ball
from theorycheck.report.curves import Curve, Curves, Kind, Mark
from theorycheck.report.labels import axis_label, curve_label, number_text, tick_texts, wrapped
from theorycheck.report.prose import visible
from theorycheck.report.saving import without_glyph_warnings
from theorycheck.report.venues import VENUES, Venue

__all__ = ["drawn"]

TRUTH, BOUND, GREY = "#0072B2", "#222222", "#6B6B6B"
MARKS = {
    Mark.HOLDS: {"marker": "o", "markerfacecolor": "#009E73", "markeredgecolor": "#00563F"},
    Mark.VIOLATED: {"marker": "X", "markerfacecolor": "#D55E00", "markeredgecolor": "#5A2700"},
    Mark.UNDECIDED: {"marker": "s", "markerfacecolor": "white", "markeredgecolor": "#333333"},
    Mark.VACUOUS: {"marker": "v", "markerfacecolor": "white", "markeredgecolor": "#8A8A8A"},
}
"""Colours of Okabe and Ito; every mark has a shape of its own, so that grey tells as much."""
SIZES = {Mark.HOLDS: 4.2, Mark.VIOLATED: 6.0, Mark.UNDECIDED: 4.6, Mark.VACUOUS: 4.6}

LOG_RATIO = 10.0
MARKS_SHOWN = 13
TICKS = 6


def drawn(curves: Curves, venue: Venue | None = None) -> Any:
    """Make a matplotlib figure: the sides as curves in their enclosures, a mark per verdict.

    Equalities get a second panel with the enclosure of the difference.
    """
    import matplotlib

    venue = venue or VENUES["screen"]
    with matplotlib.rc_context(venue.settings), without_glyph_warnings():
        return _figure(curves, venue)


def _figure(curves: Curves, venue: Venue) -> Any:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with_difference = curves.is_equality and curves.difference is not None
    height = venue.width * venue.aspect * (1.3 if with_difference else 1)
    figure: Any = Figure(figsize=(venue.width, height), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.07, h_pad=0.05)
    FigureCanvasAgg(figure)
    if with_difference:
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1.2))
        assert curves.difference is not None
        _draw_difference(lower, curves, curves.difference)
        panels = [upper, lower]
    else:
        panels = [figure.add_subplot()]
    _draw_sides(panels[0], curves, venue)
    _scale_places(panels[-1], curves)
    panels[-1].set_xlabel(axis_label(curves))
    for axes in panels:
        axes.margins(x=0.02)
        axes.grid(visible=True, color="0.88", linewidth=0.5)
    if venue.titled:
        figure.suptitle(wrapped(curves.title, venue.width - 0.4, venue.text), weight="bold")
        told = f"{visible(str(curves.claim.source))}. {curves.verdict}."
        figure.supxlabel(wrapped(told, venue.width - 0.2, venue.small), color="0.35")
    _place_legend(figure, panels[0], venue)
    return figure


# -- sides -----------------------------------------------------------------------------------------
def _draw_sides(axes: Any, curves: Curves, venue: Venue) -> None:
    logarithmic = _is_logarithmic(curves)
    places = [float(x) for x in curves.places]
    scattered = curves.kind is Kind.INSTANCES
    for index, curve in enumerate(curves.curves):
        style = _style(curves, index)
        middle, low, high = _floats(curve.balls, positive=logarithmic)
        if scattered and not _is_level(curves, index):
            style |= _scattered(curves, index)
        label = curve_label(curve, venue.small)
        if scattered and not curves.is_equality and index == 0:
            axes.set_ylabel(label)
            label = "_nolegend_"
        axes.plot(places, middle, label=label, **style)
        axes.fill_between(places, low, high, color=style["color"], alpha=0.22, linewidth=0)
    if logarithmic:
        _scale_logarithmically(axes, curves)
    elif _is_constant(curves):
        # a constant has no scale of its own
        known = [b for curve in curves.curves for b in curve.balls if b is not None]
        level = 0.0 if all(b.contains(0) for b in known) else _float(known[0].midpoint)
        span = abs(level) / 10 or 1.0
        axes.set_ylim(level - span, level + span)
    else:
        axes.margins(y=0.08)
    if not logarithmic:
        _number_plainly(axes)
    _draw_marks(axes, curves, places, logarithmic=logarithmic)


def _number_plainly(axes: Any) -> None:
    """Number ticks without an offset or a factor in the corner, where the legend begins."""
    from matplotlib.ticker import FuncFormatter, ScalarFormatter

    low, high = axes.get_ylim()
    if 1e-3 <= max(abs(low), abs(high)) < 1e5 and high - low > 1e-6 * abs(high):
        formatter = ScalarFormatter(useOffset=False)
        formatter.set_scientific(False)
        axes.yaxis.set_major_formatter(formatter)
    else:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: number_text(y)))


def _scale_logarithmically(axes: Any, curves: Curves) -> None:
    """Number the decades; between few of them 2 and 5 as well."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axes.set_yscale("log")
    positive = [b.midpoint for c in curves.curves for b in c.balls if b is not None and b.lower > 0]
    low, high = min(positive), max(positive)
    if high < 1000 * low and (low > Fraction(1, 5000) or high < 10 * low):
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: number_text(y)))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _scattered(curves: Curves, index: int) -> dict[str, Any]:
    """No line from instance to instance; two sides that agree are a ring and a dash in it."""
    if not curves.is_equality:
        return {"linestyle": "none"}
    shape = {"marker": "o", "markersize": 8} if index == 0 else {"marker": "_", "markersize": 12}
    return {"linestyle": "none", "markerfacecolor": "none", "markeredgewidth": 1.1, **shape}


def _style(curves: Curves, index: int) -> dict[str, Any]:
    bound = curves.curves[index].label == "bound" or (
        index == 1 and curves.curves[0].label != "bound"
    )
    if curves.is_equality:
        wide = {"color": TRUTH, "linewidth": 2.6, "alpha": 0.6, "solid_capstyle": "round"}
        return wide if index == 0 else {"color": BOUND, "linewidth": 1.1, "linestyle": (0, (4, 3))}
    if bound:
        return {"color": BOUND, "linewidth": 1.2, "linestyle": (0, (5, 2)), "zorder": 3}
    return {"color": TRUTH, "linewidth": 1.5}


def _is_level(curves: Curves, index: int) -> bool:
    return curves.curves[index].label == "equality"


def _draw_marks(axes: Any, curves: Curves, places: Sequence[float], *, logarithmic: bool) -> None:
    """Mark the verdict on the truth; some of many abscissas, but the first of every verdict."""
    carrier = next((c for c in curves.curves if c.label == "truth"), curves.curves[0])
    heights, _, _ = _floats(carrier.balls, positive=logarithmic)
    for mark in curves.counts:
        where = [i for i, (found, _) in enumerate(curves.marks) if found is mark]
        gaps = [i for i in where if math.isnan(heights[i])]
        chosen = _thinned([i for i in where if not math.isnan(heights[i])], len(places))
        label = mark.value
        if chosen:
            axes.plot(
                [places[i] for i in chosen], [heights[i] for i in chosen], linestyle="none",
                markersize=SIZES[mark], markeredgewidth=0.8, label=label, zorder=4, **MARKS[mark],
            )  # fmt: skip
        if gaps and mark is not Mark.HOLDS:  # a side that is 0 has no place on a log scale
            _draw_gaps(axes, [places[i] for i in _thinned(gaps, len(places))], mark,
                       label="" if chosen else label)  # fmt: skip


def _draw_gaps(axes: Any, places: Sequence[float], mark: Mark, label: str) -> None:
    """Mark abscissas without a value at the bottom of the panel."""
    axes.plot(
        places, [0.03] * len(places), transform=axes.get_xaxis_transform(), linestyle="none",
        markersize=SIZES[mark], markeredgewidth=0.8, zorder=4, label=label or "_nolegend_",
        **MARKS[mark],
    )  # fmt: skip


def _thinned(indices: Sequence[int], count: int) -> list[int]:
    """About `MARKS_SHOWN` indices on the whole range, the first and last of them always."""
    if count <= 3 * MARKS_SHOWN or len(indices) <= 2:
        return list(indices)
    stride = count // MARKS_SHOWN
    kept = [i for i in indices if i % stride == stride // 2]
    return kept or [indices[len(indices) // 2]]


# -- difference ------------------------------------------------------------------------------------
def _draw_difference(axes: Any, curves: Curves, apart: Curve) -> None:
    from matplotlib.ticker import MaxNLocator

    places = [float(x) for x in curves.places]
    _, low, high = _floats(apart.balls, positive=False)
    axes.axhline(0, color=BOUND, linewidth=0.8)
    if curves.kind is Kind.INSTANCES or len(places) <= MARKS_SHOWN:
        axes.vlines(places, low, high, color=TRUTH, alpha=0.45, linewidth=3)
    else:
        axes.fill_between(places, low, high, color=TRUTH, alpha=0.45, linewidth=0)
    least = min((x for x in low if not math.isnan(x)), default=0.0)
    largest = max((abs(x) for x in (*low, *high) if not math.isnan(x)), default=0.0)
    axes.set_ylabel(apart.label)
    if largest == 0:
        axes.set_ylim(-1, 1)
        axes.set_yticks([0])
        axes.text(0.5, 0.7, "exactly 0", transform=axes.transAxes, ha="center", va="center",
                  color=GREY)  # fmt: skip
        return
    axes.set_ylim(-1.25 * largest if least < -largest / 50 else -0.1 * largest, 1.25 * largest)
    axes.yaxis.set_major_locator(MaxNLocator(3, symmetric=True))


# -- scales ----------------------------------------------------------------------------------------
def _scale_places(axes: Any, curves: Curves) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

    places = curves.places
    if curves.kind is Kind.SWEEP and _is_geometric(places):
        axes.set_xscale("log", base=2)
        shown = _ticks(places)
        texts = dict(zip(map(float, shown), tick_texts(shown), strict=True))
        axes.xaxis.set_major_locator(FixedLocator(list(texts)))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: texts.get(float(x), "")))
    elif curves.kind is not Kind.TIME and all(x.denominator == 1 for x in places):
        axes.xaxis.set_major_locator(MaxNLocator(7, integer=True))


def _is_geometric(places: Sequence[Fraction]) -> bool:
    positive = places[0] > 0 and places[-1] >= 8 * places[0]
    whole = all(x.denominator == 1 for x in places)
    return positive and not (whole and places[-1] - places[0] < 3 * len(places))


def _ticks(places: Sequence[Fraction]) -> list[Fraction]:
    """Values an exact power of two from the first, as far as they are among the abscissas."""
    powers = [x for x in places if _is_power_of_two(x / places[0])]
    found = powers if len(powers) > 2 else list(places)
    stride = -(-len(found) // TICKS)
    return found[::stride]


def _is_power_of_two(ratio: Fraction) -> bool:
    return ratio.denominator == 1 and ratio.numerator.bit_count() == 1


def _is_constant(curves: Curves) -> bool:
    """Whether one value is all there is, up to what can be seen."""
    known = [b for curve in curves.curves for b in curve.balls if b is not None]
    if all(b.contains(0) for b in known):
        return True
    low, high = min(b.lower for b in known), max(b.upper for b in known)
    return high - low <= Fraction(1, 10**6) * max(abs(low), abs(high))


def _is_logarithmic(curves: Curves) -> bool:
    """Whether nearly all values are certainly positive, over more than one decade."""
    known = [b for curve in curves.curves for b in curve.balls if b is not None]
    positive = [b.midpoint for b in known if b.lower > 0]
    if curves.kind is Kind.INSTANCES and len(positive) < len(known):
        return False
    if any(b.upper < 0 for b in known) or len(positive) < len(known) * 9 // 10:
        return False
    return bool(positive) and max(positive) > LOG_RATIO * min(positive)


def _floats(balls: Sequence[Ball | None], *, positive: bool) -> tuple[list[float], ...]:
    """Midpoints and ends; what may be zero has no place on a logarithmic scale."""
    shown = [None if b is None or (positive and not b.lower > 0) else b for b in balls]
    ends = ("midpoint", "lower", "upper")
    return tuple([_float(getattr(b, end)) if b is not None else math.nan for b in shown]
                 for end in ends)  # fmt: skip


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.nan


# -- legend ----------------------------------------------------------------------------------------
def _place_legend(figure: Any, axes: Any, venue: Venue) -> None:
    """Put the legend above the panel, in as few rows as fit."""
    handles, labels = axes.get_legend_handles_labels()
    renderer = figure.canvas.get_renderer()
    room = (venue.width - 0.5) * figure.dpi
    for columns in range(len(handles), 0, -1):
        legend = axes.legend(
            handles, labels, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=columns,
            frameon=False, borderaxespad=0.2, borderpad=0.2, columnspacing=1.2, handlelength=2.0,
            handletextpad=0.5,
        )  # fmt: skip
        if columns == 1 or legend.get_window_extent(renderer).width <= room:
            return
