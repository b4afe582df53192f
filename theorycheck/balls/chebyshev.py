"""Chebyshev polynomials in balls: values, integral and monomials of q = sum_{j<M} a_j T_j.

Everything is split into even and odd j, and the L nodes s_i = cos((2 i + 1) pi / (2 L)) into pairs
+-s_i, on which even and odd functions need one value each: that halves the work. Vectors are rows:
a polynomial is a pair (even, odd) of M/2 x N matrices of coefficients, its values are a pair
(right, left) of L/2 x N matrices, at s_i and at -s_i, i < L/2. M and L are even.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from flint import arb, arb_mat, fmpq

from theorycheck.balls.precision import precision

__all__ = ["ChebyshevTables", "chebyshev_tables", "matrix_of_floats", "monomials"]


def matrix_of_floats(rows: int, columns: int, values: list[float]) -> arb_mat:
    """Return the exact matrix of some float64 numbers, row-major."""
    return arb_mat(rows, columns, values)


@dataclass(frozen=True)
class ChebyshevTables:
    """Hold the linear maps between M coefficients and the values at L >= M nodes.

    Methods work at the caller's precision.

    Parameters
    ----------
    values : Matrix        T_j(s_i), i < L/2; columns of even j and of odd j
    integrals : Matrix     U_j(s_i), U_j' = T_j; columns of even j (U_j odd) and of odd j
    feet : Matrix          -U_j(-1), one row each
    """

    values: tuple[arb_mat, arb_mat]
    integrals: tuple[arb_mat, arb_mat]
    feet: tuple[arb_mat, arb_mat]
    ones: arb_mat

    def evaluated(self, even: arb_mat, odd: arb_mat) -> tuple[arb_mat, arb_mat]:
        """Enclose the values of q."""
        symmetric, antisymmetric = self.values[0] * even, self.values[1] * odd
        return symmetric + antisymmetric, symmetric - antisymmetric

    def integrated(self, even: arb_mat, odd: arb_mat, foot: arb_mat) -> tuple[arb_mat, arb_mat]:
        """Enclose the values of foot + int_{-1}^s q; `foot` is 1 x N."""
        base = foot + self.feet[0] * even + self.feet[1] * odd
        symmetric = self.integrals[1] * odd + self.ones * base
        antisymmetric = self.integrals[0] * even
        return symmetric + antisymmetric, symmetric - antisymmetric


@lru_cache(maxsize=16)
def chebyshev_tables(count: int, nodes: int, bits: int) -> ChebyshevTables:
    """Compute the tables for M = `count` and L = `nodes`, even and at least 4."""
    with precision(bits):
        cosines = [arb.cos_pi_fmpq(fmpq(k, 2 * nodes)) for k in range(4 * nodes)]

        def value(j: int, i: int) -> arb:
            return cosines[j * (2 * i + 1) % (4 * nodes)]

        def primitive(j: int, i: int) -> arb:
            """U_j(s_i): T_1, T_2 / 4, then T_{j+1} / (2 j + 2) - T_{j-1} / (2 j - 2)."""
            if j == 0:
                return value(1, i)
            if j == 1:
                return value(2, i) / 4
            return value(j + 1, i) / (2 * j + 2) - value(j - 1, i) / (2 * j - 2)

        def foot(j: int) -> arb:
            """-U_j(-1), from T_k(-1) = (-1)^k."""
            if j < 2:
                return arb(1) if j == 0 else arb(fmpq(-1, 4))
            return arb(fmpq((-1) ** j, 2 * j + 2) - fmpq((-1) ** j, 2 * j - 2))

        half, sides = nodes // 2, range(nodes // 2)
        orders = (range(0, count, 2), range(1, count, 2))
        values = [
            arb_mat(half, count // 2, [value(j, i) for i in sides for j in js]) for js in orders
        ]
        integrals = [
            arb_mat(half, count // 2, [primitive(j, i) for i in sides for j in js]) for js in orders
        ]
        feet = [arb_mat(1, count // 2, [foot(j) for j in js]) for js in orders]
        return ChebyshevTables(
            (values[0], values[1]),
            (integrals[0], integrals[1]),
            (feet[0], feet[1]),
            arb_mat(half, 1, [1] * half),
        )


def monomials(even: arb_mat, odd: arb_mat, bits: int) -> list[arb]:
    """Enclose the coefficients of int_0^x q(2 x - 1) dx in x, orders 1..M, row by row."""
    half, dimension = even.nrows(), even.ncols()
    low, high = _monomial_tables(2 * half, bits)
    first = low[0] * even + low[1] * odd
    # Orders beyond M/2 come from j >= M/2 alone.
    second = arb_mat(half, dimension)
    for table, part in zip(high, (even, odd), strict=True):
        used = table.ncols()
        tail = part.entries()[(half - used) * dimension :]
        second = second + table * arb_mat(used, dimension, tail)
    entries: list[arb] = first.entries() + second.entries()
    return entries


@lru_cache(maxsize=16)
def _monomial_tables(
    count: int, bits: int
) -> tuple[tuple[arb_mat, arb_mat], tuple[arb_mat, arb_mat]]:
    half, shifted = count // 2, _shifted(count)

    def block(orders: range, degrees: range) -> arb_mat:
        table = [arb(fmpq(shifted[j][k], k + 1)) for k in orders for j in degrees]
        return arb_mat(len(orders), len(degrees), table)

    with precision(bits):
        low, high = range(half), range(half, count)
        return (
            (block(low, range(0, count, 2)), block(low, range(1, count, 2))),
            (
                block(high, range(half + half % 2, count, 2)),
                block(high, range(half + 1 - half % 2, count, 2)),
            ),
        )


def _shifted(count: int) -> list[list[int]]:
    """Return the integer coefficients of T_j(2 x - 1), j < count, padded with zeros."""
    rows = [[1] + [0] * (count - 1), [-1, 2] + [0] * (count - 2)]
    for _ in range(2, count):
        last, previous = rows[-1], rows[-2]
        lifted = [0, *last[:-1]]
        rows.append(
            [4 * up - 2 * x - old for up, x, old in zip(lifted, last, previous, strict=True)]
        )
    return rows
