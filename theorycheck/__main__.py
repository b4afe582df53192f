"""Run the command line as `python -m theorycheck`."""

import sys

from theorycheck.cli import main

if __name__ == "__main__":
    sys.exit(main())
