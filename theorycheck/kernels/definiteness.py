r"""When the limit kernels are positive definite, exactly; and by how much at least.

For inputs that are not 0, the first-layer, second-layer and both-layers kernels are definite iff
(i) no two inputs are positive multiples of each other, and (ii) of every antiparallel pair
(x, -c x), c > 0, choose one: the chosen vectors are linearly independent.   (Theory B3, B4)

For unit inputs and rb = max |x_i.x_j| < 1, with c_k = (2k)! / (4^k (k!)^2 (2k + 1)),

    lambda_min >= max(lambda_min(G), 0) / 4
                  + [ pi/2 - S_K - (n - 1) (rb asin(rb) - T_K) ] / (2 pi),

    S_K = sum_{k<K} c_k,   T_K = sum_{k<K} c_k rb^(2k+2)

for every K >= 0, where the bracket is used if it is positive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from theorycheck import balls, exact
from theorycheck.balls import Matrix, Real
from theorycheck.errors import InvalidInstance
from theorycheck.exact import Rows
from theorycheck.kernels.inputs import Inputs, dot, rational_rows
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED, Verdict

__all__ = ["Definiteness", "definiteness", "least_eigenvalue_bound"]


@dataclass(frozen=True)
class Definiteness:
    """The answer of the exact criterion, with its certificate.

    Parameters
    ----------
    verdict : Verdict         HOLDS: all three kernels are positive definite
    reason : str
    parallel : (i, j) or None         inputs that are positive multiples of each other
    antiparallel : pairs (i, j)       all pairs of opposite direction
    null_vector : Fractions or None   v != 0 with v^T H v = v^T K v = 0 in the limit, and at finite
                                      width for all weights with no w_r.x_i = 0
    """

    verdict: Verdict
    reason: str
    parallel: tuple[int, int] | None = None
    antiparallel: tuple[tuple[int, int], ...] = ()
    null_vector: tuple[Fraction, ...] | None = None


def definiteness(inputs: Inputs) -> Definiteness:
    """Decide whether the limit kernels are positive definite at these inputs.

    Parameters
    ----------
    inputs : rows of rationals (n x d): always decided; or a Matrix of balls: three-valued

    Examples
    --------
    >>> definiteness([[1, 0], [2, 0]]).null_vector
    (Fraction(1, 1), Fraction(-1, 2))
    >>> definiteness([[1, 0], [-1, 0], [0, 1]]).verdict
    HOLDS
    """
    if isinstance(inputs, Matrix):
        return _of_balls(inputs)
    return _of_rationals(rational_rows(inputs))


def _ray(x: Sequence[Fraction]) -> tuple[tuple[Fraction, ...], Fraction]:
    """The vector as direction (first non-zero entry 1) times a number."""
    scale = next(e for e in x if e != 0)
    return tuple(e / scale for e in x), scale


def _of_rationals(rows: Rows) -> Definiteness:
    size = len(rows)
    seen: dict[tuple[Fraction, ...], dict[bool, tuple[int, Fraction]]] = {}
    pairs: list[tuple[int, int]] = []
    for j, x in enumerate(rows):
        if not any(x):
            return Definiteness(VIOLATED, f"input {j} is 0", null_vector=_vector(size, {j: 1}))
        direction, scale = _ray(x)
        sides = seen.setdefault(direction, {})
        here = scale > 0
        if here in sides:
            i, other = sides[here]
            null = _vector(size, {i: Fraction(1), j: -other / scale})
            reason = f"input {j} is {scale / other} times input {i}"
            return Definiteness(VIOLATED, reason, (i, j), null_vector=null)
        if here not in sides and (not here) in sides:
            pairs.append((sides[not here][0], j))
        sides[here] = (j, scale)
    found = tuple(pairs)
    chosen = [rows[i] for i, _ in found]
    relations = _dependence(chosen)
    if relations is None:
        count = f"{len(found)} antiparallel pairs" if found else "no parallel inputs"
        return Definiteness(HOLDS, f"{count}, linearly independent", antiparallel=found)
    entries: dict[int, Fraction] = {}
    for (i, j), v in zip(found, relations, strict=True):
        # x_j = -c x_i with c = -x_j / x_i > 0, and v_j = -v_i / c
        ratio = _ray(rows[j])[1] / _ray(rows[i])[1]
        entries[i], entries[j] = v, v / ratio
    return Definiteness(
        VIOLATED, f"the directions of {len(found)} antiparallel pairs are linearly dependent",
        antiparallel=found, null_vector=_vector(size, entries),
    )  # fmt: skip


def _dependence(vectors: Sequence[Sequence[Fraction]]) -> tuple[Fraction, ...] | None:
    """Coefficients, not all 0, of a vanishing combination; None if there is none."""
    if not vectors:
        return None
    reduced: list[tuple[list[Fraction], list[Fraction]]] = []
    for k, vector in enumerate(vectors):
        rest = list(vector)
        combination = [Fraction(int(i == k)) for i in range(len(vectors))]
        for row, made_of in reduced:
            pivot = next(i for i, e in enumerate(row) if e != 0)
            factor = rest[pivot] / row[pivot]
            rest = [a - factor * b for a, b in zip(rest, row, strict=True)]
            combination = [a - factor * b for a, b in zip(combination, made_of, strict=True)]
        if not any(rest):
            return tuple(combination)
        reduced.append((rest, combination))
    return None


def _vector(size: int, entries: dict[int, Any]) -> tuple[Fraction, ...]:
    return tuple(Fraction(entries.get(i, 0)) for i in range(size))


def _of_balls(x: Matrix) -> Definiteness:
    """Balls can show that no pair is parallel or antiparallel, which suffices."""
    rows = x.tolist()
    for j in range(len(rows)):
        for i in range(j):
            a, b = rows[i], rows[j]
            apart = any(
                not (a[k] * b[m] - a[m] * b[k]).contains(0) for k in range(len(a)) for m in range(k)
            )
            if not apart:
                reason = f"inputs {i} and {j} may be parallel; give them exactly"
                return Definiteness(UNDECIDED, reason)
    nonzero = all(any(not e.contains(0) for e in row) for row in rows)
    if not nonzero:
        return Definiteness(UNDECIDED, "an input may be 0; give it exactly")
    return Definiteness(HOLDS, "no parallel inputs")


# -- how much --------------------------------------------------------------------------------------
def least_eigenvalue_bound(
    inputs: Any, *, with_linear_part: bool = True, terms: int | None = None
) -> tuple[Real, int]:
    """Bound lambda_min of the first-layer kernel from below, from the greatest |x_i.x_j| alone.

    Parameters
    ----------
    inputs : rows of rationals (n x d), unit vectors
    with_linear_part : bool    add lambda_min(G) / 4
    terms : int or None        K; None searches for the best of K = 0, 1, 2, 4, 8, ..., 1024

    Returns
    -------
    Real    the bound (its lower end counts); 0 where nothing is known, as for parallel inputs
    int     the K that was used

    Raises
    ------
    InvalidInstance    an input is not a unit vector
    """
    if terms is not None and (not isinstance(terms, int) or terms < 0):
        raise InvalidInstance(f"terms={terms!r} must be a whole number >= 0")
    rows = rational_rows(inputs)
    if any(dot(x, x) != 1 for x in rows):
        raise InvalidInstance("the bound is for unit inputs; normalise them first")
    pairs = [abs(dot(x, y)) for i, x in enumerate(rows) for y in rows[:i]]
    largest = max(pairs, default=Fraction(0))
    linear = balls.real(0)
    if with_linear_part:
        x = exact.RationalAlgebra.matrix(rows)
        least = balls.lambda_min(balls.matrix_from_rationals(x * x.transpose()))
        linear = balls.maximum([least, balls.real(0)]) / 4
    if largest == 1:
        return linear, 0
    counts = [terms] if terms is not None else [0, *(2**i for i in range(11))]
    found = [(_tail_bound(len(rows), largest, count), count) for count in counts]
    bound, count = max(found, key=lambda item: balls.lower(item[0]))
    if terms is None and balls.lower(bound) < 0:
        bound, count = balls.real(0), 0
    return linear + bound, count


def _tail_bound(size: int, largest: Fraction, count: int) -> Real:
    """[ pi/2 - S_K - (n - 1) (rb asin rb - T_K) ] / (2 pi)."""
    with balls.precision(balls.working_bits() + 32):
        rb = balls.real(largest)
        coefficient, power = balls.real(1), rb * rb
        diagonal = balls.pi() / 2
        off = rb * balls.FUNCTIONS["asin"](rb)
        for k in range(count):
            diagonal -= coefficient
            off -= coefficient * power
            # c_{k+1} / c_k = (2k + 1)^2 / ((2k + 2) (2k + 3))
            coefficient = coefficient * ((2 * k + 1) ** 2) / ((2 * k + 2) * (2 * k + 3))
            power = power * rb * rb
        return (diagonal - off * (size - 1)) / (balls.pi() * 2)
