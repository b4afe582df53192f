"""Exact random matrices for the entrywise cross-checks of derived results."""

from __future__ import annotations

import random
from typing import Any

import sympy

__all__ = ["Rationals"]


class Rationals:
    """Draw rationals with small numerators and denominators, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def number(self) -> Any:
        return sympy.Rational(self.random.randint(-5, 5), self.random.randint(1, 3))

    def positive(self) -> Any:
        return sympy.Rational(self.random.randint(1, 5), self.random.randint(1, 3))

    def size(self, low: int = 1, high: int = 3) -> int:
        return self.random.randint(low, high)

    def matrix(self, rows: int, columns: int) -> Any:
        return sympy.Matrix(rows, columns, [self.number() for _ in range(rows * columns)])

    def symmetric(self, size: int) -> Any:
        half = self.matrix(size, size)
        return half + half.T

    def diagonal(self, size: int) -> Any:
        return sympy.diag(*[self.number() for _ in range(size)])

    def rotation(self, size: int) -> Any:
        """An orthogonal matrix, by Cayley: (I - A) (I + A)^{-1} for antisymmetric A."""
        half = self.matrix(size, size)
        skew, one = half - half.T, sympy.eye(size)
        return (one - skew) * (one + skew).inv()
