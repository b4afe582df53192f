"""Independent values by mpmath, to 50 digits and more; and the printed data of theory B."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath

from theorycheck import balls

F = Fraction

COSINES = ((F(1), F(1, 2), F(1, 4)), (F(1, 2), F(1), F(-1, 3)), (F(1, 4), F(-1, 3), F(1)))
"""The 3 x 3 example of theory B, section 2: cosines of unit inputs."""

START = (F(1), F(-2), F(1, 2))


def exact(x: Fraction) -> Any:
    return mpmath.mpf(x.numerator) / x.denominator


def contains(ball: Any, value: Any) -> bool:
    """Whether a ball contains an mpmath number, whose own error is far below its radius."""
    sign, man, exp, _ = value._mpf_  # not mpf(value): that rounds to the precision of the moment
    number = (-1) ** sign * F(int(man)) * F(2) ** exp
    slack = abs(number) / 10**55 + F(1, 10**400)
    return balls.lower(ball) - slack <= number <= balls.upper(ball) + slack


def agrees(ball: Any, printed: str) -> bool:
    """Whether a ball agrees with a printed decimal up to one unit of its last digit."""
    digits = printed.partition(".")[2]
    unit = F(1, 10 ** len(digits))
    value = F(printed)
    narrow = balls.width(ball) <= unit
    return narrow and balls.lower(ball) - unit <= value <= balls.upper(ball) + unit
