"""Typeset scalar expressions and words; the square root of a squared norm is the norm."""

from __future__ import annotations

from typing import Any

from theorycheck.symbolic.forms import Form, latex_of, scalar_latex, text_of
from theorycheck.symbolic.letters import Letter, Word
from theorycheck.symbolic.words import Words

__all__ = ["latex", "text", "word_latex", "word_text"]


def latex(expression: Any) -> str:
    """Typeset a SymPy expression, or words as they were written, as LaTeX."""
    if isinstance(expression, Words):
        return latex_of(expression.form or normal_form(expression))
    return scalar_latex(expression)


def text(expression: Any) -> str:
    """Print a SymPy expression, or words as they were written, as plain text."""
    from theorycheck.symbolic.forms import scalar_text

    if isinstance(expression, Words):
        return text_of(expression.form or normal_form(expression))
    return scalar_text(expression)


def word_latex(word: Word) -> str:
    """Typeset one product of letters; the empty product is I."""
    return latex_of(_word(word))


def word_text(word: Word) -> str:
    return text_of(_word(word))


def normal_form(words: Words) -> Form:
    """The normal form, as a sum of products."""
    parts = []
    for word, coefficient in words.terms:
        product = _word(word)
        parts.append(product if coefficient == 1 else Form("scaled", (coefficient, product)))
    if not parts:
        return Form("letter", ("0",))
    return parts[0] if len(parts) == 1 else Form("sum", tuple(parts))


def _word(word: Word) -> Form:
    letters = tuple(_letter(x) for x in word)
    if not letters:
        return Form("letter", ("I",))
    return letters[0] if len(letters) == 1 else Form("product", letters)


def _letter(letter: Letter) -> Form:
    name = Form("letter", (str(letter.name),))
    if letter.transposed:
        return Form("transpose", (name,))
    return name if letter.exponent == 1 else Form("power", (name, letter.exponent))
