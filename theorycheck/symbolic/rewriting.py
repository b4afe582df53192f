"""Hypotheses as rewriting rules: a product of letters may be replaced by a sum of words.

Two expressions that reduce to the same normal form are equal wherever the rules hold. Rules that
do not meet in a common form only miss equalities; they never invent one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy
from sympy import Expr

from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.letters import Letter, Word, joined, transposed
from theorycheck.symbolic.words import Coefficient, Trace, Words, require_symmetry, trace

__all__ = ["Rewriting", "letter_of", "rewriting", "substitute"]

MAX_STEPS = 20_000


@dataclass(frozen=True)
class Rewriting:
    """Hold rules word -> words, read left to right; the transposed rules hold with them.

    Parameters
    ----------
    rules : tuple of (pattern, replacement)
    """

    rules: tuple[tuple[Word, Words], ...] = ()

    def __add__(self, other: Rewriting) -> Rewriting:
        return Rewriting(self.rules + other.rules)

    def words(self, expression: Words) -> Words:
        """Rewrite until no rule applies.

        Raises
        ------
        InvalidExpression    more than MAX_STEPS rewritings: the rules run in a circle
        """
        pending, result, steps = [(w, c) for w, c in expression.terms], [], 0
        while pending:
            word, coefficient = pending.pop()
            replaced = self._once(word)
            if replaced is None:
                result.append((word, coefficient))
                continue
            steps += 1
            if steps > MAX_STEPS:
                raise InvalidExpression("the rewriting rules run in a circle; orient them")
            shaped = Words(replaced.terms, None).scaled(coefficient)
            pending.extend(shaped.terms)
        made = Words.of(result, expression.shape)
        return Words.of(((w, self._coefficient(c)) for w, c in made.terms), made.shape)

    def _coefficient(self, coefficient: Coefficient) -> Coefficient:
        return coefficient if isinstance(coefficient, Fraction) else self.scalar(coefficient)

    def scalar(self, expression: Expr) -> Expr:
        """Rewrite inside every trace of a scalar expression."""
        atoms = sympy.sympify(expression).atoms(Trace)
        changed = {atom: self._trace(atom) for atom in atoms}
        changed = {atom: value for atom, value in changed.items() if value != atom}
        return sympy.expand(expression.xreplace(changed)) if changed else expression

    def _trace(self, atom: Trace) -> Expr:
        """Rewrite one trace, its word read from any letter on."""
        word = atom.word
        scalar = word[0].rows == 1 and word[-1].columns == 1
        turns = 1 if scalar else len(word)
        for i in range(turns):
            turned = word[i:] + word[:i]
            replaced = self._once(turned)
            if replaced is not None:
                shape = (turned[0].rows, turned[-1].columns)
                known = None if shape[0] is None or shape[1] is None else (shape[0], shape[1])
                return self.scalar(trace(Words.of(replaced.terms, known)))
        return atom

    def _once(self, word: Word) -> Words | None:
        for pattern, replacement in self.rules:
            for read, put in ((pattern, replacement), (transposed(pattern), replacement.T)):
                found = _replace_once(word, read, put)
                if found is not None:
                    return found
        return None


def rewriting(*rules: tuple[Words, Words]) -> Rewriting:
    """Make rules of pairs (left, right); the left side is one word with coefficient 1.

    Raises
    ------
    InvalidExpression    a left side that is no single word, or sides of different shapes
    """
    made = []
    for left, right in rules:
        if len(left.terms) != 1 or left.terms[0][1] != 1 or not left.terms[0][0]:
            raise InvalidExpression(
                f"the left side ({left}) of a rule must be one product of letters"
            )
        (word, _), _ = left.terms[0], left - right
        made.append((word, right))
    return Rewriting(tuple(made))


def substitute(expression: Words | Expr, values: Mapping[Words, Words]) -> Words | Expr:
    """Replace letters by expressions of the same shape, inside traces too.

    Raises
    ------
    InvalidExpression    a key that is no letter, or a power of a letter that cannot be expanded
    """
    table = {letter_of(key): value for key, value in values.items()}
    for key, value in values.items():
        _ = key - value  # the shapes must agree
        require_symmetry(letter_of(key), value)
    if isinstance(expression, Words):
        return _substituted(expression, table)
    return _scalar_substituted(sympy.sympify(expression), table)


def _scalar_substituted(expression: Expr, table: Mapping[Letter, Words]) -> Expr:
    changed = {}
    for atom in expression.atoms(Trace):
        if any(x.plain in table for x in atom.word):
            shape = (atom.word[0].rows, atom.word[-1].columns)
            known = None if shape[0] is None or shape[1] is None else (shape[0], shape[1])
            changed[atom] = trace(_substituted(Words.of([(atom.word, 1)], None), table, known))
    return sympy.expand(expression.xreplace(changed)) if changed else expression


def letter_of(words: Words) -> Letter:
    """Return the letter that the expression consists of.

    Raises
    ------
    InvalidExpression    the expression is a sum, a product, a multiple or a transpose
    """
    if len(words.terms) == 1:
        word, coefficient = words.terms[0]
        if not word and isinstance(coefficient, Trace):  # a 1 x 1 letter is a scalar
            word, coefficient = coefficient.word, Fraction(1)
        if coefficient == 1 and len(word) == 1 and word[0] == word[0].plain:
            return word[0]
    raise InvalidExpression(f"({words}) is not a single letter")


def _substituted(
    expression: Words, table: Mapping[Letter, Words], shape: tuple[object, object] | None = None
) -> Words:
    result = Words.zero(expression.shape or shape)
    for word, coefficient in expression.terms:
        product: Words | None = None
        for letter in word:
            factor = _value(letter, table)
            product = factor if product is None else product @ factor
        if product is None:
            product = Words.identity(None if expression.shape is None else expression.shape[0])
        result = result + product.scaled(_scalar_substituted(sympy.sympify(coefficient), table))
    return result


def _value(letter: Letter, table: Mapping[Letter, Words]) -> Words:
    if letter.plain not in table:
        return Words.letter(letter)
    value = table[letter.plain]
    if letter.transposed:
        return value.T
    return value if letter.exponent == 1 else value**letter.exponent


def _replace_once(word: Word, pattern: Word, replacement: Words) -> Words | None:
    """Replace the first occurrence; a power of a symmetric letter offers what it has."""
    for i in range(len(word) - len(pattern) + 1):
        left, right = _rests(word[i], pattern[0]), _rests(word[i + len(pattern) - 1], pattern[-1])
        inside = word[i + 1 : i + len(pattern) - 1] == pattern[1:-1]
        if not inside or left is None or right is None:
            continue
        before, after = word[:i], word[i + len(pattern) :]
        if len(pattern) == 1:
            before, right = joined(before, left), ()
        else:
            before = joined(before, left)
        return Words.of(
            (joined(before, middle, right, after), c) for middle, c in replacement.terms
        )
    return None


def _rests(letter: Letter, wanted: Letter) -> Word | None:
    """What remains of a letter when one factor `wanted` is split off; None: not there."""
    if letter == wanted:
        return ()
    if not (letter.symmetric and wanted.symmetric and letter.name == wanted.name):
        return None
    rest = sympy.expand(sympy.sympify(letter.exponent) - wanted.exponent)
    if rest.is_positive and sympy.sympify(wanted.exponent).is_nonnegative:
        return (letter.plain.to_power(rest),)
    return None
