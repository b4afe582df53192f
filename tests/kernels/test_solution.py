"""Closed forms of the kernel model: printed vectors, mpmath, both precisions, long times."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction as F
from typing import Any

import mpmath
import pytest

from tests.kernels.truth import COSINES, START, agrees, contains, exact
from theorycheck import balls, kernels
from theorycheck.errors import DomainViolation, InvalidInstance
from theorycheck.kernels import (
    GradientFlow,
    HeavyBall,
    HighResolutionHeavyBall,
    HighResolutionNesterov,
    Nesterov,
    solve_kernel_model,
)


def gram() -> Any:
    entries = [kernels.order_zero(c) * balls.real(c) / 2 for row in COSINES for c in row]
    return balls.matrix_from_reals(3, 3, entries)


def critical() -> HeavyBall:
    with balls.precision(256):
        return HeavyBall(balls.lambda_min(gram()).sqrt() * 2)


VECTORS: list[tuple[Callable[[], Any], tuple[str, ...], str | None]] = [
    (GradientFlow, ("0.473574891899876346976920677722", "-0.609325139768651275124957794264",
                    "-0.0629207260898823649553591002817"), "0.299754660981871991353044223072"),
    (critical, ("0.604858745264107531563182868518", "-0.720844247503675672552852024031",
                "-0.101141545814732169029257941103"), "0.447850071585702261330369400689"),
    (lambda: HeavyBall(1), ("0.587144158862274966111132755708", "-0.671011779498925196420147344125",
                            "-0.122835628026328696646362262486"), None),
    (Nesterov, ("0.771363833602139749980046038661", "-1.18919918108307151493425385776",
                "0.102762764968056131818125187105"), "1.00987852097095870053659574664"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "printed", "loss"), VECTORS, ids=["GF", "HB*", "HB1", "NAG"])
def test_kernel_trajectories_meet_the_printed_vectors(
    method: Callable[[], Any], printed: tuple[str, ...], loss: str | None
) -> None:
    solution = solve_kernel_model(gram, START, method())
    for ball, text in zip(solution.error(3), printed, strict=True):
        assert agrees(ball, text)
    if loss is not None:
        with balls.precision(128):
            assert agrees(solution.norm_squared(3) / 2, loss)


SCALARS = [
    (HeavyBall(1), "0.150574365145887613773409656338"),
    (HeavyBall(3), "0.544495666009862878359248901080"),
    (Nesterov(3), "0.576724807756873387202448242269"),
    (Nesterov(4), "0.653096662469987426021683621842"),
    (Nesterov(F(9, 2)), "0.681589681314084890670731255951"),
]


@pytest.mark.parametrize(("motion", "printed"), SCALARS, ids=str)
def test_scalar_modes_meet_the_printed_vectors(motion: Any, printed: str) -> None:
    assert agrees(solve_kernel_model(balls.matrix([[1]]), [1], motion).error(2)[0], printed)


def test_scalar_modes_with_a_closed_form() -> None:
    one = balls.matrix([[1]])
    with mpmath.workdps(60):
        assert contains(solve_kernel_model(one, [1], HeavyBall(2)).error(2)[0], 3 * mpmath.exp(-2))
        assert contains(solve_kernel_model(one, [1], Nesterov(2)).error(2)[0], mpmath.sin(2) / 2)
        assert contains(
            solve_kernel_model(one, [1], Nesterov(3)).velocity(2)[0], -mpmath.besselj(2, 2)
        )


def reference(motion: Any, value: Any, t: Any) -> tuple[Any, Any]:
    """A mode by mpmath, from the roots of the equation."""
    if isinstance(motion, Nesterov):
        nu = (exact(F(motion.alpha)) - 1) / 2
        z = t * mpmath.sqrt(value)
        y = mpmath.hyp0f1(nu + 1, -z * z / 4)
        return y, -value * t / (2 * (nu + 1)) * mpmath.hyp0f1(nu + 2, -z * z / 4)
    if isinstance(motion, GradientFlow):
        return mpmath.exp(-value * t), -value * mpmath.exp(-value * t)
    damping, stiffness, start = None, value, mpmath.mpf(0)
    if isinstance(motion, HeavyBall):
        damping = exact(F(motion.damping))
    else:
        mu, s = exact(F(motion.mu)), exact(F(motion.step_size))
        stiffness = value * (1 + mpmath.sqrt(mu * s))
        damping = 2 * mpmath.sqrt(mu)
        if isinstance(motion, HighResolutionNesterov):
            damping += mpmath.sqrt(s) * value
        start = -2 * mpmath.sqrt(s) * value / (1 + mpmath.sqrt(mu * s))
    root = mpmath.sqrt(mpmath.mpc(damping**2 / 4 - stiffness))
    if abs(root) < mpmath.mpf(10) ** -60:
        decay = mpmath.exp(-damping * t / 2)
        rest, kicked = decay * (1 + damping * t / 2), decay * t
        turn = decay * (1 - damping * t / 2)
        return rest + start * kicked, -stiffness * kicked + start * turn
    one, two = -damping / 2 + root, -damping / 2 - root
    kicked = (mpmath.exp(one * t) - mpmath.exp(two * t)) / (one - two)
    turn = (one * mpmath.exp(one * t) - two * mpmath.exp(two * t)) / (one - two)
    rest = turn + damping * kicked
    position, velocity = rest + start * kicked, -stiffness * kicked + start * turn
    return position.real, velocity.real


MOTIONS = [
    GradientFlow(), HeavyBall(1), HeavyBall(F(6, 5)), HeavyBall(2), HeavyBall(5), Nesterov(),
    Nesterov(0), Nesterov(F(1, 2)), Nesterov(7), HighResolutionHeavyBall(F(9, 25), F(1, 4)),
    HighResolutionNesterov(F(9, 25), F(1, 4)),
]  # fmt: skip
# l = 1, 9/25, 9/25, 0 in a rotated frame: repeated, critical for b = 6/5 and b = 2, singular
AXES = ((F(3, 5), F(4, 5), F(0), F(0)), (F(-4, 5), F(3, 5), F(0), F(0)),
        (F(0), F(0), F(5, 13), F(12, 13)), (F(0), F(0), F(-12, 13), F(5, 13)))  # fmt: skip
VALUES = (F(1), F(9, 25), F(9, 25), F(0))
KERNEL = [
    [sum((VALUES[q] * AXES[q][i] * AXES[q][j] for q in range(4)), F(0)) for j in range(4)]
    for i in range(4)
]
D0 = (F(1), F(-2), F(1, 2), F(3))


@pytest.mark.parametrize("motion", MOTIONS, ids=str)
@pytest.mark.parametrize("bits", [64, 192])
def test_solution_contains_the_reference(motion: Any, bits: int) -> None:
    solution = solve_kernel_model(lambda: balls.matrix(KERNEL), D0, motion, bits=bits)
    for t in (F(0), F(1, 1000), F(1), F(7, 2), F(50)):
        with mpmath.workdps(110):
            coefficients = [
                exact(sum((a * x for a, x in zip(axis, D0, strict=True)), F(0))) for axis in AXES
            ]
            modes = [reference(motion, exact(v), exact(t)) for v in VALUES]
            places, speeds = (
                [
                    sum(
                        m[order] * c * exact(axis[i])
                        for m, c, axis in zip(modes, coefficients, AXES, strict=True)
                    )
                    for i in range(4)
                ]
                for order in (0, 1)
            )
            square = sum(p * p for p in places)
            energy = sum(
                ((m[1] * c) ** 2 + exact(v) * (m[0] * c) ** 2) / 2
                for m, c, v in zip(modes, coefficients, VALUES, strict=True)
            )
        assert all(map(contains, solution.error(t), places))
        assert all(map(contains, solution.velocity(t), speeds))
        assert contains(solution.norm_squared(t), square)
        assert balls.width(solution.norm_squared(t)) <= F(1, 2 ** (bits - 24))
        if not isinstance(motion, (HighResolutionHeavyBall, HighResolutionNesterov)):
            assert contains(solution.energy(t), energy) or isinstance(motion, GradientFlow)


@pytest.mark.parametrize("motion", MOTIONS, ids=str)
def test_wide_times_contain_every_time(motion: Any) -> None:
    solution = solve_kernel_model(lambda: balls.matrix(KERNEL), D0, motion)
    for low, high in ((F(0), F(1)), (F(2), F(9)), (F(10), F(12)), (F(100), F(1000))):
        wide = balls.interval(low, high)
        square, place = solution.norm_squared(wide), solution.error(wide)
        for k in range(6):
            t = low + (high - low) * k / 5
            assert square.overlaps(solution.norm_squared(t))
            assert square.contains(balls.midpoint(solution.norm_squared(t)))
            for a, b in zip(place, solution.error(t), strict=True):
                assert a.overlaps(b)


def test_ball_kernel_contains_the_solution_of_each_matrix_inside() -> None:
    radius = balls.real(F(1, 2**20))
    fat = balls.inflate(balls.matrix([[1, 0], [0, 1]]), radius)
    shifted = F(1) + F(1, 2**21)
    for motion in MOTIONS:
        inside = solve_kernel_model(balls.matrix([[shifted, 0], [0, 1]]), [1, 2], motion)
        outside = solve_kernel_model(fat, [1, 2], motion)
        for t in (F(1), F(5)):
            for a, b in zip(outside.error(t), inside.error(t), strict=True):
                assert a.contains(balls.midpoint(b))


def test_error_scaled_by_its_rate_stays_of_order_one_for_a_million() -> None:
    solution = solve_kernel_model(gram, START, critical(), bits=192)
    with balls.precision(192):
        rate = critical().damping / 2
        scaled = balls.sqrt(solution.norm_squared(10**6, rate)) / 10**6

    assert 0 < balls.lower(scaled) < balls.upper(scaled) < 3


def test_nesterov_energy_is_cubic_for_a_million() -> None:
    solution = solve_kernel_model(balls.matrix([[1, 0], [0, 1]]), [1, 1], Nesterov())
    with balls.precision(128):
        scaled = solution.energy(10**6) * 10**18 * balls.pi() / 8

    assert F(999, 1000) < balls.lower(scaled) < balls.upper(scaled) < F(1001, 1000)


def test_bad_input_is_refused() -> None:
    with pytest.raises(InvalidInstance, match="damping"):
        HeavyBall(0)
    with pytest.raises(InvalidInstance, match="one entry"):
        solve_kernel_model(balls.matrix([[1]]), [1, 2], GradientFlow())
    with pytest.raises(DomainViolation, match="negative"):
        solve_kernel_model(balls.matrix([[1, 2], [2, 1]]), [1, 2], GradientFlow())
    with pytest.raises(DomainViolation, match="times"):
        solve_kernel_model(balls.matrix([[1]]), [1], GradientFlow()).error(-1)


def test_logarithmic_times_below_a_thousandth_stay_apart() -> None:
    times = kernels.logarithmic_times("1/1000000", 1, 4)

    assert times == (F(1, 10**6), F(1, 10**4), F(1, 100), F(1))


@pytest.mark.parametrize("rows", [None, [1, 2], 3, ["ab"], "ab"])
def test_inputs_that_are_no_rows_are_refused(rows: Any) -> None:
    with pytest.raises(InvalidInstance):
        kernels.limit_gram(rows)


@pytest.mark.parametrize("terms", ["3", -1, F(1, 2)])
def test_terms_of_the_bound_are_a_count(terms: Any) -> None:
    with pytest.raises(InvalidInstance, match="terms"):
        kernels.least_eigenvalue_bound([[1, 0], [0, 1]], terms=terms)
