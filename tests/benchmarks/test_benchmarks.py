"""The table of measurements: pytest tests/benchmarks -m benchmark -s

It runs in a process of its own, where the number of threads can still be set. The file for the
JSON is taken from THEORYCHECK_BENCHMARKS, default build/benchmarks.json.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .table import Row, as_json, as_text, exponent

ROOT = Path(__file__).parents[2]


@pytest.mark.benchmark
def test_table_of_measurements():
    file = os.environ.get("THEORYCHECK_BENCHMARKS", "build/benchmarks.json")
    print()
    command = [sys.executable, "-m", "tests.benchmarks", "--json", file]
    run = subprocess.run(command, cwd=ROOT, check=False)

    assert run.returncode == 0


def test_exponents_of_exact_powers_are_found():
    sizes = [3, 5, 8, 20]

    assert exponent(sizes, [7 * s**2.5 for s in sizes]) == pytest.approx(2.5)
    assert exponent(sizes, [4.0] * 4) == pytest.approx(0)


def test_a_missed_row_is_printed_as_missed_and_kept():
    rows = [
        Row(1, "fast", "<= 2", "1.50", True, {"seconds": 1.5}),
        Row(2, "slow", "<= 2", "3.00", False),
        Row(5, "absent", "<= 2", "not installed", None),
    ]
    _, _, fast, slow, absent, total = as_text(rows).splitlines()

    assert fast.startswith("1")
    assert fast.endswith("yes")
    assert slow.endswith("MISSED")
    assert absent.endswith("-")
    assert total == "1 met, 1 missed"
    assert [row["met"] for row in json.loads(as_json(rows))["rows"]] == [True, False, None]
