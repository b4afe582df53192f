"""The vector fields that a model's gradients generate under brackets, at a generic point.

Let M be the space of vector fields sum_i f_i X_i with rational functions f_i. If M contains
grad phi_1, ..., grad phi_d and every [X_i, X_j], it contains their whole Lie algebra, because
[f X, g Y] = f g [X, Y] + f X(g) Y - g Y(f) X. So it suffices to bracket the fields that raised the
rank, provided all other fields met lie in M as functions. Here that is checked modulo two primes
at random points, which is no proof; `function_span` proves it by polynomial identities.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from theorycheck.exact import (
    PRIMES,
    independent_rows_modulo,
    lie_derivative,
    rank_modulo,
    value_modulo,
)
from theorycheck.symbolic.conservation.parameterisation import Polynomial, VectorField

__all__ = ["Closure", "Probe", "bracket", "close_under_brackets"]

Values = list[int]


def bracket(x: VectorField, y: VectorField) -> VectorField:
    """Return [X, Y] = (DY) X - (DX) Y."""
    return tuple(lie_derivative(b, x) - lie_derivative(a, y) for a, b in zip(x, y, strict=True))


@dataclass(frozen=True)
class Probe:
    """Evaluate fields and their brackets at one integer point modulo one prime."""

    point: tuple[int, ...]
    prime: int

    @classmethod
    def random(cls, count: int, prime: int, seed: int) -> Probe:
        draw = random.Random(f"{seed} {prime}")
        return cls(tuple(draw.randrange(1, prime) for _ in range(count)), prime)

    def values(self, field: Sequence[Polynomial]) -> Values:
        return [value_modulo(p, self.point, self.prime) for p in field]

    def slopes(self, field: VectorField) -> list[list[tuple[int, int]]]:
        """Return the Jacobian, row by row, as its non-zero entries."""
        indices = range(len(field))
        rows = ([(k, p.derivative(k)) for k in indices] if p else [] for p in field)
        return [[(k, value_modulo(d, self.point, self.prime)) for k, d in row if d] for row in rows]

    def rank(self, fields: Sequence[Sequence[Polynomial]]) -> int:
        """Return the rank at the point: modulo the prime, so a lower bound over Q."""
        return rank_modulo([self.values(f) for f in fields], self.prime)


@dataclass(frozen=True)
class Closure:
    """Hold fields that are independent at a point, and all generators and brackets met.

    Parameters
    ----------
    basis : tuple of VectorField     linearly independent at the first probe's point
    rounds : int                     how often brackets were formed
    closed : bool                    modulo two primes at random points, the generators and all
                                     brackets of the basis depend on the basis
    """

    generators: tuple[VectorField, ...]
    basis: tuple[VectorField, ...]
    rounds: int
    closed: bool

    def others(self) -> Iterator[VectorField]:
        """The fields that must depend on the basis for it to be closed, the zero field left out."""
        chosen = {id(f) for f in self.basis}
        yield from (g for g in self.generators if id(g) not in chosen)
        for x, y in combinations(self.basis, 2):
            field = bracket(x, y)
            if any(field):
                yield field


class _Basis:
    """Grow independent fields, remembering values and Jacobians at one probe."""

    def __init__(self, probe: Probe) -> None:
        self.probe = probe
        self.fields: list[VectorField] = []
        self.values: list[Values] = []
        self._slopes: list[list[list[tuple[int, int]]]] = []

    def add(self, field: VectorField) -> None:
        self.fields.append(field)
        self.values.append(self.probe.values(field))
        self._slopes.append(self.probe.slopes(field))

    def bracket_values(self, i: int, j: int) -> Values:
        forward = self._along(j, self.values[i])
        backward = self._along(i, self.values[j])
        return [(a - b) % self.probe.prime for a, b in zip(forward, backward, strict=True)]

    def _along(self, i: int, direction: Values) -> Values:
        return [sum(s * direction[k] for k, s in row) for row in self._slopes[i]]

    def raising(self, candidates: Sequence[Values]) -> list[int]:
        """Return the candidates that raise the rank, greedily."""
        rows = [*self.values, *candidates]
        kept = independent_rows_modulo(rows, self.probe.prime)
        return [k - len(self.values) for k in kept if k >= len(self.values)]


def close_under_brackets(
    generators: Sequence[VectorField], *, enough: int, seed: int = 0
) -> Closure:
    """Form brackets until a round raises no rank at a random point, or the rank is `enough`.

    Parameters
    ----------
    generators : sequence of VectorField
    enough : int    an upper bound of the rank that is already proved; reaching it ends the search
    seed : int      of the random points

    Returns
    -------
    Closure
    """
    count = len(generators[0])
    first, second = (Probe.random(count, prime, seed) for prime in PRIMES)
    basis = _Basis(first)
    for k in basis.raising([first.values(g) for g in generators]):
        basis.add(generators[k])
    done, rounds = 0, 0
    while len(basis.fields) < enough and done < len(basis.fields):
        size = len(basis.fields)
        pairs = [(i, j) for j in range(done, size) for i in range(j)]
        found = basis.raising([basis.bracket_values(i, j) for i, j in pairs])
        for k in found:
            i, j = pairs[k]
            basis.add(bracket(basis.fields[i], basis.fields[j]))
        done, rounds = size, rounds + 1
    complete = len(basis.fields) >= enough or _closes(basis.fields, generators, second)
    return Closure(tuple(generators), tuple(basis.fields), rounds, complete)


def _closes(basis: Sequence[VectorField], generators: Sequence[VectorField], probe: Probe) -> bool:
    again = _Basis(probe)
    for field in basis:
        again.add(field)
    pairs = combinations(range(len(basis)), 2)
    rows = [*map(probe.values, generators), *(again.bracket_values(i, j) for i, j in pairs)]
    independent = rank_modulo(again.values, probe.prime) == len(basis)
    return independent and not again.raising(rows)
