"""Rational orthogonal frames: exactly orthogonal matrices with small entries."""

from __future__ import annotations

import random
from fractions import Fraction

from theorycheck.exact import RationalAlgebra, Rows, cayley, rows_of

__all__ = ["near_identity_frame", "random_frame"]

BLOCK = 3
DENSE = 5


def random_frame(size: int, source: random.Random) -> Rows:
    """Draw an orthogonal matrix over Q.

    Cayley transforms of small skew matrices, times signs (a Cayley transform alone never has the
    eigenvalue -1). Beyond size 5 the frame is a product of two permuted block-diagonal frames:
    a dense Cayley transform would have denominators that grow with the size.

    Examples
    --------
    >>> frame = RationalAlgebra.matrix(random_frame(7, random.Random(0)))
    >>> frame * frame.transpose() == RationalAlgebra.identity(7)
    True
    """
    if size <= DENSE:
        frame = RationalAlgebra.matrix(_dense(size, source))
    else:
        frame = RationalAlgebra.matrix(_blocks(size, source))
        frame = frame * RationalAlgebra.matrix(_blocks(size, source))
    signs = [source.choice((1, 1, 1, -1)) for _ in range(size)]
    return tuple(tuple(s * x for x in row) for s, row in zip(signs, rows_of(frame), strict=True))


def near_identity_frame(size: int, source: random.Random) -> Rows:
    """Draw an orthogonal matrix over Q whose distance from the identity is about 1/8 per plane."""
    if size > DENSE:
        return _block_diagonal(size, source, denominator=16)
    return _dense(size, source, denominator=16)


def _dense(size: int, source: random.Random, denominator: int = 2) -> Rows:
    bound = 2 if denominator == 2 else 1
    skew = [[Fraction(0)] * size for _ in range(size)]
    for i in range(size):
        for j in range(i):
            skew[i][j] = Fraction(source.randint(-bound, bound), denominator)
            skew[j][i] = -skew[i][j]
    return cayley(skew)


def _block_diagonal(size: int, source: random.Random, denominator: int = 2) -> Rows:
    rows = [[Fraction(0)] * size for _ in range(size)]
    for first in range(0, size, BLOCK):
        block = _dense(min(BLOCK, size - first), source, denominator)
        for i, row in enumerate(block):
            rows[first + i][first : first + len(row)] = row
    return tuple(tuple(row) for row in rows)


def _blocks(size: int, source: random.Random) -> Rows:
    rows = list(_block_diagonal(size, source))
    source.shuffle(rows)
    order = list(range(size))
    source.shuffle(order)
    return tuple(tuple(row[j] for j in order) for row in rows)
