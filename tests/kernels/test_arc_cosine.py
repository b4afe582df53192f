"""Arc-cosine kernels: printed vectors, 50-digit values, nearly parallel and antiparallel inputs."""

from __future__ import annotations

import random
from fractions import Fraction as F
from typing import Any

import mpmath
import pytest

from tests.kernels.truth import agrees, contains, exact
from theorycheck import balls, kernels
from theorycheck.errors import DomainViolation, InvalidInstance

PRINTED = [
    (F(1, 2), "0.166666666666666666666666666667", "0.304498890522114679044498291245"),
    (F(-1, 2), "-0.083333333333333333333333333333", "0.0544988905221146790444982912449"),
    (F(1, 4), "0.0725538279068957804713687741661", "0.226654938922270731862611047752"),
    (F(-1, 3), "-0.0653044253384345450284759265371", "0.0847482940210831332307239386307"),
    (F(9, 10), "0.385395168092082178162076151851", "0.454769199422336038100794881472"),
    (F(0), "0", "0.159154943091895335768883763373"),
]


@pytest.mark.parametrize(("cosine", "first", "second"), PRINTED, ids=str)
def test_kernels_meet_the_printed_vectors(cosine: F, first: str, second: str) -> None:
    with balls.precision(128):
        h = kernels.order_zero(cosine) * balls.real(cosine) / 2
        k = kernels.order_one(cosine) / 2

        assert agrees(h, first) if cosine else h.is_zero()
        assert agrees(k, second)


def truth(layers: str, x: list[F], y: list[F]) -> Any:
    """The kernels by mpmath with enough digits that nothing is lost by cancellation."""
    with mpmath.workdps(220):
        dot = exact(sum((a * b for a, b in zip(x, y, strict=True)), F(0)))
        sizes = mpmath.sqrt(exact(sum(a * a for a in x)) * exact(sum(b * b for b in y)))
        c = min(max(dot / sizes, mpmath.mpf(-1)), mpmath.mpf(1))
        first = dot * (mpmath.pi - mpmath.acos(c)) / (2 * mpmath.pi)
        second = sizes * (mpmath.sqrt(1 - c * c) + c * (mpmath.pi - mpmath.acos(c)))
        second = second / (2 * mpmath.pi)
        return {"first": first, "second": second, "both": first + second}[layers]


def pairs(count: int) -> list[tuple[list[F], list[F]]]:
    """Random pairs; every second one nearly parallel or nearly antiparallel."""
    rng = random.Random(2021)
    found = []
    for k in range(count):
        d = rng.randint(2, 5)
        x = [F(rng.randint(-9, 9), rng.randint(1, 7)) for _ in range(d)]
        x[0] = x[0] or F(1)
        y = [F(rng.randint(-9, 9), rng.randint(1, 7)) for _ in range(d)]
        if k % 2:
            factor, near = (
                rng.choice([-1, 1]) * F(rng.randint(1, 9), 4),
                F(1, 2 ** rng.randint(1, 100)),
            )
            y = [factor * a + near * b for a, b in zip(x, y, strict=True)]
        found.append((x, y if any(y) else x))
    return found


@pytest.mark.parametrize(
    "count", [100, pytest.param(1000, marks=pytest.mark.slow)]
)  # fmt: skip
@pytest.mark.parametrize("bits", [53, 128])
def test_enclosures_contain_values_to_50_digits(count: int, bits: int) -> None:
    functions = {
        "first": kernels.first_layer, "second": kernels.second_layer, "both": kernels.both_layers
    }  # fmt: skip
    for x, y in pairs(count):
        for layers, function in functions.items():
            value = truth(layers, x, y)
            with balls.precision(bits):
                exactly = function(x, y)
                of_balls = function([balls.real(e) for e in x], y)
                gram = kernels.limit_gram([x, y], layers=layers)[0, 1]

            assert contains(exactly, value)
            assert contains(of_balls, value)
            assert contains(gram, value)
            assert balls.width(exactly) <= abs(F(str(value))) * F(1, 2 ** (bits - 16))


@pytest.mark.parametrize("sign", [1, -1])
def test_cosines_near_one_keep_their_relative_accuracy(sign: int) -> None:
    for k in range(1, 101):
        cosine = sign * (1 - F(1, 2**k))
        with mpmath.workdps(220):
            c = exact(cosine)
            zero = (mpmath.pi - mpmath.acos(c)) / mpmath.pi
            one = (mpmath.sqrt(1 - c * c) + c * (mpmath.pi - mpmath.acos(c))) / mpmath.pi
        for ball, value in ((kernels.order_zero(cosine), zero), (kernels.order_one(cosine), one)):
            assert contains(ball, value)
            assert ball.rel_accuracy_bits() >= 44


def test_ends_are_exact() -> None:
    assert kernels.order_zero(-1).is_zero()
    assert kernels.order_one(-1).is_zero()
    assert kernels.order_zero(1) == 1
    assert kernels.order_one(1) == 1
    assert kernels.second_layer([1, 2], [-2, -4]).is_zero()
    assert kernels.first_layer([3, 4], [3, 4]) == 12.5


def test_wide_cosines_are_clipped() -> None:
    ball = kernels.order_one(balls.interval(F(9, 10), F(11, 10)))

    assert balls.upper(ball) < F(11, 10)
    assert contains(ball, mpmath.mpf(1))
    with pytest.raises(DomainViolation, match="cosine"):
        kernels.order_zero(2)


def test_inputs_of_other_lengths_are_refused() -> None:
    with pytest.raises(InvalidInstance, match="equal length"):
        kernels.first_layer([1, 2], [1])


@pytest.mark.parametrize(
    ("cosine", "printed"),
    [
        (F(1, 2), ("0.942331114377562691422329915823", "1.35147956112348316308373420580",
                   "1.73784467921530902367442944171")),
        (F(0), ("0.318309886183790671537767526745", "0.685708636282942491743266810324",
                "1.0603881068025830382629876031")),
        (F(-1, 2), ("-0.0576688856224373085776700841768", "0.343862246272726864452050904164",
                    "0.742249322561179695518798455836")),
    ],
)  # fmt: skip
def test_deep_kernels_meet_the_printed_vectors(cosine: F, printed: tuple[str, ...]) -> None:
    with balls.precision(128):
        for depth, text in enumerate(printed, 1):
            assert agrees(kernels.deep_kernel(cosine, depth), text)


def test_deep_kernel_at_parallel_inputs_counts_the_layers() -> None:
    assert kernels.deep_kernel(1, 7) == 8
    assert balls.upper(kernels.deep_kernel(balls.interval(F(99, 100), F(101, 100)), 3)) >= 4
    assert kernels.deep_gram([[3, 4], [0, 0]], 2).tolist()[0][0] == 75


def test_one_hidden_layer_is_twice_the_both_layers_kernel() -> None:
    x, y = [F(3, 5), F(4, 5)], [F(-5, 13), F(12, 13)]
    cosine = F(33, 65)

    assert kernels.deep_kernel(cosine, 1).overlaps(kernels.both_layers(x, y) * 2)
    assert kernels.deep_gram([x, y], 1)[0, 1].overlaps(kernels.both_layers(x, y) * 2)
