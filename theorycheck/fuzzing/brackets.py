"""Bracket a constant of a claim: certainly wrong below, not refuted by a search above."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

from theorycheck.claims import Claim, Judgement
from theorycheck.claims.checker import judge
from theorycheck.errors import TheorycheckError
from theorycheck.fuzzing.parameters import MEANINGLESS, Parameter, with_factor
from theorycheck.problems import Instance
from theorycheck.trajectories import Deadline, Effort
from theorycheck.verdicts import VIOLATED

__all__ = ["ConstantBracket", "bracket", "rounded"]

DIGITS = 6
DOUBLINGS = 10
BISECTIONS = 10
HALF, TWICE = Fraction(1, 2), Fraction(2)


@dataclass(frozen=True)
class ConstantBracket:
    """Where the best value of a constant lies, as a factor of the value the claim states.

    Parameters
    ----------
    name, text : str
    stronger : str              "smaller" or "larger" values make the statement stronger
    refuted : Fraction or None  certified: with this factor the claim is VIOLATED by `witness`
    kept : Fraction or None     search only: with this factor no instance of `tried` violates it
    witness : Judgement or None    made with the factor `refuted`
    tried : int                 instances judged with the factor `kept`
    """

    name: str
    text: str
    stronger: str
    refuted: Fraction | None
    kept: Fraction | None
    witness: Judgement | None
    tried: int

    def __str__(self) -> str:
        certain = "no factor was refuted"
        if self.refuted is not None:
            certain = f"refuted at {self._outwards(self.refuted, 1)} times its value (certified)"
        searched = "no factor tried was kept"
        if self.kept is not None:
            searched = (
                f"not refuted at {self._outwards(self.kept, -1)} times by {self.tried} instances "
                "(search)"
            )
        return f"{self.text}: {certain}, {searched}"

    def _outwards(self, factor: Fraction, towards: int) -> str:
        """Round towards the stronger statement (1), which is refuted, too, or the weaker (-1)."""
        down = (self.stronger == "smaller") is (towards == 1)
        return rounded(factor, DIGITS, ROUND_FLOOR if down else ROUND_CEILING)


def rounded(value: Fraction, digits: int, rounding: str) -> str:
    """Write a number with that many significant digits, rounded one way."""
    context = Context(prec=digits, rounding=rounding)
    return str(context.divide(Decimal(value.numerator), Decimal(value.denominator)))


def bracket(
    claim: Claim, parameter: Parameter, pool: list[Instance], effort: Effort, deadline: Deadline
) -> ConstantBracket | None:
    """Bracket a constant by bisection over a pool of instances; None for an equality's constant."""
    trial = _Trial(claim, parameter.name, list(pool), effort)
    stronger = parameter.stronger
    if stronger == "both":
        ways = [w for w, f in (("smaller", HALF), ("larger", TWICE)) if trial.refutes(f)]
        if len(ways) != 1:
            return None
        (stronger,) = ways
    kept: Fraction | None = None
    refuted: Fraction | None = None
    factor = Fraction(1)
    wrong = trial.refutes(
        factor
    )  # then the best constant lies on the weaker side of the stated one
    towards = HALF if (stronger == "smaller") is not wrong else TWICE
    for _ in range(DOUBLINGS):
        if wrong:
            refuted = factor
        else:
            kept = factor
        if None not in (kept, refuted) or deadline.expired:
            break
        factor *= towards
        wrong = trial.refutes(factor)
    for _ in range(BISECTIONS):
        if kept is None or refuted is None or deadline.expired:
            break
        middle = (kept + refuted) / 2
        if trial.refutes(middle):
            refuted = middle
        else:
            kept = middle
    return ConstantBracket(
        parameter.name, parameter.text, stronger, refuted, kept, trial.witness, len(pool)
    )  # fmt: skip


@dataclass
class _Trial:
    claim: Claim
    name: str
    pool: list[Instance]
    effort: Effort
    witness: Judgement | None = None

    def refutes(self, factor: Fraction) -> bool:
        """Whether an instance of the pool violates the claim with the constant times a factor."""
        spoiled = with_factor(self.claim, self.name, factor)
        for instance in list(self.pool):
            try:
                judgement = judge(spoiled, instance, self.effort)
            except (TheorycheckError, *MEANINGLESS):
                continue
            if judgement.verdict is VIOLATED and not judgement.vacuous:
                self.witness = judgement
                self.pool.remove(instance)
                self.pool.insert(0, instance)
                return True
        return False
