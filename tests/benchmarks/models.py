"""The model problem, and the same ball Taylor steps without their certificate."""

from fractions import Fraction as F

from theorycheck.balls import midpoint, precision, real
from theorycheck.balls.series import evaluate, pack_layers
from theorycheck.losses import SquareLoss
from theorycheck.networks import DeepLinear
from theorycheck.trajectories.deep_linear import DeepLinearDynamics
from theorycheck.trajectories.integrate import GUARD_BITS, order_for, start_column
from theorycheck.trajectories.recurrence import deep_linear_series

__all__ = ["FIFTY_DIGITS", "HORIZON", "HUNDRED_DIGITS", "model", "uncertified"]

HORIZON = 2
FIFTY_DIGITS, HUNDRED_DIGITS = 170, 335


def model(depth, width, *, converging=False):
    """Return square layers near half the identity, dyadic data and start.

    A converging flow has a target near twice the identity and is at rest by the time 2; the other
    one has a target of either sign and is still on its way.
    """
    network = DeepLinear(widths=(width,) * (depth + 1))
    rows = range(width)
    target = [[F((3 * i + 5 * j) % 7 - 3, 4) for j in rows] for i in rows]
    if converging:
        target = [
            [2 * F(int(i == j)) + q / 4 for j, q in enumerate(r)] for i, r in enumerate(target)
        ]
    start = [
        F(int(i == j)) / 2 + F((i * 5 + j * 3 + k) % 5 - 2, 16)
        for k in range(depth)
        for i in range(width)
        for j in range(width)
    ]
    return network.objective(SquareLoss.whitened(target)), start


def uncertified(objective, start, pieces, bits):
    """Take the steps of a certified run without defect, curvature or radius."""
    dynamics = DeepLinearDynamics(objective)
    with precision(bits + GUARD_BITS):
        gram, cross, _ = dynamics.data()
        centre = start_column(start)[0]
        for piece in pieces:
            layers = dynamics.parts(centre)
            series = deep_linear_series(
                dynamics.arithmetic, layers, gram, cross, order_for(bits), midpoint
            )
            centre = midpoint(evaluate(pack_layers(series.layers), real(piece.length)))
    return centre
