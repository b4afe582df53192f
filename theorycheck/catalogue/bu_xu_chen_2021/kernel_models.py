"""Instances of the kernel model that the claims on tangent-kernel dynamics share."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from theorycheck.claims import Assumption, Case, gt, lambda_min
from theorycheck.problems import Instance
from theorycheck.problems.choices import Choices

__all__ = ["draw_model", "kernel_is_definite", "sphere_point", "three_inputs"]

SINCE = "1/8"
HORIZON = 1_000_000


def sphere_point(t: Fraction) -> tuple[Fraction, Fraction]:
    """A rational point of the unit circle, by stereographic projection."""
    return (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)


def three_inputs(*, horizon: Any = HORIZON, since: Any = SINCE, **fields: Any) -> Instance:
    """Three unit inputs of the plane and D(0) = (1, -2, 1/2)."""
    inputs = [(1, 0), ("3/5", "4/5"), ("-5/13", "12/13")]
    return Instance(
        inputs=inputs, error=[1, -2, "1/2"], horizon=horizon, since=since, **fields
    )  # fmt: skip


def draw_model(choices: Choices, *, horizon: Any = 1000) -> Instance:
    """Two to four distinct unit inputs of the plane; duplicates come with the choices."""
    count = choices.integer(2, 4)
    inputs = [sphere_point(choices.fraction(-2, 2, 4)) for _ in range(count)]
    error = [Fraction(choices.integer(1, 9), choices.integer(1, 4)) for _ in range(count)]
    signs = [choices.pick([1, -1]) for _ in range(count)]
    return Instance(
        inputs=inputs,
        error=[s * x for s, x in zip(signs, error, strict=True)],
        horizon=horizon,
        since=SINCE,
    )


def _is_definite(case: Case) -> Any:
    return gt(lambda_min(case.kernel.matrix), 0)


kernel_is_definite = Assumption("kernel_is_definite", _is_definite, "lambda_min(H) > 0")
