"""The soft minimum of margins under the exponential and the logistic loss, at any magnitude.

With l(q) = e^{-q} or log(1 + e^{-q}), Lambda = sum_i l(q_i), w_i = -l'(q_i):

    alpha = l^{-1}(Lambda)     the soft minimum of the margins, alpha <= min_i q_i
    r_i   = w_i / -l'(alpha)   relative weights (which add up to 1 for the exponential loss)
    p_i   = w_i / sum_k w_k    weights

Neither Lambda nor w_i is ever formed: at margins of 10^100 they are of size e^{-10^100}. What is
formed is the gap q_i - alpha >= 0, from differences of margins, with any index i:

    exponential   q_i - alpha = log(1 + sum_{k != i} e^{q_i - q_k})
    logistic      q_i - alpha = T + log(1 + e^{q_i} (1 - e^{-T})),   T = sum_{k != i} l(q_k)

The gap grows with q_i and falls with the other margins, and alpha grows with every margin, so
that balls are enclosed by their ends.
"""

from __future__ import annotations

from collections.abc import Sequence

import flint

from theorycheck.balls.convert import Real
from theorycheck.balls.functions import WIDE, expm1_over, log
from theorycheck.balls.softmax import softplus
from theorycheck.errors import DomainViolation

__all__ = [
    "log_of_loss", "margin_weights", "relative_weights", "slack_gap", "soft_gap", "soft_margin",
    "weight_entropy",
]  # fmt: skip

_arb = flint.arb


def soft_margin(margins: Sequence[Real], *, logistic: bool) -> Real:
    """Enclose alpha = l^{-1}(sum_i l(q_i)); a single margin is its own.

    Examples
    --------
    >>> from theorycheck.balls import real
    >>> soft_margin([real(10**100)], logistic=True) == real(10**100)
    True
    """
    _check(margins)
    if len(margins) == 1:
        return margins[0]
    low = _soft_margin([_low(q) for q in margins], logistic=logistic)
    if all(q.is_exact() for q in margins):
        return low
    return low.union(_soft_margin([_high(q) for q in margins], logistic=logistic))


def soft_gap(margins: Sequence[Real], i: int, *, logistic: bool) -> Real:
    """Enclose q_i - alpha by a ball whose lower end is >= 0."""
    _check(margins)
    if len(margins) == 1:
        return _arb(0)
    if not logistic:
        own = margins[i]
        return softplus([own - q for k, q in enumerate(margins) if k != i])
    low = _logistic_gap([_low(q) if k == i else _high(q) for k, q in enumerate(margins)], i)
    high = _logistic_gap([_high(q) if k == i else _low(q) for k, q in enumerate(margins)], i)
    return low.union(high).nonnegative_part()


def log_of_loss(alpha: Real, *, logistic: bool) -> Real:
    """Enclose log Lambda = log l(alpha), which e^{-alpha} itself may be too small to keep."""
    if not logistic:
        return -alpha
    return log(_log1p_over(alpha)) - alpha if alpha > 0 else log(softplus([-alpha]))


def relative_weights(margins: Sequence[Real], *, logistic: bool) -> list[Real]:
    """Enclose w_i / -l'(alpha), numbers > 0; lower ends are >= 0."""
    gaps = _gaps(margins, logistic=logistic)
    if not logistic:
        return [_exp(-gap) for gap in gaps]
    if len(margins) == 1:
        return [_arb(1)]
    common = _loss(soft_margin(margins, logistic=True))
    return [_exp(common - _loss(q) - gap) for q, gap in zip(margins, gaps, strict=True)]


def margin_weights(margins: Sequence[Real], *, logistic: bool) -> list[Real]:
    """Enclose the weights p_i, in [0, 1]; a single one is 1."""
    return [_exp(-surprise) for surprise in _surprises(margins, logistic=logistic)]


def weight_entropy(margins: Sequence[Real], *, logistic: bool) -> Real:
    """Enclose the entropy -sum_i p_i log p_i by a ball whose lower end is >= 0."""
    total = _arb(0)
    for surprise in _surprises(margins, logistic=logistic):
        total = total + (_exp(-surprise) * surprise).nonnegative_part()
    return total.nonnegative_part()


def slack_gap(margins: Sequence[Real], *, logistic: bool) -> Real:
    """Enclose nu / -l'(alpha) - alpha = sum_i r_i q_i - alpha.

    It is the entropy of the weights for the exponential loss, 0 for a single margin. For the
    logistic loss and alpha > 0 it is a sum of numbers >= 0, since eta(x) / x falls on (0, log 2)
    with eta(l(q)) = -l'(q) q:

        r_i q_i - (l(q_i) / Lambda) alpha >= 0
    """
    if not logistic:
        return weight_entropy(margins, logistic=False)
    if len(margins) == 1:
        return _arb(0)
    alpha = soft_margin(margins, logistic=True)
    weights = relative_weights(margins, logistic=True)
    total = _arb(0)
    if not alpha > 0:
        for weight, q in zip(weights, margins, strict=True):
            total = total + weight * q
        return total - alpha
    for weight, q, gap in zip(weights, margins, _gaps(margins, logistic=True), strict=True):
        share = _exp(-gap) * _log1p_over(q) / _log1p_over(alpha)
        total = total + (weight * q - share * alpha).nonnegative_part()
    return total.nonnegative_part()


# -- at exact margins ----------------------------------------------------------------------------
def _soft_margin(q: Sequence[Real], *, logistic: bool) -> Real:
    least = _least(q)
    return q[least] - soft_gap(q, least, logistic=logistic)


def _logistic_gap(q: Sequence[Real], i: int) -> Real:
    own = q[i]
    others = [x for k, x in enumerate(q) if k != i]
    rest = _sum([softplus([-x]) for x in others])
    shrunk = expm1_over(_arb(-1), rest).nonnegative_part()
    if own > 0 and all(bool(x > 0) for x in others):
        # e^{q_i} (1 - e^{-T}) from differences: T = sum_k e^{-q_k} phi(q_k), (1 - e^{-T}) / T
        tail = expm1_over(-rest, _arb(1))
        return rest + softplus([own - x + log(_log1p_over(x) * tail) for x in others])
    if own > 0:  # another margin is <= 0, so that T >= log 2
        return rest + own + log(shrunk + _exp(-own))
    return rest + (_exp(own) * shrunk).log1p()


def _gaps(margins: Sequence[Real], *, logistic: bool) -> list[Real]:
    """q_i - alpha for every i; where the margins are thin, from that of one of them."""
    if not _thin(margins):
        return [soft_gap(margins, i, logistic=logistic) for i in range(len(margins))]
    least = _least(margins)
    gap = soft_gap(margins, least, logistic=logistic)
    return [(gap + (q - margins[least])).nonnegative_part() for q in margins]


def _thin(margins: Sequence[Real]) -> bool:
    """Whether differences are known to some bits; only a choice between two sound ways."""
    return all(q.rad() < _arb(2) ** -WIDE for q in margins)


def _least(margins: Sequence[Real]) -> int:
    """The index of the least midpoint."""
    least = 0
    for i, q in enumerate(margins):
        if q.mid() < margins[least].mid():
            least = i
    return least


def _low(q: Real) -> Real:
    """The lower end; flint would round an exact number."""
    return q if q.is_exact() else q.lower()


def _high(q: Real) -> Real:
    return q if q.is_exact() else q.upper()


# -- pieces --------------------------------------------------------------------------------------
def _surprises(margins: Sequence[Real], *, logistic: bool) -> list[Real]:
    """-log p_i = log(1 + sum_{k != i} w_k / w_i), lower ends >= 0."""
    _check(margins)
    if len(margins) == 1:
        return [_arb(0)]
    if not _thin(margins):
        return [_surprise(margins, i, logistic=logistic) for i in range(len(margins))]
    least = _least(margins)
    first = _surprise(margins, least, logistic=logistic)
    ahead = [_ahead(q, margins[least], logistic=logistic) for q in margins]
    return [(first + distance).nonnegative_part() for distance in ahead]


def _surprise(margins: Sequence[Real], i: int, *, logistic: bool) -> Real:
    own = margins[i]
    return softplus([_ahead(own, q, logistic=logistic) for k, q in enumerate(margins) if k != i])


def _ahead(first: Real, second: Real, *, logistic: bool) -> Real:
    """Enclose log(w_second / w_first): how far the first margin is ahead of the second."""
    if not logistic:
        return first - second
    if first > 0 and second > 0:  # log(1 + e^q) = q + l(q), where q may be too large to keep l(q)
        return (first - second) + (_loss(first) - _loss(second))
    return softplus([first]) - softplus([second])


def _loss(q: Real) -> Real:
    """log(1 + e^{-q})"""
    return softplus([-q])


def _log1p_over(q: Real) -> Real:
    """Enclose log(1 + u) / u with u = e^{-q} and q > 0, in [1 - u / 2, 1]; it grows with q."""
    return _log1p_over_at(q.lower()).union(_log1p_over_at(q.upper())).nonnegative_part()


def _log1p_over_at(q: Real) -> Real:
    u = _exp(-q)
    if u > 0 and q < 64:
        return u.log1p() / u
    return (1 - u / 2).lower().union(_arb(1))


def _exp(x: Real) -> Real:
    """Enclose e^x by a ball whose lower end is >= 0, also where x is wide."""
    if x.rad() < _arb(2) ** -WIDE:
        return x.exp().nonnegative_part()
    return x.lower().exp().union(x.upper().exp()).nonnegative_part()


def _sum(terms: Sequence[Real]) -> Real:
    total = _arb(0)
    for term in terms:
        total = total + term
    return total


def _check(margins: Sequence[Real]) -> None:
    if not margins:
        raise DomainViolation("there is no margin without a sample")
    if any(not q.is_finite() for q in margins):
        raise DomainViolation("a margin is unbounded or unknown")
