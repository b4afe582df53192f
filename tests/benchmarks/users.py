"""What a user waits for: the first figure, and bounds at far times."""

import os
import subprocess
import sys
import tempfile

from theorycheck.trajectories.margin_rates import MarginRates

from .table import Row, best_seconds

__all__ = ["far_times", "first_figure"]

LIBRARIES = "import sympy, scipy.optimize, matplotlib.pyplot, flint"
FIGURE = ("-m", "theorycheck", "figure", "scalar_closed_form", "-o", "f.pdf")


def child_seconds(*words):
    """The work of a Python process from a cold start, in CPU seconds; the least of three."""

    def spent():
        before = os.times()
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, *words], cwd=folder, check=True, capture_output=True)
        after = os.times()
        return (
            after.children_user
            + after.children_system
            - (before.children_user + before.children_system)
        )

    return min(spent() for _ in range(3))


def first_figure():
    """The figure of a cheap claim from a cold start, against the import of its libraries."""
    libraries, figure = child_seconds("-c", LIBRARIES), child_seconds(*FIGURE)
    ratio = figure / libraries
    return [
        Row(0, "figure of a cheap claim from a cold start", "<= 5 s", f"{figure:.2f} s",
            figure <= 5, {"seconds": figure}),
        Row(0, "the same over the import of its libraries", "<= 4", f"{ratio:.2f}",
            ratio <= 4, {"ratio": ratio, "libraries": libraries}),
    ]  # fmt: skip


def far_times():
    """Bounds of a margin at t = 10^100, against t = 10."""
    rates = MarginRates(alpha=1, log_norm=0, order=3, gradient_bound=3)
    near, far = best_seconds(lambda: rates.alpha_at(10), lambda: rates.alpha_at(10**100))
    return [
        Row(0, "two-sided margin bounds at t = 10^100", "<= 10 ms", f"{far * 1e3:.2f} ms",
            far <= 0.01, {"seconds": far}),
        Row(0, "the same over t = 10", "<= 5", f"{far / near:.2f}", far <= 5 * near,
            {"near": near}),
    ]  # fmt: skip
