"""Elementary functions of balls that raise instead of producing nan.

Where a ball is wide, functions that are monotone are evaluated at exact end points; where it is
narrow, flint's own enclosure is used.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import flint

from theorycheck.balls.convert import Real
from theorycheck.balls.precision import precision, working_bits
from theorycheck.errors import DomainViolation

__all__ = [
    "FUNCTIONS",
    "absolute",
    "divide",
    "exp",
    "expm1_over",
    "log",
    "pi",
    "power",
    "psi",
    "sqrt",
    "square",
]

_arb = flint.arb

# Below this many bits of relative accuracy a ball counts as wide.
WIDE = 32
LONGEST_MIDPOINT = 4096


def _known(value: Real, what: str, x: Real) -> Real:
    if value.is_nan():
        raise DomainViolation(f"{what} of {x.str(5)} is unknown; it may leave the domain")
    return value


def _refuse_nan(x: Real, what: str) -> None:
    if x.is_nan():
        raise DomainViolation(f"{what} of nan; a term before it left its domain")


def _from_zero_to(high: Real) -> Real:
    """Return a ball that contains [0, high] and whose lower end is >= 0."""
    return _arb(0).union(high.upper()).nonnegative_part()


# -- powers --------------------------------------------------------------------------------------
def absolute(x: Real) -> Real:
    """Enclose |x| by a ball whose lower end is >= 0."""
    if x >= 0:
        return x
    if x <= 0:
        return x.neg(exact=True)
    _refuse_nan(x, "Abs")
    return _from_zero_to(x.abs_upper())


def square(x: Real) -> Real:
    """Enclose x^2 by a ball whose lower end is >= 0."""
    product = x * x
    return product if product > 0 else _integer_power(x, 2)


def _integer_power(x: Real, n: int) -> Real:
    """Enclose x^n, n >= 1. flint's `**` is nan at a ball centred at 0."""
    if n == 1:
        return x
    if x.is_exact():
        return x**n
    if x.rel_accuracy_bits() >= WIDE:
        return x**n
    low, high = x.lower(), x.upper()
    if n % 2 or low >= 0:
        value = (low**n).union(high**n)
        return value.nonnegative_part() if low >= 0 else value
    if high <= 0:
        return (low**n).union(high**n).nonnegative_part()
    # An even power of a ball around 0; exact ends are totally ordered.
    top = high if high >= -low else -low
    return _from_zero_to(top**n)


def _positive_root(x: Real, n: int) -> Real:
    return x.sqrt() if n == 2 else x.root(n)


def _fractional_power(x: Real, q: Fraction) -> Real:
    """Enclose x^q for 0 < q not an integer and a number x >= 0."""
    n, m = q.denominator, q.numerator
    if x > 0 and x.rel_accuracy_bits() >= WIDE:
        return _positive_root(x, n) ** m
    high = x.upper()
    if high.is_zero():
        return _arb(0)
    top = _positive_root(high, n) ** m
    low = x.lower()
    if low > 0:
        return (_positive_root(low, n) ** m).union(top).nonnegative_part()
    return _from_zero_to(top)


def power(x: Real, q: Fraction | int, *, assume_nonnegative: bool = False) -> Real:
    """Enclose x^q for rational q; x^0 = 1, and 0^q = 0 for q > 0.

    Parameters
    ----------
    x : Real
    q : Fraction or int
    assume_nonnegative : bool    the caller knows by structure that the number is >= 0, although
                                 its ball may reach below

    Raises
    ------
    DomainViolation    a fractional power of a number that may be negative; a negative power of one
                       that may be 0
    """
    _refuse_nan(x, f"power {q}")
    if q == 0:
        return _arb(1)
    if q < 0:
        return divide(_arb(1), power(x, -q, assume_nonnegative=assume_nonnegative))
    if q.denominator == 1:
        value = _integer_power(x, q.numerator)
        below = assume_nonnegative and not value >= 0
        return value.nonnegative_part() if below else value
    if x < 0 or not (assume_nonnegative or x >= 0):
        raise DomainViolation(f"power {q} of {x.str(5)}, which may be negative")
    return _known(_fractional_power(x, Fraction(q)), f"power {q}", x)


def sqrt(x: Real, *, assume_nonnegative: bool = False) -> Real:
    """Enclose the square root by a ball whose lower end is >= 0; see `power`."""
    return power(x, Fraction(1, 2), assume_nonnegative=assume_nonnegative)


def divide(a: Real, b: Real) -> Real:
    """Enclose a / b.

    Raises
    ------
    DomainViolation    b may be 0
    """
    if not b.is_finite() or b.contains(0):
        raise DomainViolation(f"division by {b.str(5)}, which may be 0; raise the precision")
    return _known(a / b, "quotient", a)


# -- exponential integrals -----------------------------------------------------------------------
def _tail_of_exp(z: Real, order: int) -> Real:
    """Enclose phi(z) = sum_j z^j / (j + order)! at an exact z.

    phi(z) = int_0^1 e^{(1 - s) z} s^(order - 1) / (order - 1)! ds for order 1 and 2, so that phi
    is positive and increasing.
    """
    if z.is_zero():
        return _arb(1) / order
    size = z.abs_upper()
    if size >= 1:
        return z.expm1() / z if order == 1 else (z.expm1() - z) / (z * z)
    enough = _arb((1, -working_bits() - 4))
    term = total = _arb(1) / order
    j = 0
    while True:
        j += 1
        term = term * z / (j + order)
        bound = term.abs_upper()
        if bound <= enough:
            # |z| < 1, so that each further term is at most half of the one before: they add up
            # to at most 2 |term|, this one included.
            return total + _arb(0, bound * 2)
        total += term


def _increasing_tail(z: Real, order: int) -> Real:
    if z.is_exact():
        return _tail_of_exp(z, order)
    return _tail_of_exp(z.lower(), order).union(_tail_of_exp(z.upper(), order))


def _finite_product(m: Real, eta: Real, what: str) -> Real:
    z = m * eta
    if not z.is_finite():
        raise DomainViolation(f"{what} needs finite arguments, got {m.str(5)} and {eta.str(5)}")
    return z


def expm1_over(m: Real, eta: Real) -> Real:
    """Enclose (e^{m eta} - 1) / m = int_0^eta e^{m s} ds, safe where m may be 0."""
    return eta * _increasing_tail(_finite_product(m, eta, "expm1_over"), 1)


def psi(m: Real, eta: Real) -> Real:
    """Enclose int_0^eta e^{m (eta - s)} s ds, safe where m may be 0.

    It is (e^{m eta} - 1 - m eta) / m^2, and eta^2 / 2 at m = 0.

    Examples
    --------
    >>> psi(_arb(0), _arb(3)).str(5)
    '4.5000'
    """
    return square(eta) * _increasing_tail(_finite_product(m, eta, "psi"), 2)


# -- the table -----------------------------------------------------------------------------------
def exp(x: Real) -> Real:
    """Enclose e^x, by a ball of numbers > 0 for x up to some thousand wide.

    It is infinite, not nan, where it overflows.
    """
    value = _known(x.exp(), "exp", x)
    return value if value > 0 or not value.is_finite() else _positive_exp(x, value)


def _positive_exp(x: Real, value: Real) -> Real:
    """Enclose e^x by [l, l + 2 r], l > 0; rounding the midpoint of `value` lost its lower end.

    The midpoint l + r is kept exactly, which takes the bits between l and r.
    """
    low, high = x.lower().exp().lower(), x.upper().exp().upper()
    spread = _arb(0, ((high - low) / 2).upper())
    radius = spread.rad()
    if not low > 0 or not radius <= low * _arb((1, LONGEST_MIDPOINT)):
        return value
    with precision(LONGEST_MIDPOINT + 2 * working_bits() + 64):
        return low + radius + spread


def log(x: Real) -> Real:
    """Enclose the natural logarithm of a number that is certainly > 0."""
    if not x > 0:
        raise DomainViolation(f"log of {x.str(5)}, which may be <= 0")
    return _known(x.log(), "log", x)


def pi() -> Real:
    """Enclose pi at the working precision."""
    return _arb.pi()


def _monotone(name: str, function: Callable[[Real], Real]) -> Callable[[Real], Real]:
    """Evaluate a monotone function at the end points where flint knows little or nothing.

    flint loses asin, acos, acosh where the ball touches the end of the domain, asinh around 0, and
    tanh on wide balls around 0, where erf comes out far too wide.
    """

    def enclosed(x: Real) -> Real:
        value = function(x)
        if x.is_finite() and (not value.is_finite() or x.rel_accuracy_bits() < WIDE):
            ends = function(x.lower()).union(function(x.upper()))
            # An end, rounded outwards, may leave the domain that the ball still keeps to.
            value = ends if ends.is_finite() else value
        return _bounded(name, value, x)

    return enclosed


def _bounded(name: str, value: Real, x: Real) -> Real:
    if not value.is_finite():
        raise DomainViolation(f"{name} of {x.str(5)} is unbounded or unknown there")
    return value


def _plain(name: str, function: Callable[[Real], Real]) -> Callable[[Real], Real]:
    return lambda x: _bounded(name, function(x), x)


FUNCTIONS: dict[str, Callable[[Real], Real]] = {
    "exp": exp,
    "log": log,
    "sin": _plain("sin", _arb.sin),
    "cos": _plain("cos", _arb.cos),
    "tan": _plain("tan", _arb.tan),
    "sinh": lambda x: _known(x.sinh(), "sinh", x),
    "cosh": lambda x: _known(x.cosh(), "cosh", x),
    "tanh": _monotone("tanh", _arb.tanh),
    "asin": _monotone("asin", _arb.asin),
    "acos": _monotone("acos", _arb.acos),
    "atan": _monotone("atan", _arb.atan),
    "asinh": _monotone("asinh", _arb.asinh),
    "acosh": _monotone("acosh", _arb.acosh),
    "atanh": _monotone("atanh", _arb.atanh),
    "Abs": absolute,
    "sqrt": sqrt,
    "erf": _monotone("erf", _arb.erf),
}
"""Enclosures by the name SymPy gives the function; each raises DomainViolation, never nan."""
