"""Null spaces over Q of large sparse systems, in reduced row echelon form, and ranks modulo primes.

A rank modulo a prime never exceeds the rank over Q: as a lower bound it is proved, as the rank it
is not. The null space is exact: the modular rank only chooses which equations are solved over Q,
and every solution is then put into all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm

from flint import fmpz_mat, nmod_mat

from theorycheck.errors import BudgetExceeded

__all__ = [
    "MOST_COLUMNS", "PRIMES", "Row", "independent_rows", "independent_rows_modulo", "null_space",
    "rank_modulo",
]  # fmt: skip

MOST_COLUMNS = 3000
"""Larger dense systems are refused: they take minutes and gigabytes."""

PRIMES = (2**61 - 1, 2**62 - 57)
"""Two word-size primes for modular ranks."""

Row = dict[int, int]
"""A sparse vector of integers: column to entry."""


def independent_rows(rows: Sequence[Sequence[int]]) -> list[int]:
    """Return the first rows, greedily, that are a basis of the row space over Q.

    Examples
    --------
    >>> independent_rows([[1, 2], [2, 4], [0, 1]])
    [0, 2]
    """
    chosen = independent_rows_modulo(rows, PRIMES[0])
    if not rows or not rows[0] or len(chosen) == _integers(rows).rank():
        return chosen
    echelon, _, rank = _integers(rows).transpose().rref()  # the prime was unlucky
    return _pivots(echelon.tolist()[:rank])


def independent_rows_modulo(rows: Sequence[Sequence[int]], prime: int) -> list[int]:
    """Return the first rows that are linearly independent modulo a prime, hence over Q.

    The others depend on them modulo the prime; over Q that is not proved.
    """
    if not rows or not rows[0]:
        return []
    echelon, rank = _modulo(rows, prime).transpose().rref()
    return _pivots(echelon.tolist()[:rank])


def rank_modulo(rows: Sequence[Sequence[int]], prime: int = PRIMES[0]) -> int:
    """Return the rank modulo a prime, a lower bound of the rank over Q."""
    if not rows or not rows[0]:
        return 0
    return int(_modulo(rows, prime).rank())


def _integers(rows: Sequence[Sequence[int]]) -> fmpz_mat:
    return fmpz_mat(len(rows), len(rows[0]), [x for row in rows for x in row])


def _modulo(rows: Sequence[Sequence[int]], prime: int) -> nmod_mat:
    return nmod_mat(len(rows), len(rows[0]), [x % prime for row in rows for x in row], prime)


def null_space(equations: Iterable[Mapping[int, Fraction | int]], columns: int) -> list[Row]:
    """Solve a sparse homogeneous system over Q completely.

    The system falls apart into blocks of columns that no equation joins; each is solved alone.

    Parameters
    ----------
    equations : iterable of {column: coefficient}
    columns : int    number of unknowns, 0, ..., columns - 1

    Returns
    -------
    list of {column: integer}    a basis in reduced row echelon form, each vector scaled to coprime
                                 integers with a positive leading (first) entry

    Raises
    ------
    BudgetExceeded    more than MOST_COLUMNS unknowns hang together

    Examples
    --------
    >>> null_space([{0: 1, 1: Fraction(1, 2)}, {2: 5}], 4)
    [{0: 1, 1: -2}, {3: 1}]
    """
    rows, zeros = _without_forced_zeros({_primitive(e) for e in equations})
    basis: list[Row] = []
    for block, members in _blocks(rows, [j for j in range(columns) if j not in zeros]):
        basis.extend(_solve(block, members))
    return sorted(basis, key=min)


def _primitive(equation: Mapping[int, Fraction | int]) -> tuple[tuple[int, int], ...]:
    """Scale an equation to coprime integers and a positive first coefficient."""
    entries = sorted((j, x) for j, x in equation.items() if x)
    denominator = lcm(*(x.denominator for _, x in entries))
    integers = [int(x * denominator) for _, x in entries]
    scale = gcd(*integers) * (-1 if integers and integers[0] < 0 else 1)
    return tuple((j, n // scale) for (j, _), n in zip(entries, integers, strict=True))


def _without_forced_zeros(
    equations: set[tuple[tuple[int, int], ...]],
) -> tuple[list[Row], set[int]]:
    """Drop the unknowns that an equation with a single unknown forces to be 0, repeatedly."""
    rows = [dict(e) for e in equations if e]
    places: dict[int, list[Row]] = {}
    for row in rows:
        for j in row:
            places.setdefault(j, []).append(row)
    zeros: set[int] = set()
    waiting = [row for row in rows if len(row) == 1]
    while waiting:
        row = waiting.pop()
        for j in tuple(row):  # none or one
            zeros.add(j)
            for other in places.pop(j, []):
                del other[j]
                if len(other) == 1:
                    waiting.append(other)
    unique = {tuple(sorted(row.items())) for row in rows if row}
    return [dict(row) for row in sorted(unique)], zeros


def _blocks(rows: list[Row], columns: list[int]) -> Iterable[tuple[list[Row], list[int]]]:
    """Split into systems without common unknowns: connected components."""
    parent = {j: j for j in columns}

    def root(j: int) -> int:
        while parent[j] != j:
            parent[j] = parent[parent[j]]
            j = parent[j]
        return j

    for row in rows:
        first, *others = row
        for j in others:
            parent[root(j)] = root(first)
    members: dict[int, list[int]] = {}
    for j in columns:
        members.setdefault(root(j), []).append(j)
    blocks: dict[int, list[Row]] = {r: [] for r in members}
    for row in rows:
        blocks[root(next(iter(row)))].append(row)
    return ((blocks[r], members[r]) for r in members)


def _solve(equations: list[Row], columns: list[int]) -> list[Row]:
    """Return the null space of one block."""
    # The last column first: pivots sit late and free columns early, so that the solutions, one
    # per free column, are in reduced row echelon form themselves.
    order = sorted(columns, reverse=True)
    if len(order) > MOST_COLUMNS:
        raise BudgetExceeded(
            f"{len(order)} unknowns hang together in one dense system, more than {MOST_COLUMNS}"
        )
    chosen = _independent_equations(equations, order)
    while len(chosen) < len(order):
        basis = _dense_null_space([_dense(row, order) for row in chosen], order)
        broken = next((row for row in equations if not _vanishes(row, basis)), None)
        if broken is None:
            return basis
        chosen.append(broken)  # an equation that depends on the others modulo the prime only
    return []


def _independent_equations(equations: list[Row], order: list[int]) -> list[Row]:
    """Choose equations that are independent modulo a prime, a batch at a time."""
    chosen: list[Row] = []
    for first in range(0, len(equations), len(order)):
        batch = chosen + equations[first : first + len(order)]
        kept = independent_rows_modulo([_dense(row, order) for row in batch], PRIMES[0])
        chosen = [batch[k] for k in kept]
        if len(chosen) == len(order):
            break
    return chosen


def _dense(row: Row, order: list[int]) -> list[int]:
    return [row.get(j, 0) for j in order]


def _vanishes(equation: Row, basis: list[Row]) -> bool:
    return all(sum(x * v[j] for j, x in equation.items() if j in v) == 0 for v in basis)


def _dense_null_space(rows: list[list[int]], order: list[int]) -> list[Row]:
    if not rows:
        return [{j: 1} for j in order]
    echelon, common, rank = _integers(rows).rref()
    reduced = [[int(x) for x in row] for row in echelon.tolist()[:rank]]
    pivots = _pivots(reduced)
    basis = []
    for free in sorted(set(range(len(order))) - set(pivots), reverse=True):
        entries = {order[free]: int(common)}
        entries |= {order[p]: -row[free] for p, row in zip(pivots, reduced, strict=True)}
        basis.append(dict(_primitive(entries)))
    return basis


def _pivots(echelon: Sequence[Sequence[object]]) -> list[int]:
    return [next(j for j, x in enumerate(row) if x != 0) for row in echelon]
