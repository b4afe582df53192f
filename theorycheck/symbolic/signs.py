"""Signs that an expression carries by its structure, whatever the values of its atoms.

Squares, norms, exponentials, products and sums of such things. No number is approximated here;
a numeric constant is decided by its rational value, or by its known positivity (pi, e).
"""

from __future__ import annotations

from enum import Enum

import sympy
from sympy import Expr
from sympy.core.function import AppliedUndef

__all__ = ["Sign", "is_total", "sign_of"]


class Sign(Enum):
    """State what is known of the sign of a real quantity by structure alone."""

    ZERO = (0, 0)
    POSITIVE = (1, 1)
    NONNEGATIVE = (0, 1)
    NEGATIVE = (-1, -1)
    NONPOSITIVE = (-1, 0)
    UNKNOWN = (-1, 1)

    @property
    def at_least_zero(self) -> bool:
        return self.value[0] >= 0

    @property
    def at_most_zero(self) -> bool:
        return self.value[1] <= 0

    def __neg__(self) -> Sign:
        low, high = self.value
        return Sign((-high, -low))

    def plus(self, other: Sign) -> Sign:
        if self is Sign.ZERO:
            return other
        if other is Sign.ZERO:
            return self
        for side in (Sign.POSITIVE, Sign.NEGATIVE):
            weak = Sign.NONNEGATIVE if side is Sign.POSITIVE else Sign.NONPOSITIVE
            pair = {self, other}
            if pair <= {side, weak}:
                return side if side in pair else weak
        return Sign.UNKNOWN

    def times(self, other: Sign) -> Sign:
        corners = [x * y for x in self.value for y in other.value]
        return Sign((min(corners), max(corners)))


def sign_of(expression: Expr) -> Sign:
    """Find the sign of a real expression from squares, norms, exponentials, sums and products.

    UNKNOWN means that the structure does not tell, not that the sign varies. The sign is that of
    the value wherever the expression is defined; `is_total` tells whether that is everywhere.
    """
    if expression.is_Rational:
        return Sign.ZERO if expression == 0 else Sign.POSITIVE if expression > 0 else Sign.NEGATIVE
    if expression.is_Add:
        total = Sign.ZERO
        for argument in expression.args:
            total = total.plus(sign_of(argument))
        return total
    if expression.is_Mul:
        product = Sign.POSITIVE
        for argument in expression.args:
            product = product.times(sign_of(argument))
        return product
    if expression.is_Pow:
        return _sign_of_power(expression)
    if isinstance(expression, (sympy.exp, sympy.cosh)):
        return Sign.POSITIVE
    if isinstance(expression, sympy.Abs):
        inner = sign_of(expression.args[0])
        return inner if inner in (Sign.POSITIVE, Sign.ZERO) else Sign.NONNEGATIVE
    if isinstance(expression, sympy.Max):
        signs = [sign_of(a) for a in expression.args]
        return Sign((max(s.value[0] for s in signs), max(s.value[1] for s in signs)))
    if isinstance(expression, sympy.Min):
        signs = [sign_of(a) for a in expression.args]
        return Sign((min(s.value[0] for s in signs), min(s.value[1] for s in signs)))
    return _sign_of_leaf(expression)


def _sign_of_power(expression: Expr) -> Sign:
    base, exponent = expression.args
    below = sign_of(base)
    if not exponent.is_Rational:
        return Sign.POSITIVE if below is Sign.POSITIVE else Sign.UNKNOWN
    if exponent.is_Integer:
        if exponent % 2 == 0:
            return Sign.POSITIVE if below in (Sign.POSITIVE, Sign.NEGATIVE) else Sign.NONNEGATIVE
        return below
    # a fractional power, where it is real, is that of a nonnegative base
    return Sign.POSITIVE if below is Sign.POSITIVE else Sign.NONNEGATIVE


def _sign_of_leaf(expression: Expr) -> Sign:
    if expression in (sympy.pi, sympy.E):
        return Sign.POSITIVE
    declared = getattr(expression, "structural_sign", None)
    if isinstance(declared, Sign):
        return declared
    if expression.is_Symbol or isinstance(expression, AppliedUndef):
        if expression.is_positive:
            return Sign.POSITIVE
        if expression.is_nonnegative:
            return Sign.NONNEGATIVE
        if expression.is_negative:
            return Sign.NEGATIVE
    if expression.is_Function and len(expression.args) == 1:
        inner = sign_of(expression.args[0])
        odd = (sympy.sinh, sympy.tanh, sympy.atan, sympy.asinh, sympy.erf)
        if isinstance(expression, odd):
            return inner
        if isinstance(expression, sympy.log):
            return _sign_of_log(expression.args[0])
    return Sign.UNKNOWN


def _sign_of_log(argument: Expr) -> Sign:
    if argument.is_Rational and argument > 0:
        return Sign.ZERO if argument == 1 else Sign.POSITIVE if argument > 1 else Sign.NEGATIVE
    return Sign.UNKNOWN


TOTAL_FUNCTIONS = (
    sympy.exp, sympy.sin, sympy.cos, sympy.sinh, sympy.cosh, sympy.tanh, sympy.atan,
    sympy.asinh, sympy.erf, sympy.Abs, sympy.Max, sympy.Min,
)  # fmt: skip


def is_total(expression: Expr) -> bool:
    """Tell whether the expression is defined for every real value of its atoms.

    Divisions, logarithms and fractional powers are accepted only where the structure shows
    that their argument stays in the domain.
    """
    if expression.is_Pow:
        base, exponent = expression.args
        if not is_total(base):
            return False
        if not exponent.is_Rational:
            return sign_of(base) is Sign.POSITIVE and is_total(exponent)
        if exponent < 0:
            strict = sign_of(base) is Sign.POSITIVE
            return strict or (exponent.is_Integer and sign_of(base) is Sign.NEGATIVE)
        return bool(exponent.is_Integer) or sign_of(base).at_least_zero
    if isinstance(expression, sympy.Integral):
        return False
    if isinstance(expression, sympy.log):
        return is_total(expression.args[0]) and sign_of(expression.args[0]) is Sign.POSITIVE
    if expression.is_Function and not getattr(expression, "is_total_function", False):
        return isinstance(expression, TOTAL_FUNCTIONS) and all(map(is_total, expression.args))
    if expression.is_Add or expression.is_Mul or expression.is_Function:
        return all(map(is_total, expression.args))
    declared = getattr(expression, "is_total_quantity", None)
    return bool(declared) if declared is not None else True
