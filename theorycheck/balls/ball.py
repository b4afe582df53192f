"""The public ball: an immutable number known to lie between two exact rationals."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NoReturn, TypeAlias

from theorycheck.balls import functions
from theorycheck.balls.convert import Real, interval, lower, real, upper
from theorycheck.balls.precision import precision
from theorycheck.balls.serial import Quadruple, decode, encode, read_json, write_json
from theorycheck.errors import DomainViolation, InvalidInstance

__all__ = ["Ball"]

DEFAULT_BITS = 53


class Ball:
    """A real number that is known to lie in [lower, upper].

    Arithmetic with balls, integers and Fractions is rigorous, at the precision of the operands
    (the larger one). Balls are not ordered by `<`: overlapping balls have no order, so that the
    comparisons live in `balls.le` and its companions, which return a Verdict.

    Attributes
    ----------
    lower, upper : Fraction       exact end points
    midpoint, radius : Fraction   exact; radius >= 0
    bits : int                    precision of further arithmetic

    Examples
    --------
    >>> third = Ball.exact(1) / 3
    >>> third.lower < Fraction(1, 3) < third.upper
    True
    >>> third
    Ball([0.333333333333333 +/- 3.71e-16], bits=53)
    """

    __slots__ = ("_bits", "_real")
    _real: Real
    _bits: int

    def __init__(self) -> None:
        raise TypeError("write Ball.exact(q) or Ball.between(lower, upper)")

    # -- making --------------------------------------------------------------------------------
    @staticmethod
    def wrap(value: Real, bits: int) -> Ball:
        """Wrap a finite ball of the house.

        Raises
        ------
        DomainViolation    value is nan or infinite
        """
        if not value.is_finite():
            raise DomainViolation(f"{value} bounds nothing; raise the precision")
        ball = object.__new__(Ball)
        object.__setattr__(ball, "_real", value)
        object.__setattr__(ball, "_bits", bits)
        return ball

    @staticmethod
    def exact(value: Fraction | int, bits: int = DEFAULT_BITS) -> Ball:
        """Enclose a rational number: exactly if it is dyadic, else with `bits` bits."""
        with precision(bits):
            return Ball.wrap(real(value), bits)

    @staticmethod
    def between(lower: Fraction | int, upper: Fraction | int, bits: int = DEFAULT_BITS) -> Ball:
        """Return a ball that contains the interval [lower, upper]."""
        with precision(bits):
            return Ball.wrap(interval(lower, upper), bits)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a Ball is immutable; {name} cannot be set")

    # -- reading -------------------------------------------------------------------------------
    @property
    def lower(self) -> Fraction:
        return lower(self._real)

    @property
    def upper(self) -> Fraction:
        return upper(self._real)

    @property
    def midpoint(self) -> Fraction:
        return lower(self._real.mid())

    @property
    def radius(self) -> Fraction:
        return upper(self._real.rad())

    @property
    def bits(self) -> int:
        return self._bits

    def real(self) -> Real:
        """Return the ball of the house (for the layers of this package)."""
        return self._real

    def contains(self, value: Fraction | int) -> bool:
        """Say whether lower <= value <= upper, exactly."""
        return self.lower <= value <= self.upper

    def same_as(self, other: Ball) -> bool:
        """Say whether both balls have the same midpoint, radius and precision."""
        return self._content() == other._content()

    def __float__(self) -> float:
        """Round the midpoint. It is no bound."""
        return float(self._real)

    def __str__(self) -> str:
        return self._real.str(max(int(self._bits * 0.30103), 1))

    def __repr__(self) -> str:
        return f"Ball({self}, bits={self._bits})"

    def __format__(self, spec: str) -> str:
        return format(float(self), spec) if spec else str(self)

    # -- arithmetic ----------------------------------------------------------------------------
    def __neg__(self) -> Ball:
        return Ball.wrap(self._real.neg(exact=True), self._bits)

    def __pos__(self) -> Ball:
        return self

    def __abs__(self) -> Ball:
        with precision(self._bits):
            return Ball.wrap(functions.absolute(self._real), self._bits)

    def __add__(self, other: Operand) -> Ball:
        return _combine(self, other, lambda x, y: x + y)

    def __radd__(self, other: Operand) -> Ball:
        return _combine(self, other, lambda x, y: y + x)

    def __sub__(self, other: Operand) -> Ball:
        return _combine(self, other, lambda x, y: x - y)

    def __rsub__(self, other: Operand) -> Ball:
        return _combine(self, other, lambda x, y: y - x)

    def __mul__(self, other: Operand) -> Ball:
        return _combine(self, other, lambda x, y: x * y)

    def __rmul__(self, other: Operand) -> Ball:
        return _combine(self, other, lambda x, y: y * x)

    def __truediv__(self, other: Operand) -> Ball:
        return _combine(self, other, functions.divide)

    def __rtruediv__(self, other: Operand) -> Ball:
        return _combine(self, other, lambda x, y: functions.divide(y, x))

    def __pow__(self, exponent: Fraction | int) -> Ball:
        if not isinstance(exponent, int | Fraction):
            return NotImplemented
        with precision(self._bits):
            return Ball.wrap(functions.power(self._real, exponent), self._bits)

    # -- refused: a ball is no number, and overlapping balls have no order ------------------------
    def _refuse(self, other: object) -> NoReturn:
        raise TypeError(
            "balls have no order and no equality of their own; compare through "
            "theorycheck.balls.le(a, b) and its companions, which return a Verdict "
            "(or a.upper < b.lower, exactly)"
        )

    __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __eq__ = __ne__ = _refuse
    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> NoReturn:
        raise TypeError("a ball has no truth value; ask balls.nonnegative(ball.real())")

    # -- storing -------------------------------------------------------------------------------
    def _content(self) -> tuple[Quadruple, int]:
        return encode(self._real), self._bits

    def __reduce__(self) -> tuple[Callable[..., Ball], tuple[Quadruple, int]]:
        return _restore, self._content()

    def __copy__(self) -> Ball:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Ball:
        return self

    def to_json(self) -> dict[str, Any]:
        """Return {"mid": [man, exp], "rad": [man, exp], "bits": n}, exactly."""
        return {**write_json(self._real), "bits": self._bits}

    @staticmethod
    def from_json(data: dict[str, Any]) -> Ball:
        """Read what `to_json` wrote."""
        bits = data.get("bits") if isinstance(data, dict) else None
        if not isinstance(bits, int) or bits < 2:
            raise InvalidInstance(f"a stored ball needs an integer bits >= 2, got {data!r}")
        return Ball.wrap(read_json(data), bits)


Operand: TypeAlias = Ball | Fraction | int


def _restore(content: Quadruple, bits: int) -> Ball:
    return Ball.wrap(decode(content), bits)


def _combine(ball: Ball, other: Operand, operation: Callable[[Real, Real], Real]) -> Ball:
    if isinstance(other, Ball):
        bits = max(ball.bits, other.bits)
        with precision(bits):
            return Ball.wrap(operation(ball.real(), other.real()), bits)
    if isinstance(other, int | Fraction):
        with precision(ball.bits):
            return Ball.wrap(operation(ball.real(), real(other)), ball.bits)
    return NotImplemented
