"""Discrete methods: exact rational vectors, spectral radii, stability at the ends."""

from __future__ import annotations

from fractions import Fraction as F
from typing import Any

import pytest

from tests.kernels.truth import COSINES, START, agrees
from theorycheck import balls, kernels
from theorycheck.kernels import (
    GradientDescent,
    HeavyBallIteration,
    NesterovIteration,
    TwoBufferIteration,
    iterate_kernel_model,
    quadratic_radius,
)

KAPPA = F(10)


def test_heavy_ball_meets_the_exact_vector() -> None:
    iterates = iterate_kernel_model([[1]], [1], HeavyBallIteration(F(1, 5), F(9, 10)), 10)

    assert iterates[10] == (F(21999353, 5000000000),)


def tuned_radii(bits: int) -> dict[str, Any]:
    """Radii at kappa = 10 with the tunings of theory B16, by the formulas for real parameters."""
    with balls.precision(bits):
        root = balls.sqrt(balls.real(KAPPA))
        beta = (root - 1) / (root + 1)
        other = balls.sqrt(balls.real(3 * KAPPA + 1))
        gamma = (other - 2) / (other + 2)
        x = balls.real(1) / 10
        y = balls.real(F(4, 31))
        polyak = balls.square(beta)
        step = 4 / balls.square(root + 1)
        return {
            "GD": GradientDescent(F(2, 11)).radius(F(1)),
            "HB": quadratic_radius(1 + polyak - step, polyak),
            "NAG": quadratic_radius((1 + beta) * (1 - x), beta * (1 - x)),
            "NAG*": quadratic_radius((1 + gamma) * (1 - y), gamma * (1 - y)),
        }


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("GD", "0.818181818181818181818181818182"),
        ("HB", "0.519493853295915704000245879015"),
        ("NAG", "0.683772233983162066800110645557"),
        ("NAG*", "0.640789395946450198572937335554"),
    ],
)
def test_tuned_radii_meet_the_printed_values(name: str, printed: str) -> None:
    assert agrees(tuned_radii(256)[name], printed)  # double roots cost half of the bits


def companion_radius(method: Any, value: F) -> float:
    """The spectral radius of the companion matrix, in floats: a sanity check."""
    import numpy as np

    x = method.step_size * value
    return float(max(abs(np.roots([1.0, *(-float(a - x * b) for a, b in method.coefficients())]))))


@pytest.mark.parametrize("beta", [F(-1, 3), F(0), F(1, 2), F(9, 10), F(1)])
@pytest.mark.parametrize("value", [F(0), F(1, 10), F(1), F(3, 2), F(5)])
def test_radii_are_those_of_the_companion_matrix(beta: F, value: F) -> None:
    for method in (HeavyBallIteration(F(1), beta), NesterovIteration(F(1), beta)):
        exactly, of_ball = method.radius(value), method.radius(balls.real(value))

        assert abs(float(exactly) - companion_radius(method, value)) < 1e-6
        assert exactly.overlaps(of_ball)


def test_double_root_is_decided_exactly() -> None:
    # (1 - sqrt beta)^2 = 1/4 for beta = 1/4: the radius is sqrt beta
    assert HeavyBallIteration(F(1), F(1, 4)).radius(F(1, 4)) == 0.5


def test_two_buffers_with_one_empty_are_heavy_ball() -> None:
    kernel = [[F(1, 2), F(1, 4)], [F(1, 4), F(1, 3)]]
    one = iterate_kernel_model(kernel, [1, -1], TwoBufferIteration(F(1, 3), F(4, 5), 0), 12)

    assert one == iterate_kernel_model(kernel, [1, -1], HeavyBallIteration(F(1, 3), F(4, 5)), 12)


def test_ball_iterates_contain_the_exact_ones_after_many_steps() -> None:
    kernel = [[F(1, 2), F(1, 4)], [F(1, 4), F(1, 3)]]
    method = NesterovIteration(F(1), F(4, 5))
    exactly = iterate_kernel_model(kernel, [1, -1], method, 60)
    enclosed = iterate_kernel_model(lambda: balls.matrix(kernel), [1, -1], method, 60, bits=64)
    for xs, ys in zip(exactly, enclosed, strict=True):
        for x, y in zip(xs, ys, strict=True):
            assert balls.lower(y) <= x <= balls.upper(y)
            assert balls.width(y) <= F(1, 2**60)


def test_iterates_of_the_limit_kernel_converge_to_its_flow() -> None:
    def gram() -> Any:
        entries = [kernels.order_zero(c) * balls.real(c) / 2 for row in COSINES for c in row]
        return balls.matrix_from_reals(3, 3, entries)

    flow = kernels.solve_kernel_model(gram, START, kernels.GradientFlow()).error(1)
    descent = iterate_kernel_model(gram, START, GradientDescent(F(1, 200)), 200)[200]

    assert all(abs(float(a) - float(b)) < 5e-3 for a, b in zip(flow, descent, strict=True))
