"""LaTeX as MathML for web pages, through latex2mathml; nothing but MathML comes out."""

from __future__ import annotations

import html
import re
from xml.etree import ElementTree

__all__ = ["mathml"]

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
ELEMENTS = {
    "math", "menclose", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow",
    "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr",
    "munder", "munderover",
}  # fmt: skip
ATTRIBUTES = {
    "accent", "columnalign", "columnlines", "columnspacing", "depth", "display", "displaystyle",
    "fence", "height", "linethickness", "lspace", "mathvariant", "maxsize", "minsize",
    "movablelimits", "notation", "rowspacing", "rspace", "scriptlevel", "separator", "stretchy",
    "symmetric", "voffset", "width",
}  # fmt: skip


def mathml(text: str, *, block: bool = True) -> str:
    """Convert a formula; what cannot be converted is shown as its LaTeX source.

    Parameters
    ----------
    text : str       LaTeX without dollar signs; untrusted
    block : bool     set it on a line of its own
    """
    tree = _converted(text)
    if tree is None:
        return f'<code class="latex">{html.escape(text)}</code>'
    tree.set("display", "block" if block else "inline")
    return ElementTree.tostring(tree, encoding="unicode", method="html")


def _converted(text: str) -> ElementTree.Element | None:
    """Make a tree of known elements, or None."""
    from latex2mathml.converter import convert

    try:
        tree = ElementTree.fromstring(convert(text))
    except Exception:  # the converter raises errors of many kinds for what it does not know
        return None
    for element in tree.iter():
        element.tag = element.tag.removeprefix(f"{{{NAMESPACE}}}")
        if element.tag not in ELEMENTS or re.search(r"\\[A-Za-z]", element.text or ""):
            return None
        for name in [n for n in element.attrib if n not in ATTRIBUTES]:
            del element.attrib[name]
    return tree
