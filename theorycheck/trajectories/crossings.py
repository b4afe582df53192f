"""Find every zero of an observable on a time interval, each isolated and proved, or say where not.

An interval is discarded if the range of g excludes 0. Where the slope of g has a sign and the
signs of g at both ends are known, there is exactly one zero or none; the zero is narrowed by

    N(T) = c - g(c) / g'(T),      c the middle of T,

which holds every zero of g in T. What is left after bisection is reported, never dropped: a
*tangency* (0 is in the enclosures of g and of its slope), or an *overlap* (the zero is within the
enclosure's radius of an end of [first, last]).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from fractions import Fraction

from theorycheck.balls import Real, divide, lower, negative, positive, precision, real, upper, width
from theorycheck.errors import BudgetExceeded, DomainViolation, InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.trajectories.effort import Deadline, Effort, check_clock, checked_effort
from theorycheck.trajectories.integrate import GUARD_BITS
from theorycheck.trajectories.observables import Observable
from theorycheck.verdicts import HOLDS, UNDECIDED, Verdict

__all__ = ["Crossing", "Crossings", "Unresolved", "crossings", "events"]

DEPTH = 40
CELLS = 4000
NEWTON_STEPS = 60
SPLITS = (Fraction(1, 2), Fraction(7, 16), Fraction(9, 16), Fraction(3, 8), Fraction(5, 8))


@dataclass(frozen=True)
class Crossing:
    """Locate one zero: exactly one lies in [first, last], and the slope has the sign `direction`.

    The signs of g at `first` and `last` are certified, so that the zero lies strictly between.
    """

    first: Fraction
    last: Fraction
    direction: int


@dataclass(frozen=True)
class Unresolved:
    """Name a time interval on which zeros could neither be isolated nor excluded, and why."""

    first: Fraction
    last: Fraction
    reason: str


@dataclass(frozen=True)
class Crossings:
    """List the zeros of an observable on [first, last], complete up to `unresolved`.

    Parameters
    ----------
    isolated : tuple of Crossing       one zero each, increasing, disjoint
    unresolved : tuple of Unresolved   outside these and `isolated` there is no zero
    """

    isolated: tuple[Crossing, ...]
    unresolved: tuple[Unresolved, ...]

    @property
    def complete(self) -> Verdict:
        """HOLDS if the isolated crossings are all zeros there are, else UNDECIDED."""
        return UNDECIDED if self.unresolved else HOLDS


def crossings(
    observable: Observable, first: object, last: object, *, effort: Effort | None = None
) -> Crossings:
    """Isolate all zeros of an observable on [first, last].

    What is not settled when the seconds of `effort` are spent is unresolved.

    Examples
    --------
    >>> from sympy import symbols
    >>> from theorycheck.problems import VectorField
    >>> from theorycheck.trajectories.flow import flow
    >>> x, y = symbols("x y")
    >>> turn = flow(VectorField([y, -x], [x, y]), [1, 0], 5)
    >>> found = crossings(Observable(turn, x, [x, y]), 0, 5)
    >>> [round(float(zero.first), 6) for zero in found.isolated], found.complete
    ([1.570796, 4.712389], HOLDS)
    """
    begin, end = as_fraction(first, "first"), as_fraction(last, "last")
    if not begin < end:
        raise InvalidInstance(f"[{begin}, {end}] is empty or a point; ask for its sign with `at`")
    isolated: list[Crossing] = []
    unresolved: list[Unresolved] = []
    deadline = checked_effort(effort).start()
    for event in events(observable, begin, end, deadline):
        if isinstance(event, Crossing):
            isolated.append(event)
        elif unresolved and unresolved[-1].last == event.first:
            reasons = (unresolved[-1].reason, event.reason)
            reason = reasons[0] if reasons[0] == reasons[1] else "; ".join(dict.fromkeys(reasons))
            unresolved[-1] = Unresolved(unresolved[-1].first, event.last, reason)
        else:
            unresolved.append(event)
    return Crossings(tuple(isolated), tuple(unresolved))


def sign_of(x: Real) -> int:
    """Return the certified sign, 0 where it is not known."""
    if positive(x) is HOLDS:
        return 1
    return -1 if negative(x) is HOLDS else 0


def events(
    observable: Observable, first: Fraction, last: Fraction, deadline: Deadline | None = None
) -> Iterator[Crossing | Unresolved]:
    """Yield the zeros and the undecided intervals of [first, last] from left to right.

    Without a deadline of their own they keep to one that is being watched, by its exception.
    """
    bits = observable.flow.bits + GUARD_BITS
    waiting = [(first, last, DEPTH)]
    cells = 0
    while waiting:
        a, b, depth = waiting.pop()
        cells += 1
        if cells > CELLS:
            yield Unresolved(a, last, f"more than {CELLS} intervals were looked at; raise the bits")
            return
        try:
            with nullcontext() if deadline is None else deadline.watched(), precision(bits):
                check_clock()
                found = _inspect(observable, a, b, depth)
        except BudgetExceeded as spent:
            if deadline is None or not deadline.expired:
                raise
            yield Unresolved(a, last, f"budget: {spent}")
            return
        if isinstance(found, Fraction):
            waiting += [(found, b, depth - 1), (a, found, depth - 1)]
        elif found is not None:
            yield found


def _inspect(
    observable: Observable, a: Fraction, b: Fraction, depth: int
) -> Crossing | Unresolved | Fraction | None:
    """Settle [a, b] (None: no zero), or return where to split it."""
    try:
        values = observable.range(a, b)
        if sign_of(values) != 0:
            return None
        direction = sign_of(observable.slope(a, b))
        left, right = sign_of(observable.value(a)), sign_of(observable.value(b))
        resolution = width(observable.value((a + b) / 2))
    except DomainViolation:
        if depth > 0:
            return (a + b) / 2
        return Unresolved(a, b, "domain: the enclosure leaves the domain of the observable")
    if direction != 0 and left * right != 0:
        return _narrow(observable, a, b, direction) if left * right < 0 else None
    # g is strictly monotone and already beyond 0 at its beginning, or not yet there at its end.
    if direction != 0 and (left == direction or right == -direction):
        return None
    if depth == 0 or width(values) <= 4 * resolution:
        if direction != 0:
            return Unresolved(a, b, "overlap: a zero within the enclosure's radius of an end")
        return Unresolved(a, b, "tangency: g and its slope may vanish together")
    for weight in SPLITS:
        middle = a + (b - a) * weight
        if sign_of(observable.value(middle)) != 0:
            return middle
    return (a + b) / 2


def _narrow(observable: Observable, a: Fraction, b: Fraction, direction: int) -> Crossing:
    """Shrink the interval of a proved zero by interval Newton; its ends keep certified signs."""
    resolution = max(abs(a), abs(b), b - a) / 2**observable.flow.bits
    for _ in range(NEWTON_STEPS):
        if b - a <= resolution:
            break
        middle = (a + b) / 2
        slope = observable.slope(a, b)
        step = divide(observable.value(middle), slope)
        root = real(middle) - step
        low, high = lower(root), upper(root)
        # Room on both sides, so that the signs at the ends can be certified (a root may be exact).
        room = (high - low) / 4 + (b - a) / 2**16
        before = b - a
        if low - room > a and sign_of(observable.value(low - room)) == -direction:
            a = low - room
        if high + room < b and sign_of(observable.value(high + room)) == direction:
            b = high + room
        if 2 * (b - a) > before:  # Newton gained little: bisect, or stop at the resolution
            middle = (a + b) / 2
            side = sign_of(observable.value(middle))
            if side == 0:
                break
            a, b = (middle, b) if side == -direction else (a, middle)
    return Crossing(a, b, direction)
