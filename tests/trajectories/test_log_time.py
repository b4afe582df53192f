"""Linear predictors in log time: closed forms far beyond float64, and the slow clock."""

from fractions import Fraction as F

import pytest

import theorycheck as tc
from theorycheck import balls
from theorycheck.balls import precision, real
from theorycheck.errors import InvalidInstance
from theorycheck.trajectories.log_time import log_time_flow


@pytest.mark.parametrize("bits", [96, 192])
def test_orthogonal_samples_follow_their_closed_forms(bits):
    """q_i = log(e^{q_i(0)} + |z_i|^2 t), to t = 10^1000 (TV1)."""
    run = log_time_flow(
        [[2, 0], [0, -3]], [1, -1], [F(1, 4), F(1, 3)], 2303, support=[0, 1], bits=bits
    )
    for sigma in (F(1), F(40), F(2303)):
        w = run.weights(sigma)
        with precision(bits + 4000):
            t = balls.exp(real(sigma)) - 1
            first = balls.log(balls.exp(real(F(1, 2))) + t * 4) / 2
            second = balls.log(balls.exp(real(1)) + t * 9) / 3
        for found, truth in zip(w, (first, second), strict=True):
            assert found.lower <= balls.upper(truth)
            assert balls.lower(truth) <= found.upper
            assert found.radius < F(1, 2 ** (bits // 2))


def test_samples_off_the_support_leave_a_bounded_remainder():
    """TV9: z = (1, 0), (3, 1); w - (1, 0) log(t + 1) stays within e^{-1/2} of 0 for all times."""
    run = log_time_flow([[1, 3], [0, 1]], [1, 1], [0, 0], 500, support=[0])
    for sigma in (F(1), F(5), F(50), F(500)):
        v = run.remainder(sigma)
        assert all(abs(x.midpoint) + x.radius < F(61, 100) for x in v)
    assert run.direction == (F(1), F(0))


def test_it_meets_the_slow_clock():
    data = {"inputs": [[1, 3], [0, 1]], "targets": [1, 1]}
    slow = tc.margin_flow(
        tc.DeepLinear((2, 1)).objective(tc.ExponentialMargin(**data)), [0, 0], F(2), bits=128
    )
    place = slow.place_at(F(1))
    with precision(128):
        sigma = balls.log(1 + balls.exp(real(1)))
        middle = F(round(balls.lower(sigma) * 2**60), 2**60)
    w = log_time_flow(data["inputs"], [1, 1], [0, 0], 2, support=[0], bits=128).weights(middle)
    assert place[1] - place[0] < F(1, 10**8)
    for k, other in enumerate(slow.enclosure.at(place[0])[:2]):
        assert abs(w[k].midpoint - other.midpoint) < F(1, 10**6)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"labels": [1, 2]}, "labels"),
        ({"support": [2]}, "support"),
        ({"support": []}, "support"),
        ({"inputs": [[1, 2], [1, 2]], "support": [0, 1]}, "dependent"),
        ({"start": [1]}, "start"),
    ],
)
def test_bad_input_is_named(changes, told):
    given = {
        "inputs": [[1, 3], [0, 1]], "labels": [1, 1], "start": [0, 0], "horizon": 1, "support": [0],
        **changes,
    }  # fmt: skip
    with pytest.raises(InvalidInstance, match=told):
        log_time_flow(**given)


def test_labels_and_support_may_be_floats() -> None:
    run = log_time_flow([[1]], [1.0], [0], 3, support=[0.0])  # type: ignore[list-item]

    assert float(run.weights(3)[0]) == 3.0
