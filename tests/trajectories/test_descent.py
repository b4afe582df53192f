"""Descent enclosures against exact rationals, mpmath and closed forms; the A2.d certificate."""

from fractions import Fraction as F
from itertools import pairwise

import flint
import pytest

from theorycheck.balls import precision, real, upper
from theorycheck.errors import EnclosureFailed, InvalidInstance
from theorycheck.trajectories import (
    Effort,
    a_posteriori,
    descend,
    flow,
    reference_descent,
    tracking,
)
from theorycheck.trajectories.descent import Iteration

from .zoo import contains, exact, random_problem, scalar_problem, square_problem


@pytest.mark.parametrize("bits", [53, 110])
@pytest.mark.parametrize("data", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_iterates_contain_the_reference(seed, data, bits):
    objective, start = random_problem(seed, data=data)
    run = descend(objective, start, F(1, 60), 50, bits=bits)
    truth = reference_descent(objective, start, F(1, 60), 50, digits=50)

    for k in range(51):
        assert contains(run.at(k), [exact(x) for x in truth[k]])
        distance = sum((c - exact(x)) ** 2 for c, x in zip(run.recorded(k), truth[k], strict=True))
        assert distance <= run.radius(k) ** 2 + F(1, 10**90)


def test_scalar_net_in_exact_rationals():
    run = descend(scalar_problem(2), [F(1, 2), F(3, 4)], F(1, 3), 5, bits=64)
    a, b = F(1, 2), F(3, 4)
    for k in range(6):
        assert contains(run.at(k), [a, b])
        assert run.losses[k].lower <= (a * b - 1) ** 2 / 2 <= run.losses[k].upper
        a, b = a - F(1, 3) * (a * b - 1) * b, b - F(1, 3) * (a * b - 1) * a


def test_large_step_sizes_are_sound():
    # eta lambda_max > 2: the iterates oscillate; the radius grows, the enclosure stays one.
    objective = scalar_problem(2)
    run = descend(objective, [F(1, 2), F(3, 2)], F(9, 10), 40, bits=200)
    truth = reference_descent(objective, [F(1, 2), F(3, 2)], F(9, 10), 40, digits=90)
    assert all(contains(run.at(k), [exact(x) for x in truth[k]]) for k in range(41))


@pytest.mark.parametrize(
    ("eta", "steps", "bits"), [(F(1, 300), 400, 64), (F(1, 20), 200, 53), (F(2, 5), 60, 400)]
)
@pytest.mark.parametrize("seed", range(3))
def test_every_block_stays_in_the_ball_of_its_spectral_bounds(seed, eta, steps, bits, monkeypatch):
    """The strides are bounded without a look at the iterates; here the exact iterates are asked."""
    regions = []
    about = Iteration._region_about

    def recorded(self, centre, enclosed):
        region = about(self, centre, enclosed)
        regions.append((len(self.centres) - 1, region))
        return region

    monkeypatch.setattr(Iteration, "_region_about", recorded)
    objective, start = random_problem(seed)
    run = descend(objective, [q / 2 for q in start], eta, steps, bits=bits)
    points = [run.recorded(k) for k in range(steps + 1)]
    ends = [first for first, _ in regions[1:]] + [steps]

    for (first, region), end in zip(regions, ends, strict=True):
        for k in range(first, end):
            moved = sum((a - b) ** 2 for a, b in zip(points[k], points[first], strict=True))
            assert moved <= (upper(region.radius) - run.radius(k)) ** 2
    # A block is worth its price only if it is one of several steps.
    assert len(regions) <= max(steps // 4, 2) or eta > F(1, 4)


def test_radius_after_ten_thousand_steps_is_below_ten_thousand_units():
    objective, start = square_problem(3, 2)
    run = descend(objective, start, F(1, 100), 10_000, bits=170)

    assert run.radius(10_000) <= F(10**4, 2**170)


def test_diverging_descent_ends_in_a_clear_error():
    with pytest.raises(EnclosureFailed):
        descend(scalar_problem(3), [10, 10, 10], 1, 1000, effort=Effort(max_seconds=20))


def test_digits_and_extension():
    objective, start = square_problem(3, 2)
    run = descend(objective, start, F(1, 50), 200, digits=30)
    longer = run.extended(300)

    assert all(run.radius(k) <= 2 * F(1, 10**30) for k in range(201))
    assert longer.at(100)[0].same_as(run.at(100)[0])
    with pytest.raises(InvalidInstance):
        run.at(201)
    assert contains(
        longer.at(300), descend(objective, start, F(1, 50), 300, bits=300).recorded(300)
    )


def test_certificate_is_exact_for_the_linear_net():
    # depth one: f = (w - 1)^2 / 2, error after k steps e^{-k eta} - (1 - eta)^k times |w_0 - 1|
    eta, k = F(1, 10), 10
    run = descend(scalar_problem(1), [F(0)], eta, k, bits=120)
    bounds = a_posteriori(scalar_problem(1), run)
    truth = F("0.0192010010714423215955237701615")

    with precision(200):
        bound = upper(bounds[-1])
    # the hull's h is its value at the middle of the step, plus the variation: exact here
    assert truth - F(1, 10**29) <= bound <= truth * F(12, 10)


@pytest.mark.parametrize(("depth", "width"), [(1, 2), (2, 2), (3, 2)])
def test_certificate_bounds_the_distance_to_the_flow(depth, width):
    objective, start = square_problem(depth, width, seed=1)
    start = [q / 2 for q in start]
    eta, steps = F(1, 200), 200
    run = descend(objective, start, eta, steps, bits=80)
    path = flow(objective, start, eta * steps, bits=80)
    bounds = a_posteriori(objective, run)

    for k in range(0, steps + 1, 20):
        distance = sum(
            max(p.lower - q.upper, q.lower - p.upper, F(0)) ** 2
            for p, q in zip(run.at(k), path.at(k * eta), strict=True)
        )
        assert distance <= upper(bounds[k]) ** 2
    assert upper(bounds[0]) == 0


def test_tracking_pieces_cover_the_horizon():
    objective, start = square_problem(2, 2, seed=1)
    path = flow(objective, start, 1, bits=64)
    pieces = tracking(path, objective, real(F(1, 10)), 8)

    assert pieces[0].t0 == 0
    assert pieces[-1].t1 == 1
    assert all(a.t1 == b.t0 for a, b in pairwise(pieces))
    assert all(upper(a.beta) <= upper(b.beta) for a, b in pairwise(pieces))
    # I(t) >= t when m >= 0
    assert upper(pieces[-1].I1) >= 1


def test_precision_is_untouched():
    before = flint.ctx.prec
    run = descend(scalar_problem(2), [1, 2], F(1, 100), 10, bits=99)
    run.at(3), run.losses, run.state(4), a_posteriori(scalar_problem(2), run)

    assert flint.ctx.prec == before


@pytest.mark.parametrize(
    ("start", "eta", "steps"), [([1], F(1, 2), 3), ([1, 1], 0, 3), ([1, 1], F(1, 2), -1)]
)
def test_bad_input_is_refused_at_the_door(start, eta, steps):
    with pytest.raises(InvalidInstance):
        descend(scalar_problem(2), start, eta, steps)
