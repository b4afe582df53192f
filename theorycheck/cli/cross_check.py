"""Compare certified trajectories with the independent reference integrator. It is never evidence.

The reference is run at two precisions; their difference is its own error estimate. The enclosure
must contain the reference once widened by that estimate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from theorycheck.balls import Ball
from theorycheck.errors import BudgetExceeded, EnclosureFailed
from theorycheck.problems import DeepLinearObjective, Instance
from theorycheck.trajectories import Effort, descend, flow, reference_descent, reference_flow

__all__ = ["cross_check"]

DIGITS = 25
POINTS = 4
LONGEST_RUN = 256
SAFETY = 10

States = list[list[Any]]


def cross_check(instance: Instance, effort: Effort) -> list[tuple[str, bool]]:
    """Say, for flow and descent of the instance, whether enclosure and reference agree.

    Returns
    -------
    list of (text, agrees)    one for each trajectory that the instance has
    """
    objective = instance.objective_or_none
    served = isinstance(objective, DeepLinearObjective) and objective.is_square
    if not served or "start" not in instance.fields:
        text = "no reference integrator for this instance (deep linear nets with square loss only)"
        return [(text, True)]
    found = []
    if "horizon" in instance.fields:
        found.append(_told("flow", lambda: _flow(instance, effort)))
    if "step_size" in instance.fields:
        found.append(_told("descent", lambda: _descent(instance, effort)))
    return found


def _told(name: str, compare: Callable[[], tuple[str, bool]]) -> tuple[str, bool]:
    try:
        return compare()
    except (BudgetExceeded, EnclosureFailed) as error:
        return f"{name} not compared: {error}", True


def _flow(instance: Instance, effort: Effort) -> tuple[str, bool]:
    times = [instance.horizon * i / POINTS for i in range(1, POINTS + 1)]
    enclosed = flow(
        instance.objective, start=instance.start, horizon=instance.horizon, digits=DIGITS,
        effort=effort,
    )  # fmt: skip

    def reference(digits: int) -> States:
        return reference_flow(instance.objective, instance.start, times, digits)

    return _compare(f"flow at {POINTS} times", [enclosed.at(t) for t in times], reference)


def _descent(instance: Instance, effort: Effort) -> tuple[str, bool]:
    steps = LONGEST_RUN
    if "horizon" in instance.fields:
        steps = min(steps, int(instance.horizon / instance.step_size))
    start = getattr(instance, "descent_start", instance.start)
    enclosed = descend(
        instance.objective, start=start, step_size=instance.step_size, steps=steps, digits=DIGITS,
        effort=effort,
    )  # fmt: skip

    def reference(digits: int) -> States:
        return reference_descent(instance.objective, start, instance.step_size, steps, digits)

    balls = [enclosed.at(k) for k in range(steps + 1)]
    return _compare(f"descent at {steps + 1} iterates", balls, reference)


def _compare(
    what: str, enclosed: Sequence[Sequence[Ball]], reference: Callable[[int], States]
) -> tuple[str, bool]:
    rough, fine = _exact(reference(DIGITS + 5)), _exact(reference(DIGITS + 15))
    inside, furthest = True, Fraction(0)
    for balls, first, second in zip(enclosed, rough, fine, strict=True):
        estimate = SAFETY * max(abs(x - y) for x, y in zip(first, second, strict=True))
        estimate += Fraction(1, 10 ** (DIGITS + 12))
        for ball, value in zip(balls, second, strict=True):
            inside &= ball.lower - estimate <= value <= ball.upper + estimate
            distance = abs(ball.midpoint - value) / max(Fraction(1), abs(value))
            furthest = max(furthest, distance)
    digits = DIGITS + 10 if furthest == 0 else min(DIGITS + 10, int(-_log10(furthest)))
    verb = "contains" if inside else "DOES NOT CONTAIN"
    text = f"the enclosure of the {what} {verb} the mpmath reference; they agree to {digits} digits"
    return text, inside


def _exact(states: States) -> list[list[Fraction]]:
    return [[_fraction(x) for x in state] for state in states]


def _fraction(value: Any) -> Fraction:
    """The dyadic number an mpf is."""
    sign, mantissa, exponent, _ = value._mpf_
    magnitude = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -magnitude if sign else magnitude


def _log10(value: Fraction) -> float:
    return math.log10(value.numerator) - math.log10(value.denominator)
