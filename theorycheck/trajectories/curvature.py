"""Spectral bounds of the deep linear Hessian near a point, from products of layers.

Everything is stated about an exact centre (W_1, ..., W_n) with residual g there, and holds for all
states with |W_j' - W_j| <= ways_j and |g' - g|_s <= residual_way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from theorycheck.balls import (
    Matrix,
    Real,
    divide,
    matrix_from_reals,
    maximum,
    precision,
    real,
    sqrt,
    upper_real,
)
from theorycheck.balls.series import spectral_upper_fast

__all__ = ["Centre", "Nearby", "product"]

NORM_BITS = 40
VALUE_BITS = 64


def product(values: Sequence[Real]) -> Real:
    total = real(1)
    for value in values:
        total = total * value
    return total


def largest_of_pairs(depth: int, pairs: dict[tuple[int, int], Real]) -> Real:
    """Bound lambda_max of the symmetric matrix with zero diagonal and these entries >= 0."""
    if depth == 1:
        return real(0)
    if depth == 2:
        return upper_real(pairs[0, 1])
    entries = [
        real(0) if i == j else pairs[min(i, j), max(i, j)]
        for i in range(depth)
        for j in range(depth)
    ]
    return spectral_upper_fast(matrix_from_reals(depth, depth, entries), squarings=6)


@dataclass(frozen=True)
class Centre:
    """Exact layers and an enclosure of the residual g = W_n ... W_1 S - C there.

    Parameters
    ----------
    layers : list of Matrix    exact
    residual : Matrix
    slope : Real               >= |S|_s
    """

    layers: list[Matrix]
    residual: Matrix
    slope: Real

    @cached_property
    def norms(self) -> list[Real]:
        with precision(VALUE_BITS):
            return [spectral_upper_fast(layer) for layer in self.layers]

    @cached_property
    def residual_norm(self) -> Real:
        with precision(VALUE_BITS):
            return spectral_upper_fast(self.residual)

    @cached_property
    def blocks(self) -> dict[tuple[int, int], tuple[Real, Real]]:
        """|W_{i-1} ... W_1 g^T W_n ... W_{j+1}|_s and |W_{j-1} ... W_{i+1}|_s for i < j."""
        depth = len(self.layers)
        with precision(VALUE_BITS):
            before = [self.residual.transpose()]
            for layer in self.layers[:-1]:
                before.append(layer * before[-1])
            after: list[Matrix | None] = [None]
            for layer in reversed(self.layers[1:]):
                last = after[-1]
                after.append(layer if last is None else last * layer)
            after.reverse()
            result = {}
            for i in range(depth):
                between: Matrix | None = None
                for j in range(i + 1, depth):
                    behind = after[j]
                    outer = before[i] if behind is None else before[i] * behind
                    inner = real(1) if between is None else spectral_upper_fast(between)
                    result[i, j] = (spectral_upper_fast(outer), inner)
                    layer = self.layers[j]
                    between = layer if between is None else layer * between
            return result

    def within(self, tube: Real) -> Nearby:
        """Return the ball of joint Frobenius radius `tube`."""
        zero = real(0)
        return Nearby(self, [zero] * len(self.layers), zero).widened(tube)


@dataclass(frozen=True)
class Nearby:
    """All states within `ways` of the centre's layers, with the residual within `residual_way`."""

    centre: Centre
    ways: list[Real]
    residual_way: Real

    def widened(self, tube: Real) -> Nearby:
        """Widen by `tube`: |g' - g| grows by slope (prod w' - prod w), w' = w + tube."""
        with precision(NORM_BITS):
            ways = [upper_real(way + tube) for way in self.ways]
            before = product(self.layer_bounds())
            wider = Nearby(self.centre, ways, self.residual_way)
            growth = self.centre.slope * upper_real(product(wider.layer_bounds()) - before)
            return Nearby(self.centre, ways, upper_real(self.residual_way + growth))

    def layer_bounds(self) -> list[Real]:
        norms = self.centre.norms
        return [upper_real(w + way) for w, way in zip(norms, self.ways, strict=True)]

    def residual_bound(self) -> Real:
        return upper_real(self.centre.residual_norm + self.residual_way)

    def curvature(self) -> Real:
        """Bound -lambda_min everywhere nearby by lambda_max of the matrix of block norms.

        Each block norm is its value at the centre plus prod (w + way) - prod w, by telescoping.
        """
        return self._block_bound

    @cached_property
    def _block_bound(self) -> Real:
        with precision(NORM_BITS):
            norms, bounds = self.centre.norms, self.layer_bounds()
            least, most = self.centre.residual_norm, self.residual_bound()
            depth = len(norms)
            pairs = {}
            for (i, j), (outer, inner) in self.centre.blocks.items():
                outside = [k for k in range(depth) if k < i or k > j]
                far = most * product([bounds[k] for k in outside])
                far = outer + upper_real(far - least * product([norms[k] for k in outside]))
                inside = range(i + 1, j)
                near = product([bounds[k] for k in inside])
                near = inner + upper_real(near - product([norms[k] for k in inside]))
                pairs[i, j] = upper_real(far * near)
            return largest_of_pairs(depth, pairs)

    def squared_products(self) -> Real:
        """Bound sum_j prod_{l != j} |W_l|^2."""
        bounds = self.layer_bounds()
        total = real(0)
        for j in range(len(bounds)):
            others = product(bounds[:j] + bounds[j + 1 :])
            total = total + others * others
        return upper_real(total)

    def smoothness(self) -> Real:
        """Bound lambda_max: |S|_s sum_j prod_{l != j} |W_l|^2 + lambda_max of the block norms."""
        with precision(NORM_BITS):
            return upper_real(self.centre.slope * self.squared_products() + self.curvature())

    def hessian_lipschitz(self) -> Real:
        """Bound the Lipschitz constant of the Hessian nearby.

        A symmetric trilinear form is bounded by its diagonal,
        D^3 f = 3 <DW S, D^2 W> + <g, D^3 W>, where for unit directions |DW| <= (sum_j P_j^2)^(1/2),
        |D^2 W| <= lambda_max(P_ij) and |D^3 W| <= n (n - 1) (n - 2) n^(-3/2) max P_ijk (Maclaurin);
        P_... is the product of the norms of the other layers.
        """
        with precision(NORM_BITS):
            bounds = self.layer_bounds()
            depth = len(bounds)

            def others(chosen: tuple[int, ...]) -> Real:
                return upper_real(product([w for k, w in enumerate(bounds) if k not in chosen]))

            pairs = {pair: others(pair) for pair in combinations(range(depth), 2)}
            total = 3 * self.centre.slope * sqrt(self.squared_products())
            total = total * largest_of_pairs(depth, pairs)
            if depth >= 3:
                triples = [others(triple) for triple in combinations(range(depth), 3)]
                count = real(depth * (depth - 1) * (depth - 2))
                weight = divide(count, sqrt(real(depth**3)))
                total = total + self.residual_bound() * weight * maximum(triples)
            return upper_real(total)
