"""Curvature, smoothness and gradient bounds over tubes, and the data of the tracking theorem.

For a deep linear net with square loss, p_j >= |W_j|_s on the tube and P_j = prod_{l != j} p_l:

    -lambda_min <= lambda_max(B),  B_ij = |g| prod_{l != i,j} p_l
    |Hess f|_s  <= |gram|_s sum_j P_j^2 + lambda_max(B)
    |grad f|    <= |g|_F (sum_j P_j^2)^(1/2),  and  |grad f(centre)| + |Hess f|_s * distance
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from theorycheck.balls import (
    Matrix,
    Real,
    exp,
    expm1_over,
    maximum,
    midpoint,
    precision,
    real,
    upper_real,
)
from theorycheck.balls.series import joint_norm
from theorycheck.errors import InvalidInstance
from theorycheck.trajectories.dispatch import descent_map_of
from theorycheck.trajectories.dynamics import DescentMap
from theorycheck.trajectories.effort import check_clock
from theorycheck.trajectories.flow import Flow
from theorycheck.trajectories.integrate import GUARD_BITS
from theorycheck.trajectories.kinked import KinkedFlow

__all__ = ["TrackingPiece", "TubeBounds", "tracking", "tube_bounds"]


@dataclass(frozen=True)
class TubeBounds:
    """Bound -lambda_min, |Hess f|_s and |grad f| from above on a tube; exact numbers."""

    curvature: Real
    smoothness: Real
    gradient: Real


def tube_bounds(problem: Any, layers_over: Sequence[Matrix], epsilon: Real) -> TubeBounds:
    """Bound curvature, smoothness and gradient within `epsilon` of all states in `layers_over`.

    Parameters
    ----------
    problem : Objective
    layers_over : list of matrices   balls that contain the layers over a time interval
    epsilon : Real                   >= 0, joint Frobenius distance
    """
    return _bounds(descent_map_of(problem), layers_over, epsilon)


def _bounds(mapping: DescentMap, layers_over: Sequence[Matrix], epsilon: Real) -> TubeBounds:
    centres = [midpoint(layer) for layer in layers_over]
    spread = joint_norm([a - b for a, b in zip(layers_over, centres, strict=True)])
    reach = upper_real(spread + epsilon)
    below, above = mapping.spectrum_on(centres, reach, sharp=True)
    smoothness = upper_real(maximum([below, above, real(0)]))
    gradient = joint_norm(mapping.gradient(centres)) + smoothness * reach
    return TubeBounds(below, smoothness, upper_real(gradient))


@dataclass(frozen=True)
class TrackingPiece:
    """Data of the tracking theorem on [t0, t1], for the piecewise constant m.

    mu(t) = int_0^t m,  I(t) = int_0^t e^{mu(t) - mu(s)} ds; beta and gamma are running suprema
    over the tube up to t1. Times count from the start of the flow.
    """

    t0: Fraction
    t1: Fraction
    m: Real
    mu0: Real
    mu1: Real
    I0: Real
    I1: Real
    beta: Real
    gamma: Real


def tracking(
    flow: Flow | KinkedFlow, problem: Any, epsilon: Real, partition: int | Sequence[Fraction]
) -> list[TrackingPiece]:
    """Tabulate m, mu, I, beta, gamma along the epsilon-tube of a flow.

    Parameters
    ----------
    flow : Flow
    problem : Objective
    epsilon : Real                           > 0, exact
    partition : int or list of Fraction      number of equal pieces, or the times from 0 on
    """
    if isinstance(partition, int):
        times = [flow.horizon * i / partition for i in range(partition + 1)]
    else:
        times = [Fraction(t) for t in partition]
    if len(times) < 2 or times[0] != 0 or any(a >= b for a, b in pairwise(times)):
        raise InvalidInstance("partition must be increasing times that begin at 0")
    mapping = descent_map_of(problem)
    pieces: list[TrackingPiece] = []
    with precision(flow.bits + GUARD_BITS):
        mu, integral, beta, gamma = real(0), real(0), real(0), real(0)
        for t0, t1 in pairwise(times):
            check_clock()
            over = flow.state_over(flow.start_time + t0, flow.start_time + t1)
            bounds = _bounds(mapping, mapping.parts(over), epsilon)
            beta = upper_real(maximum([beta, bounds.smoothness]))
            gamma = upper_real(maximum([gamma, bounds.gradient]))
            length = real(t1 - t0)
            m = bounds.curvature
            mu_next = mu + m * length
            integral_next = exp(m * length) * integral + expm1_over(m, length)
            pieces.append(
                TrackingPiece(t0, t1, m, mu, mu_next, integral, integral_next, beta, gamma)
            )
            mu, integral = mu_next, integral_next
    return pieces
