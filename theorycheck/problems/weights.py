"""Read the weights of a deep linear network from a file, exactly."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from itertools import pairwise
from os import PathLike
from pathlib import Path
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import Rows
from theorycheck.losses import exact_rows

__all__ = ["read_weights"]

REMEDY = "store 2-dimensional arrays W1, W2, ... of shape outputs x inputs, W1 acting first"


def read_weights(path: str | PathLike[str]) -> tuple[Rows, ...]:
    """Read W_1, ..., W_n from a NumPy archive (.npz) or a JSON file (.json).

    An archive holds arrays W1, W2, ... or arr_0, arr_1, ...; a float stands for the dyadic it is.
    A JSON file holds a list of matrices, or an object with keys W1, W2, ...; a decimal is the
    decimal it says, and texts such as "1/3" are read as well.

    Raises
    ------
    InvalidInstance    no such file, another format, an array that is no matrix of finite
                       numbers, a number missing in the keys, shapes that do not chain
    """
    file = Path(path)
    readers = {".npz": _from_npz, ".json": _from_json}
    if file.suffix.lower() not in readers:
        raise InvalidInstance(f"weights file {str(file)!r} must end in .npz or .json")
    try:
        named = readers[file.suffix.lower()](file)
    except OSError as error:
        reason = error.strerror or error
        raise InvalidInstance(f"weights file {str(file)!r} cannot be read: {reason}") from None
    if not named:
        raise InvalidInstance(f"weights file {str(file)!r} holds no matrix; {REMEDY}")
    layers = [(name, exact_rows(value, f"{file}: {name}")) for name, value in named]
    for (before, first), (after, second) in pairwise(layers):
        if len(second[0]) != len(first):
            raise InvalidInstance(
                f"{file}: {after} has {len(second[0])} columns but {before} has {len(first)} rows; "
                f"{REMEDY}"
            )
    return tuple(layer for _, layer in layers)


def _from_npz(file: Path) -> list[tuple[str, Any]]:
    import numpy as np

    try:
        # opened here, since NumPy leaves a broken archive open
        with file.open("rb") as stream:
            archive = np.load(stream, allow_pickle=False)
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise InvalidInstance(f"weights file {str(file)!r} is no .npz archive; {REMEDY}")
            named = {name: archive[name] for name in archive.files}
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        if isinstance(error, InvalidInstance):
            raise
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InvalidInstance(
            f"weights file {str(file)!r} is no archive of plain number arrays ({reason}); {REMEDY}"
        ) from None
    return _in_order(named, file)


def _from_json(file: Path) -> list[tuple[str, Any]]:
    try:
        # floats stay the texts they are, so that 0.1 is one tenth
        data = json.loads(
            file.read_text(encoding="utf-8-sig"), parse_float=str, object_pairs_hook=_once
        )
    except InvalidInstance as error:
        raise InvalidInstance(f"weights file {str(file)!r}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise InvalidInstance(f"weights file {str(file)!r} is no JSON: {error}") from None
    if isinstance(data, dict):
        return _in_order(data, file)
    if isinstance(data, list):
        return [(f"W{j}", layer) for j, layer in enumerate(data, start=1)]
    raise InvalidInstance(f"weights file {str(file)!r} must hold a list or an object; {REMEDY}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise InvalidInstance("a key occurs twice")
    return dict(pairs)


def _in_order(named: Mapping[str, Any], file: Path) -> list[tuple[str, Any]]:
    """Sort W1, ..., W10 by number, and see that none is missing."""
    for pattern, first in ((r"[Ww]([1-9][0-9]*)", 1), (r"arr_(0|[1-9][0-9]*)", 0)):
        matches = [re.fullmatch(pattern, name) for name in named]
        numbers = sorted(int(match[1]) for match in matches if match)
        if len(numbers) == len(named) and numbers == list(range(first, first + len(numbers))):
            return sorted(named.items(), key=lambda item: int(re.sub(r"\D", "", item[0])))
    raise InvalidInstance(f"{file}: the keys are {', '.join(named)}; {REMEDY}")
