"""The two sides of a claim over its axis, as certified enclosures: what a figure draws."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from sympy import Expr

from theorycheck.balls import Ball
from theorycheck.claims import AbstractRelation, Case, Claim, Steps, Times, relations as r
from theorycheck.claims.places import Place, reach_of
from theorycheck.claims.rung import Rung
from theorycheck.errors import BudgetExceeded, DomainViolation, EnclosureFailed, InvalidInstance
from theorycheck.problems import Instance
from theorycheck.report.decimals import decimal_above, decimal_below
from theorycheck.symbolic.latex import latex
from theorycheck.trajectories import Deadline, Effort

__all__ = ["Curve", "Curves", "curves_of", "write_csv"]

PLACES = 200
FIRST_BITS = 64
ENOUGH = Fraction(1, 1000)


@dataclass(frozen=True)
class Curve:
    """One side: its name, its LaTeX, and an enclosure at every place."""

    name: str
    latex: str
    balls: tuple[Ball, ...]


@dataclass(frozen=True)
class Curves:
    """What is drawn of a claim.

    Parameters
    ----------
    claim : Claim
    axis : str                       "t" or "k"
    places : tuple of Fraction       exact times, or steps
    curves : tuple of Curve          lhs and rhs, or the one term of a monotone claim
    caption : str
    """

    claim: Claim
    axis: str
    places: tuple[Fraction, ...]
    curves: tuple[Curve, ...]
    caption: str


def curves_of(claim: Claim, instance: Instance, effort: Effort) -> Curves:
    """Enclose both sides of the claim's first comparison at about 200 places of its range.

    Raises
    ------
    InvalidInstance    the claim has no comparison over times or steps, or its sides could not be
                       enclosed within the effort
    """
    relation = _drawn_relation(claim, instance)
    over = relation.over
    assert over is not None
    sides = _sides(relation)
    places = tuple(_places(over))
    make = Place.at_time if isinstance(over, Times) else lambda k: Place.at_step(int(k))
    reach = reach_of((expression, over) for _, expression in sides)
    deadline = Deadline(effort.max_seconds)
    bits, reason = FIRST_BITS, ""
    while bits <= effort.max_bits:
        rung = Rung(instance, bits, reach, deadline)
        try:
            found = [
                [Ball.wrap(rung.value(expression, make(x)), bits) for x in places]
                for _, expression in sides
            ]
        except (BudgetExceeded, DomainViolation, EnclosureFailed) as error:
            reason = str(error)
            if deadline.expired:
                break
        else:
            if bits * 2 > effort.max_bits or all(_is_sharp(balls) for balls in found):
                curves = tuple(
                    Curve(name, str(latex(expression)), tuple(balls))
                    for (name, expression), balls in zip(sides, found, strict=True)
                )
                return Curves(claim, str(over.symbol), places, curves, _caption(claim, len(places)))
        bits *= 2
    raise InvalidInstance(
        f"{claim.full_name} cannot be drawn: {reason or 'no precision was tried'}"
    )


def _drawn_relation(claim: Claim, instance: Instance) -> AbstractRelation:
    for relation in claim.relations(Case(instance)):
        inner = relation.relation if isinstance(relation, r.Surrogate) else relation
        if isinstance(inner, (r.Comparison, r.Monotone)) and inner.over is not None:
            return inner
    raise InvalidInstance(
        f"{claim.full_name} has nothing to draw: it compares no two quantities over times or steps"
    )


def _sides(relation: AbstractRelation) -> list[tuple[str, Expr]]:
    if isinstance(relation, r.Monotone):
        return [("value", relation.term)]
    assert isinstance(relation, r.Comparison)
    return [("lhs", relation.lhs), ("rhs", relation.rhs)]


def _places(over: Times | Steps) -> Iterator[Fraction]:
    """Evenly spaced exact places, both ends included."""
    low, high = Fraction(over.start), Fraction(over.end)
    if isinstance(over, Steps):
        count = min(int(high - low), PLACES)
        for i in range(count + 1):
            yield low + (int((high - low) * i / count) if count else 0)
        return
    for i in range(PLACES + 1):
        yield low + (high - low) * i / PLACES


def _written(place: Fraction) -> str:
    """Write a step as it is, a time as a decimal: exact, or 17 digits rounded down."""
    return str(place) if place.denominator == 1 else decimal_below(place)


def _is_sharp(balls: Sequence[Ball]) -> bool:
    """Whether the radii are too small to be seen, on the scale of the whole curve."""
    scale = max(abs(b.midpoint) for b in balls)
    return all(b.radius <= ENOUGH * scale for b in balls)


def _caption(claim: Claim, places: int) -> str:
    title = claim.title or claim.name.replace("_", " ")
    return f"{title}. {claim.source}. Certified enclosures at {places} places."


def write_csv(curves: Curves, path: Path) -> None:
    """Write the drawn numbers: lower bounds rounded down, upper bounds rounded up.

    Raises
    ------
    InvalidInstance    the file cannot be written
    """
    header = [curves.axis]
    for curve in curves.curves:
        header += [f"{curve.name}_lower", f"{curve.name}_upper"]
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            for i, place in enumerate(curves.places):
                bounds = [
                    text
                    for curve in curves.curves
                    for text in (
                        decimal_below(curve.balls[i].lower),
                        decimal_above(curve.balls[i].upper),
                    )
                ]
                writer.writerow([_written(place), *bounds])
    except OSError as error:
        raise InvalidInstance(f"{path} cannot be written: {error.strerror}") from None
