"""Letters: matrices of symbolic dimension, plain or transposed, and powers of symmetric ones."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import TypeAlias

import sympy
from sympy import Expr

from theorycheck.errors import InvalidExpression

__all__ = [
    "Dimension", "Letter", "Shape", "Word", "dimension", "joined", "transposed", "word_key",
]  # fmt: skip

Dimension: TypeAlias = Expr | int
Shape: TypeAlias = tuple[Dimension, Dimension]


def dimension(name: str) -> Expr:
    """A positive integer symbol, for a width; the name is its LaTeX."""
    return sympy.Symbol(name, integer=True, positive=True)


@dataclass(frozen=True, slots=True)
class Letter:
    """Stand for a matrix, its transpose, or a power of a symmetric matrix.

    Parameters
    ----------
    name : hashable       identifies the matrix; a string is its LaTeX
    transposed : bool
    symmetric : bool      a symmetric letter equals its transpose
    shape : (rows, columns) of the plain letter, integers or SymPy expressions; None: not tracked
    exponent : int or SymPy expression
        other than 1 for symmetric letters only; negative integers are refused (name an inverse as
        a letter of its own). A^0 = I, and powers of one matrix multiply by adding exponents.
    psd : bool            positive semidefinite; needed for exponents that are not known to be
                          natural numbers, and recorded as a hypothesis by a derivation. A symbolic
                          exponent stands for its nonnegative values.
    """

    name: Hashable
    transposed: bool = False
    symmetric: bool = False
    shape: Shape | None = None
    exponent: Expr | int = 1
    psd: bool = False

    @property
    def T(self) -> Letter:
        if self.symmetric:
            return self
        return replace(self, transposed=not self.transposed)

    @property
    def rows(self) -> Dimension | None:
        return None if self.shape is None else self.shape[1 if self.transposed else 0]

    @property
    def columns(self) -> Dimension | None:
        return None if self.shape is None else self.shape[0 if self.transposed else 1]

    @property
    def plain(self) -> Letter:
        """The letter itself, without transpose and power."""
        return replace(self, transposed=False, exponent=1)

    def to_power(self, exponent: Expr | int) -> Letter:
        if not self.symmetric:
            raise InvalidExpression(f"{self.name} is not symmetric; write its powers as products")
        whole = _plain_number(sympy.expand(self.exponent * sympy.sympify(exponent)))
        natural = sympy.sympify(whole)
        if natural.is_negative:
            raise InvalidExpression(
                f"{self.name}^({whole}): name the inverse as a letter of its own"
            )
        if not (natural.is_integer and natural.is_nonnegative) and not self.psd:
            raise InvalidExpression(
                f"{self.name}^({whole}) needs a positive semidefinite matrix; pass psd=True"
            )
        return replace(self, exponent=whole)

    def __lt__(self, other: Letter) -> bool:
        """Order by name: SymPy sorts the traces of words in a product. It says nothing else."""
        return self._key < other._key

    def __gt__(self, other: Letter) -> bool:
        return self._key > other._key

    @property
    def _key(self) -> tuple[str, bool, bool, str, str]:
        shape = str(self.shape)
        return str(self.name), self.transposed, self.symmetric, str(self.exponent), shape

    def __str__(self) -> str:
        mark = "^T" if self.transposed else "" if self.exponent == 1 else f"^({self.exponent})"
        return f"{self.name}{mark}"


Word = tuple[Letter, ...]


def transposed(word: Word) -> Word:
    """Reverse the word and transpose its letters."""
    return tuple(letter.T for letter in reversed(word))


def joined(*words: Word) -> Word:
    """Concatenate words; neighbouring powers of one symmetric letter become one power."""
    result: list[Letter] = []
    for word in words:
        for letter in word:
            if letter.symmetric and result and result[-1].plain == letter.plain:
                before = result.pop()
                exponent = _plain_number(sympy.expand(before.exponent + letter.exponent))
                if exponent != 0:
                    result.append(replace(letter, exponent=exponent))
            elif letter.exponent != 0:
                result.append(letter)
    return tuple(result)


def word_key(word: Word) -> tuple[tuple[str, bool, str], ...]:
    """Order words for a canonical choice among rotations and transposes."""
    return tuple((str(x.name), x.transposed, str(x.exponent)) for x in word)


def _plain_number(exponent: Expr) -> Expr | int:
    return int(exponent) if exponent.is_Integer else exponent
