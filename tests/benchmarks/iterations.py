"""Target 8: certified gradient descent; for information, its comparison with the flow."""

from fractions import Fraction as F

from theorycheck.trajectories import a_posteriori, descend, flow

from .models import FIFTY_DIGITS, HORIZON, model
from .table import Row, best_seconds

__all__ = ["comparisons", "descent"]


def descent():
    """Target 8: time per step and radius of gradient descent."""
    objective, start = model(3, 4)
    steps, eta, runs = 10_000, F(1, 100), []
    (spent,) = best_seconds(
        lambda: runs.append(descend(objective, start, eta, steps, bits=FIFTY_DIGITS))
    )
    per_step = spent / steps * 1e6
    units = float(runs[-1].radius(steps) * 2**FIFTY_DIGITS)
    what = "N=48, 50 digits, 10^4 steps"
    return [
        Row(
            8,
            f"descent, us per step, {what}",
            "<= 50",
            f"{per_step:.1f}",
            per_step <= 50,
            {"us": per_step},
        ),
        Row(
            8,
            f"descent, radius in units, {what}",
            "<= 1e4",
            f"{units:.3g}",
            units <= 1e4,
            {"units": units},
        ),
    ]


def comparisons():
    """For information: the flow at many times, and the certificate of distance to it."""
    objective, start = model(3, 4)
    run = flow(objective, start, HORIZON, bits=FIFTY_DIGITS)
    times = [F(i, 500) for i in range(1001)]
    (bulk,) = best_seconds(lambda: [None for _ in run.bulk(times)])
    objective, start = model(3, 2)
    iterates = descend(objective, start, F(1, 2048), 2000, bits=64)
    (certificate,) = best_seconds(lambda: a_posteriori(objective, iterates))
    return [
        Row(
            0, "flow at many times, us each, N=48, 50 digits", "", f"{bulk / 1001 * 1e6:.1f}", None
        ),
        Row(
            0,
            "a-posteriori certificate, us per step, N=12, 64 bits",
            "",
            f"{certificate / 2000 * 1e6:.1f}",
            None,
        ),
    ]
