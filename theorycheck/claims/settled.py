"""Statements that a procedure settles as a whole, with a reason of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from theorycheck.claims.outcome import Outcome
from theorycheck.claims.relations import AbstractRelation, Over

__all__ = ["Settled"]

SIGNS = {"<=": r" \le ", ">=": r" \ge ", "<": " < ", ">": " > "}


@dataclass(frozen=True)
class Settled(AbstractRelation):
    """A statement with no two sides: a certificate of one start, an exact criterion.

    Parameters
    ----------
    statement : str        what HOLDS means
    procedure : function   decides it, rigorously, at a precision of its own; called once a rung;
                           two statements are equal where their texts are
    """

    statement: str
    procedure: Callable[[], Outcome] = field(compare=False)
    over: Over = None

    def latex(self) -> str:
        pieces = re.split(r"(<=|>=|<|>|[_^]\w+)", self.statement)
        return "".join(_piece(piece) for piece in pieces if piece)

    def terms(self) -> tuple[Any, ...]:
        return ()


def _piece(text: str) -> str:
    if text[0] in "_^":
        return f"{text[0]}{{{text[1:]}}}"
    return SIGNS.get(text) or rf"\text{{{re.sub(r'[&%$#_{}^~]', '', text)}}}"
