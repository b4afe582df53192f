"""Exceptions. A mathematical "don't know" is a verdict, never an exception for the user."""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, Decimal, localcontext
from fractions import Fraction

__all__ = [
    "BudgetExceeded",
    "DomainViolation",
    "EnclosureFailed",
    "InvalidClaim",
    "InvalidExpression",
    "InvalidInstance",
    "TheorycheckError",
    "UnknownClaim",
    "UnsuitableData",
    "short_text",
]


def short_text(value: Fraction, digits: int = 6) -> str:
    """Write a rational of any size with a few digits, to the nearest: for messages only.

    Examples
    --------
    >>> short_text(Fraction(1, 3)), short_text(Fraction(10) ** 400 / 3, 3)
    ('0.333333', '3.33e+399')
    """
    try:
        return f"{float(value):.{digits}g}"
    except OverflowError:
        with localcontext(prec=digits + 2, Emax=MAX_EMAX, Emin=MIN_EMIN):
            return f"{Decimal(value.numerator) / Decimal(value.denominator):.{digits}g}".lower()


class TheorycheckError(Exception):
    """Base of all errors raised on purpose. Says nothing about any verdict."""


class InvalidInstance(TheorycheckError, ValueError):
    """Reject an instance, a datum or an option at the door.

    It does not mean that a claim is false or vacuous: nothing was checked.
    """


class UnsuitableData(InvalidInstance):
    """Report data of another kind than a claim needs; they may be right for another claim."""


class InvalidClaim(TheorycheckError, TypeError):
    """Reject a claim that is not well formed (a bool for a relation, mixed axes).

    It does not mean that the mathematical statement is false.
    """


class InvalidExpression(TheorycheckError, ValueError):
    """Reject a symbolic expression that is not well formed: shapes that do not fit, a letter
    without a rate, a model that is not polynomial.

    It does not mean that the statement it was meant for is false.
    """


class UnknownClaim(TheorycheckError, LookupError):
    """Report a name that is in no registry. The nearest names are in the message."""


class DomainViolation(TheorycheckError, ArithmeticError):
    """Report a function evaluated where its enclosure may leave the domain.

    It does not mean that the point is outside: only that the ball could not exclude it.
    """


class BudgetExceeded(TheorycheckError):
    """Report that seconds, steps or bits ran out. The claim is neither true nor false for it."""


class EnclosureFailed(TheorycheckError):
    """Report that a trajectory could not be enclosed up to the horizon.

    It does not mean that the solution ceases to exist at `reached`; only that nothing is
    certified beyond it.

    Parameters
    ----------
    reason : str          what stopped the enclosure, and what would help
    reached : Fraction    the time up to which the enclosure is certified, flow time
    """

    def __init__(self, reason: str, reached: Fraction) -> None:
        super().__init__(f"{reason} (certified up to t = {short_text(reached)})")
        self.reason = reason
        self.reached = reached
