"""Soft maxima of balls: log(1 + sum e^x) and its gradient, for thin balls and for wide ones.

Both are functions of differences of scores, e.g. x_j = score_j - score_0. The shift by an exact
number m is an identity, whatever m is, so that it may be chosen from the midpoints:

    log(1 + sum_j e^{x_j}) = m + log(e^{-m} + sum_j e^{x_j - m})

Wide balls are enclosed by their ends: the value grows with every x_j; the weight of j grows with
x_j and falls with the others.
"""

from __future__ import annotations

from collections.abc import Sequence

import flint

from theorycheck.balls.convert import Real
from theorycheck.balls.functions import WIDE, exp, log
from theorycheck.errors import DomainViolation

__all__ = ["soft_weights", "softplus"]

_arb = flint.arb


def softplus(exponents: Sequence[Real]) -> Real:
    """Enclose log(1 + sum_j e^{x_j}), sharply also where it is tiny; the lower end is >= 0.

    Examples
    --------
    >>> from theorycheck.balls import real
    >>> float(softplus([real(0)])), softplus([real(-1000)]) > 0
    (0.6931471805599453, True)
    """
    _refuse_nan(exponents)
    if all(map(_is_thin, exponents)):
        return _softplus(exponents)
    low = _softplus([x.lower() for x in exponents])
    high = _softplus([x.upper() for x in exponents])
    return low.union(high).nonnegative_part()


def soft_weights(exponents: Sequence[Real]) -> list[Real]:
    """Enclose the weights e^{x_j} / (1 + sum_k e^{x_k}), which lie in [0, 1].

    Examples
    --------
    >>> from theorycheck.balls import real
    >>> [float(w) for w in soft_weights([real(0), real(0), real(0)])]
    [0.25, 0.25, 0.25]
    """
    _refuse_nan(exponents)
    return [_weight(exponents, j) for j in range(len(exponents))]


def _is_thin(x: Real) -> bool:
    """Whether e^x is known to about `WIDE` bits; only a choice between two sound ways."""
    return bool(x.rad() < _arb(2) ** -WIDE)


def _softplus(exponents: Sequence[Real]) -> Real:
    shift = _arb(0)
    for x in exponents:
        middle = x.mid()
        if middle > shift:
            shift = middle
    if shift.is_zero():
        return _known(_sum([exp(x) for x in exponents]).log1p())
    rest = exp(-shift) + _sum([exp(x - shift) for x in exponents])
    return _known(shift + log(rest))


def _weight(exponents: Sequence[Real], j: int) -> Real:
    if all(map(_is_thin, exponents)):
        return _weight_at(exponents, j)
    low = [x.lower() if k == j else x.upper() for k, x in enumerate(exponents)]
    high = [x.upper() if k == j else x.lower() for k, x in enumerate(exponents)]
    return _weight_at(low, j).union(_weight_at(high, j)).nonnegative_part()


def _weight_at(exponents: Sequence[Real], j: int) -> Real:
    """1 / (e^{-x_j} + sum_k e^{x_k - x_j})"""
    own = exponents[j]
    others = [exp(x - own) for k, x in enumerate(exponents) if k != j]
    return _known(1 / (exp(-own) + 1 + _sum(others)))


def _sum(terms: Sequence[Real]) -> Real:
    total = _arb(0)
    for term in terms:
        total = total + term
    return total


def _known(value: Real) -> Real:
    if value.is_nan():
        raise DomainViolation("softmax of unbounded scores is unknown")
    return value.nonnegative_part()


def _refuse_nan(exponents: Sequence[Real]) -> None:
    if any(x.is_nan() for x in exponents):
        raise DomainViolation("softmax of nan; a term before it left its domain")
