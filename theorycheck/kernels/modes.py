r"""Scalar modes: what each method makes of one eigenvalue l >= 0 of the kernel.

    gradient flow   y' + l y = 0
    heavy ball      y'' + b y' + l y = 0           from rest: y(0) = 1, y'(0) = 0;  kicked: 0, 1
    Nesterov        y'' + (alpha / t) y' + l y = 0 from rest

Times are balls >= 0 of any radius. `rate` multiplies a mode by e^{rate t}, before anything
overflows or cancels. Theory B13, B14.
"""

from __future__ import annotations

from fractions import Fraction

from theorycheck import balls
from theorycheck.balls import Real
from theorycheck.errors import DomainViolation

__all__ = ["HeavyBallMode", "exponential", "heavy_ball_mode", "nesterov_mode"]

HeavyBallMode = tuple[Real, Real, Real, Real]
"""(rest, rest', kicked, kicked')."""


def exponential(decay: Real, time: Real, rate: Real) -> Real:
    """Enclose e^{(rate - decay) t}."""
    return balls.exp((rate - decay) * time)


def nesterov_mode(value: Real, alpha: Real, time: Real) -> tuple[Real, Real]:
    """Enclose y(t) and y'(t) for alpha >= 0, from rest; t = 0 included.

    y = Lambda_nu(t sqrt(l)),   y' = -l t Lambda_{nu+1}(t sqrt(l)) / (alpha + 1)

    with nu = (alpha - 1) / 2.
    """
    nu = (alpha - 1) / 2
    z = balls.sqrt(value, assume_nonnegative=True) * time
    z = z if z >= 0 else z.nonnegative_part()
    slope = balls.normalised_bessel(nu + 1, z)
    return balls.normalised_bessel(nu, z), -value * time * slope / (alpha + 1)


def heavy_ball_mode(value: Real, damping: Real, time: Real, rate: Real) -> HeavyBallMode:
    """Enclose both solutions of y'' + b y' + l y = 0 with their derivatives, times e^{rate t}.

    With q = b^2/4 - l, the kicked solution is e^{-bt/2} t S(q t^2), S(x) = sinh(sqrt x) / sqrt x,
    which is entire, and

        overdamped     e^{-r1 t} (1 - e^{-d t}) / d,    d = 2 sqrt q,  r1 = l / (b/2 + sqrt q)
        underdamped    e^{-b t/2} t sinc(om t),         om = sqrt(-q)
        rest = e^{-r1 t} + r1 kicked,  or  e^{-b t/2} C(q t^2) + (b/2) kicked
        rest' = -l kicked,    kicked' = rest - b kicked

    Raises
    ------
    DomainViolation    q t^2 is known too badly around critical damping
    """
    half = damping / 2
    q = half * half - value
    x = q * time * time
    if not balls.upper_real(abs(x)) <= 1 and q > 0:
        root = q.sqrt()
        slow = value / (half + root)
        decay = exponential(slow, time, rate)
        kicked = decay * balls.expm1_over(-root * 2, time)
        rest = decay + slow * kicked
    else:
        decay = exponential(half, time, rate)
        if not balls.upper_real(abs(x)) <= 1 and q < 0:
            angle = (-q).sqrt() * time
            cosine, sine = angle.cos(), _sinc(angle)
        else:
            cosine, sine = _near_critical(x)
        kicked = decay * time * sine
        rest = decay * cosine + half * kicked
    return rest, -value * kicked, kicked, rest - damping * kicked


def _sinc(x: Real) -> Real:
    """Enclose sin(x) / x, x >= 0, by |sinc'| <= 1/2 and |sinc| <= min(1, 1 / x)."""
    value = balls.inflate(balls.midpoint(x).sinc(), balls.upper_real(balls.radius(x) / 2))
    low = balls.lower_real(x)
    return value if not low > 1 else value.intersection(balls.interval(-1, 1) / low)


def _near_critical(x: Real) -> tuple[Real, Real]:
    """Enclose C(x) = sum x^k / (2k)! and S(x) = sum x^k / (2k+1)!, |x| <= 1."""
    size = balls.upper_real(abs(x))
    if not size <= 1:
        raise DomainViolation(
            "the damping is too near critical for so long a time; raise the precision"
        )
    enough = balls.real(Fraction(1, 2 ** (balls.working_bits() + 4)))
    cosine = sine = balls.real(1)
    even = odd = balls.real(1)
    k = 0
    while not balls.upper_real(abs(even)) <= enough:
        k += 1
        even = even * x / ((2 * k) * (2 * k - 1))
        odd = odd * x / ((2 * k) * (2 * k + 1))
        cosine, sine = cosine + even, sine + odd
        if k > balls.working_bits():
            break
    # |x| <= 1: each further term is at most half of the one before
    rest = balls.upper_real(abs(even))
    return balls.inflate(cosine, rest), balls.inflate(sine, rest)
