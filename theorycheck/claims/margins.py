"""What a claim sees of a classifier's margins: `case.initial.margins`, `case.flow.margins`.

The terms are stated in units of lambda = -l'(alpha), which any magnitude of the parameters
bears: u = v / lambda, r_i = w_i / lambda, nu / lambda. At the exact start equality cases are
known from the rational margins: one sample, and samples of equal margin.

The flow of Lambda = sum_i l(q_i) runs in the clock t; that of -alpha (an ExponentialMargin, a
LogisticMargin) in the slow clock s with ds = lambda dt. Both have the same orbits: theta' = pace u.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy
from sympy import Expr

from theorycheck.claims import matrices as m, quantities as q
from theorycheck.claims.terms import (
    Term,
    exp,
    expression_of,
    frobenius_squared,
    log,
    minimum,
    sqrt,
)  # fmt: skip
from theorycheck.losses import AbstractMarginLoss
from theorycheck.problems import AbstractNetworkObjective, FullyConnectedObjective, Instance
from theorycheck.problems.margins import branch_count, classifier_of, exact_margins, is_logistic
from theorycheck.symbolic.functions import margin_after, margin_clock

__all__ = ["MarginView", "clock", "inverse_clock"]


@dataclass(frozen=True)
class MarginView:
    """The margins of a homogeneous classifier on one trajectory (or at its start).

    Parameters
    ----------
    instance : Instance    one output, exponential or logistic loss, or the margin of one
    path : str
    place : Expr or None

    Raises
    ------
    InvalidInstance        another objective
    """

    instance: Instance
    path: str
    place: Expr | None

    @cached_property
    def _objective(self) -> AbstractNetworkObjective:
        return classifier_of(self.instance.objective)

    @property
    def order(self) -> int:
        """L, with f(c theta) = c^L f(theta) for c > 0."""
        return self._objective.network.order

    @property
    def samples(self) -> int:
        """N."""
        return self._objective.loss.samples

    @property
    def is_logistic(self) -> bool:
        return is_logistic(self._objective)

    @property
    def is_slow(self) -> bool:
        """Whether the clock is s."""
        return isinstance(self._objective.loss, AbstractMarginLoss)

    # -- the clock -------------------------------------------------------------------------------
    @property
    def sum_loss(self) -> Term:
        """Lambda, of an instance in the clock t."""
        loss = self._objective.loss
        value = Term(q.Atom(q.Loss(self.path, self.place, loss.is_nonnegative)))
        return value * loss.samples if loss.mean else value

    @property
    def pace(self) -> Term:
        """The speed of flow over that of u: lambda in the clock t (over n, for a mean), 1 in s."""
        if self.is_slow:
            return Term(sympy.S.One)
        rate = 1 - exp(-self.sum_loss) if self.is_logistic else self.sum_loss
        return rate / self.samples if self._objective.loss.mean else rate

    # -- margins ---------------------------------------------------------------------------------
    def margin(self, i: int) -> Term:
        """q_i, samples counted from 0."""
        return self._term("margins", i)

    @property
    def q(self) -> tuple[Term, ...]:
        return tuple(self.margin(i) for i in range(self.samples))

    @cached_property
    def exact(self) -> tuple[Fraction, ...] | None:
        """The rational margins at the start; None on a trajectory."""
        if self.path != "start":
            return None
        return exact_margins(self._objective, self.instance.start)

    @property
    def least(self) -> int | None:
        """The sample of least margin, where it is known."""
        if self.samples == 1:
            return 0
        return None if self.exact is None else self.exact.index(min(self.exact))

    @property
    def q_min(self) -> Term:
        return minimum(self.q) if self.least is None else self.margin(self.least)

    @property
    def alpha(self) -> Term:
        """The soft minimum l^{-1}(Lambda) of the margins; a single margin itself at the start."""
        if self.path == "start":
            return self.margin(0) if self.samples == 1 else self._term("alpha")
        # through the loss, whose derivatives along the flow are known
        if self.is_slow:
            return -self.sum_loss
        return -log(exp(self.sum_loss) - 1) if self.is_logistic else -log(self.sum_loss)

    @property
    def gap(self) -> Term:
        """q_min - alpha >= 0, free of cancellation at the start."""
        if self.samples == 1:
            return Term(sympy.S.Zero)
        if self.least is None:
            return self.q_min - self.alpha
        if self.exact is not None and len(set(self.exact)) == 1 and not self.is_logistic:
            return Term(sympy.log(self.samples))
        return self._term("gap", self.least)

    # -- weights ---------------------------------------------------------------------------------
    def weight(self, i: int) -> Term:
        """p_i = w_i / sum_k w_k."""
        return Term(sympy.S.One) if self.samples == 1 else self._term("weights", i)

    def relative_weight(self, i: int) -> Term:
        """r_i = w_i / lambda."""
        return Term(sympy.S.One) if self.samples == 1 else self._term("relative_weights", i)

    @property
    def slack_gap(self) -> Term:
        """Nu / lambda - alpha: the entropy of the weights for the exponential loss."""
        if self.samples == 1:
            return Term(sympy.S.Zero)
        return self._term("slack_gap" if self.is_logistic else "entropy")

    @property
    def nu(self) -> Term:
        """Nu / lambda = sum_i r_i q_i."""
        return self.alpha + self.slack_gap

    @property
    def slack(self) -> Term:
        """A = nu / (lambda alpha)."""
        return 1 + self.slack_gap / self.alpha

    # -- directions ------------------------------------------------------------------------------
    @property
    def position(self) -> m.AbstractMatrix:
        return m.Position(self.path, self.place, self._objective.dimension)

    @property
    def velocity(self) -> m.AbstractMatrix:
        """U = v / lambda, N x 1."""
        if self.samples == 1:
            return self.gradient(0)
        return m.MarginVelocity(self.path, self.place, self._objective.dimension)

    def gradient(
        self, i: int, *, branch: int | None = None, scale: Fraction = Fraction(1)
    ) -> m.AbstractMatrix:
        """h_i, N x 1; on one of the `branches` at the start, and at a multiple of theta."""
        size = self._objective.dimension
        chosen = branch if branch is not None and self.branches > 1 else None
        return m.MarginGradient(self.path, self.place, i, size, chosen, scale)

    @property
    def branches(self) -> int:
        """The number of smooth nets that agree with the net at the start; 1 off kinks.

        Where they are too many it is one more than are looked at, and that one stays undecided.
        """
        return branch_count(self._objective, self.instance.start)

    @property
    def rho_squared(self) -> Term:
        return frobenius_squared(self.position)

    @property
    def rho(self) -> Term:
        return sqrt(self.rho_squared)

    @property
    def speed_squared(self) -> Term:
        """|u|^2."""
        return frobenius_squared(self.velocity)

    @property
    def lagrange(self) -> Term:
        """rho^2 |u|^2 - <theta, u>^2, a sum of squares; along a flow at almost every time."""
        return self._term("lagrange", total=self._is_smooth or self.path == "flow")

    @property
    def misalignment(self) -> Term:
        """1 - beta^2, without cancellation."""
        return Term((self.lagrange / (self.rho_squared * self.speed_squared)).expression)

    @property
    def alignment(self) -> Term:
        """Beta = L nu / (rho |v|), the cosine of theta and v."""
        return Term((self.order * self.nu / (self.rho * sqrt(self.speed_squared))).expression)

    @property
    def growth(self) -> Term:
        """D log(alpha / rho^L) / d log rho along gradient flow: L (a / beta^2 - 1)."""
        excess = self.slack_gap / self.alpha + self.misalignment
        return Term((self.order * excess / self.alignment**2).expression)

    @property
    def normalised_margin(self) -> Term:
        """q_min / rho^L."""
        return self.q_min / self.rho**self.order

    @property
    def smoothed_margin(self) -> Term:
        """Alpha / rho^L."""
        return self.alpha / self.rho**self.order

    @property
    def gradient_bound(self) -> Term:
        """B, at least the norm of every gradient h_i on the unit sphere."""
        loss = self._objective.loss
        largest = max(sum(x**2 for x in loss.input(i)) for i in range(self.samples))
        squared = self._objective.network.squared_gradient_bound(Fraction(largest))
        return Term(sympy.sqrt(sympy.Rational(squared.numerator, squared.denominator)))

    # -- atoms -----------------------------------------------------------------------------------
    @property
    def _is_smooth(self) -> bool:
        objective = self._objective
        return not isinstance(objective, FullyConnectedObjective) or objective.network.is_smooth

    def _term(self, name: str, sample: int | None = None, *, total: bool = True) -> Term:
        return Term(q.Atom(q.MarginQuantity(self.path, self.place, name, sample, total)))


def clock(alpha: Any, order: int, *, logistic: bool) -> Term:
    """T(alpha), up to a constant: the time it takes to a smoothed margin."""
    return Term(margin_clock(expression_of(alpha), order, int(logistic)))


def inverse_clock(elapsed: Any, alpha: Any, order: int, *, logistic: bool) -> Term:
    """The smoothed margin x with T(x) - T(alpha) = elapsed."""
    return Term(margin_after(expression_of(elapsed), expression_of(alpha), order, int(logistic)))
