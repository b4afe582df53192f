"""Store the witnesses that kill a claim's mutants, and judge them again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from theorycheck.claims import Claim, Judgement
from theorycheck.claims.checker import judge
from theorycheck.errors import InvalidInstance
from theorycheck.fuzzing.mutants import Mutant
from theorycheck.problems import Instance
from theorycheck.trajectories import Effort

__all__ = ["instances_of", "read_witnesses", "rejudge", "write_witnesses"]

SCHEMA = 1


def rejudge(claim: Claim, stored: Mapping[str, Any], *, max_seconds: float = 60.0) -> Judgement:
    """Judge a stored witness again: rebuild the mutant from its description, at the stored bits.

    Parameters
    ----------
    claim : Claim
    stored : one entry of `Audit.witnesses()`

    Raises
    ------
    InvalidClaim, InvalidInstance    an entry that is damaged, or does not belong to the claim
    """
    try:
        mutant, data, bits = stored["mutant"], stored["instance"], int(stored["bits"])
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInstance(f"the stored witness is damaged: {error!r}") from None
    bits = max(bits, 64)
    spoiled = Mutant.from_json(mutant).of(claim)
    effort = Effort(max_bits=bits, max_seconds=max_seconds)
    return judge(spoiled, Instance.from_json(data), effort, first_bits=bits)


def instances_of(stored: Sequence[Mapping[str, Any]]) -> list[Instance]:
    """The distinct instances of stored witnesses.

    Raises
    ------
    InvalidInstance    an entry without instance, or with a damaged one
    """
    try:
        found = [Instance.from_json(entry["instance"]) for entry in stored]
    except (KeyError, TypeError) as error:
        raise InvalidInstance(f"the stored witness is damaged: {error!r}") from None
    return list(dict.fromkeys(found))


def write_witnesses(path: Path, witnesses: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Write killing witnesses, by full name of the claim, one line each."""
    claims = []
    for name in sorted(witnesses):
        lines = ",\n".join(f"  {json.dumps(entry)}" for entry in witnesses[name])
        claims.append(
            f" {json.dumps(name)}: [\n{lines}\n ]" if lines else f" {json.dumps(name)}: []"
        )
    text = f'{{"schema": {SCHEMA}, "witnesses": {{\n' + ",\n".join(claims) + "\n}}\n"
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInstance(f"{path} cannot be written: {error.strerror}") from None


def read_witnesses(path: Path, *, missing_is_empty: bool = False) -> dict[str, list[Any]]:
    """Read what `write_witnesses` wrote.

    Raises
    ------
    InvalidInstance    no such file, or a file of another kind
    """
    if missing_is_empty and not path.exists():
        if not path.absolute().parent.is_dir():
            raise InvalidInstance(f"{path} cannot be written; give a file in a folder that exists")
        return {}
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidInstance(f"{path} holds no witnesses: {error}") from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA or "witnesses" not in data:
        raise InvalidInstance(f"{path} holds no witnesses of schema {SCHEMA}")
    return dict(data["witnesses"])
