"""theorycheck show: one claim in full."""

from __future__ import annotations

from typing import Annotated

import typer

from theorycheck.cli.console import output
from theorycheck.cli.selection import one_claim

__all__ = ["show"]


def show(
    name: Annotated[str, typer.Argument(metavar="CLAIM", help="A claim, or a file with one.")],
    latex: Annotated[bool, typer.Option("--latex", help="Print it as LaTeX.")] = False,
) -> int:
    """Show statement, assumptions, bounds, source and example of a claim."""
    from theorycheck.report.latex import claim_latex
    from theorycheck.report.text import claim_text

    claim = one_claim(name)
    output().print(claim_latex(claim) if latex else claim_text(claim), soft_wrap=True)
    return 0
