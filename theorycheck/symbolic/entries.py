"""Evaluate words on explicit matrices: the entrywise cross-check of what was derived in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy
from sympy import Expr

from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.letters import Dimension, Letter, Word
from theorycheck.symbolic.rewriting import letter_of
from theorycheck.symbolic.words import Trace, Words

__all__ = ["entries"]


def entries(
    expression: Words | Expr,
    matrices: Mapping[Words, Any],
    scalars: Mapping[Expr, Any] | None = None,
) -> Any:
    """Evaluate at explicit matrices (nested sequences or SymPy matrices, exact entries).

    Returns
    -------
    SymPy matrix, or SymPy expression for a scalar

    Raises
    ------
    InvalidExpression    a letter without a matrix, or a matrix of another shape than its letter
    """
    values, numbers = {}, dict(scalars or {})
    for key, value in matrices.items():
        letter, matrix = letter_of(key), sympy.Matrix(value)
        values[letter] = matrix
        for size, symbol in zip(matrix.shape, letter.shape or (), strict=False):
            symbol = sympy.sympify(symbol)
            if numbers.setdefault(symbol, size) != size and symbol.is_Symbol:
                raise InvalidExpression(
                    f"{letter} is {matrix.shape}, but {symbol} = {numbers[symbol]}"
                )
            if symbol.is_Integer and symbol != size:
                raise InvalidExpression(f"{letter} is {matrix.shape}, expected {letter.shape}")
    return _Entries(values, numbers).of(expression)


class _Entries:
    def __init__(self, matrices: Mapping[Letter, Any], scalars: Mapping[Expr, Any]) -> None:
        self.matrices, self.scalars = matrices, scalars

    def of(self, expression: Words | Expr) -> Any:
        if not isinstance(expression, Words):
            return self.scalar(sympy.sympify(expression))
        if expression.shape is None:
            raise InvalidExpression(f"({expression}) has no tracked shape")
        rows, columns = (self.size(d) for d in expression.shape)
        total = sympy.zeros(rows, columns)
        for word, coefficient in expression.terms:
            total += self.scalar(sympy.sympify(coefficient)) * self.word(word, rows)
        return total

    def size(self, dimension: Dimension) -> int:
        value = self.scalar(sympy.sympify(dimension))
        if not value.is_Integer:
            raise InvalidExpression(f"no number for {value}; give a matrix for every letter")
        return int(value)

    def word(self, word: Word, size: int) -> Any:
        product = sympy.eye(size)
        for i, letter in enumerate(word):
            product = self.letter(letter) if not i else product * self.letter(letter)
        return product

    def letter(self, letter: Letter) -> Any:
        if letter.plain not in self.matrices:
            raise InvalidExpression(f"no matrix for the letter {letter.plain}")
        matrix = self.matrices[letter.plain]
        if letter.transposed:
            return matrix.T
        exponent = self.scalar(sympy.sympify(letter.exponent))
        return matrix if exponent == 1 else matrix**exponent

    def scalar(self, expression: Expr) -> Expr:
        traces = {a: self.word(a.word, 0).trace() for a in expression.atoms(Trace)}
        return expression.xreplace(traces).subs(self.scalars)
