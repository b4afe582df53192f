"""What a search for equality saw: ratios at exact instances, brackets, and violations."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_FLOOR
from fractions import Fraction

from theorycheck.balls import Ball
from theorycheck.claims import Judgement
from theorycheck.errors import InvalidClaim
from theorycheck.fuzzing.brackets import ConstantBracket, rounded
from theorycheck.problems import Instance

__all__ = ["Attained", "Tightness"]

DIGITS = 12


@dataclass(frozen=True)
class Attained:
    """The greatest ratio seen of one inequality.

    Parameters
    ----------
    relation : int        its number in the conclusion, from 1
    ratio : Ball          contains lhs / rhs at the place (rhs / lhs for a lower bound)
    lhs, rhs : Ball       both sides there
    instance : Instance   exact; every assumption certainly holds
    where : str
    """

    relation: int
    ratio: Ball
    lhs: Ball
    rhs: Ball
    instance: Instance
    where: str

    def __str__(self) -> str:
        return f"relation {self.relation}: ratio {self.ratio} at {self.where}"


@dataclass(frozen=True)
class Tightness:
    """What a search for equality saw.

    Parameters
    ----------
    claim : str
    seed, examples, local : int    instances drawn (distinct ones), and evaluated by local search
    attained : tuple of Attained   one per inequality that ever had a ratio, in their order
    parameters : tuple of ConstantBracket    for constants that are arguments of the conclusion
    expects_to_hold : bool
    violation : Judgement or None  certified: meets every assumption and violates the claim
    beyond : bool                  the violation was found by local search, and may lie outside the
                                   family: then the family assumes what the claim does not say
    errors : dict                  why instances could not be looked at -> how many
    """

    claim: str
    seed: int
    examples: int
    local: int
    attained: tuple[Attained, ...]
    parameters: tuple[ConstantBracket, ...]
    expects_to_hold: bool
    violation: Judgement | None = None
    beyond: bool = False
    errors: dict[str, int] = field(default_factory=dict)

    @property
    def contradicts(self) -> bool:
        """Whether an instance refutes a claim that is expected to hold."""
        return self.violation is not None and self.expects_to_hold

    @property
    def worst(self) -> Attained:
        """The inequality that comes closest to equality.

        Raises
        ------
        InvalidClaim    no inequality has a ratio; then there is a violation
        """
        if not self.attained:
            raise InvalidClaim(f"{self.claim} has no inequality with a ratio, but it is VIOLATED")
        return max(self.attained, key=lambda a: a.ratio.lower)

    @property
    def constant(self) -> Ball:
        """Ball around the best constant seen: `worst.ratio`, attained by `instance`."""
        return self.worst.ratio

    @property
    def instance(self) -> Instance:
        """Where the best constant was seen; where there is none, the violating instance."""
        if not self.attained and self.violation is not None:
            return self.violation.instance
        return self.worst.instance

    @property
    def bracket(self) -> tuple[Fraction, Fraction | None]:
        """Ends of the best constant: the least c with lhs <= c rhs (or rhs >= c lhs) throughout.

        The lower end is certified by the instance. The upper end is 1 by the claim itself; None
        where the claim is not expected to hold, or is refuted by an instance.
        """
        low = self.constant.lower if self.attained else Fraction(0)
        kept = self.expects_to_hold and self.violation is None and low <= 1
        return low, (Fraction(1) if kept else None)

    def __str__(self) -> str:
        low, high = self.bracket
        lines = [f"{self.claim}: {self.examples} instances, {self.local} more by local search"]
        lines += [f"  {found}" for found in self.attained]
        if self.attained:
            end = "no upper end]" if high is None else f"{high} (the claim itself)]"
            lines += [f"  best constant in [{rounded(low, DIGITS, ROUND_FLOOR)} (certified), {end}"]
        lines += [f"  {found}" for found in self.parameters]
        if self.violation is not None:
            lines += [f"  {self._violated()}"]
        lines += [f"  {number} x error: {reason}" for reason, number in self.errors.items()]
        return "\n".join(lines)

    def _violated(self) -> str:
        assert self.violation is not None
        where = " (found by local search; may lie outside the family)" if self.beyond else ""
        return f"an instance violates the claim{where}: {self.violation.instance!r}"
