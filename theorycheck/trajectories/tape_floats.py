"""The functions a tape needs, in float64: numbers or arrays of any shape. Never evidence.

Outside a domain they give nan, as numpy does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

__all__ = ["FloatFunctions"]


def _erf(x: Any) -> Any:
    from scipy.special import erf

    return erf(x)


APPLY: dict[str, Callable[[Any], Any]] = {
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "atan": np.arctan,
    "atanh": np.arctanh,
    "asin": np.arcsin,
    "acos": np.arccos,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "erf": _erf,
}


class FloatFunctions:
    """The counterpart of `BallFunctions`; infinities and nan pass through."""

    @staticmethod
    def number(q: Fraction | int) -> float:
        try:
            return float(q)
        except OverflowError:
            return math.inf if q > 0 else -math.inf

    @staticmethod
    def pi() -> float:
        return math.pi

    @staticmethod
    def divide(x: Any, y: Any) -> Any:
        return np.divide(x, y)

    @staticmethod
    def power(x: Any, exponent: Fraction | int) -> Any:
        return np.power(x, float(exponent))

    @staticmethod
    def apply(name: str, x: Any) -> Any:
        return APPLY[name](x)
