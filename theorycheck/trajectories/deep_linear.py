"""Gradient flow of a deep linear net with square loss, as a dynamics with its own certificate.

The defect's low orders are read off the ball recurrence (they are the rounding errors of the
coefficients); the orders from K on are bounded by norm majorants. The curvature is the
bound by block norms of `curvature.py`, which needs a convex loss of the end-to-end matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

from theorycheck.balls import (
    BallArithmetic,
    Matrix,
    Real,
    lambda_min_lower,
    lower_real,
    midpoint,
    minimum,
    precision,
    real,
    upper_real,
    working_bits,
)
from theorycheck.balls.series import (
    evaluate,
    joint_norm,
    norm_of_norms,
    norm_upper,
    pack_layers,
    power_list,
    spectral_upper_fast,
    split_column,
)
from theorycheck.problems.objective import DeepLinearObjective
from theorycheck.trajectories.curvature import Centre, Nearby
from theorycheck.trajectories.defect import Majorant, product_tail, scaled_sizes
from theorycheck.trajectories.dynamics import Defect
from theorycheck.trajectories.norms import EUCLIDEAN
from theorycheck.trajectories.recurrence import DeepLinearSeries, deep_linear_series

__all__ = ["DeepLinearDynamics", "DeepLinearExpansion"]

NORM_BITS = 40
VALUE_BITS = 64
# Assembling the Hessian costs N^2; beyond this dimension the block norms have to do.
LARGEST_HESSIAN = 100


def _product(left: Sequence[Matrix], right: Sequence[Matrix]) -> list[Matrix]:
    """Multiply two polynomials with matrix coefficients."""
    result: list[Matrix | None] = [None] * (len(left) + len(right) - 1)
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            term, known = a * b, result[i + j]
            result[i + j] = term if known is None else known + term
    return [entry for entry in result if entry is not None]


class DeepLinearDynamics:
    """The gradient flow of a `DeepLinearObjective`.

    Parameters
    ----------
    objective : DeepLinearObjective    network and square loss, exact
    """

    norm = EUCLIDEAN

    is_local = False

    def __init__(self, objective: DeepLinearObjective) -> None:
        self.objective = objective
        self.square_loss = objective.square_loss
        self.shapes: tuple[tuple[int, int], ...] = tuple(objective.network.shapes)
        self.arithmetic = BallArithmetic()
        self._data: dict[int, tuple[Matrix | None, Matrix, Real]] = {}

    @property
    def dimension(self) -> int:
        return sum(rows * columns for rows, columns in self.shapes)

    def data(self) -> tuple[Matrix | None, Matrix, Real]:
        """Return the Gram matrix (None if whitened), the cross matrix and |gram|_s from above."""
        bits = working_bits()
        if bits not in self._data:
            loss = self.square_loss
            cross = self.arithmetic.matrix(loss.cross)
            if loss.is_whitened:
                self._data[bits] = (None, cross, real(1))
            else:
                gram = self.arithmetic.matrix(loss.gram)
                self._data[bits] = (gram, cross, spectral_upper_fast(gram))
        return self._data[bits]

    @cached_property
    def contraction(self) -> Real:
        """Bound lambda_min of the Gram matrix from below: the curvature of a net of depth one."""
        with precision(VALUE_BITS):
            gram = self.arithmetic.matrix(self.square_loss.gram)
            return lower_real(lambda_min_lower(gram))

    def parts(self, column: Matrix) -> list[Matrix]:
        return split_column(column, self.shapes)

    def residual(self, layers: Sequence[Matrix]) -> Matrix:
        """Enclose g = W_n ... W_1 S - C."""
        gram, cross, _ = self.data()
        total = layers[0]
        for layer in layers[1:]:
            total = layer * total
        return (total if gram is None else total * gram) - cross

    def gradient(self, layers: Sequence[Matrix]) -> list[Matrix]:
        """Enclose the layer gradients (W_n ... W_{j+1})^T g (W_{j-1} ... W_1)^T."""
        gram, cross, _ = self.data()
        prefixes = [layers[0]]
        for layer in layers[1:]:
            prefixes.append(layer * prefixes[-1])
        end = prefixes[-1]
        suffix = (end if gram is None else end * gram) - cross
        gradients = []
        for j in range(len(layers) - 1, 0, -1):
            gradients.append(suffix * prefixes[j - 1].transpose())
            suffix = layers[j].transpose() * suffix
        gradients.append(suffix)
        return gradients[::-1]

    def centre(self, layers: Sequence[Matrix]) -> Centre:
        """Return the centre of curvature bounds at exact layers."""
        return Centre(list(layers), self.residual(layers), self.data()[2])

    def spectrum_on(
        self, layers: Sequence[Matrix], tube: Real, *, sharp: bool = False
    ) -> tuple[Real, Real]:
        """Bound (-lambda_min, lambda_max) of the Hessian within Frobenius distance `tube`, exact.

        With `sharp` the first bound is also sought as -lambda_min at the centre plus the
        Hessian's Lipschitz constant times the distance.
        """
        nearby = self.centre(layers).within(tube)
        largest = nearby.smoothness()
        if len(layers) == 1:
            return upper_real(-self.contraction), largest
        bound = nearby.curvature()
        if sharp and self.dimension <= LARGEST_HESSIAN:
            with precision(VALUE_BITS):
                hessian = self.objective.hessian(self.arithmetic, list(layers))
                least = lambda_min_lower(hessian)
            further = upper_real(nearby.hessian_lipschitz() * tube - least)
            bound = upper_real(minimum([bound, further]))
        return bound, largest

    def gradient_drift(
        self, layers: Sequence[Matrix], gradient: Sequence[Matrix], step: Real
    ) -> Real:
        """Bound |Hess f(x - s g) g| over s in [0, step], from the polynomial grad f(x - s g).

        About the middle of the step: sup |sum_k q_k sigma^k| <= sum_k |q_k| (step / 2)^k.
        """
        half = step * real(Fraction(1, 2))
        lines = [[w - g * half, -g] for w, g in zip(layers, gradient, strict=True)]
        along = self._gradient_polynomial(lines)
        total = real(0)
        power = real(1)
        for k in range(1, max(len(part) for part in along)):
            size = joint_norm([part[k] for part in along if k < len(part)])
            total = total + k * size * power
            power = power * half
        return upper_real(total)

    def _gradient_polynomial(self, lines: Sequence[list[Matrix]]) -> list[list[Matrix]]:
        """Return the coefficients of the layer gradients where every layer is a polynomial."""
        gram, cross, _ = self.data()
        prefixes = [lines[0]]
        for line in lines[1:]:
            prefixes.append(_product(line, prefixes[-1]))
        suffix = [c if gram is None else c * gram for c in prefixes[-1]]
        suffix[0] = suffix[0] - cross
        gradients = []
        for j in range(len(lines) - 1, 0, -1):
            gradients.append(_product(suffix, [c.transpose() for c in prefixes[j - 1]]))
            suffix = _product([c.transpose() for c in lines[j]], suffix)
        gradients.append(suffix)
        return gradients[::-1]

    def loss(self, layers: Sequence[Matrix]) -> Real:
        """Enclose f."""
        value: Real = self.objective.value(self.arithmetic, list(layers))
        return value

    def expand(self, start: Matrix, time: Fraction, order: int) -> DeepLinearExpansion:
        del time  # the field is autonomous
        gram, cross, _ = self.data()
        series = deep_linear_series(
            self.arithmetic, self.parts(start), gram, cross, order, self.arithmetic.midpoint
        )
        return DeepLinearExpansion(self, series, order)


class DeepLinearExpansion:
    """One expansion of the flow: the settled layers' coefficients are the exact polynomial p."""

    autonomous = True

    def __init__(
        self, dynamics: DeepLinearDynamics, series: DeepLinearSeries[Matrix], order: int
    ) -> None:
        self.dynamics = dynamics
        self.order = order
        self._series = series
        self.bits = working_bits()
        # p' + grad f(p), orders below K: exact p, so the ball is its enclosure.
        self._low_defects = [
            [
                layer[k + 1] * (k + 1) + gradient[k]
                for layer, gradient in zip(series.layers, series.gradients, strict=True)
            ]
            for k in range(order)
        ]
        self.coefficients = pack_layers(series.layers)
        with precision(NORM_BITS):
            self._layer_sizes = [[norm_upper(c) for c in layer] for layer in series.layers]
        self._along: tuple[Real, Nearby] | None = None

    @cached_property
    def sizes(self) -> list[Real]:
        with precision(NORM_BITS):
            return [
                norm_of_norms([layer[k] for layer in self._layer_sizes])
                for k in range(self.order + 1)
            ]

    @cached_property
    def _low_sizes(self) -> list[Real]:
        with precision(NORM_BITS):
            return [joint_norm(parts) for parts in self._low_defects]

    @cached_property
    def _product_sizes(self) -> tuple[list[list[Real]], list[list[Real]]]:
        with precision(NORM_BITS):
            prefixes = [self._layer_sizes[0][: self.order]] + [
                [norm_upper(c) for c in prefix] for prefix in self._series.prefixes[1:-1]
            ]
            suffixes = [[norm_upper(c) for c in suffix] for suffix in self._series.suffixes]
        return prefixes, suffixes

    def _majorants(self, powers: Sequence[Real]) -> tuple[Real, Real]:
        """Bound the tails (coefficient of tau^K) of g and of the whole gradient."""
        depth = len(self._layer_sizes)
        low = slice(0, self.order)
        layers = [
            Majorant(scaled[low], scaled[self.order])
            for scaled in (scaled_sizes(sizes, powers) for sizes in self._layer_sizes)
        ]
        prefix_sizes, suffix_sizes = self._product_sizes
        prefixes = [layers[0]]
        for j in range(1, depth - 1):
            tail = product_tail(layers[j], prefixes[-1])
            prefixes.append(Majorant(scaled_sizes(prefix_sizes[j], powers), tail))
        end_tail = product_tail(layers[-1], prefixes[-1]) if depth > 1 else layers[0].tail
        residual_tail = upper_real(self.dynamics.data()[2] * end_tail)
        suffix = Majorant(scaled_sizes(suffix_sizes[-1], powers), residual_tail)
        tails = []
        for j in range(depth - 1, 0, -1):
            tails.append(product_tail(suffix, prefixes[j - 1]))
            tail = product_tail(layers[j], suffix)
            suffix = Majorant(scaled_sizes(suffix_sizes[j - 1], powers), tail)
        tails.append(suffix.tail)
        return residual_tail, norm_of_norms(tails)

    def defect(self, step: Real) -> Defect:
        with precision(NORM_BITS):
            powers = power_list(step, self.order + 1)
            uniform = self._low_sizes[0]
            for size, power in zip(self._low_sizes[1:], powers[1:], strict=False):
                uniform = uniform + size * power
            return Defect(upper_real(uniform), self._majorants(powers)[1], self.order)

    def along(self, step: Real) -> Nearby:
        """Describe p over [0, step] as the surroundings of p(step / 2)."""
        if self._along is not None and self._along[0] is step:
            return self._along[1]
        with precision(VALUE_BITS):
            value = evaluate(self.coefficients, step * real(Fraction(1, 2)))
            middle = midpoint(value)
            centre = self.dynamics.centre(self.dynamics.parts(middle))
            rounding = norm_upper(value - middle)
        with precision(NORM_BITS):
            powers = power_list(step, self.order + 1)
            # |t^k - (h/2)^k| <= h^k (1 - 2^-k) on [0, h]
            travel = [p * real(1 - Fraction(1, 2**k)) for k, p in enumerate(powers)]
            ways = [
                upper_real(sum(scaled_sizes(sizes[1:], travel[1:]), rounding))
                for sizes in self._layer_sizes
            ]
            moved = sum(scaled_sizes(self._product_sizes[1][-1][1:], travel[1:]), real(0))
            rest = 2 * self._majorants(powers)[0]
            # g at the exact centre, against g along p: the rounding of the centre counts too.
            shaken = centre.within(rounding)
            residual_way = upper_real(moved + rest + shaken.residual_way)
        self._along = (step, Nearby(centre, ways, residual_way))
        return self._along[1]

    def curvature(self, step: Real, tube: Real) -> Real:
        if len(self._layer_sizes) == 1:
            return upper_real(-self.dynamics.contraction)
        return self.along(step).widened(tube).curvature()
