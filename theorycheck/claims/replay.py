"""Re-run a stored judgement: same claim, same instance, same rungs; seconds are ignored."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from theorycheck.claims.checker import judge
from theorycheck.claims.claim import Claim
from theorycheck.claims.judgement import Judgement, parse
from theorycheck.claims.registry import claims_in_file, claims_in_module, namesakes, shipped_claims
from theorycheck.errors import UnknownClaim
from theorycheck.problems import Instance
from theorycheck.trajectories import Effort

__all__ = ["claim_of", "replay"]


def replay(text: str, *, claims: Sequence[Claim] = ()) -> Judgement:
    """Re-run a judgement that `Judgement.to_json` wrote.

    The ladder runs from its first rung to the recorded one without a time limit, so that the
    verdict does not depend on the speed of the machine.

    Parameters
    ----------
    text : str                    JSON
    claims : sequence of Claim    where to look first; then the user's file, then the catalogue

    Raises
    ------
    InvalidInstance    the text is no stored judgement
    UnknownClaim       the claim is in none of these places
    """
    data = parse(text)
    claim = _claim(data, claims)
    instance = Instance.from_json(data["instance"])
    bits = int(data.get("bits") or 0) or int(data["effort"]["max_bits"])
    effort = Effort(max_bits=bits, max_seconds=None)
    return replace(judge(claim, instance, effort), effort=effort)


def claim_of(judgement: Judgement, claims: Sequence[Claim] = ()) -> Claim:
    """Find the claim of a judgement: in `claims`, in the user's file, in the catalogue.

    Raises
    ------
    UnknownClaim       the claim is in none of these places
    """
    return _claim(judgement.to_dict(), claims)


def _claim(data: Mapping[str, Any], claims: Sequence[Claim]) -> Claim:
    name, file = str(data["claim"]), str(data.get("file") or "")
    # a module that is loaded already is not executed again: a script may replay its own claims
    loaded = sys.modules.get(str(data.get("module") or ""))
    known_here = [] if loaded is None or not file else claims_in_module(loaded)
    for place in (claims, known_here):
        found = [claim for claim in place if name in (claim.full_name, claim.name)]
        if len(found) == 1 and place is claims:
            return found[0]
        if found:
            return _judged(found, data)
    if file and Path(file).is_file():
        found = namesakes(claims_in_file(file), name)
        if found:
            return _judged(found, data)
    known = shipped_claims()
    if name in known:
        return _judged([known[name]], data)
    raise UnknownClaim(
        f"the claim {name!r} is not in the catalogue{f' nor in {file}' if file else ''}; "
        "pass claims=[...]"
    )


def _judged(found: Sequence[Claim], data: Mapping[str, Any]) -> Claim:
    """The claim that was judged, among those of its name: spoiled as it was, or not at all."""
    name = data["claim"]
    changes = str(data.get("changes", ""))
    fitting = {id(claim): claim for claim in found if claim.changed == changes}
    if len(fitting) == 1:
        [claim] = fitting.values()
        return claim
    if not fitting:
        raise UnknownClaim(
            f"the judgement is about {name!r} changed ({changes or 'not at all'}); pass the claim "
            "that was judged: claims=[...]"
        )
    raise UnknownClaim(
        f"{len(fitting)} claims are called {name!r}; pass the judged one: claims=[...], or give "
        "each a name of its own: @tc.claim(name=...)"
    )
