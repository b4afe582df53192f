"""What a derivation says: statements, definitions, and the steps that show them."""

from __future__ import annotations

from dataclasses import dataclass

from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.deciding import Expression
from theorycheck.symbolic.forms import Form, latex_of, plain, text_of
from theorycheck.symbolic.latex import latex, text

__all__ = ["Definition", "Statement", "Step", "StepFailed"]

_LATEX = {"=": "=", ":=": ":=", "<=": r"\leq", "psd": r"\preceq"}


class StepFailed(AssertionError):
    """Report a step that no normal form confirms. It does not say that the statement is false."""


@dataclass(frozen=True)
class Statement:
    """left = right, left <= right, or left psd right (right - left is positive semidefinite)."""

    left: Expression
    relation: str
    right: Expression

    def __post_init__(self) -> None:
        if self.relation not in _LATEX:
            known = ", ".join(_LATEX)
            raise InvalidExpression(f"relation {self.relation!r} is unknown; use one of {known}")

    def __str__(self) -> str:
        return f"{text(self.left)} {self.relation} {text(self.right)}"

    def latex(self) -> str:
        return f"{latex(self.left)} {_LATEX[self.relation]} {latex(self.right)}"


@dataclass(frozen=True)
class Definition:
    """name := how it was written."""

    name: str
    form: Form
    relation: str = ":="

    def __str__(self) -> str:
        return f"{plain(self.name)} := {text_of(self.form)}"

    def latex(self) -> str:
        return f"{self.name} := {latex_of(self.form)}"


@dataclass(frozen=True)
class Step:
    """One line of a derivation.

    Parameters
    ----------
    kind : "define", "assume", "cite", "derived", "equal", "at most", "induction", "refuted",
        "conclude"
    name : str
    statement : Statement, Definition or None
    by : str      the normal form, certificate or source
    """

    kind: str
    name: str
    statement: Statement | Definition | None
    by: str

    def __str__(self) -> str:
        said = f"  {self.statement}" if self.statement else ""
        return f"{self.name}:{said}  [{self.by}]"

    def latex(self) -> str:
        said = f"{self.statement.latex()}" if self.statement else ""
        return rf"\text{{{_escaped(self.name)}:}}\quad & {said} && \text{{[{_escaped(self.by)}]}}"


def _escaped(words: str) -> str:
    for mark in "&%#_{}":
        words = words.replace(mark, "\\" + mark)
    return words.replace("^", r"\^{}")
