"""The certificate of a Chebyshev collocation polynomial for the flow of a deep linear net.

A solver (untrusted, `chebyshev_solver.py`) proposes exact coefficients a_0, ..., a_{M-1} and a step
H. With s = 2 t / H - 1 let

    q(t) = sum_{j<M} a_j T_j(s),   P(t) = theta_0 + int_0^t q,   G(t) = grad f(P(t)),

and |u|_rho = sum_k |u_k| rho^k for u = sum_k u_k T_k, rho >= 1 (Frobenius norms).

Defect of P.  Let I be the interpolation at the L >= M zeros s_i of T_L, in degree below L. There
T_k equals +-T_j for some j < L or vanishes (T_{2 m L +- j} = (-1)^m T_j, T_{(2 m + 1) L} = 0), so
that |G - I G| <= 2 sum_{k >= L} |g_k|, g_k the coefficients of G. And |I u| <= Lambda max |u(s_i)|
with Lambda = (1 / L) sum cot((2 i - 1) pi / (4 L)) <= 1 + (2 / pi) log L (Ehlich and Zeller 1966;
Rivlin, The Chebyshev Polynomials, 1974, section 1.3). Hence

    |P' + grad f(P)| <= (1 + (16 / 25) log L) max_i |q(s_i) + G(s_i)| + 2 rho^{-L} |G|_rho.

|.|_rho is submultiplicative since T_i T_j = (T_{i+j} + T_{|i-j|}) / 2, and therefore, S and C being
the Gram and the cross matrix,

    |G|_rho <= sum_j prod_{l != j} |W_l|_rho (|S|_s prod_l |W_l|_rho + |C|).

The coefficients of P are P_k = (H / 2) (c a_{k-1} - a_{k+1}) / (2 k), k >= 1, c = 2 for k = 1 and 1
otherwise, and |P_0| <= |theta_0| + sum_{k>=1} |P_k| since P(0) = theta_0. Any rho is sound.

Monomials.  A piece stores powers of t. The polynomial p of the *midpoints* of the enclosed
monomial coefficients of P, with radii r_k, differs by |P - p| <= D = sum r_k H^k and
|P' - p'| <= D' = sum k r_k H^{k-1}, hence, L >= |Hess f| on the segment between,

    |p' + grad f(p)| <= |P' + grad f(P)| + D' + L D.

Curvature.  On |t - c| <= w every layer is within w (sum_j |a_j| + D') of p(c).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from theorycheck.balls import (
    Matrix,
    Real,
    log,
    matrix_from_reals,
    maximum,
    midpoint,
    precision,
    radius,
    real,
    sqrt,
    upper_real,
)
from theorycheck.balls.chebyshev import chebyshev_tables, monomials
from theorycheck.balls.series import entries_of, evaluate, guide_log2, norm_upper, power_list
from theorycheck.trajectories.curvature import Nearby, product
from theorycheck.trajectories.deep_linear import DeepLinearDynamics
from theorycheck.trajectories.defect import scaled_sizes
from theorycheck.trajectories.dynamics import Defect
from theorycheck.trajectories.effort import check_clock

__all__ = ["ChebyshevPiece", "Collocation"]

NORM_BITS = 40
VALUE_BITS = 64
# Parts of a piece on each of which the curvature is bounded.
PARTS = 6
# Nodes of the certificate beyond M.
MORE_NODES = 8
# Orders whose layers have bounds of their own.
APART = 4


@dataclass(frozen=True)
class Collocation:
    """A start, a step and exact coefficients of the slope.

    Parameters
    ----------
    dynamics : DeepLinearDynamics
    start : Matrix          theta_0, exact, N x 1
    step : Fraction         H
    even, odd : Matrix      a_0, a_2, ... and a_1, a_3, ..., exact, M/2 x N each
    bits : int              precision of the tables
    """

    dynamics: DeepLinearDynamics
    start: Matrix
    step: Fraction
    even: Matrix
    odd: Matrix
    bits: int

    @property
    def count(self) -> int:
        """M, the number of coefficients and of nodes."""
        return 2 * self.even.nrows()

    def residual(self, nodes: int) -> tuple[Matrix, Matrix]:
        """Enclose q + G at L = `nodes` zeros of T_L, the right ones and their mirror images."""
        tables = chebyshev_tables(self.count, nodes, self.bits)
        half = real(self.step / 2)
        states = tables.integrated(self.even * half, self.odd * half, self.start.transpose())
        slopes = tables.evaluated(self.even, self.odd)
        right, left = (slope + self._gradients(x) for slope, x in zip(slopes, states, strict=True))
        return right, left

    def _gradients(self, states: Matrix) -> Matrix:
        """Enclose the gradient at every row."""
        entries, position = entries_of(states), 0
        result: list[Real] = []
        for _ in range(states.nrows()):
            check_clock()
            layers = []
            for rows, columns in self.dynamics.shapes:
                end = position + rows * columns
                layers.append(matrix_from_reals(rows, columns, entries[position:end]))
                position = end
            for gradient in self.dynamics.gradient(layers):
                result += entries_of(gradient)
        return matrix_from_reals(states.nrows(), states.ncols(), result)


class ChebyshevPiece:
    """The polynomial p of a collocation with what its certificate needs; see above."""

    def __init__(self, collocation: Collocation) -> None:
        self.collocation = collocation
        self.dynamics = collocation.dynamics
        self._nodes = collocation.count + MORE_NODES
        self._residual = collocation.residual(self._nodes)
        enclosed = self._monomials()
        self.coefficients = midpoint(enclosed)
        self._radii = radius(enclosed)

    def _monomials(self) -> Matrix:
        """Enclose the coefficients of P in powers of t, packed; the constant term is exact."""
        given = self.collocation
        entries = monomials(given.even, given.odd, given.bits)
        dimension = given.even.ncols()
        result, scale = entries_of(given.start), real(1)
        # H x^{k+1} = H^{-k} t^{k+1}
        inverse = real(1 / given.step)
        for first in range(0, len(entries), dimension):
            row = matrix_from_reals(1, dimension, entries[first : first + dimension])
            result += entries_of(row * scale)
            scale = scale * inverse
        return matrix_from_reals(given.count + 1, dimension, result)

    def _rows(self, matrix: Matrix) -> list[Matrix]:
        entries, width = entries_of(matrix), matrix.ncols()
        return [
            matrix_from_reals(1, width, entries[k * width : (k + 1) * width])
            for k in range(matrix.nrows())
        ]

    @cached_property
    def slope_sizes(self) -> list[list[Real]]:
        """Bound |a_j| layer by layer, for higher j by all layers together."""
        given = self.collocation
        pairs = zip(self._rows(given.even), self._rows(given.odd), strict=True)
        with precision(NORM_BITS):
            rows = [row for pair in pairs for row in pair]
            return [
                [norm_upper(layer) for layer in self.dynamics.parts(row)]
                if j < APART
                else [norm_upper(row)] * len(self.dynamics.shapes)
                for j, row in enumerate(rows)
            ]

    @cached_property
    def _layer_sizes(self) -> list[list[Real]]:
        """Bound |P_k| layer by layer, k <= M."""
        half = upper_real(real(self.collocation.step / 2))
        nothing = [real(0)] * len(self.dynamics.shapes)
        slopes = [*self.slope_sizes, nothing, nothing]
        sizes: list[list[Real]] = [[norm_upper(w) for w in self._start_layers]]
        for k in range(1, self.collocation.count + 1):
            factor = half * real(Fraction(1, 2 * k))
            weight = 2 if k == 1 else 1
            sizes.append(
                [
                    upper_real(factor * (weight * a + b))
                    for a, b in zip(slopes[k - 1], slopes[k + 1], strict=True)
                ]
            )
        sizes[0] = [upper_real(sum(column[1:], column[0])) for column in zip(*sizes, strict=True)]
        return sizes

    @property
    def _start_layers(self) -> list[Matrix]:
        return self.dynamics.parts(self.collocation.start)

    def aliasing(self) -> Real:
        """Bound 2 rho^-L |G|_rho at a rho that floats propose."""
        _, cross, slope = self.dynamics.data()
        sizes, count = self._layer_sizes, self._nodes
        target = norm_upper(cross)
        # rho = 2^(choice / 8)
        logs = np.clip([[guide_log2(size) for size in row] for row in sizes], -1e9, 1e9)
        orders = np.arange(len(sizes))[:, None]
        costs = []
        for choice in range(1, 65):
            norms = np.logaddexp2.reduce(logs + orders * (choice / 8), axis=0)
            outer = np.logaddexp2(norms.sum(), guide_log2(target))
            costs.append(norms.sum() - norms.min() + outer - count * choice / 8)
        rho = upper_real(_root(1 + int(np.argmin(costs))))
        powers = power_list(rho, count + 1)
        norms_at = [
            upper_real(sum(scaled_sizes(layer, powers), real(0)))
            for layer in zip(*sizes, strict=True)
        ]
        outer_at = slope * product(norms_at) + target
        total = real(0)
        for j in range(len(norms_at)):
            total = total + product(norms_at[:j] + norms_at[j + 1 :]) * outer_at
        return upper_real(2 * total / powers[count])

    @cached_property
    def defect(self) -> Defect:
        """Bound |p' + grad f(p)| on [0, H]."""
        with precision(NORM_BITS):
            worst = maximum(
                [norm_upper(row) for side in self._residual for row in self._rows(side)]
            )
            lebesgue = 1 + real(Fraction(16, 25)) * log(real(self._nodes))
            total = lebesgue * worst + self.aliasing()
            distance, turn = self._rounding
            lipschitz = maximum([near.widened(distance).smoothness() for near in self._parts])
            return Defect(upper_real(total + turn + lipschitz * distance), real(0), 0)

    @cached_property
    def whole(self) -> Real:
        """Bound H from above, as the checker does."""
        with precision(NORM_BITS):
            return upper_real(real(self.collocation.step))

    @cached_property
    def _rounding(self) -> tuple[Real, Real]:
        """Bound |P - p| and |P' - p'| on [0, H]."""
        with precision(NORM_BITS):
            radii = [norm_upper(row) for row in self._rows(self._radii)]
            powers = power_list(self.whole, len(radii))
            distance, turn = real(0), real(0)
            for k in range(1, len(radii)):
                distance = distance + radii[k] * powers[k]
                turn = turn + k * radii[k] * powers[k - 1]
            return upper_real(distance), upper_real(turn)

    @cached_property
    def _speeds(self) -> list[Real]:
        """Bound |p'| on [0, H], layer by layer."""
        with precision(NORM_BITS):
            turn = self._rounding[1]
            return [upper_real(sum(column, turn)) for column in zip(*self.slope_sizes, strict=True)]

    @cached_property
    def _parts(self) -> list[Nearby]:
        """Describe p on equal parts of [0, H] as the surroundings of its values mid-way."""
        surroundings, step = [], self.whole
        for part in range(PARTS):
            with precision(VALUE_BITS):
                value = evaluate(self.coefficients, step * real(Fraction(2 * part + 1, 2 * PARTS)))
                middle = midpoint(value)
                centre = self.dynamics.centre(self.dynamics.parts(middle))
                rounding = norm_upper(value - middle)
            with precision(NORM_BITS):
                # H was rounded up to `step`: the true parts lie earlier, by 2^-38 H at most.
                half = step * real(Fraction(1, 2 * PARTS) + Fraction(1, 2**30))
                ways = [upper_real(half * speed + rounding) for speed in self._speeds]
                before = product(centre.norms)
                after = product([w + way for w, way in zip(centre.norms, ways, strict=True)])
                surroundings.append(
                    Nearby(centre, ways, upper_real(centre.slope * upper_real(after - before)))
                )
        return surroundings

    def curvatures(self, tube: Real) -> list[Real]:
        """Bound the logarithmic norm on equal parts of [0, H], one by one."""
        if len(self.dynamics.shapes) == 1:
            return [upper_real(-self.dynamics.contraction)]
        return [near.widened(tube).curvature() for near in self._parts]


def _root(eighths: int) -> Real:
    """Enclose 2^(eighths / 8)."""
    whole, rest = divmod(eighths, 8)
    value = real(2**rest)
    for _ in range(3):
        value = sqrt(value)
    return value * real(2**whole)
