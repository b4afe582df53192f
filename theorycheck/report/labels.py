"""Labels that matplotlib can set without LaTeX, and that fit."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from theorycheck.report.curves import Curve, Curves, Kind
from theorycheck.report.prose import set_formulas, visible

__all__ = ["axis_label", "curve_label", "number_text", "plain", "tick_texts", "wrapped"]

AXES = {
    "t": "time $t$",
    "k": "step $k$",
    "step_size": r"step size $\eta$",
    "horizon": "horizon $T$",
    "scale": "initialisation scale",
    "epsilon": r"$\epsilon$",
    "depth": "depth $n$",
    "instance": "instances of the family, in increasing order",
}
WIDEST_FORMULA = 1.9
"""Inches that a formula may take in the legend."""


def plain(text: str) -> str:
    """Keep matplotlib from reading mathematics into prose."""
    return visible(text).replace("$", r"\$")


def wrapped(text: str, width: float, size: float) -> str:
    """Break prose into lines that fit a width in inches at a font size in points."""
    letters = max(20, int(width * 72 / (0.46 * size)))
    return "\n".join(_set(line) for line in textwrap.wrap(text, letters))


def _set(line: str) -> str:
    """Set the formulas of a line, as long as matplotlib can."""
    made = set_formulas(line, plain)
    return made if _parses(made) else plain(line)


def _parses(text: str) -> bool:
    from matplotlib.mathtext import MathTextParser

    try:
        MathTextParser("path").parse(text)
    except ValueError:
        return False
    return True


def axis_label(curves: Curves) -> str:
    if curves.kind is Kind.INSTANCES and len(curves.places) == 1:
        return "the one instance"
    return AXES.get(curves.axis, plain(curves.axis.replace("_", " ")))


def curve_label(curve: Curve, size: float) -> str:
    """The side's role and its formula, if that can be set and is short; else the role alone."""
    formula = _flat(curve.latex)
    if not formula or not _fits(formula, size):
        return plain(curve.label)
    if curve.label in ("truth", "bound"):
        return f"{curve.label}: ${formula}$"
    return f"${formula}$"


_FRACTION = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")


def _flat(formula: str) -> str:
    """Write small fractions in line, where they stay readable; give up on towers of them."""
    flat = _FRACTION.sub(_in_line, formula)
    if flat.count(r"\frac") > 1 or re.search(r"[\^_]\{[^{}]*\\frac", flat):
        return ""
    return flat.replace(r"\frac", r"\dfrac")


def _in_line(found: re.Match[str]) -> str:
    above, below = found[1].strip(), found[2].strip()
    small = re.fullmatch(r"-?[\w ]{1,6}", above) and re.fullmatch(r"\w{1,5}", below)
    return f"{above}/{below}" if small else found[0]


@lru_cache(maxsize=256)
def _fits(formula: str, size: float) -> bool:
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    font = FontProperties(family=["STIXGeneral"], size=size, math_fontfamily="stix")
    try:
        parsed = MathTextParser("path").parse(f"${formula}$", 72, font)
    except ValueError:  # mathtext knows less than LaTeX
        return False
    return bool(parsed.width <= WIDEST_FORMULA * 72 and parsed.height + parsed.depth <= 4 * size)


def number_text(value: float) -> str:
    """Write the number at a tick, in six digits at most."""
    if value == 0 or 1e-4 <= abs(value) < 1e5:
        return f"{value:.6g}".replace("-", "\N{MINUS SIGN}")
    mantissa, exponent = f"{value:.3e}".split("e")
    digits = mantissa.rstrip("0").rstrip(".")
    factor = "" if digits in ("1", "-1") else digits + r" \cdot "
    sign = "-" if digits == "-1" else ""
    return f"${sign}{factor}10^{{{int(exponent)}}}$"


def tick_texts(values: Sequence[Fraction]) -> list[str]:
    """Write values at ticks: powers of two as such where they are long, small fractions exactly."""
    exponents = [_exponent_of_two(value) for value in values]
    if all(e is not None for e in exponents) and max(abs(e or 0) for e in exponents) > 5:
        return [f"$2^{{{e}}}$" for e in exponents]
    return [_tick_text(value) for value in values]


def _exponent_of_two(value: Fraction) -> int | None:
    low, high = sorted((value.numerator, value.denominator))
    if low != 1 or high.bit_count() != 1:
        return None
    return (high.bit_length() - 1) * (-1 if value < 1 else 1)


def _tick_text(value: Fraction) -> str:
    if value.denominator == 1 and abs(value) < 10**5:
        return str(value.numerator)
    if value.denominator <= 64 and abs(value.numerator) <= 64:
        return f"{value.numerator}/{value.denominator}"
    return f"{float(value):.3g}"
