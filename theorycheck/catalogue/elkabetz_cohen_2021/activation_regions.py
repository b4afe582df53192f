r"""Terms of a homogeneous net on the activation region of its start, and bounds in layer norms.

A *region* is an open set of weights where every hidden pre-activation of every sample keeps one
sign. With the slopes of those signs as diagonal masks D_j the net is

    h(x_i) = W_n D_{n-1} W_{n-1} ... D_1 W_1 x_i,      s(z) = alpha max(z, 0) + beta min(z, 0)

If all pre-activations of this *masked* net have the signs that the masks were made of, then, layer
by layer, they are the net's own: so the region is certified by signs of masked terms. Behind a
layer that is 0 for a sample (a zero input, or all neurons dead with slope 0) nothing depends on a
sign, and none is asked for.

Written out once for the claims of this folder; no claim lives here.

Source       theory A4(b), A8 and 8b
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from math import prod
from typing import Any

import sympy

from theorycheck.claims import (
    AbstractMatrix,
    Assumption,
    Case,
    FromScalars,
    Term,
    as_matrix,
    constant,
    exp,
    expression_of,
    le,
    lt,
    maximum,
    norm,
    spectral_norm,
    sqrt,
    times,
)  # fmt: skip
from theorycheck.errors import InvalidClaim
from theorycheck.exact import RationalAlgebra
from theorycheck.losses import CrossEntropyLoss, ExponentialLoss, LogisticLoss, SquareLoss
from theorycheck.networks import FullyConnected
from theorycheck.problems import FullyConnectedObjective

__all__ = [
    "BALL_IN_REGION", "IN_REGION", "SMOOTH_LOSS", "START_IN_REGION", "Ball", "OnRegion",
    "largest_slope", "objective_of", "total",
]  # fmt: skip


def objective_of(case: Case) -> FullyConnectedObjective:
    objective = case.instance.objective
    if not isinstance(objective, FullyConnectedObjective):
        raise InvalidClaim(
            "activation regions need a FullyConnected network; of a deep linear one see "
            "deep_linear_curvature"
        )
    return objective


def largest_slope(case: Case) -> Fraction:
    """max(|alpha|, |beta|), or 1 where there is no hidden layer."""
    network: FullyConnected = objective_of(case).network
    return max(map(abs, network.slopes)) if network.hidden else Fraction(1)


def total(terms: Iterable[Any]) -> Term:
    """Add many terms at once, which one by one would take quadratic time."""
    return Term(sympy.Add(*map(expression_of, terms)))


def whole(value: Any) -> Term:
    """A number >= 0 as the norm of a 1 x 1 matrix, which normal forms do not open and expand."""
    return norm(as_matrix([value], (1, 1)))


class OnRegion:
    """The net on the region of the start, as terms on one trajectory (or at the start).

    Parameters
    ----------
    case : Case
    path : "initial" | "flow" | "descent"
    """

    def __init__(self, case: Case, path: str = "initial") -> None:
        self.case = case
        self.objective = objective_of(case)
        self.loss = self.objective.loss
        self.layers = getattr(case, path).layers
        self._activations: dict[tuple[int, int], AbstractMatrix] = {}

    # -- the region of the start, exactly --------------------------------------------------------
    @cached_property
    def signs(self) -> list[list[list[int]]]:
        """Signs by hidden layer, neuron and sample; 0 exactly on a kink."""
        network = self.objective.network
        layers = network.layer_matrices(RationalAlgebra, self.case.instance.start)
        found = iter(self.objective.signs(RationalAlgebra, layers).values())
        samples = range(self.loss.samples)
        return [
            [[int(next(found) or 0) for _ in samples] for _ in range(w)] for w in network.hidden
        ]

    def slopes(self, j: int, i: int) -> list[Fraction]:
        """The diagonal of D_j at sample i (both masks from 1, samples from 0)."""
        alpha, beta = self.objective.network.slopes
        return [alpha if row[i] > 0 else beta for row in self.signs[j - 1]]

    def is_silent(self, j: int, i: int) -> bool:
        """Whether the activation of layer j at sample i is 0 on the whole region."""
        if not any(self.loss.input(i)):
            return True
        return any(not any(self.slopes(l, i)) for l in range(1, j + 1))

    # -- terms -----------------------------------------------------------------------------------
    def activation(self, j: int, i: int) -> AbstractMatrix:
        """The output of layer j at sample i, x_i for j = 0."""
        if (j, i) not in self._activations:
            self._activations[j, i] = self._activation(j, i)
        return self._activations[j, i]

    def _activation(self, j: int, i: int) -> AbstractMatrix:
        if j == 0:
            return constant([[x] for x in self.loss.input(i)], rf"x_{{{i + 1}}}")
        pre, slopes = self.pre_activation(j, i), self.slopes(j, i)
        if all(s == 1 for s in slopes):
            return pre
        mask = [[s if r == c else 0 for c in range(len(slopes))] for r, s in enumerate(slopes)]
        return constant(mask, rf"D_{{{j},{i + 1}}}") @ pre

    def pre_activation(self, j: int, i: int) -> AbstractMatrix:
        """Z of layer j at sample i; for j = n the prediction."""
        layer: AbstractMatrix = self.layers[j - 1]
        return layer @ self.activation(j - 1, i)

    def prediction(self, i: int) -> AbstractMatrix:
        return self.pre_activation(len(self.layers), i)

    def residual(self, i: int) -> AbstractMatrix:
        """The gradient r_i of the sample's loss at the prediction."""
        h, loss = self.prediction(i), self.loss
        target = [[row[i]] for row in loss.targets]
        if isinstance(loss, SquareLoss):
            return h - constant(target, rf"y_{{{i + 1}}}")
        entries = [h[r, 0] for r in range(h.shape[0])]
        signs = [sympy.Integer(int(y)) for (y,) in target]
        if isinstance(loss, LogisticLoss):
            parts = [-y / (1 + exp(y * z)) for y, z in zip(signs, entries, strict=True)]
        elif isinstance(loss, ExponentialLoss):
            parts = [-y * exp(-y * z) for y, z in zip(signs, entries, strict=True)]
        elif isinstance(loss, CrossEntropyLoss):
            sums = [sum((exp(u - z) for u in entries), sympy.S.Zero) for z in entries]
            parts = [1 / total - y for total, y in zip(sums, signs, strict=True)]
        else:
            raise InvalidClaim(f"no term for the slopes of {type(loss).__name__}")
        return FromScalars(tuple((expression_of(part),) for part in parts))

    def input_norm(self, i: int) -> Any:
        """||x_i||, exact."""
        return sqrt(sum((x * x for x in self.loss.input(i)), Fraction(0)))

    def slope_sum(self, more: Any = 0) -> Any:
        """C sum_i (||r_i|| + more ||x_i||) ||x_i||."""
        samples = [i for i in range(self.loss.samples) if any(self.loss.input(i))]
        sizes = {i: self.input_norm(i) for i in samples}
        slopes = [(norm(self.residual(i)) + more * sizes[i]) * sizes[i] for i in samples]
        return self.loss.factor * total(slopes)

    def spectral_norms(self) -> list[Any]:
        return [spectral_norm(layer) for layer in self.layers]

    # -- the region predicate --------------------------------------------------------------------
    def distances(self) -> list[tuple[int, int, int, Any]]:
        """(layer, neuron, sample, sign times pre-activation): all > 0 iff on the region."""
        return [
            (j, c, i, (sign or 1) * self.pre_activation(j, i)[c, 0])
            for j, rows in enumerate(self.signs, start=1)
            for c, row in enumerate(rows)
            for i, sign in enumerate(row)
            if not self.is_silent(j - 1, i)
        ]

    def is_trivial(self) -> bool:
        """Whether the whole space is one region."""
        return self.objective.network.is_smooth


class Ball:
    """Bounds on the epsilon-ball, valid in every region that meets it (theory A7, A8 and 8b).

    With p_l = ||W_l||_s, a the largest slope, L >= the second derivative of the loss, Q(J) the
    product of p_l + epsilon over J and P(J) that of p_l:

        |r_i(q)| <= |r_i| + L a^{n-1} |x_i| (Q - P)
        -lambda_min <= m = (n-1) a^{n-1} S max_{|J| = n-2} Q(J),  S = c sum_i |r_i(q)| |x_i|
        |Hess f|_s <= m + L a^{2n-2} c sum_i |x_i|^2 sum_j Q(all but j)^2
        |grad f| <= a^{n-1} S (sum_j Q(all but j)^2)^{1/2}
    """

    def __init__(self, net: OnRegion, epsilon: Any) -> None:
        self.net, self.epsilon = net, epsilon
        self.depth = len(net.layers)
        self.norms = net.spectral_norms()
        self.gain = largest_slope(net.case) ** (self.depth - 1)

    def growth(self, count: int) -> Any:
        """Q - P of the first `count` layers."""
        return self.product(self.norms[:count]) - prod(self.norms[:count], start=1)

    def product(self, norms: Sequence[Any]) -> Any:
        return prod([p + self.epsilon for p in norms], start=sympy.S.One)

    @cached_property
    def smoothness(self) -> Fraction:
        """L"""
        found = self.net.loss.smoothness
        if found is None:
            raise InvalidClaim(f"{type(self.net.loss).__name__} has no bounded second derivative")
        return found

    @cached_property
    def slope_sum(self) -> Any:
        return self.net.slope_sum(self.smoothness * self.gain * self.growth(self.depth))

    @cached_property
    def largest_product(self) -> Any:
        """Max Q(J) over the sets J of n - 2 layers."""
        return maximum(self.product(chosen) for chosen in combinations(self.norms, self.depth - 2))

    @cached_property
    def squared_products(self) -> Any:
        others = [self.norms[:j] + self.norms[j + 1 :] for j in range(self.depth)]
        return sum((self.product(rest) ** 2 for rest in others), sympy.S.Zero)

    @property
    def curvature(self) -> Any:
        return whole((self.depth - 1) * self.gain * self.slope_sum * self.largest_product)

    @property
    def hessian_norm(self) -> Any:
        loss = self.net.loss
        squares = sum((x * x for row in loss.inputs for x in row), Fraction(0)) * loss.factor
        more = self.smoothness * self.gain**2 * squares * self.squared_products
        return whole(self.curvature + more)

    @property
    def gradient_norm(self) -> Any:
        return whole(self.gain * self.slope_sum * sqrt(self.squared_products))

    def margins(self) -> list[tuple[Any, Any]]:
        """How far each pre-activation is from 0, and how far it may move within the ball."""
        found, slope = [], largest_slope(self.net.case)
        for j, c, i, distance in self.net.distances():
            layer = self.net.layers[j - 1]
            row = sqrt(sum(layer[c, k] ** 2 for k in range(layer.shape[1])))
            norms = [*self.norms[: j - 1], row]
            moved = self.product(norms) - prod(norms, start=sympy.S.One)
            found.append((distance, slope ** (j - 1) * self.net.input_norm(i) * moved))
        return found


# -- assumptions ---------------------------------------------------------------------------------
def start_lies_in_a_region(case: Case) -> Any:
    net = OnRegion(case)
    return [] if net.is_trivial() else [lt(0, distance) for _, _, _, distance in net.distances()]


def flow_stays_in_the_region(case: Case) -> Any:
    net, over = OnRegion(case, "flow"), times(0, case.horizon)
    if net.is_trivial():
        return []
    return [lt(0, distance, over=over) for _, _, _, distance in net.distances()]


def ball_lies_in_one_region(case: Case) -> Any:
    """Each pre-activation of the start is further from 0 than it may move in the ball."""
    net = OnRegion(case)
    if net.is_trivial():
        return []
    ball = Ball(net, case.reach + case.epsilon)
    return [lt(moved, distance) for distance, moved in ball.margins()]


def loss_is_smooth(case: Case) -> Any:
    return le(0 if objective_of(case).loss.smoothness is not None else 1, 0)


START_IN_REGION = Assumption(
    "start_lies_in_a_region",
    start_lies_in_a_region,
    "no hidden pre-activation of the start is 0 (unless its input is 0 on the whole region)",
)

BALL_IN_REGION = Assumption(
    "ball_lies_in_one_region",
    ball_lies_in_one_region,
    "no hidden pre-activation can change its sign within rho + epsilon of the start",
)

SMOOTH_LOSS = Assumption(
    "loss_is_smooth",
    loss_is_smooth,
    "the second derivative of the loss is bounded (not so for the exponential loss)",
)

IN_REGION = Assumption(
    "flow_stays_in_the_region",
    flow_stays_in_the_region,
    "no hidden pre-activation changes its sign along the flow up to the horizon",
)
