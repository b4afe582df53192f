"""Write rational bounds as decimals, rounded outwards."""

from __future__ import annotations

from fractions import Fraction

__all__ = ["decimal_above", "decimal_below"]


def decimal_below(value: Fraction, digits: int = 17) -> str:
    """Write a decimal <= value that differs from it in the last of `digits` digits at most.

    Examples
    --------
    >>> decimal_below(Fraction(2, 3), 4), decimal_below(Fraction(-2, 3), 4)
    ('6.666e-1', '-6.667e-1')
    """
    if value == 0:
        return "0"
    exponent = _exponent(abs(value))
    scaled = value * Fraction(10) ** (digits - 1 - exponent)
    return _write(scaled.numerator // scaled.denominator, exponent, digits)


def decimal_above(value: Fraction, digits: int = 17) -> str:
    """Write a decimal >= value that differs from it in the last of `digits` digits at most."""
    text = decimal_below(-value, digits)
    return text if text == "0" else text[1:] if text.startswith("-") else f"-{text}"


def _exponent(value: Fraction) -> int:
    """The e with 10^e <= value < 10^(e+1); Python refuses to write out integers that are long."""
    bits = value.numerator.bit_length() - value.denominator.bit_length()
    guess = bits * 30103 // 100000
    while value >= Fraction(10) ** (guess + 1):
        guess += 1
    while value < Fraction(10) ** guess:
        guess -= 1
    return guess


def _write(mantissa: int, exponent: int, digits: int) -> str:
    sign, figures = ("-", str(-mantissa)) if mantissa < 0 else ("", str(mantissa))
    exponent += len(figures) - digits  # rounding may have carried into a new digit
    tail = figures[1:].rstrip("0")
    return f"{sign}{figures[0]}{'.' + tail if tail else ''}e{exponent}"
