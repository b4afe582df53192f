"""theorycheck list: what is in the catalogue."""

from __future__ import annotations

from typing import Annotated

import typer

from theorycheck.claims import find, shipped_claims
from theorycheck.cli.console import is_terminal, print_table

__all__ = ["list_claims"]


def list_claims(
    paper: Annotated[
        str | None, typer.Argument(metavar="[PAPER]", help="A paper of the catalogue.")
    ] = None,
) -> int:
    """List the claims with source, expected outcome, proof and data."""
    from theorycheck.report.tables import claims_table

    claims = list(shipped_claims().values()) if paper is None else find(paper)
    print_table(claims_table(claims, terminal=is_terminal()))
    return 0
