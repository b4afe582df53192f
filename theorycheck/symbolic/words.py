"""A normal form for sums of matrix products: non-commutative words with rational coefficients.

A word is a tuple of letters, each plain or transposed. Two matrix expressions whose normal forms
agree are equal for all matrices of fitting shapes; the converse is not claimed. A rewriting rule
on neighbouring letters (balancedness: W_{j+1}^T W_{j+1} -> W_j W_j^T) decides equality under a
hypothesis.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Letter", "Rule", "Word", "Words"]


@dataclass(frozen=True, slots=True)
class Letter:
    """Stand for a matrix or its transpose.

    Parameters
    ----------
    name : hashable       identifies the matrix
    transposed : bool
    symmetric : bool      a symmetric letter equals its transpose
    """

    name: Hashable
    transposed: bool = False
    symmetric: bool = False

    @property
    def T(self) -> Letter:
        if self.symmetric:
            return self
        return Letter(self.name, not self.transposed, self.symmetric)


Word = tuple[Letter, ...]
Rule = Callable[[Letter, Letter], Word | None]


@dataclass(frozen=True)
class Words:
    """Hold a finite sum of words, in normal form under an optional rule.

    Build with `Words.letter`, `Words.identity`, then `+`, `-`, `@`, `scaled`, `.T`.
    Shapes are not tracked: the caller has checked them.
    """

    terms: tuple[tuple[Word, Fraction], ...]

    @classmethod
    def of(cls, terms: Iterable[tuple[Word, Fraction]]) -> Words:
        collected: dict[Word, Fraction] = {}
        for word, coefficient in terms:
            collected[word] = collected.get(word, Fraction(0)) + coefficient
        return cls(tuple((w, c) for w, c in collected.items() if c))

    @classmethod
    def letter(cls, letter: Letter) -> Words:
        return cls((((letter,), Fraction(1)),))

    @classmethod
    def identity(cls) -> Words:
        return cls((((), Fraction(1)),))

    @classmethod
    def zero(cls) -> Words:
        return cls(())

    def __add__(self, other: Words) -> Words:
        return Words.of([*self.terms, *other.terms])

    def __sub__(self, other: Words) -> Words:
        return self + other.scaled(Fraction(-1))

    def __matmul__(self, other: Words) -> Words:
        return Words.of((v + w, a * b) for v, a in self.terms for w, b in other.terms)

    def scaled(self, factor: Fraction) -> Words:
        return Words.of((word, factor * c) for word, c in self.terms)

    @property
    def T(self) -> Words:
        return Words.of((tuple(x.T for x in reversed(word)), c) for word, c in self.terms)

    @property
    def is_zero(self) -> bool:
        return not self.terms

    def reduced(self, rule: Rule) -> Words:
        """Rewrite neighbouring letters until the rule no longer applies.

        The caller answers for termination; balancedness lowers the layer indices each time.
        """
        return Words.of((_reduce(word, rule), c) for word, c in self.terms)

    def __len__(self) -> int:
        return len(self.terms)


def _reduce(word: Word, rule: Rule) -> Word:
    i = 0
    while i < len(word) - 1:
        replacement = rule(word[i], word[i + 1])
        if replacement is None:
            i += 1
        else:
            word = word[:i] + replacement + word[i + 2 :]
            i = max(i - 1, 0)
    return word
