r"""All-time two-sided rates of a separating homogeneous predictor (Lyu & Li 2020, Theorem 4.3).

    L^2 g^{2/L} (t - t_0)  <=  T(alpha(t))  <=  c^2 B^2 g^{2/L - 2} (t - t_0),
    (alpha L / B)^{1/L}  <=  rho  <=  (alpha / g)^{1/L},         g = alpha_0 / rho_0^L,

T(x) = int_{alpha_0}^x du / (|l'(u)| u^{2 - 2/L}). T is inverted by certified brackets, so that any
time costs the same; alpha and log rho are carried, never the loss itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from theorycheck import balls
from theorycheck.balls import Ball, Real, precision, real
from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction

__all__ = ["MarginRates", "linear_gradient_bound", "neuron_gradient_bound"]

LOSSES = ("exponential", "logistic")
GUARD = 32


@dataclass(frozen=True)
class MarginRates:
    """Bound the smoothed margin, the loss and the norm at any time of a gradient flow.

    The flow is that of the SUM loss of an L-homogeneous predictor that separates its data at
    `start_time`; of the mean loss, time runs slower by the number of samples.

    Parameters
    ----------
    alpha : Ball or rational          smoothed margin l^{-1}(loss) at the start, > 0
    log_norm : Ball or rational       log of the parameters' norm at the start
    order : int                       L >= 1
    gradient_bound : Ball or rational B >= the norm of every gradient of a margin on the unit sphere
    loss : str                        "exponential" or "logistic"
    start_time : rational
    bits : int                        working precision

    Raises
    ------
    InvalidInstance    alpha not certainly > 0 (the data are not separated), an unknown loss, a
                       gradient bound that the margin itself exceeds

    Examples
    --------
    >>> rates = MarginRates(alpha=1, log_norm=0, order=1, gradient_bound=1)   # q' = e^{-q}, q_0 = 1
    >>> round(float(rates.alpha_at(10**100)), 12)
    230.258509299405
    >>> float(rates.log_loss_at(log_time="1e6"))
    -1000000.0
    """

    alpha: Ball | Fraction | int | str
    log_norm: Ball | Fraction | int | str
    order: int
    gradient_bound: Ball | Fraction | int | str
    loss: str = "exponential"
    start_time: Fraction | int | str = 0
    bits: int = 128

    def __post_init__(self) -> None:
        if self.loss not in LOSSES:
            raise InvalidInstance(f"loss={self.loss!r} must be one of {', '.join(LOSSES)}")
        if isinstance(self.order, bool) or not isinstance(self.order, int) or self.order < 1:
            raise InvalidInstance(f"order={self.order!r} must be an integer >= 1")
        with precision(self.bits):
            if not _real(self.alpha, "alpha") > 0:
                raise InvalidInstance(
                    f"alpha={self.alpha} is not certainly positive: the start does not separate "
                    "the data, and the theorem is silent"
                )
            if not _real(self.gradient_bound, "gradient_bound") > 0:
                raise InvalidInstance(f"gradient_bound={self.gradient_bound} must be positive")
            # Euler and Cauchy-Schwarz: L q_i = <h_i, theta> <= B rho^L
            if self._margin() * self.order > _real(self.gradient_bound, "gradient_bound"):
                raise InvalidInstance(
                    f"gradient_bound={self.gradient_bound} is too small: a margin of "
                    f"alpha={self.alpha} at this norm needs at least alpha L / rho^L"
                )

    @property
    def is_logistic(self) -> bool:
        return self.loss == "logistic"

    # -- the two rates ---------------------------------------------------------------------------
    @cached_property
    def margin(self) -> Ball:
        """The smoothed normalised margin at the start, g = alpha_0 / rho_0^L."""
        with self._precision():
            return self._ball(self._margin())

    @cached_property
    def slowest(self) -> Ball:
        """L^2 g^{2/L}: T(alpha) grows at least at this rate."""
        with self._precision():
            return self._ball(self._rates()[0])

    @cached_property
    def fastest(self) -> Ball:
        """c^2 B^2 g^{2/L - 2}: T(alpha) grows at most at this rate."""
        with self._precision():
            return self._ball(self._rates()[1])

    def _margin(self) -> Real:
        # e^{log alpha - L log rho}: no norm is formed
        alpha, norm = _real(self.alpha, "alpha"), _real(self.log_norm, "log_norm")
        return balls.exp(balls.log(alpha) - norm * self.order)

    def _rates(self) -> tuple[Real, Real]:
        log_margin = balls.log(self._margin())
        share = real(Fraction(2, self.order))
        low = balls.exp(log_margin * share) * self.order**2
        high = balls.square(_real(self.gradient_bound, "gradient_bound") * self._slack())
        return low, high * balls.exp(log_margin * (share - 2))

    def _slack(self) -> Real:
        """c: 1, or Lambda_0 / (1 - e^{-Lambda_0}) for the logistic loss."""
        if not self.is_logistic:
            return real(1)
        # Lambda_0 (1 + e^{alpha_0}), as 1 - e^{-Lambda} = 1 / (1 + e^alpha)
        alpha = _real(self.alpha, "alpha")
        return balls.softplus([-alpha]) * (1 + balls.exp(alpha))

    # -- at any time -----------------------------------------------------------------------------
    def alpha_at(self, time: object = None, *, log_time: object = None) -> Ball:
        """Bound the smoothed margin from both sides; give the time, or its natural logarithm."""
        with self._precision(log_time):
            return self._ball(self._alpha(time, log_time))

    def log_loss_at(self, time: object = None, *, log_time: object = None) -> Ball:
        """Bound log of the sum loss: -alpha, or log log(1 + e^{-alpha})."""
        with self._precision(log_time):
            return self._ball(log_loss(self._alpha(time, log_time), logistic=self.is_logistic))

    def log_norm_at(self, time: object = None, *, log_time: object = None) -> Ball:
        """Bound log rho; no less than log rho at the start, as the norm grows."""
        with self._precision(log_time):
            log_alpha = balls.log(self._alpha(time, log_time))
            bound = _real(self.gradient_bound, "gradient_bound")
            low = (log_alpha - balls.log(bound / self.order)) / self.order
            high = (log_alpha - balls.log(self._margin())) / self.order
            start = balls.lower_real(_real(self.log_norm, "log_norm"))
            low = balls.maximum([balls.lower_real(low), start])
            return self._ball(balls.hull([low, balls.upper_real(high)]))

    def _alpha(self, time: object, log_time: object) -> Real:
        elapsed = self._elapsed(time, log_time)
        alpha = _real(self.alpha, "alpha")
        ends = [
            balls.margin_after(elapsed * rate, alpha, self.order, logistic=self.is_logistic)
            for rate in self._rates()
        ]
        return balls.hull([balls.lower_real(ends[0]), balls.upper_real(ends[1])])

    def _elapsed(self, time: object, log_time: object) -> Real:
        if (time is None) == (log_time is None):
            raise InvalidInstance("give either time or log_time")
        begin = as_fraction(self.start_time, "start_time")
        if time is not None:
            since = as_fraction(time, "time") - begin
            if since < 0:
                raise InvalidInstance(f"time={time} is before the start at {begin}")
            return real(since)
        elapsed = balls.exp(_real(log_time, "log_time")) - real(begin)
        if not elapsed >= 0:
            raise InvalidInstance(f"log_time={log_time} may be before the start at {begin}")
        return elapsed

    def time_to(self, alpha: object) -> tuple[Ball, Ball]:
        """Bound the time to a smoothed margin: (earliest, latest), as logarithms.

        Raises
        ------
        InvalidInstance    a margin that is not certainly beyond that of the start
        """
        with self._precision(alpha):
            goal = _real(alpha, "alpha")
            kind = {"logistic": self.is_logistic}
            start = balls.margin_clock(_real(self.alpha, "alpha"), self.order, **kind)
            clock = balls.margin_clock(goal, self.order, **kind) - start
            if not clock > 0:
                raise InvalidInstance(f"alpha={alpha} is not certainly beyond the start's")
            begin = real(as_fraction(self.start_time, "start_time"))
            low, high = self._rates()
            early, late = (balls.log(begin + clock / rate) for rate in (high, low))
            return self._ball(early), self._ball(late)

    # -- precision ---------------------------------------------------------------------------------
    def _precision(self, size: object = None) -> precision:
        """Guard bits, and those that e^x needs before the point for an x of this size."""
        extra = 0
        if size is not None:
            with precision(64):
                extra = int(abs(balls.upper(_real(size, "log_time")))).bit_length()
        return precision(self.bits + GUARD + extra)

    def _ball(self, value: Real) -> Ball:
        return Ball.wrap(value, self.bits)


def log_loss(alpha: Real, *, logistic: bool) -> Real:
    """Take the log of the sum loss at a smoothed margin, without under- or overflow."""
    return balls.log(balls.softplus([-alpha])) if logistic else -alpha


def linear_gradient_bound(inputs_norm: object, depth: int, *, bits: int = 128) -> Ball:
    """B = max |x_i| L^{(2 - L) / 2} of a deep linear net of depth L (Maclaurin's inequality).

    Parameters
    ----------
    inputs_norm : Ball or rational    >= max |x_i|
    """
    with precision(bits):
        power = balls.power(real(depth), Fraction(2 - depth, 2))
        return Ball.wrap(_real(inputs_norm, "inputs_norm") * power, bits)


def neuron_gradient_bound(inputs_norm: object, degree: int = 1, *, bits: int = 128) -> Ball:
    """B of sum_j a_j s(w_j x)^k, s of slope at most 1: |x|^k sup sqrt(r^k + k^2 (1-r) r^{k-1}).

    With k >= 2 the supremum is at r = k / (k + 1): r^{k-1} (k^2 - (k^2 - 1) r) has the derivative
    zero at r = k^2 (k-1) / (k (k^2-1)) = k / (k + 1), where it is k (k/(k+1))^{k-1}.
    """
    with precision(bits):
        square = (
            Fraction(1) if degree == 1 else degree * Fraction(degree, degree + 1) ** (degree - 1)
        )
        norm = balls.power(_real(inputs_norm, "inputs_norm"), degree)
        return Ball.wrap(norm * balls.sqrt(real(square)), bits)


def _real(value: object, name: str) -> Real:
    return value.real() if isinstance(value, Ball) else real(as_fraction(value, name))
