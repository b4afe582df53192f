r"""Terms of a homogeneous predictor: margins, smoothed margin, alignment, in either clock.

With the sum loss Lambda = sum_i l(q_i) and alpha = l^{-1}(Lambda), the flow of Lambda runs in the
clock t; the flow of -alpha (an ExponentialMargin, a LogisticMargin) runs in the slow clock s with
ds = |l'(alpha)| dt. Both have the same orbits and the same ascent g = grad alpha = v / |l'(alpha)|.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy

from theorycheck.claims.matrices import AbstractMatrix, constant
from theorycheck.claims.terms import (
    Term,
    exp,
    expression_of,
    frobenius_squared,
    inner,
    log,
    sqrt,
)  # fmt: skip
from theorycheck.claims.views import Case, View
from theorycheck.errors import InvalidClaim
from theorycheck.losses import (
    AbstractMarginLoss,
    ExponentialLoss,
    ExponentialMargin,
    LogisticLoss,
    LogisticMargin,
)
from theorycheck.problems import AbstractNetworkObjective
from theorycheck.symbolic.functions import margin_after, margin_clock

__all__ = ["Predictor", "clock", "inverse_clock", "predictor"]


@dataclass(frozen=True)
class Predictor:
    """The quantities of theory C on one trajectory of a case.

    Parameters
    ----------
    case : Case
    view : View    case.flow, case.descent, case.initial
    """

    case: Case
    view: View

    # -- the instance ----------------------------------------------------------------------------
    @property
    def loss(self) -> Any:
        return self.case.loss

    @property
    def is_slow(self) -> bool:
        """Whether the clock is s."""
        return isinstance(self.loss, AbstractMarginLoss)

    @property
    def is_logistic(self) -> bool:
        return isinstance(self.loss, LogisticLoss | LogisticMargin)

    @property
    def order(self) -> int:
        """L: the depth, as the activations are homogeneous of degree 1."""
        return int(self.case.network.depth)

    @property
    def samples(self) -> int:
        return int(self.loss.samples)

    # -- size ------------------------------------------------------------------------------------
    @property
    def alpha(self) -> Term:
        """The smoothed margin l^{-1}(Lambda)."""
        if self.is_slow:
            return -self.view.loss
        return -log(exp(self.view.loss) - 1) if self.is_logistic else -log(self.view.loss)

    @property
    def squared_norm(self) -> Term:
        """rho^2"""
        return frobenius_squared(self.view.position)

    @property
    def log_norm(self) -> Term:
        return log(self.squared_norm) / 2

    @property
    def smoothed_margin(self) -> Term:
        """Alpha / rho^L"""
        return self.alpha / self.squared_norm ** Fraction(self.order, 2)

    # -- motion ----------------------------------------------------------------------------------
    @property
    def ascent(self) -> AbstractMatrix:
        """v: minus the gradient of what the flow minimises; parallel to grad alpha."""
        return -self.view.gradient

    @property
    def slope(self) -> Term:
        """|l'(alpha)| in the clock t, 1 in the slow clock: v = slope grad alpha."""
        if self.is_slow:
            return Term(sympy.S.One)
        return 1 - exp(-self.view.loss) if self.is_logistic else self.view.loss

    @property
    def growth(self) -> Term:
        """<theta, v> = L nu"""
        return inner(self.view.position, self.ascent)

    @property
    def alignment(self) -> Term:
        """Beta = <theta, v> / (rho |v|)"""
        return self.growth / sqrt(self.squared_norm * frobenius_squared(self.ascent))

    @property
    def lagrange_sum(self) -> Term:
        """rho^2 |v|^2 - <theta, v>^2 as the sum of the squares (theta_j v_k - theta_k v_j)^2."""
        count = self.view.position.shape[0]
        theta = [expression_of(self.view.position[j, 0]) for j in range(count)]
        v = [expression_of(self.view.gradient[j, 0]) for j in range(count)]
        squares = [(theta[j] * v[k] - theta[k] * v[j]) ** 2 for j in range(count) for k in range(j)]
        return Term(sympy.Add(*squares))

    # -- linear predictors -----------------------------------------------------------------------
    @property
    def margins(self) -> tuple[Term, ...]:
        """q_i = y_i W x_i of a deep linear net with one output."""
        if self.loss.output_dimension != 1:
            raise InvalidClaim("margins need a net with one output")
        scores = self.view.end_to_end @ constant(self.loss.inputs, "X")
        (labels,) = self.loss.targets
        return tuple(Term(expression_of(scores[0, i]) * int(y)) for i, y in enumerate(labels))

    @property
    def entropy(self) -> Term:
        """H(p) = sum_i p_i log(1 + sum_{j != i} e^{q_i - q_j}), p the softmax of the -q."""
        q = [expression_of(term) for term in self.margins]
        total = sympy.S.Zero
        for i, own in enumerate(q):
            others = sympy.Add(*[sympy.exp(own - q[j]) for j in range(len(q)) if j != i])
            total += sympy.log(1 + others) / (1 + others)
        return Term(total)


def predictor(case: Case, view: View | None = None) -> Predictor:
    """Name the quantities of theory C on a view of a case; on its flow without one.

    Raises
    ------
    InvalidClaim    the instance is no network with an exponential or logistic sum loss
    """
    objective = case.instance.objective_or_none
    kinds = (ExponentialLoss, LogisticLoss, ExponentialMargin, LogisticMargin)
    if not isinstance(objective, AbstractNetworkObjective) or not isinstance(objective.loss, kinds):
        raise InvalidClaim("margins need a network with an exponential or logistic loss")
    if objective.loss.mean:
        raise InvalidClaim("margins are those of the sum loss; give the loss with mean=False")
    return Predictor(case, case.flow if view is None else view)


def clock(alpha: Any, order: int, *, logistic: bool) -> Term:
    """T(alpha), up to a constant: the time it takes to a smoothed margin."""
    return Term(margin_clock(expression_of(alpha), order, int(logistic)))


def inverse_clock(elapsed: Any, alpha: Any, order: int, *, logistic: bool) -> Term:
    """The smoothed margin x with T(x) - T(alpha) = elapsed."""
    return Term(margin_after(expression_of(elapsed), expression_of(alpha), order, int(logistic)))
