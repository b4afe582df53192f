"""Resolve the names of claims as every command understands them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from theorycheck.claims import Claim, find
from theorycheck.errors import UnknownClaim

__all__ = ["claims_of", "one_claim"]


def claims_of(names: Iterable[str]) -> list[Claim]:
    """Find claims, papers and files; FILE.py::claim picks one of a file. Each claim comes once.

    Raises
    ------
    UnknownClaim    no such claim, or none of that name in the file
    InvalidClaim    a file that cannot be used
    """
    executed: dict[str, list[Claim]] = {}  # a file is executed once
    chosen: dict[int, Claim] = {}
    for name in names:
        place, mark, wanted = name.partition("::")
        key = str(Path(place).resolve()) if place.endswith(".py") else place
        if key not in executed:
            executed[key] = find(place)
        claims = executed[key]
        if mark:
            claims = [c for c in claims if wanted in (c.name, c.full_name)]
        if not claims:
            raise UnknownClaim(f"{place} has no claim {wanted!r}")
        chosen.update((id(claim), claim) for claim in claims)
    return list(chosen.values())


def one_claim(name: str) -> Claim:
    """Find exactly one claim.

    Raises
    ------
    UnknownClaim    no such claim, or a name that several claims answer to
    """
    claims = claims_of([name])
    if len(claims) > 1:
        place = name.partition("::")[0]
        names = ", ".join(f"{place}::{c.name}" if c.file else c.full_name for c in claims)
        raise UnknownClaim(f"{name} names {len(claims)} claims; pick one of {names}")
    return claims[0]
