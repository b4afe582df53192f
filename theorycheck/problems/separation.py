"""Whether labelled data are separable through the origin, with an exact certificate either way.

With z_i = y_i x_i (Gordan): either some w has <w, z_i> > 0 for every i, or some p >= 0 with
sum_i p_i = 1 has sum_i p_i z_i = 0. Floats find a candidate, the point of least norm in the convex
hull of the z_i; rationals verify it, after an exact solve on its support. What floats do not settle
the exact simplex method decides: one of the two always comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from theorycheck.exact import RationalAlgebra, Rows, to_fraction

__all__ = ["Separation", "certificate_text", "separate", "signed_samples"]

Vector = tuple[Fraction, ...]

GRID = 2**24
"""Candidates are rounded to multiples of 1 / GRID."""
WEIGHT = 1e-9
"""A float weight beyond this counts as in the support of a combination."""


@dataclass(frozen=True)
class Separation:
    """An exact certificate: a separating direction, or a vanishing combination.

    Parameters
    ----------
    direction : d numbers or None      w of norm near 1, with <w, z_i> > 0 for every sample
    combination : n numbers or None    p >= 0 with sum 1 and sum_i p_i z_i = 0
    dual : n numbers                   p >= 0 with sum 1; |sum_i p_i z_i| bounds every margin
    """

    direction: Vector | None
    combination: Vector | None
    dual: Vector


def signed_samples(inputs: Rows, labels: Sequence[int]) -> list[Vector]:
    """z_i = y_i x_i, one vector per sample.

    Examples
    --------
    >>> signed_samples([[1, 2], [0, 3]], [1, -1])[1]
    (-2, -3)
    """
    return [tuple(y * row[i] for row in inputs) for i, y in enumerate(labels)]


def separate(inputs: Rows, labels: Sequence[int]) -> Separation:
    """Certify that data are separable through the origin, or that they are not.

    Examples
    --------
    >>> separate([[1, 2]], [1, 1]).direction
    (Fraction(1, 1),)
    >>> separate([[1, 2]], [1, -1]).combination
    (Fraction(2, 3), Fraction(1, 3))
    """
    samples = signed_samples(inputs, labels)
    common = max(_size(z) for z in samples)
    floats = [[float(x / common) for x in z] for z in samples]  # none too large for a float
    weights = _least_norm_weights(floats)
    point = [sum(p * z[k] for p, z in zip(weights, floats, strict=True))
             for k in range(len(inputs))]  # fmt: skip
    dual = _on_simplex(weights)
    direction = _rounded(point)
    if direction is not None and all(_inner(direction, z) > 0 for z in samples):
        return Separation(direction, None, dual)
    combination = _vanishing(samples, weights)
    if combination is None:
        direction, combination = _exactly(samples)
        if direction is not None and all(_inner(direction, z) > 0 for z in samples):
            return Separation(direction, None, dual)
    if combination is None or not _is_vanishing(combination, samples):
        raise AssertionError("the simplex method ended without a certificate")
    return Separation(None, combination, combination)


def _exactly(samples: Sequence[Vector]) -> tuple[Vector | None, Vector | None]:
    """A certificate by exact arithmetic, of scaled samples, which keeps the numbers short."""
    sizes = [_size(z) for z in samples]
    scaled = [tuple(x / size for x in z) for z, size in zip(samples, sizes, strict=True)]
    direction, combination = _by_simplex(scaled)
    return direction, None if combination is None else _unscaled(combination, sizes)


def _size(z: Vector) -> Fraction:
    """A power of two near the largest entry, so that samples of all lengths count alike."""
    largest = max(map(abs, z), default=Fraction(0))
    if not largest:
        return Fraction(1)
    return Fraction(2) ** (largest.numerator.bit_length() - largest.denominator.bit_length())


def _unscaled(weights: Vector, sizes: Sequence[Fraction]) -> Vector:
    """Weights of the samples from weights of the scaled ones; the sum is 1 again."""
    plain = [p / size for p, size in zip(weights, sizes, strict=True)]
    total = sum(plain)
    return tuple(p / total for p in plain)


def _by_simplex(samples: Sequence[Vector]) -> tuple[Vector | None, Vector | None]:
    """A separating direction or a vanishing combination, by the exact simplex method.

    Minimises the sum of the artificial variables a >= 0 in sum_i p_i (z_i, 1) + a = (0, 1), p >= 0,
    by Bland's rule, which ends. At 0 the p_i vanish; else a dual y has <y, (z_i, 1)> <= 0 < y_last.
    """
    size, count = len(samples[0]) + 1, len(samples)
    columns = [[*z, Fraction(1)] for z in samples]
    rows = [
        [column[k] for column in columns]
        + [Fraction(int(k == l)) for l in range(size)]
        + [Fraction(int(k == size - 1))]
        for k in range(size)
    ]
    basis = list(range(count, count + size))
    artificial = [Fraction(0)] * count + [Fraction(1)] * size + [Fraction(0)]
    costs = [c - sum(column) for c, column in zip(artificial, zip(*rows, strict=True), strict=True)]
    while True:
        entering = next((c for c in range(count + size) if costs[c] < 0), None)
        if entering is None:
            break
        ratios = [
            (row[-1] / row[entering], basis[k], k)
            for k, row in enumerate(rows) if row[entering] > 0
        ]  # fmt: skip
        leaving = min(ratios)[2]
        pivot = rows[leaving][entering]
        rows[leaving] = [x / pivot for x in rows[leaving]]
        for k in range(size):
            if k != leaving and rows[k][entering]:
                rows[k] = _eliminated(rows[k], rows[leaving], rows[k][entering])
        costs = _eliminated(costs, rows[leaving], costs[entering])
        basis[leaving] = entering
    if costs[-1]:  # minus the least sum of the artificial variables
        return tuple(costs[count + k] - 1 for k in range(size - 1)), None
    found = {variable: rows[k][-1] for k, variable in enumerate(basis)}
    return None, tuple(found.get(i, Fraction(0)) for i in range(count))


def _eliminated(row: list[Fraction], by: list[Fraction], factor: Fraction) -> list[Fraction]:
    return [x - factor * y for x, y in zip(row, by, strict=True)]


def _is_vanishing(combination: Vector, samples: Sequence[Vector]) -> bool:
    moments = [
        sum((p * z[k] for p, z in zip(combination, samples, strict=True)), Fraction(0))
        for k in range(len(samples[0]))
    ]
    return sum(combination) == 1 and min(combination) >= 0 and not any(moments)


def certificate_text(combination: Sequence[Fraction]) -> str:
    """Write a vanishing combination of the signed samples z_i = y_i x_i, counted from 1.

    Examples
    --------
    >>> certificate_text((Fraction(2, 3), Fraction(1, 3)))
    'not separable through the origin: 2/3 z_1 + 1/3 z_2 = 0, with z_i = y_i x_i'
    """
    terms = [f"{p} z_{i}" for i, p in enumerate(combination, start=1) if p]
    return f"not separable through the origin: {' + '.join(terms)} = 0, with z_i = y_i x_i"


def _least_norm_weights(samples: Sequence[Sequence[float]]) -> list[float]:
    """Weights of the point of least norm in the convex hull, in floats: only a candidate."""
    import numpy as np
    from scipy.optimize import nnls

    table = np.array(samples).T
    size = max(float(np.abs(table).max()), 1e-300)
    system = np.vstack([table / size, np.ones((1, len(samples)))])
    target = np.zeros(len(system))
    target[-1] = 1.0
    weights: Any
    try:
        weights, _ = nnls(system, target, maxiter=50 * len(samples) + 1000)
    except RuntimeError:
        weights = np.ones(len(samples))
    total = float(weights.sum())
    return [float(w) / total for w in weights] if total > 0 else [1 / len(samples)] * len(samples)


def _on_simplex(weights: Sequence[float]) -> Vector:
    """Rational weights >= 0 of sum 1 near the given ones."""
    rounded = [Fraction(max(round(w * GRID), 0), GRID) for w in weights]
    total = sum(rounded)
    count = len(rounded)
    return tuple(w / total for w in rounded) if total else (Fraction(1, count),) * count


def _rounded(point: Sequence[float]) -> Vector | None:
    length = sum(x * x for x in point) ** 0.5
    if not length > 0:
        return None
    return tuple(Fraction(round(x / length * GRID), GRID) for x in point)


def _vanishing(samples: Sequence[Vector], weights: Sequence[float]) -> Vector | None:
    """Solve sum p_i z_i = 0, sum p_i = 1 exactly on the support of the float weights."""
    support = [i for i, w in enumerate(weights) if w > WEIGHT]
    rows = [[samples[i][k] for i in support] for k in range(len(samples[0]))]
    solved = _solve([*rows, [Fraction(1)] * len(support)])
    if solved is None or any(p < 0 for p in solved):
        return None
    found = dict(zip(support, solved, strict=True))
    combination = tuple(found.get(i, Fraction(0)) for i in range(len(samples)))
    total = [sum((p * z[k] for p, z in zip(combination, samples, strict=True)), Fraction(0))
             for k in range(len(samples[0]))]  # fmt: skip
    return combination if not any(total) and sum(combination) == 1 else None


def _solve(rows: Sequence[Sequence[Fraction]]) -> list[Fraction] | None:
    """A solution of A p = (0, ..., 0, 1) over the rationals, or None; free unknowns are 0."""
    augmented = [[*row, Fraction(0)] for row in rows]
    augmented[-1][-1] = Fraction(1)
    reduced = RationalAlgebra.matrix(augmented).rref()[0]
    count, solution = len(rows[0]), [Fraction(0)] * len(rows[0])
    for r in range(reduced.nrows()):
        entries = [to_fraction(reduced[r, c]) for c in range(count + 1)]
        pivot = next((c for c, x in enumerate(entries) if x), None)
        if pivot == count:
            return None
        if pivot is not None:
            solution[pivot] = entries[count]
    return solution


def _inner(a: Vector, b: Vector) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))
