"""Small SVG for pages: fewer digits, no metadata, no white space; the picture stays the same."""

from __future__ import annotations

import io
import re
from typing import Any
from xml.etree import ElementTree

from theorycheck.report.saving import without_glyph_warnings

__all__ = ["small_svg"]

NUMBER = re.compile(r"-?\d+\.\d+")
SPACES = re.compile(r"\s+")
DIGITS = 1
SVG, LINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"


def small_svg(figure: Any, salt: str) -> str:
    """Write a matplotlib figure as compact SVG whose text stays text.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    salt : str    keeps the names inside the drawing apart from those of other figures
    """
    import matplotlib

    stream = io.StringIO()
    settings: Any = {"svg.hashsalt": salt, "svg.fonttype": "none"}
    with matplotlib.rc_context(settings), without_glyph_warnings():
        figure.savefig(stream, format="svg", metadata={"Date": None})
    return compact(stream.getvalue())


def compact(text: str) -> str:
    """Drop what no viewer shows: metadata, names nobody refers to, digits below 1/10 point."""
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", LINK)
    tree = ElementTree.fromstring(text)
    for parent in list(tree.iter()):
        for child in list(parent):
            if child.tag == f"{{{SVG}}}metadata":
                parent.remove(child)
    named = set(re.findall(r"#([\w.-]+)", ElementTree.tostring(tree, encoding="unicode")))
    for element in tree.iter():
        if element.get("id") not in named:
            element.attrib.pop("id", None)
        for name in ("d", "x", "y", "transform", "points", "width", "height"):
            value = element.get(name)
            if value is not None:
                short = NUMBER.sub(_shortened, SPACES.sub(" ", value).strip())
                # a pair that follows a pair is a line to it
                element.set(name, short.replace(" L ", " ") if name == "d" else short)
        style = element.get("style")
        if style is not None:
            element.set("style", style.replace(": ", ":").replace("; ", ";"))
        if element.text is not None and not element.text.strip():
            element.text = None
        if element.tail is not None and not element.tail.strip():
            element.tail = None
    return ElementTree.tostring(tree, encoding="unicode")


def _shortened(match: re.Match[str]) -> str:
    return f"{float(match[0]):.{DIGITS}f}".rstrip("0").rstrip(".") or "0"
