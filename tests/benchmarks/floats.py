"""Target 10: batched float64 trajectories, for exploration only."""

import numpy as np

from theorycheck.trajectories.floating import float_flow

from .models import HORIZON, model
from .table import Row, best_seconds

__all__ = ["batched_floats"]

BATCH = 64


def batched_floats():
    """Target 10: time per trajectory and step."""
    objective, start = model(3, 4)
    noise = np.random.default_rng(0).standard_normal((BATCH, len(start))) / 10
    starts = np.array([float(q) for q in start]) + noise
    steps = _steps(objective, starts)
    (spent,) = best_seconds(lambda: float_flow(objective, starts, [HORIZON]), rounds=5)
    per_step = spent / steps / BATCH * 1e6
    return [
        Row(
            10,
            f"float64, us per trajectory step, n=3 d=4, batch {BATCH}",
            "<= 30",
            f"{per_step:.1f}",
            per_step <= 30,
            {"us": per_step, "steps": steps},
        )
    ]


def _steps(objective, starts):
    """Return how many steps the batch takes: the least `max_steps` that reaches the horizon."""
    low, high = 0, 1
    reaches = lambda n: np.isfinite(float_flow(objective, starts, [HORIZON], max_steps=n)).all()  # noqa: E731
    while not reaches(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high
