"""theorycheck derive: derivations by exact algebra, for a network of given widths."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from theorycheck.cli.console import output
from theorycheck.cli.options import require_writable
from theorycheck.errors import InvalidInstance
from theorycheck.symbolic.subjects import SUBJECTS

if TYPE_CHECKING:
    from theorycheck.symbolic.conservation import Parameterisation

__all__ = ["app", "conservation_laws", "parsed_widths"]

app = typer.Typer(help="Derive results by exact algebra.", no_args_is_help=False)


class Activation(StrEnum):
    """The networks whose re-parameterisation is known."""

    linear = "linear"
    relu = "relu"


@app.callback(invoke_without_command=True)
def entry(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command("conservation-laws")
def conservation_laws(
    widths: Annotated[
        str | None, typer.Option("--widths", metavar="2,3,1", help="Layer widths d_0, ..., d_n.")
    ] = None,
    activation: Annotated[
        Activation, typer.Option("--activation", help="Of the network of these widths.")
    ] = Activation.linear,
    model: Annotated[
        str | None,
        typer.Option(
            "--model", metavar="FILE.py:NAME", help="SymPy expressions instead of a network."
        ),
    ] = None,
    degree: Annotated[
        int, typer.Option("--degree", metavar="K", help="Find all polynomial laws up to it.")
    ] = 2,
    momentum: Annotated[
        bool, typer.Option("--momentum", help="Also the laws of heavy-ball and Nesterov flows.")
    ] = False,
    latex: Annotated[bool, typer.Option("--latex", help="Print formulas as LaTeX.")] = False,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="F", help="Write what is found to this file.")
    ] = None,
) -> int:
    """Discover what gradient flow conserves, whatever the data and the loss.

    A model of one's own is a list or matrix NAME of SymPy expressions in FILE.py, the functions
    of the parameters that the loss sees. The parameters are `variables` if the file defines
    them, else all symbols of the expressions.
    """
    from theorycheck.symbolic.conservation import independent_laws, momentum_laws, polynomial_laws
    from theorycheck.symbolic.conservation.printing import record

    require_writable(json_file)
    parameterisation = _parameterisation(widths, activation, model)
    laws = polynomial_laws(parameterisation, degree)
    # products of laws depend on their factors: the generators are as many independent laws
    number = independent_laws(parameterisation, laws=laws.generators)
    momenta = momentum_laws(parameterisation) if momentum else None
    for result in (laws, number, momenta):
        if result is not None:
            output().print(result.to_latex() if latex else str(result), soft_wrap=True)
    if json_file is not None:
        text = json.dumps(record(laws, number, momenta), indent=1)
        json_file.write_text(text + "\n", encoding="utf-8")
    return 0


def _add_subject(subject: str) -> None:
    """Make a command of a subject whose derivation is a function of the library."""

    def printed(
        latex: Annotated[bool, typer.Option("--latex", help="Print LaTeX.")] = False,
    ) -> int:
        from theorycheck.symbolic.derivations import derive

        for proof in derive(subject):
            print(proof.latex() if latex else proof, end="\n\n")
        return 0

    printed.__doc__ = (
        f"Derive: {SUBJECTS[subject].title}. For every depth, each step checked again."
    )
    app.command(subject)(printed)


for _subject in SUBJECTS:
    _add_subject(_subject)


def _parameterisation(
    widths: str | None, activation: Activation, model: str | None
) -> Parameterisation:
    from theorycheck.symbolic.conservation import linear_network, relu_network

    if (widths is None) == (model is None):
        raise InvalidInstance("give a network by --widths 2,3,1 or a model by --model FILE.py:NAME")
    if model is not None:
        return _model(model)
    assert widths is not None
    network = linear_network if activation is Activation.linear else relu_network
    return network(parsed_widths(widths))


def parsed_widths(text: str) -> tuple[int, ...]:
    """Read layer widths such as "2,3,1".

    Raises
    ------
    InvalidInstance    not a list of positive integers, at least two
    """
    words = [word.strip() for word in text.split(",")]
    if len(words) < 2 or not all(w.isascii() and w.isdigit() and int(w) > 0 for w in words):
        raise InvalidInstance(
            f"--widths {text} must be at least two positive integers, such as --widths 2,3,1"
        )
    return tuple(map(int, words))


def _model(place: str) -> Parameterisation:
    """Read a model from a user's file: a Parameterisation, or SymPy expressions."""
    from theorycheck.claims.registry import module_of_file
    from theorycheck.symbolic.conservation import Parameterisation

    file, _, name = place.rpartition(":")
    if not file.rstrip(":").endswith(".py") or not name:
        raise InvalidInstance(f"--model {place} must be FILE.py:NAME, such as --model mine.py:phi")
    members = vars(module_of_file(file.rstrip(":")))
    if name not in members:
        raise InvalidInstance(f"--model {place}: the file defines no {name}")
    value = members[name]
    if isinstance(value, Parameterisation):
        return value
    return Parameterisation.from_sympy(value, members.get("variables"), title=name)
