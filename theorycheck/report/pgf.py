"""Figures as PGF commands, written without a TeX installation.

matplotlib's own backend asks a running LaTeX how wide every text is. Here the widths are those of
matplotlib's fonts: they only place the text, which is set by the document's fonts in the end, at
anchors that do not move (centred below a tick, right-aligned beside one).
"""

from __future__ import annotations

import io
import re
from typing import Any

from theorycheck._version import __version__
from theorycheck.report.latex import SPECIAL
from theorycheck.report.prose import visible

__all__ = ["pgf_text"]

HEADER = r"""%% theorycheck {version}
%% In the preamble: \usepackage{{pgf}} and \usepackage{{amsmath}}.
%% In the text: \input{{<this file>}}.
%% The text is set in the fonts and with the macros of the document.
{caption}
\begingroup
\makeatletter
\begin{{pgfpicture}}
\pgfpathrectangle{{\pgfpointorigin}}{{\pgfqpoint{{{width:f}in}}{{{height:f}in}}}}
\pgfusepath{{use as bounding box, clip}}
"""
FOOTER = r"""\end{pgfpicture}
\makeatother
\endgroup
"""


def pgf_text(figure: Any, caption: str = "") -> str:
    """Write a figure as a pgfpicture; the caption becomes a comment."""
    from matplotlib.backend_bases import RendererBase
    from matplotlib.backends.backend_pgf import RendererPgf

    class WithoutLatex(RendererPgf):
        def get_text_width_height_descent(self, s: Any, prop: Any, ismath: Any) -> Any:
            return RendererBase.get_text_width_height_descent(self, s, prop, ismath)

        def draw_text(
            self, gc: Any, x: Any, y: Any, s: Any, prop: Any, angle: Any, *rest: Any, **options: Any
        ) -> None:
            math = bool(rest[0] if rest else options.get("ismath"))
            draw: Any = super().draw_text
            draw(gc, x, y, _escaped(s, math=math), prop, angle, *rest, **options)

    out = io.StringIO()
    width, height = figure.get_size_inches()
    comment = "\n".join(f"%% {line}" for line in visible(caption).splitlines()) or "%%"
    out.write(HEADER.format(version=__version__, caption=comment, width=width, height=height))
    renderer: Any = WithoutLatex
    figure.draw(renderer(figure, out))
    out.write(FOOTER)
    return out.getvalue()


def _escaped(text: str, *, math: bool) -> str:
    r"""Escape what TeX would read as a command, outside of formulas.

    Examples
    --------
    >>> _escaped(r"$x_1$ in a_b & \$5", math=True), _escaped("$5 in {a}", math=False)
    ('$x_1$ in a\\_b \\& \\$5', '\\$5 in \\{a\\}')
    """
    if not math:
        return "".join(SPECIAL.get(letter, letter) for letter in text)
    parts = re.split(r"(?<!\\)\$", text)
    prose = [_escaped(part.replace(r"\$", "$"), math=False) for part in parts[::2]]
    parts[::2] = prose
    return "$".join(parts)
