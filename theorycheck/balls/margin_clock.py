r"""The time that a homogeneous predictor takes to a smoothed margin, and its inverse.

    clock(x) = int^x du / (|l'(u)| u^{2 - 2/L}),      1 / |l'(u)| = e^u, or 1 + e^u (logistic loss)

In closed form, with a = 2/L - 1:   e^x (L = 1),   Ei(x) (L = 2),   x^a / a 1F1(a; a + 1; x)  else;
the logistic loss adds x^a / a, and log x for L = 2. The clock increases, so that it is enclosed by
its ends and inverted by a bracket whose two ends are certified.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import flint

from theorycheck.balls.convert import Real, real, upper
from theorycheck.balls.precision import precision, working_bits
from theorycheck.errors import DomainViolation

__all__ = ["margin_after", "margin_clock"]

_arb = flint.arb
GUARD = 32
ROUNDS = 400


def margin_clock(x: Real, order: int, *, logistic: bool = False) -> Real:
    """Enclose the clock at a margin x > 0 (any x for order 1).

    Parameters
    ----------
    x : Real
    order : int        L >= 1
    logistic : bool    logistic loss, else exponential loss

    Raises
    ------
    DomainViolation    x may be <= 0, or is not finite

    Examples
    --------
    >>> round(float(margin_clock(_arb(1), 2)), 12)
    1.895117816356
    """
    if not x.is_finite() or (order != 1 and not x > 0):
        raise DomainViolation(f"the margin {x.str(5)} may be <= 0; no time leads to it")
    if x.is_exact():
        return _clock(x, order, logistic)
    return _clock(x.lower(), order, logistic).union(_clock(x.upper(), order, logistic))


def _clock(x: Real, order: int, logistic: bool) -> Real:  # noqa: FBT001
    if order == 1:
        value = x.exp() + x if logistic else x.exp()
    elif order == 2:
        value = x.ei() + x.log() if logistic else x.ei()
    else:
        a = real(Fraction(2, order) - 1)
        rest = x.hypgeom_1f1(a, a + 1) + int(logistic)
        value = (a * x.log()).exp() / a * rest
    if not value.is_finite():
        raise DomainViolation(f"the clock at {x.str(5)} is unknown; raise the precision")
    return value


def margin_after(elapsed: Real, start: Real, order: int, *, logistic: bool = False) -> Real:
    """Enclose the x with clock(x) - clock(start) = elapsed; it grows with both arguments.

    Parameters
    ----------
    elapsed : Real     >= 0
    start : Real       > 0 (any for order 1)

    Raises
    ------
    DomainViolation    elapsed < 0, or a start outside the domain

    Examples
    --------
    >>> x = margin_after(_arb(10) ** 100, _arb(0), 1)
    >>> round(float(x), 12)                              # log(1 + 10^100)
    230.258509299405
    """
    if not elapsed.is_finite() or not elapsed >= 0:
        raise DomainViolation(f"the time {elapsed.str(5)} may be negative")
    bits = working_bits()
    # e^x has x / log 2 bits before the point; they cost as many of the accuracy
    growth = abs(int(upper(elapsed.mid().log()))) if elapsed > 0 else 0
    with precision(bits + GUARD + growth.bit_length()):
        low = _bracket(elapsed.lower().nonnegative_part(), start.lower(), order, logistic)[0]
        high = _bracket(elapsed.upper(), start.upper(), order, logistic)[1]
        return low.union(high)


def _bracket(
    elapsed: Real,
    start: Real,
    order: int,
    logistic: bool,  # noqa: FBT001
) -> tuple[Real, Real]:
    """Exact lower and upper bounds of the x that an exact time leads to from an exact start."""
    if elapsed.is_zero():
        return start, start
    base = margin_clock(start, order, logistic=logistic)

    def gone(x: Real) -> Real:
        return _clock(x, order, logistic) - base

    low, step = start, _arb(1)
    high = (start + step).mid()
    while not gone(high) > elapsed:
        step = step * 2
        high = (start + step).mid()
    x = high
    small = _arb(2) ** (8 - working_bits())
    for _ in range(ROUNDS):
        now = gone(x)
        if now <= elapsed:
            low = x
        elif now >= elapsed:
            high = x
        else:  # as close as this precision can tell
            break
        # Newton's step on the logarithm, kept inside the bracket
        slope = (x.exp() + int(logistic)) * ((real(Fraction(2, order) - 2)) * _log(x, order)).exp()
        guess = (x - (now / elapsed).log() * now / slope).mid() if now > 0 else low
        if abs(guess - x) < small * (1 + abs(x)):
            break
        x = guess if low < guess < high else ((low + high) / 2).mid()
    return _outwards(x, -small, low, elapsed, gone), _outwards(x, small, high, elapsed, gone)


def _log(x: Real, order: int) -> Real:
    return _arb(0) if order == 1 else x.log()


def _outwards(x: Real, step: Real, end: Real, elapsed: Real, gone: Callable[[Real], Real]) -> Real:
    """Move from x until the side of the root is certain; `end` is a bound that is certain."""
    move = (step * (1 + abs(x))).mid()
    for _ in range(2 * working_bits()):
        candidate = (x + move).mid()
        if (move < 0 and not candidate > end) or (move > 0 and not candidate < end):
            return end
        now = gone(candidate)
        if (move < 0 and now <= elapsed) or (move > 0 and now >= elapsed):
            return candidate
        move = move * 2
    return end
