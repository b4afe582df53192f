"""Means of polynomials in independent centred normal variables, exactly (Isserlis, Wick)."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import sympy
from sympy import Expr

from theorycheck.errors import InvalidExpression

__all__ = ["gaussian_mean", "gaussian_moment"]


def gaussian_moment(power: int, variance: Expr) -> Expr:
    """Return E z^k of a centred normal variable: (k - 1)!! variance^(k/2), or 0 for odd k.

    Examples
    --------
    >>> gaussian_moment(4, sympy.Integer(2))
    12
    """
    if power % 2:
        return sympy.S.Zero
    return sympy.Integer(prod(range(1, power, 2))) * variance ** (power // 2)


def gaussian_mean(
    polynomial: Expr, variances: Mapping[Expr, Expr], *, rectified: bool = False
) -> Expr:
    """Return the mean of a polynomial over independent centred normal variables.

    Parameters
    ----------
    polynomial : SymPy expression    other symbols than the variables count as constants
    variances : mapping              variable -> variance
    rectified : bool                 every variable z stands for max(z, 0); then E of an even power
                                     is half of what it is for z, and odd powers are refused

    Raises
    ------
    InvalidExpression    an odd power of a rectified variable

    Examples
    --------
    >>> x, y = sympy.symbols("x y")
    >>> gaussian_mean((x + y) ** 4, {x: sympy.Integer(1), y: sympy.Integer(1)})
    12
    >>> gaussian_mean(x**2 * y**4, {x: sympy.S.One, y: sympy.S.One}, rectified=True)
    3/4
    """
    variables = list(variances)
    if not variables:
        return polynomial
    total = sympy.S.Zero
    for powers, coefficient in sympy.Poly(polynomial, *variables).terms():
        factor = coefficient
        for variable, power in zip(variables, powers, strict=True):
            if rectified and power % 2:
                raise InvalidExpression(
                    f"the mean of max({variable}, 0)^{power} is not rational; "
                    "only even powers of rectified variables are averaged"
                )
            half = sympy.Rational(1, 2) if rectified and power else sympy.S.One
            factor = factor * half * gaussian_moment(power, variances[variable])
        total += factor
    return total
