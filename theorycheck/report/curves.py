"""What a figure of a claim shows: enclosures of its sides and a verdict at every abscissa."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from theorycheck.balls import Ball
from theorycheck.claims import Claim, Judgement
from theorycheck.report.decimals import decimal_above, decimal_below
from theorycheck.report.prose import visible
from theorycheck.verdicts import HOLDS, VIOLATED

__all__ = ["Curve", "Curves", "Kind", "Mark", "csv_text"]


LONGEST = 1024
"""Bits of an abscissa that is still written exactly."""


class Kind(Enum):
    """What the abscissa is: flow time, step of descent, a parameter, or drawn instances."""

    TIME = "time"
    STEP = "step"
    SWEEP = "sweep"
    INSTANCES = "instances"


class Mark(Enum):
    """What was found at one abscissa."""

    HOLDS = "HOLDS"
    VIOLATED = "VIOLATED"
    UNDECIDED = "UNDECIDED"
    VACUOUS = "vacuous"

    @classmethod
    def of(cls, judgement: Judgement) -> Mark:
        if judgement.vacuous:
            return cls.VACUOUS
        known = {HOLDS: cls.HOLDS, VIOLATED: cls.VIOLATED}
        return known.get(judgement.verdict, cls.UNDECIDED)


@dataclass(frozen=True)
class Curve:
    """One quantity: its name, its LaTeX, what a legend calls it, and an enclosure per abscissa."""

    name: str
    latex: str
    label: str
    balls: tuple[Ball | None, ...]


@dataclass(frozen=True)
class Curves:
    """What is drawn of a claim.

    Parameters
    ----------
    claim : Claim
    kind : Kind
    axis : str                         "t", "k", the parameter's name, or "instance"
    places : tuple of Fraction         exact times, steps, values; ranks of instances
    curves : tuple of Curve            lhs and rhs, the one term of a monotone claim, or a ratio
    difference : Curve or None         rhs - lhs, or |lhs - rhs| of matrices; drawn for equalities
    marks : tuple of (Mark, reason)    one per place
    is_equality : bool                 the sides are meant to agree
    judgement : Judgement or None      of the claim on the instance, where there is one instance
    where : str                        what is shown of each instance, such as "at the last step"
    relation : (int, int)              which relation of the conclusion, of how many
    left_out : tuple of (value, reason)    asked for, but no instances of the claim
    """

    claim: Claim
    kind: Kind
    axis: str
    places: tuple[Fraction, ...]
    curves: tuple[Curve, ...]
    difference: Curve | None
    marks: tuple[tuple[Mark, str], ...]
    is_equality: bool
    relation: tuple[int, int]
    judgement: Judgement | None = None
    where: str = ""
    left_out: tuple[tuple[Fraction, str], ...] = ()

    @property
    def counts(self) -> dict[Mark, int]:
        """How many places have each mark, in the order of `Mark`."""
        found = [mark for mark, _ in self.marks]
        return {mark: found.count(mark) for mark in Mark if mark in found}

    @property
    def caption(self) -> str:
        """The theorem's name and source, what was certified where, and the verdict."""
        number, count = self.relation
        part = f" Relation {number} of {count} of the conclusion." if count > 1 else ""
        source = visible(str(self.claim.source))
        return f"{self.title}. {source}.{part} {self._certified} {self.verdict}."

    @property
    def title(self) -> str:
        return visible(self.claim.title.rstrip(".") or self.claim.name.replace("_", " "))

    @property
    def verdict(self) -> str:
        """The verdict in words; one per abscissa where the figure runs over instances."""
        if self.judgement is not None:
            told = f"{self.judgement.summary} ({self.judgement.evidence})"
            return "Vacuous: an assumption fails here" if self.judgement.vacuous else told
        told = ", ".join(f"{mark.value} {number}" for mark, number in self.counts.items())
        return f"Verdicts: {told}"

    @property
    def _certified(self) -> str:
        count = len(self.places)
        match self.kind:
            case Kind.TIME | Kind.STEP:
                return f"Certified enclosures at {count} {self.kind.value}s."
            case Kind.SWEEP:
                where = f", {self.where}" if self.where else ""
                values = f"{count} value{'s' if count > 1 else ''} of {self.axis}"
                return f"Certified enclosures at {values}{where}.{self._missing}"
        return f"Certified enclosures on {count} instances drawn from the family{self.where}."

    @property
    def _missing(self) -> str:
        count = len(self.left_out)
        if not count:
            return ""
        return f" {count} more {'make no instances' if count > 1 else 'makes no instance'}."


def csv_text(curves: Curves) -> str:
    """Write the drawn numbers: lower bounds rounded down, upper bounds up, abscissas exact.

    An abscissa that is no finite decimal gets a lower and an upper bound, too. What was not
    enclosed is left empty, with the reason in the last column.
    """
    exact = all(_is_decimal(x) for x in curves.places)
    header = [curves.axis] if exact else [f"{curves.axis}_lower", f"{curves.axis}_upper"]
    drawn = [*curves.curves, *([curves.difference] if curves.difference is not None else [])]
    for curve in drawn:
        header += [f"{curve.name}_lower", f"{curve.name}_upper"]
    rows: list[Sequence[str]] = [[*header, "verdict", "reason"]]
    for i, place in enumerate(curves.places):
        row = [_decimal(place)] if exact else _bounds(place, place)
        for curve in drawn:
            ball = curve.balls[i]
            row += ["", ""] if ball is None else _bounds(ball.lower, ball.upper)
        mark, reason = curves.marks[i]
        rows.append([*row, mark.value, reason])
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _bounds(low: Fraction, high: Fraction) -> list[str]:
    return [decimal_below(low), decimal_above(high)]


def _is_decimal(value: Fraction) -> bool:
    """Whether a value is a decimal of a length that one would write out."""
    denominator = value.denominator
    if max(denominator, abs(value.numerator)).bit_length() > LONGEST:
        return False
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator == 1


def _decimal(value: Fraction) -> str:
    """Write a finite decimal exactly."""
    places = 0
    while value.denominator != 1 and (value * 10**places).denominator != 1:
        places += 1
    digits = str(abs(value.numerator * 10**places // value.denominator)).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
