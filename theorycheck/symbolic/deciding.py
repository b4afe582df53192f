"""Decide that two expressions are equal: words under rules, `expand`, `cancel`, an ideal.

Each answer names the normal form that decided. None means that no normal form is 0, not that the
expressions differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import sympy
from sympy import Expr

from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.named import unnamed
from theorycheck.symbolic.normal_forms import cancels_to_zero, expands_to_zero
from theorycheck.symbolic.rewriting import Rewriting
from theorycheck.symbolic.signs import Sign, sign_of
from theorycheck.symbolic.words import Trace, Words

__all__ = ["Expression", "Hypotheses", "conditions", "equality", "exact"]

Expression: TypeAlias = Words | Expr


NO_RULES = Rewriting()


@dataclass(frozen=True)
class Hypotheses:
    """What may be used: rewriting rules for words, scalar expressions that are 0.

    Parameters
    ----------
    rules : Rewriting
    zeros : SymPy expressions that vanish, such as sin(x)^2 + cos(x)^2 - 1
    names : names of the hypotheses, as a derivation has recorded them
    every : symbols for every value of which they hold, so that an induction may use them
    least : the value of those symbols from which on they hold
    """

    rules: Rewriting = NO_RULES
    zeros: tuple[Expr, ...] = ()
    names: tuple[str, ...] = ()
    every: frozenset[Expr] = frozenset()
    least: int = 0

    def __add__(self, other: Hypotheses) -> Hypotheses:
        return Hypotheses(
            self.rules + other.rules,
            self.zeros + other.zeros,
            self.names + other.names,
            self.every | other.every,
            max(self.least, other.least),
        )

    @property
    def is_empty(self) -> bool:
        return not self.rules.rules and not self.zeros


NONE = Hypotheses()


def equality(left: Expression, right: Expression, using: Hypotheses = NONE) -> str | None:
    """Return the name of the normal form that shows left = right, or None.

    Raises
    ------
    InvalidExpression    a matrix compared with a scalar, or shapes that do not fit
    """
    left, right = exact(left), exact(right)
    if isinstance(left, Words) or isinstance(right, Words):
        if not isinstance(left, Words) or not isinstance(right, Words):
            raise InvalidExpression(f"{left} and {right}: a matrix is compared with a scalar")
        difference = using.rules.words(left - right)
        if difference.is_zero:
            return "words"
        scalars = [_scalar(sympy.sympify(c), using) for _, c in difference.terms]
        return "words with " + scalars[-1] if all(scalars) else None  # type: ignore[operator]
    return _scalar(left - right, using)


def exact(value: object) -> Expression:
    """Read a side of a statement: words, or a commuting scalar without floats.

    Raises
    ------
    InvalidExpression
    """
    if isinstance(value, Words):
        return value
    try:
        made = None if isinstance(value, str) else sympy.sympify(value)
    except (sympy.SympifyError, TypeError):
        made = None
    if not isinstance(made, Expr) or not made.is_commutative:
        raise InvalidExpression(f"{value!r} is no scalar expression and no matrix in words")
    if made.has(sympy.Float):
        raise InvalidExpression(f"{made} has a float; use Rational or Fraction")
    return made


def conditions(*sides: Expression) -> list[Expr]:
    """The denominators of scalar sides that are not seen to differ from 0."""
    found: list[Expr] = []
    for side in sides:
        parts = [c for _, c in side.terms] if isinstance(side, Words) else [side]
        for part in parts:
            for power in unnamed(sympy.sympify(part)).atoms(sympy.Pow):
                certain = sign_of(power.base) in (Sign.POSITIVE, Sign.NEGATIVE)
                if power.exp.is_negative and not certain and power.base not in found:
                    found.append(power.base)
    return found


def _scalar(difference: Expr, using: Hypotheses) -> str | None:
    difference = unnamed(difference)
    words = "words, " if difference.atoms(Trace) else ""
    reduced = using.rules.scalar(difference)
    if expands_to_zero(reduced):
        return words + "expand"
    if cancels_to_zero(_named(reduced)):
        return words + "cancel"
    split = _split(reduced, {})
    if split != reduced and cancels_to_zero(_named(split)):
        return words + "cancel"
    if using.zeros and _in_ideal(reduced, [unnamed(zero) for zero in using.zeros]):
        return words + "polynomials modulo the hypotheses"
    return None


def _named(expression: Expr) -> Expr:
    """Traces as symbols: rational function algorithms know nothing of their words."""
    return expression.xreplace({atom: sympy.Dummy() for atom in expression.atoms(Trace)})


def _in_ideal(expression: Expr, zeros: Sequence[Expr]) -> bool:
    """Tell whether the numerator is a polynomial combination of the numerators of `zeros`.

    Sound where the denominators do not vanish, as wherever the expressions are defined.
    """
    table = {atom: sympy.Dummy() for e in (expression, *zeros) for atom in e.atoms(Trace)}
    powers: dict[tuple[Expr, Expr], Expr] = {}
    numerator, *generators = (
        sympy.fraction(sympy.together(_split(e.xreplace(table), powers)))[0]
        for e in (expression, *zeros)
    )
    if any(_vanishes(zero, expression.xreplace(table)) for zero in generators):
        return False
    basis = sympy.groebner(generators, *_letters(generators, numerator), order="grevlex")
    return bool(basis.contains(sympy.expand(numerator)))


def _vanishes(zero: Expr, expression: Expr) -> bool:
    """Whether a hypothesis makes a denominator of the expression 0."""
    below = sympy.fraction(sympy.together(expression))[1]
    if below.is_number or zero.is_number:
        return False
    return bool(
        sympy.Poly(below, *_letters([zero], below))
        .rem(sympy.Poly(zero, *_letters([zero], below)))
        .is_zero
    )


def _split(expression: Expr, powers: dict[tuple[Expr, Expr], Expr]) -> Expr:
    """Write x^{2k-1} as K^2/x with a symbol K for x^k, so that powers of x multiply as polynomials.

    Valid for x != 0. `powers` holds the symbols made.
    """

    def pieces(power: Expr) -> Expr:
        base, product = power.base, sympy.S.One
        for term in sympy.Add.make_args(sympy.expand(power.exp)):
            number, rest = term.as_coeff_Mul()
            if rest == 1:
                product *= base**number
                continue
            letter = powers.setdefault((base, rest / number.q), sympy.Dummy())
            product *= letter**number.p
        return product

    return expression.replace(lambda e: e.is_Pow and not e.exp.is_number, pieces)


def _letters(generators: Sequence[Expr], numerator: Expr) -> list[Expr]:
    found: set[Expr] = set()
    for item in (*generators, numerator):
        found |= set(sympy.Poly(item).gens) if not item.is_number else set()
    return sorted(found, key=sympy.default_sort_key)
