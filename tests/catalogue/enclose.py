"""Enclose single terms of a claim, for comparison with printed vectors."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from theorycheck.balls import Ball
from theorycheck.claims import Case, expression_of
from theorycheck.claims.places import Place, reach_of
from theorycheck.claims.rung import Rung
from theorycheck.problems import Instance
from theorycheck.trajectories import Deadline


def enclose(term: Any, instance: Instance, bits: int = 192) -> Ball:
    """The ball of a term that does not vary."""
    expression = expression_of(term)
    rung = Rung(instance, bits, reach_of([(expression, None)]), Deadline(60))
    return Ball.wrap(rung.value(expression, Place()), bits)


def agrees(ball: Ball, printed: str) -> bool:
    """Whether a ball meets the number as printed, to the last digit, and is that sharp."""
    digits = printed.partition("e")
    places = len(digits[0].partition(".")[2])
    unit = Fraction(10) ** (int(digits[2] or 0) - places)
    value = Fraction(printed)
    return value - unit <= ball.upper and ball.lower <= value + unit and ball.radius < unit


__all__ = ["Case", "agrees", "enclose"]
