"""Column widths and font sizes of the venues a figure may be made for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from theorycheck.errors import InvalidInstance

__all__ = ["VENUES", "Venue", "venue_called"]


@dataclass(frozen=True)
class Venue:
    """A place where a figure is printed.

    Parameters
    ----------
    name : str
    width : float       of the text or column, inches
    text, small : float font sizes of labels, and of ticks and legend, points
    aspect : float      height / width of a figure with one panel
    titled : bool       whether title and source stand in the figure; a paper has them in its
                        caption
    """

    name: str
    width: float
    text: float
    small: float
    aspect: float = 0.52
    titled: bool = False

    @property
    def is_narrow(self) -> bool:
        return self.width < 4.5

    @property
    def settings(self) -> Any:
        """What matplotlib is told while the figure is made; its own settings stay as they are."""
        return {
            "font.family": ["STIXGeneral", "DejaVu Sans"],
            "mathtext.fontset": "stix",
            "font.size": self.text,
            "axes.labelsize": self.text,
            "axes.titlesize": self.text,
            "figure.titlesize": self.text,
            "figure.labelsize": self.small,
            "legend.fontsize": self.small,
            "xtick.labelsize": self.small,
            "ytick.labelsize": self.small,
            "axes.linewidth": 0.6,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.axisbelow": True,
            "axes.formatter.use_mathtext": True,
            "axes.unicode_minus": True,
            "xtick.major.width": 0.6,
            "ytick.major.width": 0.6,
            "xtick.minor.width": 0.4,
            "ytick.minor.width": 0.4,
            "text.usetex": False,
        }


VENUES = {
    venue.name: venue
    for venue in (
        Venue("screen", 6.4, 10, 9, aspect=0.6, titled=True),
        Venue("neurips", 5.5, 9, 8),
        Venue("iclr", 5.5, 9, 8),
        Venue("icml", 3.25, 8, 7, aspect=0.72),
        Venue("icml-wide", 6.75, 8, 7, aspect=0.42),
        Venue("jmlr", 6.0, 10, 9),
        Venue("arxiv", 6.5, 10, 9),
        Venue("arxiv-double", 3.375, 8, 7, aspect=0.72),
    )
}
"""Text width 5.5 in: NeurIPS, ICLR. Columns of ICML 3.25 in, both together 6.75 in. JMLR 6 in. A
letter page with margins of 1 in: 6.5 in. Two columns as REVTeX sets them: 3.375 in."""


def venue_called(name: str) -> Venue:
    """Find a preset.

    Raises
    ------
    InvalidInstance    no such preset
    """
    if name.lower() in VENUES:
        return VENUES[name.lower()]
    raise InvalidInstance(f"--venue {name}: no such preset; use one of {', '.join(VENUES)}")
