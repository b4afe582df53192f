"""Resolve the name of exactly one claim."""

from __future__ import annotations

from theorycheck.claims import Claim, find
from theorycheck.errors import UnknownClaim

__all__ = ["one_claim"]


def one_claim(name: str) -> Claim:
    """Find a claim by name; FILE.py::claim picks one of a file with several.

    Raises
    ------
    UnknownClaim    no such claim, or a name that several claims answer to
    """
    file, mark, wanted = name.partition("::")
    claims = find(file)
    if mark:
        claims = [c for c in claims if wanted in (c.name, c.full_name)]
        if not claims:
            raise UnknownClaim(f"{file} has no claim {wanted!r}")
    if len(claims) > 1:
        names = ", ".join(f"{file}::{c.name}" if c.file else c.full_name for c in claims)
        raise UnknownClaim(f"{name} names {len(claims)} claims; pick one of {names}")
    return claims[0]
