"""What became of one instance of a campaign: exact JSON, kept in memory or in a SQLite file."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from theorycheck._version import __version__
from theorycheck.claims import Claim, Judgement
from theorycheck.errors import InvalidInstance
from theorycheck.problems import Instance
from theorycheck.trajectories import Effort

__all__ = ["Record", "Records", "identity", "key_of"]


@dataclass(frozen=True)
class Record:
    """One instance and its judgement.

    Parameters
    ----------
    key : str                    digest of the instance
    judgement : dict or None     exact JSON
    error : str                  why there is no judgement, empty otherwise
    """

    key: str
    judgement: dict[str, Any] | None
    error: str = ""

    def read(self) -> Judgement | None:
        return None if self.judgement is None else Judgement.from_dict(self.judgement)


def key_of(instance: Instance) -> str:
    """Digest an instance: equal instances have equal keys."""
    text = json.dumps(instance.to_json(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def identity(claim: Claim, effort: Effort) -> str:
    """Digest what a judgement depends on beside the instance: statement, version, effort.

    A lemma of the user's is identified by its file's text: a changed lemma is judged anew.
    """
    text = Path(claim.file).read_text(encoding="utf-8") if claim.file else ""
    parts = (claim.full_name, sorted(claim.changes), text, __version__, effort.max_bits,
             effort.max_seconds, [a.name for a in claim.assumptions])  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


class Records:
    """Judgements by (identity, key); with a file, every record is on disk once it is made.

    Raises
    ------
    InvalidInstance    a file that is no store, or in a folder that does not exist
    """

    def __init__(self, path: Path | None = None) -> None:
        self._memory: dict[tuple[str, str], Record] = {}
        self._base = None if path is None else _opened(path)

    def get(self, owner: str, key: str) -> Record | None:
        found = self._memory.get((owner, key))
        if found is None and self._base is not None:
            row = self._base.execute(
                "SELECT judgement, error FROM judged WHERE owner = ? AND key = ?", (owner, key)
            ).fetchone()
            if row is not None:
                found = Record(key, json.loads(row[0]), row[1])
                self._memory[owner, key] = found
        return found

    def keep(self, owner: str, record: Record) -> None:
        """Remember a record that a worker has made (and stored)."""
        self._memory[owner, record.key] = record

    def put(self, owner: str, claim: str, record: Record) -> None:
        self._memory[owner, record.key] = record
        if self._base is not None:
            with self._base:
                self._base.execute(
                    "INSERT OR REPLACE INTO judged VALUES (?, ?, ?, ?, ?)",
                    (owner, claim, record.key, json.dumps(record.judgement), record.error),
                )

    def count(self, owner: str) -> int:
        """How many instances of a campaign are on disk."""
        if self._base is None:
            return sum(name == owner for name, _ in self._memory)
        query = "SELECT COUNT(*) FROM judged WHERE owner = ?"
        return int(self._base.execute(query, (owner,)).fetchone()[0])


def _opened(path: Path) -> sqlite3.Connection:
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise InvalidInstance(
            f"store={path} cannot be written; give a file in a folder that exists"
        )
    try:
        base = sqlite3.connect(path, timeout=60)
        base.execute("PRAGMA journal_mode=WAL")
        with base:
            base.execute(
                "CREATE TABLE IF NOT EXISTS judged (owner TEXT, claim TEXT, key TEXT, "
                "judgement TEXT, error TEXT, PRIMARY KEY (owner, key))"
            )
    except sqlite3.DatabaseError as error:
        raise InvalidInstance(f"store={path} is no store of campaigns: {error}") from None
    return base
