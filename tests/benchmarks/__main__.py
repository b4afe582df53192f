"""Measure, print one table and keep it as JSON: python -m tests.benchmarks [--json FILE] [NAME ...]

All times are CPU times. The numbers are those of the targets the numeric core was designed for;
number 4, against CAPD, needs a C++ build and is not measured here.
"""

import argparse
import os
from pathlib import Path

# One thread, before NumPy is loaded: CPU time would count what the others spend on waiting.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

DEFAULT_FILE = "build/benchmarks.json"


def measurements():
    from . import exponents, floats, flows, iterations, matrices, users

    functions = [
        flows.against_uncertified,
        flows.engines,
        flows.against_mpmath,
        flows.against_heyoka,
        exponents.cost_exponents,
        flows.radii,
        iterations.descent,
        matrices.least_eigenvalues,
        floats.batched_floats,
        iterations.comparisons,
        users.first_figure,
        users.far_times,
    ]
    return {function.__name__: function for function in functions}


def main():
    from .table import as_json, as_text

    known = measurements()
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    parser.add_argument("--json", default=DEFAULT_FILE, type=Path, help=f"default {DEFAULT_FILE}")
    options = parser.parse_args()
    unknown = set(options.names) - set(known)
    if unknown:
        parser.error(f"no measurement is named {', '.join(sorted(unknown))}")
    rows = [row for name in options.names or known for row in known[name]()]
    print(as_text(rows))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(as_json(rows) + "\n", encoding="utf-8")
    print(f"kept in {options.json}")


if __name__ == "__main__":
    main()
