"""Instances of the kernel model that the claims on tangent-kernel dynamics share."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from theorycheck.problems.choices import Choices
from theorycheck.problems.instance import Instance

__all__ = ["draw_model", "kernel_instance", "sphere_point", "three_inputs"]


def sphere_point(t: Fraction) -> tuple[Fraction, Fraction]:
    """A rational point of the unit circle, by stereographic projection.

    Examples
    --------
    >>> sphere_point(Fraction(1, 2))
    (Fraction(3, 5), Fraction(4, 5))
    """
    return (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)


def kernel_instance(inputs: Any, error: Any, **fields: Any) -> Instance:
    """An instance of the kernel model at these inputs, first layer trained."""
    return Instance(inputs=inputs, error=error, **fields)


def three_inputs(*, horizon: Any = 10, since: Any = 2, **fields: Any) -> Instance:
    """Three unit inputs of the plane and D(0) = (1, -2, 1/2); lambda_min(H) = 0.138..."""
    inputs = [(1, 0), ("3/5", "4/5"), ("-5/13", "12/13")]
    return kernel_instance(inputs, [1, -2, "1/2"], horizon=horizon, since=since, **fields)


def draw_model(
    choices: Choices,
    *,
    horizon: Any = 3,
    since: Any = 2,
    distinct: bool = False,
    **fields: Any,
) -> Instance:
    """Two or three unit inputs of the plane, with duplicates and antiparallel pairs at times.

    With `distinct` there are none, so that the kernel is definite.
    """
    count = choices.integer(2, 3)
    if distinct:
        inputs = [
            sphere_point(Fraction(i, 2) + choices.fraction(0, 1, 3) / 4) for i in range(count)
        ]
    else:
        inputs = [sphere_point(choices.fraction(-2, 2, 3)) for _ in range(count)]
    error = [choices.pick([1, -1]) * Fraction(choices.integer(1, 9), 4) for _ in range(count)]
    return kernel_instance(inputs, error, horizon=horizon, since=since, **fields)
