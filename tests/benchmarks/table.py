"""Rows of the table of measurements, its text and its JSON."""

import json
import math
import platform
import time
from dataclasses import asdict, dataclass, field
from importlib.metadata import version

__all__ = ["Row", "as_json", "as_text", "best_seconds", "exponent"]

MARKS = {True: "yes", False: "MISSED", None: "-"}
HEADINGS = ("#", "what", "goal", "measured", "met")


@dataclass(frozen=True)
class Row:
    """One measurement, against a target or for information.

    Parameters
    ----------
    target : int        number of the target, 0 for none
    what, goal, measured : str
    met : bool or None  None where there is no goal, or nothing to measure with
    numbers : dict      what was measured, unrounded; seconds are CPU seconds
    """

    target: int
    what: str
    goal: str
    measured: str
    met: bool | None
    numbers: dict = field(default_factory=dict)


def best_seconds(*functions, rounds=3):
    """Return the least CPU time of each function; they take turns, so that they share the load."""
    best = [math.inf] * len(functions)
    for _ in range(rounds):
        for k, function in enumerate(functions):
            begin = time.process_time()
            function()
            best[k] = min(best[k], time.process_time() - begin)
    return best


def exponent(sizes, costs):
    """Fit costs ~ sizes^e by least squares in logarithms, and return e."""
    x, y = [math.log(s) for s in sizes], [math.log(c) for c in costs]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    covariance = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    return covariance / sum((a - mean_x) ** 2 for a in x)


def as_text(rows):
    """Return the table, one line per row."""
    cells = [HEADINGS]
    cells += [(str(r.target or "-"), r.what, r.goal, r.measured, MARKS[r.met]) for r in rows]
    widths = [max(len(line[k]) for line in cells) for k in range(len(HEADINGS))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) for line in cells]
    lines.insert(1, "-" * len(lines[0]))
    missed = sum(row.met is False for row in rows)
    lines.append(f"{sum(row.met is True for row in rows)} met, {missed} missed")
    return "\n".join(line.rstrip() for line in lines)


def as_json(rows):
    """Return the rows with what they were measured on."""
    about = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "python-flint": version("python-flint"),
        "numpy": version("numpy"),
        "mpmath": version("mpmath"),
    }
    return json.dumps({"about": about, "rows": [asdict(row) for row in rows]}, indent=1)
