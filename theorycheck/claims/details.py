"""Enclose the named details of a claim on an instance: how far off, how large, how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Any

from theorycheck.balls import Ball
from theorycheck.claims.checker import decide
from theorycheck.claims.claim import Claim
from theorycheck.claims.places import Place, reach_of
from theorycheck.claims.rung import Rung
from theorycheck.claims.terms import Concluded, expression_of
from theorycheck.claims.views import Case
from theorycheck.errors import BudgetExceeded, DomainViolation, EnclosureFailed, InvalidInstance
from theorycheck.problems import Instance
from theorycheck.trajectories import Deadline, Effort
from theorycheck.verdicts import HOLDS

__all__ = ["Detail", "enclose_details", "tabulate"]

DETAIL_BITS = 128
COARSE = Fraction(1, 10**4)
"""Relative width from which on both ends of an enclosure are printed."""


@dataclass(frozen=True)
class Detail:
    """A named quantity with its enclosure, or the reason why there is none."""

    name: str
    value: Ball | None
    reason: str = ""

    def __str__(self) -> str:
        if self.value is None:
            return self.reason
        low, high = self.value.lower, self.value.upper
        if high - low <= abs(low) * COARSE:
            return str(self.value.real().str(20))
        return f"between {_decimal(low, ROUND_FLOOR)} and {_decimal(high, ROUND_CEILING)}"


def enclose_details(
    claim: Claim, instance: Instance, effort: Effort | None = None, *, bits: int = DETAIL_BITS
) -> list[Detail]:
    """Enclose the terms that `claim.details` names, all on the same trajectories.

    What is `Concluded` is enclosed only where every assumption of the claim holds.

    Parameters
    ----------
    claim : Claim
    instance : Instance
    effort : Effort       seconds that may be spent
    bits : int            working precision

    Returns
    -------
    list of Detail        empty if the claim names none
    """
    if claim.details is None:
        return []
    effort = effort or Effort()
    given = claim.details(Case(instance))
    kept = {k: v for k, v in given.items() if not isinstance(v, Concluded)}
    missing = "" if len(kept) == len(given) else _missing(claim, instance, effort)
    if not missing:
        kept = {k: v.term if isinstance(v, Concluded) else v for k, v in given.items()}
    named = {k: expression_of(v) for k, v in kept.items()}
    reach = reach_of((expression, None) for expression in named.values())
    rung = Rung(instance, bits, reach, Deadline(effort.max_seconds))
    return [
        _enclose(name, named[name], rung) if name in named else Detail(name, None, missing)
        for name in given
    ]


def _missing(claim: Claim, instance: Instance, effort: Effort) -> str:
    """The first assumption that is not certified, in words; empty where all are."""
    for assumption in claim.assumptions:
        outcomes = decide(assumption.relations(Case(instance)), instance, effort)
        if any(outcome.verdict is not HOLDS for outcome in outcomes):
            return f"not concluded: assumption {assumption.name} is not certified"
    return ""


def tabulate(
    claim: Claim,
    instances: Sequence[Instance],
    effort: Effort | None = None,
    *,
    bits: int = DETAIL_BITS,
) -> list[dict[str, Ball]]:
    """Enclose the details of a claim on many instances: the rows of a figure.

    Raises
    ------
    InvalidInstance    a detail that was not enclosed within the effort, with the reason
    """
    rows = []
    for instance in instances:
        row = {}
        for detail in enclose_details(claim, instance, effort, bits=bits):
            if detail.value is None:
                raise InvalidInstance(f"{claim.full_name}, {detail.name}: {detail.reason}")
            row[detail.name] = detail.value
        rows.append(row)
    return rows


def _decimal(value: Fraction, rounding: str) -> str:
    """Write five digits of a number, rounded down or up."""
    context = Context(prec=5, rounding=rounding)
    top, bottom = (Decimal(x) for x in value.as_integer_ratio())
    return f"{context.divide(top, bottom):g}"


def _enclose(name: str, expression: Any, rung: Rung) -> Detail:
    try:
        value = rung.value(expression, Place())
        return Detail(name, Ball.wrap(value, rung.bits))
    except (BudgetExceeded, DomainViolation, EnclosureFailed) as error:
        return Detail(name, None, f"not enclosed: {error}")
