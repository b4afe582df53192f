"""What must not happen in a figure, found from the boxes that are really drawn."""

from __future__ import annotations

import math
from itertools import combinations

SLACK = 0.5
"""Pixels by which boxes may touch."""


def complaints(figure) -> list[str]:
    """Texts outside the canvas, boxes that overlap, and panels without data."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    boxes = list(_boxes(figure, renderer))
    found = [f"outside: {name}" for name, box in boxes if not _inside(box, figure.bbox)]
    for (one, a), (other, b) in combinations(boxes, 2):
        if _overlap(a, b):
            found.append(f"overlap: {one} and {other}")
    found += [f"empty panel {i}" for i, axes in enumerate(figure.axes) if not _shows_data(axes)]
    return found


def _boxes(figure, renderer):
    """Every text that is drawn, by name; a legend is one box."""
    for name, text in (("title", figure._suptitle), ("source", figure._supxlabel)):
        if text is not None and text.get_text():
            yield name, text.get_window_extent(renderer)
    for number, axes in enumerate(figure.axes):
        legend = axes.get_legend()
        if legend is not None:
            yield f"legend {number}", legend.get_window_extent(renderer)
        for text in axes.texts:
            yield f"note {text.get_text()}", text.get_window_extent(renderer)
        for axis in (axes.xaxis, axes.yaxis):
            side = f"{axis.axis_name}{number}"
            low, high = sorted(axis.get_view_interval())
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                label = tick.label1
                shown = label.get_visible() and label.get_text()
                if shown and low <= tick.get_loc() <= high:
                    yield f"tick {side} {label.get_text()}", label.get_window_extent(renderer)
            for text in (axis.label, axis.offsetText):
                if text.get_visible() and text.get_text():
                    yield f"{side} {text.get_text()}", text.get_window_extent(renderer)


def _inside(box, canvas) -> bool:
    return (
        box.x0 >= canvas.x0 - SLACK and box.y0 >= canvas.y0 - SLACK
        and box.x1 <= canvas.x1 + SLACK and box.y1 <= canvas.y1 + SLACK
    )  # fmt: skip


def _overlap(a, b) -> bool:
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    return width > SLACK and height > SLACK


def _shows_data(axes) -> bool:
    (x0, x1), (y0, y1) = sorted(axes.get_xlim()), sorted(axes.get_ylim())
    for line in axes.lines:
        if line.get_transform() != axes.transData and line.get_linestyle() != "-":
            continue
        for x, y in zip(*line.get_data(), strict=False):
            if not math.isnan(y) and y0 <= y <= y1 and (x0 <= x <= x1 or len(axes.lines) == 1):
                return True
    return False
