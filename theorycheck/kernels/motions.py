r"""Methods on the kernel model: how every mode moves, and what an error of the kernel costs.

    GradientFlow()                      D' = -H D
    HeavyBall(b)                        D'' + b D' + H D = 0
    Nesterov(alpha=3)                   D'' + (alpha / t) D' + H D = 0
    HighResolutionHeavyBall(mu, s)      X'' + 2 sqrt(mu) X' + (1 + sqrt(mu s)) H X = 0
    HighResolutionNesterov(mu, s)       X'' + (2 sqrt(mu) + sqrt(s) H) X' + (1 + sqrt(mu s)) H X = 0

all from D(0) with D'(0) = 0, but X'(0) = -2 sqrt(s) H X(0) / (1 + sqrt(mu s)) for the last two.

`deviation` bounds |D_H(t) - D_Z(t)| and |D_H'(t) - D_Z'(t)| by Duhamel's formula, for positive
semidefinite H, Z with eigenvalues >= m and |H - Z| <= e, per unit of |D(0)|. Theory B13-B15, B19.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from theorycheck import balls
from theorycheck.balls import Real
from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.kernels.modes import exponential, heavy_ball_mode, nesterov_mode
from theorycheck.kernels.spectral import Spectrum

__all__ = [
    "AbstractMotion", "GradientFlow", "HeavyBall", "HighResolutionHeavyBall",
    "HighResolutionNesterov", "Nesterov", "heavy_ball_rate",
]  # fmt: skip


def _positive(value: Any, name: str, *, zero: bool = False) -> Any:
    if isinstance(value, Real):
        if not (value >= 0 if zero else value > 0):
            raise InvalidInstance(f"{name}={value.str(5)} must be certainly positive")
        return value
    exact = as_fraction(value, name)
    if exact < 0 or (exact == 0 and not zero):
        raise InvalidInstance(f"{name}={exact} must be positive")
    return exact


def _real(value: Fraction | Real) -> Real:
    return value if isinstance(value, Real) else balls.real(value)


class AbstractMotion:
    """A method in continuous time. Subclasses are final frozen dataclasses."""

    energy_never_increases = True
    """Of (|D'|^2 + D^T H D) / 2."""

    accepts_rate: bool = True

    def mode(self, value: Real, time: Real, rate: Real) -> tuple[Real, Real]:
        """Enclose e^{rate t} y(t) and e^{rate t} y'(t) of the mode of an eigenvalue >= 0."""
        raise NotImplementedError

    def deviation(self, spectrum: Spectrum, time: Real, rate: Real) -> tuple[Real, Real]:
        """Bound the two distances per unit of |D(0)|, times e^{rate t}; see the module."""
        raise NotImplementedError


@dataclass(frozen=True)
class GradientFlow(AbstractMotion):
    """D' = -H D."""

    def mode(self, value: Real, time: Real, rate: Real) -> tuple[Real, Real]:
        y = exponential(value, time, rate)
        return y, -value * y

    def deviation(self, spectrum: Spectrum, time: Real, rate: Real) -> tuple[Real, Real]:
        # D_H - D_Z = int e^{-H(t-s)} (Z - H) D_Z ds
        decay = exponential(spectrum.least, time, rate)
        position = spectrum.distance * time * decay
        return position, spectrum.distance * decay + spectrum.greatest * position


def heavy_ball_rate(least: Real, damping: Real) -> Real:
    """Enclose r = b/2 if b <= 2 sqrt(m), else m / (b/2 + sqrt(b^2/4 - m)).

    From rest every mode of an eigenvalue >= m has |y(t)| <= (1 + r t) e^{-r t}; r is continuous.
    """
    half = damping / 2
    square = half * half
    if square <= least:
        return half
    excess = square - least
    if excess > 0:
        return least / (half + excess.sqrt())
    # critical damping: r increases with m up to b/2
    low = balls.lower_real(least)
    root = balls.sqrt(square - low, assume_nonnegative=True)
    slow = (low if low > 0 else balls.real(0)) / (half + root)
    return slow.union(half)


@dataclass(frozen=True)
class HeavyBall(AbstractMotion):
    """D'' + b D' + H D = 0 from rest, b > 0."""

    damping: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "damping", _positive(self.damping, "damping"))

    def mode(self, value: Real, time: Real, rate: Real) -> tuple[Real, Real]:
        return heavy_ball_mode(value, _real(self.damping), time, rate)[:2]

    def deviation(self, spectrum: Spectrum, time: Real, rate: Real) -> tuple[Real, Real]:
        # |y| <= (1 + rt) e^{-rt}, |kicked| <= t e^{-rt}, |kicked'| <= (1 + bt) e^{-rt} for l >= m
        b = _real(self.damping)
        r = balls.lower_real(heavy_ball_rate(spectrum.least, b))
        decay = exponential(r, time, rate) * spectrum.distance
        position = decay * time * time * (balls.real(Fraction(1, 2)) + r * time / 6)
        return position, decay * time * (1 + b * time) * (1 + r * time)


@dataclass(frozen=True)
class Nesterov(AbstractMotion):
    """D'' + (alpha / t) D' + H D = 0 from rest, alpha >= 0 (3 is the classical one)."""

    alpha: Any = 3
    accepts_rate = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "alpha", _positive(self.alpha, "alpha", zero=True))

    def mode(self, value: Real, time: Real, rate: Real) -> tuple[Real, Real]:
        if not rate.is_zero():
            raise InvalidInstance("Nesterov's modes take no exponential factor")
        return nesterov_mode(value, _real(self.alpha), time)

    def deviation(self, spectrum: Spectrum, time: Real, rate: Real) -> tuple[Real, Real]:
        # the energy of the difference: sqrt(2 E)' <= e |D_Z| <= e |D(0)|
        velocity = spectrum.distance * time
        return velocity * time / 2, velocity


class _HighResolution(AbstractMotion):
    mu: Any
    step_size: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "mu", _positive(self.mu, "mu"))
        object.__setattr__(self, "step_size", _positive(self.step_size, "step_size"))

    energy_never_increases = False

    def _numbers(self) -> tuple[Real, Real, Real]:
        """sqrt(mu), sqrt(s), 1 + sqrt(mu s)."""
        mu, s = _real(self.mu), _real(self.step_size)
        return mu.sqrt(), s.sqrt(), 1 + (mu * s).sqrt()

    def _mode(self, value: Real, time: Real, rate: Real, root: Real) -> tuple[Real, Real]:
        slow, small, stiff = self._numbers()
        damping = slow * 2 + root * value
        rest, fall, kicked, turn = heavy_ball_mode(stiff * value, damping, time, rate)
        start = -small * 2 * value / stiff
        return rest + start * kicked, fall + start * turn

    def deviation(self, spectrum: Spectrum, time: Real, rate: Real) -> tuple[Real, Real]:
        # w'' + (2 sqrt mu + sqrt(s) H) w' + c H w = -E (c X_Z + sqrt(s) X_Z'),  E = H - Z
        _, small, stiff = self._numbers()
        top = spectrum.greatest
        start = small * 2 * top / stiff
        # the energy of X_Z does not increase: |X_Z'|^2 <= |X'(0)|^2 + c X(0)^T Z X(0)
        speed = (start * start + stiff * top).sqrt()
        place = 1 + speed * time
        force = stiff * place + small * speed
        first = small * 2 / stiff
        velocity = spectrum.distance * (first + force * time) * balls.exp(rate * time)
        return velocity * time, velocity


@dataclass(frozen=True)
class HighResolutionHeavyBall(_HighResolution):
    """The high-resolution ODE of heavy ball for mu-strongly convex functions."""

    mu: Any
    step_size: Any

    def mode(self, value: Real, time: Real, rate: Real) -> tuple[Real, Real]:
        return self._mode(value, time, rate, balls.real(0))


@dataclass(frozen=True)
class HighResolutionNesterov(_HighResolution):
    """The high-resolution ODE of Nesterov's method for mu-strongly convex functions."""

    mu: Any
    step_size: Any

    def mode(self, value: Real, time: Real, rate: Real) -> tuple[Real, Real]:
        return self._mode(value, time, rate, _real(self.step_size).sqrt())
