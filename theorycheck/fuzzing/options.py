"""The options that searches share, refused at the door where they make no sense."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from theorycheck.claims import Claim
from theorycheck.errors import InvalidClaim, InvalidInstance
from theorycheck.problems import Family
from theorycheck.trajectories import Effort

__all__ = ["require_counts", "require_folder", "searched_family"]


def searched_family(
    caller: str, claim: Any, family: Any, effort: Any, *, seed: Any, **counts: Any
) -> Family:
    """The family that is to be searched.

    Raises
    ------
    InvalidClaim, InvalidInstance    no claim, no family, or options that make no sense
    """
    if not isinstance(claim, Claim):
        raise InvalidClaim(f"{caller}() needs a claim made with @tc.claim, got {claim!r}")
    if family is not None and not isinstance(family, Family):
        raise InvalidInstance(f"family={family!r} must be as tc.families.deep_linear(...)")
    if effort is not None and not isinstance(effort, Effort):
        raise InvalidInstance(f"effort={effort!r} must be tc.Effort(max_bits=..., max_seconds=...)")
    chosen = family or claim.family
    if chosen is None:
        raise InvalidClaim(
            f"{claim.full_name} has no family to search; give family=tc.families.deep_linear(...)"
        )
    require_counts(seed=seed, **counts)
    return chosen


def require_counts(*, seed: Any, **counts: Any) -> None:
    """Refuse a seed that is no int >= 0, and counts that are no int >= 1.

    Raises
    ------
    InvalidInstance
    """
    for name, value, least in [("seed", seed, 0), *((k, v, 1) for k, v in counts.items())]:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise InvalidInstance(f"{name}={value!r} must be an int of at least {least}")


def require_folder(path: Path, name: str = "database=") -> None:
    """Refuse a path that can be no folder, before the work is done.

    Raises
    ------
    InvalidInstance
    """
    whole = path.absolute()
    nearest = next(p for p in (whole, *whole.parents) if p.exists())
    if not nearest.is_dir():
        raise InvalidInstance(f"{name}{path} cannot be a folder: {nearest} is a file")
