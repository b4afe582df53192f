"""Statements that a procedure settles as a whole, with a reason of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from theorycheck.claims.outcome import Outcome
from theorycheck.claims.relations import AbstractRelation, Over

__all__ = ["Settled"]


@dataclass(frozen=True)
class Settled(AbstractRelation):
    """A statement with no two sides: a certificate of one start, an exact criterion.

    Parameters
    ----------
    statement : str        what HOLDS means
    procedure : function   decides it, rigorously, at a precision of its own; called once a rung
    """

    statement: str
    procedure: Callable[[], Outcome]
    over: Over = None

    def latex(self) -> str:
        text = self.statement
        for sign in "\\&%$#_{}~^":
            text = text.replace(sign, {"\\": "", "^": r"\^{}", "~": ""}.get(sign, f"\\{sign}"))
        return rf"\text{{{text}}}"

    def terms(self) -> tuple[Any, ...]:
        return ()
