"""Write balls as exact integers and read them back, bit for bit.

flint's balls cannot be pickled, copied or printed without loss; (mantissa, exponent) pairs of
midpoint and radius can.
"""

from __future__ import annotations

import flint

from theorycheck.balls.convert import Real, dyadic
from theorycheck.errors import DomainViolation, InvalidInstance

__all__ = ["Quadruple", "decode", "encode", "read_json", "write_json"]

Quadruple = tuple[int, int, int, int]
"""(mantissa, exponent) of the midpoint, then of the radius."""


def encode(x: Real) -> Quadruple:
    """Return the exact content of a finite ball.

    Raises
    ------
    DomainViolation    the ball is nan or infinite
    """
    if not x.is_finite():
        raise DomainViolation(f"{x} is not finite and cannot be stored; raise the precision")
    man, exp = dyadic(x.mid())
    radius_man, radius_exp = dyadic(x.rad())
    return man, exp, radius_man, radius_exp


def decode(content: Quadruple) -> Real:
    """Return the ball with exactly this midpoint and radius.

    Examples
    --------
    >>> third = flint.arb(1) / 3
    >>> encode(decode(encode(third))) == encode(third)
    True
    """
    man, exp, radius_man, radius_exp = content
    if radius_man < 0:
        raise InvalidInstance(f"radius mantissa {radius_man} is negative; a radius is >= 0")
    wanted = flint.arb((radius_man, radius_exp))
    # The constructor may round a radius up by one unit of its 30 bits; starting one unit lower
    # compensates. Whatever happens, the ball returned is not smaller than the one stored.
    lift = max(30 - radius_man.bit_length(), 0)
    lowered = ((radius_man << lift) - 1, radius_exp - lift)
    candidates = [(radius_man, radius_exp), (radius_man - 1, radius_exp), lowered]
    balls = [flint.arb((man, exp), flint.arb(c)) for c in candidates if c[0] >= 0]
    balls.insert(0, flint.arb((man, exp), (radius_man, radius_exp)))
    for ball in balls:
        if ball.rad() == wanted:
            return ball
    return balls[0]


def write_json(x: Real) -> dict[str, list[str]]:
    """Return {"mid": [man, exp], "rad": [man, exp]}, integers as text."""
    man, exp, radius_man, radius_exp = encode(x)
    return {"mid": [str(man), str(exp)], "rad": [str(radius_man), str(radius_exp)]}


def read_json(data: object) -> Real:
    """Read what `write_json` wrote.

    Raises
    ------
    InvalidInstance    data of another form
    """
    try:
        fields: dict[str, list[str]] = data  # type: ignore[assignment]
        (man, exp), (radius_man, radius_exp) = fields["mid"], fields["rad"]
        content = int(man), int(exp), int(radius_man), int(radius_exp)
    except (KeyError, TypeError, ValueError):
        raise InvalidInstance(
            f'a ball is stored as {{"mid": [man, exp], "rad": [man, exp]}}, got {data!r}'
        ) from None
    return decode(content)
