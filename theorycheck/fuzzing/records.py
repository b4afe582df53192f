"""What became of one instance of a campaign: exact JSON, kept in memory or in a SQLite file."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from theorycheck.claims import Judgement
from theorycheck.errors import InvalidInstance
from theorycheck.problems import Instance

__all__ = ["Record", "Records", "key_of"]


@dataclass(frozen=True)
class Record:
    """One instance and its judgement.

    Parameters
    ----------
    key : str                    digest of the instance
    judgement : dict or None     exact JSON
    error : str                  why there is no judgement, empty otherwise
    statement : str              digest of what was judged; empty where it has none
    """

    key: str
    judgement: dict[str, Any] | None
    error: str = ""
    statement: str = ""

    def read(self) -> Judgement | None:
        return None if self.judgement is None else Judgement.from_dict(self.judgement)


def key_of(instance: Instance) -> str:
    """Digest an instance: equal instances have equal keys."""
    text = json.dumps(instance.to_json(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class Records:
    """Judgements by (statement, instance), on disk once they are made; nothing without a file.

    Raises
    ------
    InvalidInstance    a file that is no store, or in a folder that does not exist
    """

    def __init__(self, path: Path | None = None) -> None:
        self._base = None if path is None else _opened(path)

    def get(self, statement: str, key: str) -> Record | None:
        """The judgement of exactly this statement on this instance."""
        if self._base is None or not statement:
            return None
        row = self._base.execute(
            "SELECT judgement, error FROM judged WHERE owner = ? AND key = ?", (statement, key)
        ).fetchone()
        return None if row is None else Record(key, json.loads(row[0]), row[1], statement)

    def put(self, claim: str, record: Record) -> None:
        """Write a record down, unless its statement has no digest."""
        if self._base is None or not record.statement:
            return
        row = record.statement, claim, record.key, json.dumps(record.judgement), record.error
        with self._base:
            self._base.execute("INSERT OR REPLACE INTO judged VALUES (?, ?, ?, ?, ?)", row)


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
