"""Derivatives of words: along a flow, and in a direction. A derivation is fixed by its letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import sympy
from sympy import Expr

from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.forms import Form
from theorycheck.symbolic.letters import Letter, Word
from theorycheck.symbolic.named import derivative
from theorycheck.symbolic.rewriting import letter_of, substitute
from theorycheck.symbolic.words import Trace, Words, form_of, require_symmetry, trace

__all__ = ["Rates", "rates", "variation"]


@dataclass(frozen=True)
class Rates:
    """Differentiate words and scalars, given the derivative of every letter.

    Parameters
    ----------
    letters : letter -> its derivative
    constants : letters with derivative 0
    scalars : symbol or function -> its derivative; other symbols are constant
    default_zero : letters without a rate are constant, instead of an error
    symbol : LaTeX of the derivation
    """

    letters: Mapping[Letter, Words]
    constants: frozenset[Letter] = frozenset()
    scalars: Mapping[Expr, Expr] = field(default_factory=dict)
    default_zero: bool = False
    symbol: str = r"\frac{d}{dt}"

    def __call__(self, expression: Words | Expr) -> Words | Expr:
        """Differentiate by the product rule.

        Raises
        ------
        InvalidExpression    a letter without a rate, or a power that has no product rule
        """
        if isinstance(expression, Words):
            return self.of_words(expression)
        return self.of_scalar(sympy.sympify(expression))

    def of_words(self, expression: Words) -> Words:
        made = self._of_words(expression)
        if expression.shape is None:
            return made
        # the operand stays with the form, so that a conservation law can say of what
        shown = Form("rate", (form_of(expression), self.symbol, expression))
        return replace(made, form=shown)

    def _of_words(self, expression: Words) -> Words:
        result = Words.zero(expression.shape)
        for word, coefficient in expression.terms:
            moved = self._word(word, expression)
            result = result + moved.scaled(coefficient)
            slope = self.of_scalar(sympy.sympify(coefficient))
            if slope != 0:
                result = result + Words.of([(word, slope)], expression.shape)
        return result

    def rate(self, expression: Expr) -> Expr:
        """Differentiate a scalar; the result is printed as d/dt of the expression."""
        return derivative(expression, self.of_scalar(expression), self.symbol)

    def of_scalar(self, expression: Expr) -> Expr:
        total = sympy.S.Zero
        for atom in expression.atoms(Trace) | set(self.scalars):
            if atom in self.scalars:
                rate = self.scalars[atom]
            else:
                total_of_words = self._word(atom.word, None)
                rate = trace(_with_shape(total_of_words, atom.word))
            if rate != 0 and expression.has(atom):
                variable = sympy.Dummy()
                slope = sympy.diff(expression.xreplace({atom: variable}), variable)
                total += slope.xreplace({variable: atom}) * rate
        return sympy.expand(total)

    def _word(self, word: Word, whole: Words | None) -> Words:
        result = Words.zero(None if whole is None else whole.shape)
        for i, letter in enumerate(word):
            middle = self._letter(letter)
            if middle.is_zero:
                continue
            left = Words.of([(word[:i], 1)])
            right = Words.of([(word[i + 1 :], 1)])
            bare = left @ Words(middle.terms) @ right
            result = result + Words.of(bare.terms, result.shape)
        return result

    def _letter(self, letter: Letter) -> Words:
        plain = letter.plain
        if plain not in self.letters:
            if self.default_zero or plain in self.constants:
                return Words.zero()
            raise InvalidExpression(
                f"the letter {plain} has no rate; give one, or list it among the constants"
            )
        rate = self.letters[plain]
        if letter.transposed:
            return rate.T
        if letter.exponent == 1:
            return rate
        if isinstance(letter.exponent, int) and letter.exponent > 1:
            base, result = Words.letter(plain), Words.zero(rate.shape)
            for k in range(letter.exponent):
                result = result + base**k @ rate @ base ** (letter.exponent - 1 - k)
            return result
        raise InvalidExpression(f"the power {letter} has no product rule; name it as a letter")


def rates(
    letters: Mapping[Words, Words],
    *,
    constants: Iterable[Words] = (),
    scalars: Mapping[Expr, Expr] | None = None,
) -> Rates:
    """Give the derivative of every letter along a flow.

    Raises
    ------
    InvalidExpression    a key that is no letter, or a rate of another shape than its letter
    """
    for key, value in letters.items():
        _ = key - value
        require_symmetry(letter_of(key), value)
    return Rates(
        {letter_of(key): value for key, value in letters.items()},
        frozenset(letter_of(c) for c in constants),
        dict(scalars or {}),
    )


def variation(
    expression: Words | Expr,
    directions: Mapping[Words, Words],
    order: int = 1,
    *,
    scalars: Mapping[Expr, Expr] | None = None,
) -> Words | Expr:
    """Differentiate `order` times at tau = 0 along letter + tau direction.

    Letters without a direction stay fixed; the directions themselves are constant.
    """
    for key, value in directions.items():
        _ = key - value
        require_symmetry(letter_of(key), value)
    # a direction may contain the letters that vary: there they stand for their value at tau = 0
    frozen = {key: Words.letter(_frozen(letter_of(key))) for key in directions}
    table = {letter_of(key): _put(value, frozen) for key, value in directions.items()}
    along = Rates(table, scalars=dict(scalars or {}), default_zero=True, symbol="D")
    shown = None
    for _ in range(order):
        expression = along(expression)
        shown = expression.form if isinstance(expression, Words) else None
    thawed = substitute(expression, {value: key for key, value in frozen.items()})
    return replace(thawed, form=shown) if isinstance(thawed, Words) else thawed


def _frozen(letter: Letter) -> Letter:
    return replace(letter, name=f"{letter.name}_frozen")


def _put(value: Words, frozen: Mapping[Words, Words]) -> Words:
    put = substitute(value, frozen)
    assert isinstance(put, Words)
    return replace(put, form=value.form)


def _with_shape(words: Words, word: Word) -> Words:
    rows, columns = word[0].rows, word[-1].columns
    if rows is None or columns is None:
        return words
    return Words.of(words.terms, (rows, columns))
