"""The command line: one file per command. This module is light; commands load what they use.

Exit codes: 2 bad input, else 1 some outcome contradicts its expectation, else 3 undecided or all
vacuous, else 0; 130 after Ctrl-C, with what was decided so far.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    arguments : sequence of str    without the program's name; None reads `sys.argv`
    """
    state = random.getstate()  # the first import of rich draws from the global source
    try:
        from theorycheck.cli.app import run

        return run(arguments)
    except KeyboardInterrupt:  # while the modules are loaded
        print("theorycheck: interrupted; nothing was done", file=sys.stderr, flush=True)
        return 130
    finally:
        random.setstate(state)
