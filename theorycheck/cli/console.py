"""Where the command line writes: results on stdout, errors and progress on stderr.

A terminal gets colour and tables that fit; a pipe gets plain lines that are never wrapped. Control
characters of names, sources and data are shown, never sent.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.segment import Segment
from rich.table import Table

from theorycheck.report.prose import visible

__all__ = [
    "error_line", "in_progress", "is_terminal", "output", "print_table", "progress_console",
]  # fmt: skip

UNBOUNDED = 100_000


def is_terminal() -> bool:
    """Say whether stdout is read by a person."""
    return sys.stdout.isatty()


class _PlainTextConsole(Console):
    """Show the control characters of what is printed; those of rich itself go through."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else visible(text), style, control)


class _ResultConsole(_PlainTextConsole):
    """Let a closed pipe be a BrokenPipeError: rich would exit with code 1, which has a meaning."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def output() -> Console:
    """Make the console for results."""
    if is_terminal():
        return _ResultConsole(file=sys.stdout, highlight=False, markup=False)
    return _ResultConsole(
        file=sys.stdout, width=UNBOUNDED, color_system=None, force_terminal=False,
        highlight=False, markup=False,
    )  # fmt: skip


def print_table(table: Table) -> None:
    """Print a table: cells wrapped on a terminal, one line per row and no padding in a pipe."""
    console = output()
    if is_terminal():
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table, soft_wrap=True)
    for line in captured.get().splitlines():
        print(line.rstrip())


def progress_console() -> Console:
    """Make the console for progress; silent unless stderr is a terminal."""
    terminal = sys.stderr.isatty()
    return _PlainTextConsole(file=sys.stderr, quiet=not terminal, force_terminal=None)


def in_progress(name: str) -> str:
    """Name what is at work: a progress bar reads markup, and measures before it writes."""
    return escape(visible(name))


def error_line(message: str) -> None:
    """Write one line on stderr, whatever the message contains."""
    line = " ".join(visible(message).split())
    print(f"theorycheck: {line}", file=sys.stderr, flush=True)
