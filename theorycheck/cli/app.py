"""The application: its commands, and the one place where errors become a line and an exit code."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from theorycheck._version import __version__
from theorycheck.cli import (
    audit,
    check,
    derive,
    experiment,
    figure,
    fuzz,
    list as listing,
    replay,
    report,
    show,
    tighten,
)  # fmt: skip
from theorycheck.cli.console import error_line
from theorycheck.cli.exit_codes import BAD_INPUT, INTERRUPTED, OK
from theorycheck.errors import TheorycheckError

__all__ = ["app", "run"]

app = typer.Typer(
    name="theorycheck",
    help="Check published theorems on training dynamics, with certified arithmetic.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("list")(listing.list_claims)
app.command("show")(show.show)
app.command("check")(check.check)
app.command("replay")(replay.replay)
app.command("figure")(figure.figure)
app.command("report")(report.report)
app.command("experiment")(experiment.experiment)
app.command("fuzz")(fuzz.fuzz)
app.command("tighten")(tighten.tighten)
app.command("audit")(audit.audit)
app.add_typer(derive.app, name="derive")

# typer ships its own copy of click in some versions and uses the installed one in others
ClickException: type[Exception] = typer.BadParameter.__mro__[2]


def _print_version(value: bool) -> None:
    if value:
        print(f"theorycheck {__version__}")
        raise typer.Exit(OK)


@app.callback(invoke_without_command=True)
def entry(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(OK)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command; every expected error is one line on stderr and exit code 2."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = app(words, prog_name="theorycheck", standalone_mode=False)
        sys.stdout.flush()
    except TheorycheckError as error:
        return _fail(str(error))
    except ClickException as error:
        return _fail(error.format_message())  # type: ignore[attr-defined]
    except KeyboardInterrupt:
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):  # click turns a closed pipe into an exit with code 1
        return _reader_is_gone()
    return code if isinstance(code, int) else OK


def _fail(message: str) -> int:
    error_line(message)
    return BAD_INPUT


def _reader_is_gone() -> int:
    """The reader of the pipe has seen enough (`theorycheck list | head`); that is no error."""
    # the interpreter flushes stdout once more when it ends: let that go nowhere
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return OK
