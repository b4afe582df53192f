"""The door: train a two-layer ReLU net by flow, heavy ball or Nesterov, with certified kinks."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from theorycheck.balls import precision
from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.trajectories.effort import Effort, check_precision, checked_effort
from theorycheck.trajectories.integrate import GUARD_BITS, too_few_bits
from theorycheck.trajectories.two_layer.march import March
from theorycheck.trajectories.two_layer.methods import AbstractMethod, Flow, HeavyBall, Nesterov
from theorycheck.trajectories.two_layer.net import TwoLayer
from theorycheck.trajectories.two_layer.result import NetKinkFailed, TwoLayerRun

__all__ = ["two_layer_flow", "two_layer_heavy_ball", "two_layer_nesterov", "two_layer_run"]

DEFAULT_BITS = 96
DIGIT_BITS = 40


def two_layer_flow(
    inputs: object, labels: object, weights: object, outer: object, horizon: object, *,
    digits: int | None = None, bits: int | None = None, effort: Effort | None = None,
) -> TwoLayerRun:  # fmt: skip
    """Enclose gradient flow of L(W) = 1/2 |u - y|^2, u_i = m^{-1/2} sum_r a_r relu(w_r . x_i).

    See `two_layer_run`. A neuron may slide along a kink (Filippov); the Gram matrix is then the
    projected one.

    Examples
    --------
    >>> run = two_layer_flow([[1]], [0], [[1]], [1], 2, digits=20)
    >>> run.error(1)[0].contains(0), f"{run.error(1)[0]:.6f}", run.kinks
    (False, '0.367879', ())
    """
    return two_layer_run(
        TwoLayer.of(inputs, labels, weights, outer), Flow(), horizon,
        digits=digits, bits=bits, effort=effort,
    )  # fmt: skip


def two_layer_heavy_ball(
    inputs: object, labels: object, weights: object, outer: object, horizon: object, *,
    damping: object, digits: int | None = None, bits: int | None = None,
    effort: Effort | None = None,
) -> TwoLayerRun:  # fmt: skip
    """Enclose heavy ball W'' + b W' + grad L = 0 from rest, b = damping >= 0."""
    return two_layer_run(
        TwoLayer.of(inputs, labels, weights, outer), HeavyBall(as_fraction(damping, "damping")),
        horizon, digits=digits, bits=bits, effort=effort,
    )  # fmt: skip


def two_layer_nesterov(
    inputs: object, labels: object, weights: object, outer: object, horizon: object, *,
    friction: object = 3, digits: int | None = None, bits: int | None = None,
    effort: Effort | None = None,
) -> TwoLayerRun:  # fmt: skip
    """Enclose Nesterov's equation W'' + (alpha / t) W' + grad L = 0 from rest, alpha = friction."""
    return two_layer_run(
        TwoLayer.of(inputs, labels, weights, outer), Nesterov(as_fraction(friction, "friction")),
        horizon, digits=digits, bits=bits, effort=effort,
    )  # fmt: skip


def two_layer_run(
    net: TwoLayer,
    method: AbstractMethod,
    horizon: object,
    *,
    digits: int | None = None,
    bits: int | None = None,
    effort: Effort | None = None,
) -> TwoLayerRun:
    """Enclose the training of the first layer of a two-layer ReLU net from an exact start.

    Parameters
    ----------
    net : TwoLayer
    method : Flow(), HeavyBall(b) or Nesterov(alpha)
    horizon : rational    > 0, time of the differential equation
    digits : int          promises that kink times and the state at the horizon have radii
                          <= 10^-digits * max(1, |W|), or raises
    bits : int            working precision; promises nothing
    effort : Effort       bits, seconds and pieces that may be spent

    Raises
    ------
    NetKinkFailed      fork, tangency, simultaneous kinks: names neuron, sample and time
    InvalidInstance    shapes that do not fit, a horizon that is not positive
    """
    length = as_fraction(horizon, "horizon")
    if length <= 0:
        raise InvalidInstance(f"horizon must be positive, got {horizon}")
    check_precision(bits, digits)
    spent = checked_effort(effort)
    deadline = spent.start()
    limit = bits if bits is not None else spent.limit(digits)
    now = limit if bits is not None else min(DEFAULT_BITS, limit)
    if digits is not None:
        now = min(math.ceil(digits * math.log2(10)) + DIGIT_BITS, limit)
    while True:
        try:
            with deadline.watched(), precision(now + GUARD_BITS):
                run = March(net, method, length, now, spent.max_steps, deadline).run()
        except NetKinkFailed as failure:
            if failure.kind in ("fork", "enclosure") or now >= limit:
                raise
            now = min(2 * now, limit)
            continue
        lacking = 0 if digits is None else _missing(run, digits)
        if not lacking:
            return replace(run, bits=now)
        if now >= limit:
            reason = too_few_bits(digits or 0, limit, now + lacking)
            raise NetKinkFailed("enclosure", reason, [], (run.last, run.last), run)
        now = min(now + lacking, limit)


def _missing(run: TwoLayerRun, digits: int) -> int:
    """Return 0 if the promise is kept, else about how many bits it lacks."""
    radius = run.radius(run.last)
    for kink in run.kinks:
        radius = max(radius, kink.last - kink.first)
    allowed = Fraction(1, 10**digits)
    if radius <= allowed:
        return 0
    ratio = radius / allowed
    return ratio.numerator.bit_length() - ratio.denominator.bit_length() + 8
