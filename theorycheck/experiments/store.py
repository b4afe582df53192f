"""What an experiment has computed so far, on disk as soon as it is made: it resumes from there.

A stage is keyed by the digest of everything that determines it, so one file serves many settings
and never mixes them. Every put is one transaction: a killed process loses at most the piece it
was working on.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from theorycheck.errors import InvalidInstance

__all__ = ["Store", "digest"]

TABLE = "experiment_pieces"


def digest(settings: Mapping[str, Any]) -> str:
    """Digest settings of plain JSON: equal settings, equal keys."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


class Store:
    """Pieces of stages, numbered 0, 1, ...; a piece is bytes.

    Raises
    ------
    InvalidInstance    a file that is no store, or in a folder that does not exist
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._base = sqlite3.connect(path, timeout=60)
            with self._base:
                self._base.execute(
                    f"CREATE TABLE IF NOT EXISTS {TABLE} "
                    "(stage TEXT, number INTEGER, piece BLOB, PRIMARY KEY (stage, number))"
                )
        except sqlite3.Error as error:
            raise InvalidInstance(
                f"the store {path} cannot be used: {error}; give a new file or one of this command"
            ) from None

    def put(self, stage: str, number: int, piece: bytes) -> None:
        """Write one piece; it is on disk when this returns."""
        try:
            with self._base:
                self._base.execute(
                    f"INSERT OR REPLACE INTO {TABLE} VALUES (?, ?, ?)", (stage, number, piece)
                )
        except sqlite3.Error as error:
            raise InvalidInstance(f"the store {self.path} cannot be written: {error}") from None

    def pieces(self, stage: str) -> list[bytes]:
        """Return the pieces 0, 1, ... of a stage up to the first gap."""
        query = f"SELECT number, piece FROM {TABLE} WHERE stage = ? ORDER BY number"
        try:
            rows = self._base.execute(query, (stage,)).fetchall()
        except sqlite3.Error as error:
            raise InvalidInstance(f"the store {self.path} cannot be read: {error}") from None
        found: list[bytes] = []
        for number, piece in rows:
            if number != len(found):
                break
            found.append(bytes(piece))
        return found

    def close(self) -> None:
        self._base.close()
