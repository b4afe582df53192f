"""Random expressions in words beside their values on explicit rational matrices."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import sympy

from theorycheck.symbolic.letters import Letter
from theorycheck.symbolic.words import Words

SIZES = {"a": 1, "b": 2, "c": 3}


@dataclass
class Zoo:
    """Letters of all shapes over sizes 1, 2, 3, one of them the integer 1, and their matrices."""

    seed: int

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.symbols = {name: sympy.Symbol(name, positive=True) for name in SIZES}
        self.values: dict[Words, Any] = {}
        for rows in SIZES:
            for columns in SIZES:
                letter = Letter(f"X_{rows}{columns}", shape=(self.size(rows), self.size(columns)))
                self.values[Words.letter(letter)] = self.matrix(SIZES[rows], SIZES[columns])
        for size in SIZES:
            letter = Letter(f"S_{size}", symmetric=True, shape=(self.size(size),) * 2)
            half = self.matrix(SIZES[size], SIZES[size])
            self.values[Words.letter(letter)] = half + half.T

    def size(self, name: str) -> Any:
        """The width as an expression; the width 1 is the number, so that scalars are seen."""
        return 1 if name == "a" else self.symbols[name]

    def matrix(self, rows: int, columns: int) -> Any:
        entries = [sympy.Rational(self.random.randint(-4, 4), self.random.randint(1, 3))
                   for _ in range(rows * columns)]  # fmt: skip
        return sympy.Matrix(rows, columns, entries)

    def expression(self, rows: str, columns: str, depth: int = 3) -> tuple[Words, Any]:
        """An expression of the given shape beside its value, built by the same operations."""
        kind = self.random.choice(["letter", "sum", "product", "product", "transpose", "scaled"])
        if depth == 0 or kind == "letter":
            fitting = [w for w in self.values if w.shape == (self.size(rows), self.size(columns))]
            words = self.random.choice(fitting)
            return words, self.values[words]
        if kind == "sum":
            (x, u), (y, v) = (self.expression(rows, columns, depth - 1) for _ in range(2))
            return (x + y, u + v) if self.random.random() < 0.5 else (x - y, u - v)
        if kind == "product":
            middle = self.random.choice(list(SIZES))
            x, u = self.expression(rows, middle, depth - 1)
            y, v = self.expression(middle, columns, depth - 1)
            return x @ y, u * v
        x, u = (
            self.expression(columns, rows, depth - 1)
            if kind == "transpose"
            else self.expression(rows, columns, depth - 1)
        )
        factor = self.random.randint(-3, 3)
        return (x.T, u.T) if kind == "transpose" else (x * factor, u * factor)
