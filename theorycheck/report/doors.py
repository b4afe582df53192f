"""What `tc.report.figure` does: find the claim, compute the curves, draw them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from theorycheck.claims import Claim, Judgement
from theorycheck.claims.replay import claim_of
from theorycheck.errors import InvalidInstance
from theorycheck.report.axes import parse_over
from theorycheck.report.drawing import Request, drawing_of, example_of
from theorycheck.report.figures import drawn
from theorycheck.report.venues import venue_called
from theorycheck.trajectories import Effort

__all__ = ["figure_of"]


def figure_of(
    subject: Judgement | Claim,
    *,
    over: str | None,
    relation: int | None,
    venue: str,
    effort: Effort | None,
    jobs: int | None,
    claims: Sequence[Claim],
) -> Any:
    """Draw a judgement or a claim; see `theorycheck.report.figure`."""
    preset = venue_called(venue)
    axis = None if over is None else parse_over(over)
    if isinstance(subject, Claim):
        claim, judgement, instance = subject, None, example_of(subject)
    elif isinstance(subject, Judgement):
        claim = claim_of(subject, claims)
        judgement, instance = subject, subject.instance
    else:
        raise InvalidInstance(
            f"figure() draws a Judgement or a Claim, got {type(subject).__name__}; "
            "pass what tc.check returned"
        )
    asked = effort or (judgement.effort if judgement is not None else Effort())
    request = Request(axis, relation, asked, jobs)
    curves = drawing_of(claim, instance, request, judgement)
    figure = drawn(curves, preset)
    figure.set_label(curves.caption)
    return figure
