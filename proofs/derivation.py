"""A chain of named steps, each decided by a normal form; it raises at the first that fails."""

from __future__ import annotations

from dataclasses import dataclass, field

from theorycheck.symbolic.words import Rule, Words

__all__ = ["Derivation", "StepFailed"]


class StepFailed(AssertionError):
    """Report a step whose normal form is not 0. It does not say that the statement is false."""


@dataclass
class Derivation:
    """Collect the steps of a proof about words in the layers.

    Parameters
    ----------
    statement : str    what is derived
    lines : list       the steps, in words
    concludes : str    name of the claim the proof ends on
    """

    statement: str
    lines: list[str] = field(default_factory=list)
    concludes: str = ""
    refuted: int = 0

    def equal(self, name: str, left: Words, right: Words, rule: Rule | None = None) -> None:
        """Check that both sides have the same normal form."""
        if not _is_zero(left - right, rule):
            raise StepFailed(f"{self.statement}: step '{name}' does not reduce to 0")
        self.lines.append(f"{name}: equal")

    def refutes(self, name: str, left: Words, right: Words, rule: Rule | None = None) -> None:
        """Check that a spoiled step does not reduce: the normal form can say no."""
        if _is_zero(left - right, rule):
            raise StepFailed(f"{self.statement}: spoiled step '{name}' passed")
        self.lines.append(f"{name}: refuted, as it should be")
        self.refuted += 1

    def conclude(self, claim: str) -> Derivation:
        """End on a claim's name; at least one spoiled step must have been refuted."""
        if not self.refuted:
            raise StepFailed(f"{self.statement}: no step was refuted; spoil one")
        self.concludes = claim
        return self

    def __str__(self) -> str:
        steps = "\n".join(f"  {i}. {line}" for i, line in enumerate(self.lines, start=1))
        return f"{self.statement}\n{steps}\n  => {self.concludes}"


def _is_zero(difference: Words, rule: Rule | None) -> bool:
    return (difference if rule is None else difference.reduced(rule)).is_zero
