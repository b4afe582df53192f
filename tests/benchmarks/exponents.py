"""Target 6: how the cost of a certified flow grows with digits, width and depth."""

import math

from theorycheck.trajectories import flow

from .models import FIFTY_DIGITS, HORIZON, model
from .table import Row, best_seconds, exponent

__all__ = ["cost_exponents"]


def _cost(depth, width, bits, horizon, rounds):
    """Return the CPU seconds of a certified flow, and of one of its steps."""
    objective, start = model(depth, width)
    steps = len(flow(objective, start, horizon, bits=bits, engine="taylor").pieces)
    (spent,) = best_seconds(
        lambda: flow(objective, start, horizon, bits=bits, engine="taylor"), rounds=rounds
    )
    return spent, spent / steps


def _row(what, goal, sizes, costs, fitted_sizes=None):
    fitted = exponent(fitted_sizes or sizes, costs)
    numbers = dict(zip(map(str, sizes), costs, strict=True))
    return Row(6, what, f"<= {goal}", f"{fitted:.2f}", fitted <= goal, numbers)


def cost_exponents():
    """Fit log cost against log size."""
    digits, widths, depths = (50, 60, 70, 85, 100), (4, 6, 8, 12, 16), (2, 3, 4, 5, 6)
    by_digits = [_cost(3, 4, math.ceil(d * math.log2(10)) + 3, HORIZON, 2)[0] for d in digits]
    by_width = [_cost(2, d, FIFTY_DIGITS, 1 / 4, 2)[1] for d in widths]
    by_depth = [_cost(n, 4, FIFTY_DIGITS, 1, 2)[1] for n in depths]
    return [
        _row("exponent in digits 50..100, n=3 d=4", 2.6, digits, by_digits),
        _row("exponent in width 4..16, per step, n=2, 50 digits", 2.6, widths, by_width),
        _row(
            "exponent in n - 1, n=2..6, per step, d=4, 50 digits",
            1.1,
            depths,
            by_depth,
            [n - 1 for n in depths],
        ),
    ]
