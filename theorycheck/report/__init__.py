"""Reports: tables, LaTeX, figures. `figure` is the door for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from theorycheck.claims import Claim, Judgement
    from theorycheck.trajectories import Effort

__all__ = ["figure"]


def figure(
    subject: Judgement | Claim,
    *,
    over: str | None = None,
    relation: int | None = None,
    venue: str = "screen",
    effort: Effort | None = None,
    jobs: int | None = 1,
    claims: Sequence[Claim] = (),
) -> Any:
    """Draw a judgement, or a claim on its example, as a matplotlib figure.

    The figure is the caller's: restyle it and save it. Its caption is its `get_label()`.

    Parameters
    ----------
    subject : Judgement or Claim
    over : str or None          a sweep such as "step_size=2^-4..2^-12"; None lets the claim decide
    relation : int or None      which relation of the conclusion, from 1
    venue : str                 "screen", "neurips", "icml", "iclr", "jmlr", "arxiv", ...
    effort : Effort or None     for one instance; a judgement's own by default
    jobs : int or None          processes of a sweep; None starts them where it pays
    claims : sequence of Claim  where to look for the judgement's claim first

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InvalidInstance    nothing to draw, an unknown venue, or a range that is none
    UnknownClaim       the judgement's claim cannot be found
    """
    from theorycheck.report.doors import figure_of

    return figure_of(
        subject, over=over, relation=relation, venue=venue, effort=effort, jobs=jobs, claims=claims
    )
