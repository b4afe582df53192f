"""Run the shards of a campaign: here one by one, or in processes that write down what they see."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from dataclasses import asdict, dataclass
from pathlib import Path

from theorycheck.claims import find
from theorycheck.claims.registry import namesakes
from theorycheck.errors import UnknownClaim
from theorycheck.fuzzing.records import Record, Records
from theorycheck.fuzzing.shards import Search
from theorycheck.processes import run_all
from theorycheck.trajectories import Effort

__all__ = ["Shard", "run_here", "run_in_processes", "written"]

Results = Generator[tuple[int, list[Record]], None, None]


@dataclass(frozen=True)
class Shard:
    """A shard as a worker receives it.

    Parameters
    ----------
    claim, file : str
    number : int              which of the claims of that name
    seed, index, examples : int
    effort : Effort
    store : path or None      judgements of earlier campaigns
    log : path                each record is a line of it once it is made
    """

    claim: str
    file: str
    number: int
    seed: int
    index: int
    examples: int
    effort: Effort
    store: Path | None
    log: Path


def run_here(search: Search, shards: list[Shard], also: Callable[[Record], None]) -> Results:
    """Run the shards in this process; `also` sees each record at once."""
    for shard in shards:
        seen: list[Record] = []

        def both(record: Record, seen: list[Record] = seen) -> None:
            seen.append(record)
            also(record)

        search.run(shard.seed, shard.index, shard.examples, both)
        yield shard.index, seen


def run_in_processes(shards: list[Shard], jobs: int) -> Results:
    yield from run_all(_run, shards, jobs, _lost)


def written(shard: Shard) -> list[Record]:
    """What an unfinished shard has written down so far."""
    lines = shard.log.read_text(encoding="utf-8").split("\n") if shard.log.is_file() else []
    return [Record(**json.loads(line)) for line in lines[:-1]]  # the last one may be half a line


def _run(shard: Shard) -> list[Record]:
    claims = namesakes(find(shard.file or shard.claim), shard.claim)
    if shard.number >= len(claims):
        raise UnknownClaim(f"{shard.claim} is not in {shard.file or 'the catalogue'} any more")
    claim = claims[shard.number]
    if claim.family is None:
        raise UnknownClaim(f"{shard.claim} has no family any more")
    search = Search(claim, claim.family, shard.effort, Records(shard.store))
    seen: list[Record] = []
    with shard.log.open("w", encoding="utf-8") as log:

        def write(record: Record) -> None:
            seen.append(record)
            log.write(json.dumps(asdict(record)) + "\n")
            log.flush()

        search.run(shard.seed, shard.index, shard.examples, write)
    return seen


def _lost(shard: Shard) -> list[Record]:
    error = f"the process of shard {shard.index} ended early (out of memory?); try jobs=1"
    return [*written(shard), Record(f"lost shard {shard.index}", None, error)]
