"""The transcendental functions of the losses on any arithmetic: one place that knows them apart."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from theorycheck import balls
from theorycheck.symbolic.lowering import scalars_of

__all__ = ["exponential", "logarithm", "soft_weights", "softplus"]


def exponential(arithmetic: Any, x: Any) -> Any:
    """e^x. Raises NotExact over the rationals unless x = 0, and over polynomials."""
    return _function(arithmetic, "exp", x)


def logarithm(arithmetic: Any, x: Any) -> Any:
    """Log x. Raises NotExact over the rationals unless x = 1, and over polynomials."""
    return _function(arithmetic, "log", x)


def softplus(arithmetic: Any, exponents: Sequence[Any]) -> Any:
    """log(1 + sum_j e^{x_j})"""
    if arithmetic.name == "ball":
        return balls.softplus(exponents)
    total = _one_plus(arithmetic, [exponential(arithmetic, x) for x in exponents])
    return _function(arithmetic, "log", total)


def soft_weights(arithmetic: Any, exponents: Sequence[Any]) -> list[Any]:
    """e^{x_j} / (1 + sum_k e^{x_k}) for every j"""
    if arithmetic.name == "ball":
        return balls.soft_weights(exponents)
    powers = [exponential(arithmetic, x) for x in exponents]
    total = _one_plus(arithmetic, powers)
    return [power / total for power in powers]


def _one_plus(arithmetic: Any, terms: Sequence[Any]) -> Any:
    total = arithmetic.scalar(Fraction(1))
    for term in terms:
        total = total + term
    return total


def _function(arithmetic: Any, name: str, x: Any) -> Any:
    context = getattr(arithmetic, "context", None)  # mpmath in a precision of its own
    if context is not None:
        return getattr(context, name)(x)
    return scalars_of(arithmetic).function(name, [x])
