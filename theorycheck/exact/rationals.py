"""Exact rational numbers: reading them, writing them, taking roots.

A float stands for the dyadic number it is; a text for the decimal or the fraction it says.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import flint

from theorycheck.errors import InvalidInstance

__all__ = [
    "as_fraction",
    "bit_size",
    "decimal_string",
    "format_fraction",
    "is_zero",
    "nearest_float",
    "rational",
    "rational_root",
    "to_fraction",
]

_POWER = re.compile(r"\s*([+-]?)(\d+)\s*(?:\^|\*\*)\s*([+-]?\d+)\s*")
_MAX_EXPONENT = 1_000_000


def as_fraction(value: object, name: str = "value") -> Fraction:
    """Read an exact rational number.

    Parameters
    ----------
    value : int, Fraction, float, Decimal, NumPy number, SymPy Rational, fmpq or str
        text is one of "3", "1/3", "0.1", "1e-3", "2^-12", "2**-12"; a float is the exact dyadic
        number it stands for
    name : str    what the value is called in the error message

    Raises
    ------
    InvalidInstance    a bool, nan, an infinity, a SymPy Float, or a text that is no number

    Examples
    --------
    >>> as_fraction("0.1"), as_fraction(0.5), as_fraction("2^-3")
    (Fraction(1, 10), Fraction(1, 2), Fraction(1, 8))
    """
    kind = type(value)
    if kind is Fraction:
        return value  # type: ignore[return-value]
    if kind is int:
        return Fraction(value)  # type: ignore[call-overload, no-any-return]
    if kind is str:
        return _from_text(str(value), name)
    if isinstance(value, bool) or kind.__name__ in ("bool_", "bool"):
        raise InvalidInstance(f"{name}={value} is a truth value; pass a number")
    if isinstance(value, flint.fmpq | flint.fmpz):
        return to_fraction(value)
    if isinstance(value, int | Fraction):
        return Fraction(value)
    if isinstance(value, float | Decimal):
        return _from_ratio(value, name)
    return _from_foreign(value, name)


def _from_ratio(value: Any, name: str) -> Fraction:
    try:
        numerator, denominator = value.as_integer_ratio()
    except (ValueError, OverflowError):
        raise InvalidInstance(f"{name}={value} is not finite; pass a rational number") from None
    return Fraction(int(numerator), int(denominator))


def _from_foreign(value: Any, name: str) -> Fraction:
    """Read NumPy and SymPy numbers, without importing either."""
    if getattr(value, "is_Rational", False):
        return Fraction(int(value.p), int(value.q))
    if getattr(value, "is_Float", False):
        raise InvalidInstance(
            f"{name}={value} is a SymPy Float, whose digits are a guess; "
            "pass a Rational, a Fraction or a text such as '1/10'"
        )
    if getattr(value, "ndim", None) == 0 and hasattr(value, "as_integer_ratio"):
        return _from_ratio(value, name)
    if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
        item = value.item()
        if isinstance(item, int | float | Fraction | Decimal) and type(item) is not type(value):
            return as_fraction(item, name)
    raise InvalidInstance(
        f"{name}={value!r} is no rational number; pass an int, a Fraction or a text such as '1/10'"
    )


def _from_text(text: str, name: str) -> Fraction:
    power = _POWER.fullmatch(text)
    try:
        if power is None:
            _refuse_huge_exponent(text)
            return Fraction(text)
        sign, base, exponent = power.groups()
        if abs(int(exponent)) > _MAX_EXPONENT:
            raise ValueError(exponent)
        magnitude = Fraction(int(base)) ** int(exponent)
        return -magnitude if sign == "-" else magnitude
    except (ValueError, ZeroDivisionError):
        raise InvalidInstance(
            f"{name}={text!r} is no rational number; write '3', '1/3', '0.1', '1e-3' or '2^-12'"
        ) from None


def _refuse_huge_exponent(text: str) -> None:
    """Refuse '1e999999999', whose exact value would fill the memory."""
    _, mark, exponent = text.lower().partition("e")
    if mark and abs(int(exponent)) > _MAX_EXPONENT:
        raise ValueError(text)


def format_fraction(q: Fraction | int) -> str:
    """Write a rational as "p/q", or as "p" if it is an integer."""
    return str(Fraction(q))


def nearest_float(q: Fraction) -> float:
    """Round to a float, beyond its range to an infinity: for guesses and rankings only.

    Examples
    --------
    >>> nearest_float(Fraction(1, 4)), nearest_float(-(Fraction(10) ** 400))
    (0.25, -inf)
    """
    try:
        return float(q)
    except OverflowError:
        return math.inf if q > 0 else -math.inf


def decimal_string(
    q: Fraction | int, digits: int, rounding: Literal["down", "up", "nearest"] = "nearest"
) -> str:
    """Write a rational with the given number of decimals, rounded towards -inf, +inf or nearest.

    Examples
    --------
    >>> decimal_string(Fraction(1, 3), 4), decimal_string(Fraction(1, 3), 4, "up")
    ('0.3333', '0.3334')
    """
    scaled = Fraction(q) * 10**digits
    if rounding == "down":
        units = scaled.numerator // scaled.denominator
    elif rounding == "up":
        units = -((-scaled.numerator) // scaled.denominator)
    else:
        units = round(scaled)
    sign, text = "-" if units < 0 else "", str(abs(units)).zfill(digits + 1)
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"


def rational(q: Fraction | int) -> flint.fmpq:
    """Return a rational as flint's fmpq."""
    return flint.fmpq(q.numerator, q.denominator)


def to_fraction(q: flint.fmpq | flint.fmpz | Fraction | int) -> Fraction:
    """Return a rational as a Fraction."""
    if isinstance(q, flint.fmpq):
        return Fraction(int(q.p), int(q.q))
    return Fraction(int(q)) if isinstance(q, flint.fmpz) else Fraction(q)


def bit_size(q: flint.fmpq) -> int:
    """Return the number of bits of numerator and denominator together."""
    return int(q.p).bit_length() + int(q.q).bit_length()


def rational_root(q: flint.fmpq, n: int) -> flint.fmpq | None:
    """Return the real n-th root of q >= 0 if it is rational, else None (also for q < 0)."""
    if q < 0:
        return None
    numerator, denominator = _integer_root(int(q.p), n), _integer_root(int(q.q), n)
    if numerator is None or denominator is None:
        return None
    return flint.fmpq(numerator, denominator)


def _integer_root(value: int, n: int) -> int | None:
    root = int(flint.fmpz(value).root(n))
    return root if root**n == value else None


def is_zero(x: Any) -> bool:
    """Say whether an exact scalar, rational or polynomial, is zero."""
    return bool(x == 0)
