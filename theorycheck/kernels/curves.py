"""Figure data: the loss of several methods on one kernel, certified, over long times."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from theorycheck import balls
from theorycheck.balls import Ball, Matrix
from theorycheck.errors import DomainViolation, InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.kernels.motions import AbstractMotion
from theorycheck.kernels.solution import solve_kernel_model

__all__ = ["logarithmic_times", "loss_curves"]


def logarithmic_times(low: Any, high: Any, count: int) -> tuple[Fraction, ...]:
    """Return `count` exact times from low to high, about evenly spaced on a logarithmic axis.

    Examples
    --------
    >>> [str(t) for t in logarithmic_times(1, 1000, 4)]
    ['1', '10', '100', '1000']
    """
    first, last = as_fraction(low, "low"), as_fraction(high, "high")
    if not 0 < first < last or count < 2:
        raise InvalidInstance(f"times from {first} to {last}, {count} of them: need 0 < low < high")
    ratio = float(last / first) ** (1 / (count - 1))
    # where the times are is guidance; that they are exact is what counts
    finest = 1000 * max(1, -(-1 // (1000 * first)))
    inner = [(first * Fraction(ratio**i)).limit_denominator(finest) for i in range(1, count - 1)]
    return (first, *inner, last)


def loss_curves(
    kernel: Matrix | Callable[[], Matrix],
    start: Sequence[Any],
    motions: Mapping[str, AbstractMotion],
    times: Sequence[Any],
    *,
    bits: int = 128,
) -> dict[str, tuple[Ball, ...]]:
    """Enclose log10 L(t), L = |D|^2 / 2, for every method at every time.

    The logarithm, because L is 10^-250000 for gradient flow at t = 10^6, beyond every float.

    Parameters
    ----------
    kernel, start, bits : as for `solve_kernel_model`
    motions : methods by the name they have in the figure
    times : rationals >= 0

    Raises
    ------
    DomainViolation    L cannot be told from 0 at this precision

    Examples
    --------
    >>> from theorycheck.kernels import GradientFlow
    >>> curves = loss_curves(balls.matrix([[1]]), [1], {"GF": GradientFlow()}, [0, 1000000])
    >>> [round(float(x)) for x in curves["GF"]]
    [0, -868589]
    """
    found: dict[str, tuple[Ball, ...]] = {}
    for name, motion in motions.items():
        solution = solve_kernel_model(kernel, start, motion, bits=bits)
        values = []
        with balls.precision(bits):
            for t in times:
                loss = solution.norm_squared(as_fraction(t, "time")) / 2
                if not loss > 0:
                    raise DomainViolation(f"{name}: L({t}) may be 0; raise the precision")
                values.append(Ball.wrap(balls.log(loss) / balls.log(balls.real(10)), bits))
        found[name] = tuple(values)
    return found
