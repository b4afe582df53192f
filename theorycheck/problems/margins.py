"""The margins of a homogeneous classifier at a point, and all that implicit bias says of them.

With labels y_i = 1 or -1, one output, f(c theta) = c^L f(theta) for c > 0, l(q) = e^{-q} or
log(1 + e^{-q}), and the *sum* of the losses Lambda = sum_i l(q_i):

    q_i = y_i f(theta; x_i)        margins, h_i = grad q_i (Clarke subgradients; unique off kinks)
    alpha = l^{-1}(Lambda)         soft minimum of the margins; lambda = -l'(alpha)
    r_i = w_i / lambda             relative weights, w_i = -l'(q_i)
    u = sum_i r_i h_i = v / lambda     relative velocity, v = -grad Lambda
    nu / lambda = sum_i r_i q_i = alpha + slack gap
    a = nu / (lambda alpha)        slack, >= 1 where alpha > 0
    beta = L nu / (rho |v|)        cosine of theta and v

Everything is invariant under Lambda -> 0 and is formed from differences of margins, so that no
magnitude of rho = |theta| overflows; a mean over samples only slows time, and changes nothing here.
A flow or an iterate is served as well as an exact point: `Margins` needs balls alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

from theorycheck import balls
from theorycheck.balls import Real
from theorycheck.errors import InvalidInstance
from theorycheck.exact import RationalAlgebra, to_fraction
from theorycheck.losses import AbstractMarginLoss, ExponentialLoss, LogisticLoss, LogisticMargin
from theorycheck.problems.fully_connected import FullyConnectedObjective
from theorycheck.problems.objective import AbstractNetworkObjective

__all__ = [
    "MOST_BRANCHES", "Margins", "branch_count", "branches", "classifier_of", "exact_margins",
    "is_logistic", "margin_gradients", "margins_at", "margins_on", "pulled_back",
]  # fmt: skip

MOST_BRANCHES = 64
MOST_PAIRED = 600
"""Parameters whose pairs are summed one by one; beyond, the difference is formed."""


@dataclass(frozen=True)
class Margins:
    """The quantities of a homogeneous classifier at a point that balls contain.

    Parameters
    ----------
    logistic : bool            the loss; False is the exponential one
    order : int                L
    position : N balls         theta
    margins : n balls          q_i
    pullback : function        n balls c to the N balls of sum_i c_i h_i; may raise `KinkMet`
    """

    logistic: bool
    order: int
    position: Sequence[Real]
    margins: Sequence[Real]
    pullback: Callable[[Sequence[Real]], list[Real]]

    # -- size ------------------------------------------------------------------------------------
    @cached_property
    def rho_squared(self) -> Real:
        return _sum([balls.square(x) for x in self.position])

    @cached_property
    def rho(self) -> Real:
        return balls.sqrt(self.rho_squared, assume_nonnegative=True)

    @cached_property
    def log_rho(self) -> Real:
        return balls.log(self.rho_squared) / 2

    # -- margins ---------------------------------------------------------------------------------
    @cached_property
    def q_min(self) -> Real:
        return balls.minimum(self.margins)

    @cached_property
    def alpha(self) -> Real:
        """The soft minimum of the margins: Lambda = l(alpha)."""
        return balls.soft_margin(self.margins, logistic=self.logistic)

    def gap(self, i: int) -> Real:
        """The difference q_i - alpha >= 0, without cancellation."""
        return balls.soft_gap(self.margins, i, logistic=self.logistic)

    @cached_property
    def log_loss(self) -> Real:
        """The logarithm of Lambda; safe where Lambda is of size e^{-10^100}."""
        return balls.log_of_loss(self.alpha, logistic=self.logistic)

    @cached_property
    def normalised_margin(self) -> Real:
        """q_min / rho^L."""
        return balls.divide(self.q_min, self._rho_to_order)

    @cached_property
    def smoothed_margin(self) -> Real:
        """The smoothed margin alpha / rho^L."""
        return balls.divide(self.alpha, self._rho_to_order)

    @cached_property
    def log_smoothed_margin(self) -> Real:
        """The logarithm of alpha / rho^L, for alpha > 0."""
        return balls.log(self.alpha) - self.order * self.log_rho

    @cached_property
    def _rho_to_order(self) -> Real:
        return balls.power(self.rho_squared, Fraction(self.order, 2), assume_nonnegative=True)

    # -- weights ---------------------------------------------------------------------------------
    @cached_property
    def weights(self) -> list[Real]:
        """p_i = w_i / sum_k w_k."""
        return balls.margin_weights(self.margins, logistic=self.logistic)

    @cached_property
    def relative_weights(self) -> list[Real]:
        """r_i = w_i / lambda; the weights p_i for the exponential loss."""
        return balls.relative_weights(self.margins, logistic=self.logistic)

    @cached_property
    def entropy(self) -> Real:
        """H(p) >= 0."""
        return balls.weight_entropy(self.margins, logistic=self.logistic)

    @cached_property
    def slack_gap(self) -> Real:
        """The excess nu / lambda - alpha; H(p) for the exponential loss, >= 0 where alpha > 0."""
        return balls.slack_gap(self.margins, logistic=self.logistic)

    @cached_property
    def nu(self) -> Real:
        """The sum nu / lambda = sum_i r_i q_i."""
        return self.alpha + self.slack_gap

    @cached_property
    def slack(self) -> Real:
        """The slack a = nu / (lambda alpha), for alpha != 0."""
        return 1 + balls.divide(self.slack_gap, self.alpha)

    # -- directions ------------------------------------------------------------------------------
    @cached_property
    def velocity(self) -> list[Real]:
        """The vector u = v / lambda = sum_i r_i h_i; `KinkMet` where it is not unique."""
        return self.pullback(self.relative_weights)

    @cached_property
    def drift(self) -> list[Real]:
        """The vector g = sum_i p_i h_i, the velocity of flow in the time ds = (sum_i w_i) dt."""
        return self.pullback(self.weights)

    @cached_property
    def speed_squared(self) -> Real:
        """|u|^2."""
        return _sum([balls.square(x) for x in self.velocity])

    @cached_property
    def lagrange(self) -> Real:
        """rho^2 |u|^2 - <theta, u>^2 = sum_{j < k} (theta_j u_k - theta_k u_j)^2 >= 0."""
        if len(self.position) > MOST_PAIRED:
            aligned = balls.square(self.order * self.nu)
            return balls.maximum([self.rho_squared * self.speed_squared - aligned, balls.real(0)])
        pairs = itertools.combinations(zip(self.position, self.velocity, strict=True), 2)
        return _sum([balls.square(a * d - c * b) for (a, b), (c, d) in pairs])

    @cached_property
    def misalignment(self) -> Real:
        """1 - beta^2 >= 0, without cancellation."""
        return balls.divide(self.lagrange, self.rho_squared * self.speed_squared)

    @cached_property
    def alignment(self) -> Real:
        """The cosine beta = L nu / (rho |v|) = <theta, v> / (rho |v|)."""
        speed = balls.sqrt(self.speed_squared, assume_nonnegative=True)
        return balls.divide(self.order * self.nu, self.rho * speed)

    @cached_property
    def growth(self) -> Real:
        """The rate d log(alpha / rho^L) / d log rho = L (a / beta^2 - 1), for alpha > 0."""
        beta_squared = balls.square(self.alignment)
        excess = balls.divide(self.slack_gap, self.alpha) + self.misalignment
        return self.order * balls.divide(excess, beta_squared)


# -- the classifier ------------------------------------------------------------------------------
def classifier_of(objective: Any) -> AbstractNetworkObjective:
    """Return the objective, if it is a homogeneous classifier with margins.

    Raises
    ------
    InvalidInstance    no network, several outputs, or another loss
    """
    if not isinstance(objective, AbstractNetworkObjective):
        raise InvalidInstance("margins need a network and a loss; this instance has neither")
    loss = objective.loss
    kinds = ExponentialLoss | LogisticLoss | AbstractMarginLoss
    if not isinstance(loss, kinds) or loss.output_dimension != 1:
        raise InvalidInstance(
            f"margins need one output and an ExponentialLoss or LogisticLoss, got a "
            f"{type(loss).__name__} with {loss.output_dimension} outputs"
        )
    return objective


def is_logistic(objective: AbstractNetworkObjective) -> bool:
    return isinstance(objective.loss, LogisticLoss | LogisticMargin)


def labels_of(objective: AbstractNetworkObjective) -> list[int]:
    return [int(y) for y in objective.loss.targets[0]]


def margins_on(objective: Any, arithmetic: Any, layers: Sequence[Any]) -> list[Any]:
    """q_i = y_i f(theta; x_i), scalars of the arithmetic."""
    classifier = classifier_of(objective)
    outputs = arithmetic.scalars(classifier.predictions(arithmetic, layers))
    return [f if y > 0 else -f for f, y in zip(outputs, labels_of(classifier), strict=True)]


def pulled_back(
    objective: Any, arithmetic: Any, layers: Sequence[Any], coefficients: Sequence[Any]
) -> list[Any]:
    """sum_i c_i h_i, N scalars of the arithmetic.

    Raises
    ------
    KinkMet    a pre-activation has no certain sign
    """
    classifier = classifier_of(objective)
    signed = [c if y > 0 else -c for c, y in zip(coefficients, labels_of(classifier), strict=True)]
    slopes = arithmetic.from_scalars(1, len(signed), signed)
    parts = classifier.pullback(arithmetic, layers, slopes)
    return [x for part in parts for x in arithmetic.scalars(part)]


def margin_gradients(objective: Any, arithmetic: Any, layers: Sequence[Any]) -> list[list[Any]]:
    """h_1, ..., h_n, each of N scalars of the arithmetic."""
    count = classifier_of(objective).loss.samples
    return [
        pulled_back(
            objective, arithmetic, layers,
            [arithmetic.scalar(Fraction(int(k == i))) for k in range(count)],
        )
        for i in range(count)
    ]  # fmt: skip


def margins_at(objective: Any, layers: Sequence[Any]) -> Margins:
    """The margins at layers of balls, at the working precision."""
    classifier, arithmetic = classifier_of(objective), balls.BallAlgebra
    return Margins(
        logistic=is_logistic(classifier),
        order=classifier.network.order,
        position=[x for layer in layers for x in arithmetic.scalars(layer)],
        margins=margins_on(classifier, arithmetic, layers),
        pullback=lambda c: pulled_back(classifier, arithmetic, layers, c),
    )


def exact_margins(objective: Any, position: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """q_1, ..., q_n at a rational point."""
    layers = classifier_of(objective).network.layer_matrices(RationalAlgebra, position)
    return tuple(to_fraction(q) for q in margins_on(objective, RationalAlgebra, layers))


@lru_cache(maxsize=16)
def branches(
    objective: Any, position: tuple[Fraction, ...]
) -> tuple[AbstractNetworkObjective, ...]:
    """The smooth nets that agree with this one at a rational point, one per choice at the kinks.

    Off kinks this is the net's own region. On a kink every Clarke subgradient is a convex
    combination of gradients of these branches. At most `MOST_BRANCHES` are returned; there are
    `branch_count`.
    """
    classifier = classifier_of(objective)
    if not isinstance(classifier, FullyConnectedObjective) or classifier.network.is_smooth:
        return (classifier,)
    signs = _signs(classifier, position)
    kinks = [k for k, sign in enumerate(signs) if not sign]
    found: list[AbstractNetworkObjective] = []
    for choice in itertools.islice(itertools.product((1, -1), repeat=len(kinks)), MOST_BRANCHES):
        chosen = dict(zip(kinks, choice, strict=True))
        pattern = [chosen.get(k, sign or 0) for k, sign in enumerate(signs)]
        found.append(classifier.in_region(classifier.pattern_of(pattern)))
    return tuple(found)


def branch_count(objective: Any, position: tuple[Fraction, ...]) -> int:
    """The number of choices at the kinks, at most one more than `branches` returns."""
    classifier = classifier_of(objective)
    if not isinstance(classifier, FullyConnectedObjective) or classifier.network.is_smooth:
        return 1
    kinks = sum(not sign for sign in _signs(classifier, position))
    return int(min(2 ** min(kinks, MOST_BRANCHES), MOST_BRANCHES + 1))


def _signs(classifier: FullyConnectedObjective, position: Sequence[Fraction]) -> list[int | None]:
    layers = classifier.network.layer_matrices(RationalAlgebra, position)
    return list(classifier.signs(RationalAlgebra, layers).values())


def _sum(terms: Sequence[Real]) -> Real:
    total = balls.real(0)
    for term in terms:
        total = total + term
    return total
