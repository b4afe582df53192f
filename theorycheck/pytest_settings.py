"""What a claim's test may be told: on pytest's command line, by a mark, in the ini file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

__all__ = ["MARK", "READERS", "add_options", "settings"]

MARK = "theorycheck"


def _whole(name: str, value: object, least: int) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = least - 1
    if number < least:
        raise pytest.UsageError(f"{name}={value!r} must be an int of at least {least}")
    return number


def _seconds(name: str, value: object) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise pytest.UsageError(f"{name}={value!r} must be a positive number of seconds")
    return number


def _policy(name: str, value: object) -> str:
    if value not in ("fail", "report"):
        raise pytest.UsageError(f"{name}={value!r} must be fail or report")
    return str(value)


READERS = {
    "examples": lambda name, value: _whole(name, value, 1),
    "seed": lambda name, value: _whole(name, value, 0),
    "max_bits": lambda name, value: _whole(name, value, 32),
    "max_seconds": _seconds,
    "undecided": _policy,
}
DEFAULTS = {
    "examples": 50, "seed": 0, "max_bits": 256, "max_seconds": 10.0, "undecided": "fail",
}  # fmt: skip
HELP = {
    "examples": ("N", "instances to draw from the family of a claim"),
    "seed": ("S", "same seed, same instances"),
    "max_bits": ("B", "largest working precision"),
    "max_seconds": ("S", "seconds that one instance may take"),
    "undecided": ("fail|report", "what an instance that is UNDECIDED, and not touching, does"),
}


def _option(name: str) -> str:
    return f"--theorycheck-{name.replace('_', '-')}"


def add_options(parser: pytest.Parser) -> None:
    """Add the options of the command line and the keys of the ini file."""
    group = parser.getgroup("theorycheck", "theorycheck: claims as tests")
    for name, (metavar, text) in HELP.items():
        text = f"{text} (default {DEFAULTS[name]})"
        group.addoption(_option(name), metavar=metavar, help=text)
        parser.addini(f"theorycheck_{name}", text, default="")
    text = "folder in which violations are kept for later runs (default: in pytest's cache)"
    group.addoption("--theorycheck-database", metavar="DIR", help=text)
    parser.addini("theorycheck_database", text, default="")
    group.addoption(
        "--theorycheck-replay", metavar="F.json", help="judge the stored instance again, only that"
    )


def settings(config: pytest.Config, marked: Mapping[str, Any]) -> dict[str, Any]:
    """Read the settings; the command line wins over a mark, a mark over the ini file.

    Parameters
    ----------
    config : pytest.Config
    marked : mapping         what the marks of a test say

    Raises
    ------
    UsageError    a value that is no setting
    """
    found = dict(DEFAULTS)
    for name, read in READERS.items():
        given = (
            (f"theorycheck_{name}", config.getini(f"theorycheck_{name}") or None),
            (f"pytest.mark.{MARK}: {name}", marked.get(name)),
            (_option(name), config.getoption(_option(name))),
        )
        for label, value in given:
            if value is not None:
                found[name] = read(label, value)
    return found
