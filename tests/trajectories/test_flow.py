"""Flow enclosures contain independent truths, at two precisions, and keep their promises."""

from fractions import Fraction as F
from functools import cache

import flint
import pytest

from theorycheck.errors import EnclosureFailed, InvalidInstance
from theorycheck.losses import SquareLoss
from theorycheck.networks import DeepLinear
from theorycheck.trajectories import Effort, flow, reference_flow

from .zoo import contains, exact, near, random_problem, scalar_problem, square_problem

TIMES = [F(1, 7), F(1, 2), F(11, 10)]


@cache
def problem_with_truth(seed, data):
    objective, start = random_problem(seed, data=data, max_depth=3)
    truth = reference_flow(objective, start, TIMES, digits=40)
    return objective, start, [[exact(x) for x in state] for state in truth]


@pytest.mark.parametrize("bits", [53, 110])
@pytest.mark.parametrize("data", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_enclosure_contains_the_reference(seed, data, bits):
    objective, start, truth = problem_with_truth(seed, data)
    run = flow(objective, start, TIMES[-1], bits=bits)

    for time, state in zip(TIMES, truth, strict=True):
        assert contains(run.at(time), state)
        distance = sum((b.midpoint - x) ** 2 for b, x in zip(run.at(time), state, strict=True))
        assert distance <= run.radius(time) ** 2


@pytest.mark.parametrize("seed", range(6))
def test_over_contains_every_time_and_is_tight(seed):
    objective, start = random_problem(seed)
    run = flow(objective, start, 2, bits=64)
    first, last = F(1, 3), F(7, 4)
    over = run.over(first, last)
    samples = [run.at(first + (last - first) * i / 40) for i in range(41)]

    for i, ball in enumerate(over):
        low, high = min(s[i].lower for s in samples), max(s[i].upper for s in samples)
        assert ball.lower <= low
        assert high <= ball.upper
        assert ball.upper - ball.lower <= F(11, 10) * (high - low) + F(1, 2**40)


def test_over_a_point_and_over_a_joint():
    objective, start = square_problem(2, 2)
    run = flow(objective, start, 1, bits=64)
    joint = run.pieces[1].begin

    assert contains(run.over(joint, joint), [b.midpoint for b in run.at(joint)])
    assert run.radius(0) == 0
    width = max(b.upper - b.lower for b in run.over(joint - F(1, 2**30), joint + F(1, 2**30)))
    assert width < F(1, 2**26)


def test_depth_one_closed_form():
    # w = s + (w_0 - s) e^{-t}, s = 1, w_0 = 1/100, t = 3
    run = flow(scalar_problem(1), [F(1, 100)], 3, digits=28)

    assert near(run.at(3), ["0.950710802315814696450451008506"], F(1, 10**29))
    assert run.radius(3) <= F(1, 10**28)


def test_depth_two_closed_form():
    # balanced: a = b = sqrt(w); Saxe's logistic curve
    run = flow(scalar_problem(2), [F(1, 10), F(1, 10)], 3, digits=28)
    a, b = run.at(3)

    assert near([a * b], ["0.802957152770283074697990633444"], F(1, 10**29))


def test_depth_two_unbalanced_closed_form():
    run = flow(scalar_problem(2), [1, 0], 1, digits=26)

    truth = ["1.17953536267017171634008577998", "0.6255427018113579754338442487"]
    assert near(run.at(1), truth, F(1, 10**27))


def test_depth_three_passage_time():
    # p from 1/10 reaches 9/10 at t = 9.53281192661214463833024704475
    time = F("9.53281192661214463833024704475")
    run = flow(scalar_problem(3), [F(1, 10)] * 3, time, digits=25)

    assert near(run.at(time), ["0.9"] * 3, F(1, 10**27))


def test_decoupled_modes_obey_the_scalar_law():
    network = DeepLinear(widths=(2, 2, 2))
    objective = network.objective(SquareLoss.whitened(((F(1), F(0)), (F(0), F(2)))))
    layer = [F(1, 10), 0, 0, F(1, 5)]
    run = flow(objective, layer * 2, 1, digits=25)
    modes = [
        flow(scalar_problem(2, s), [w, w], 1, digits=25) for s, w in ((1, F(1, 10)), (2, F(1, 5)))
    ]
    at = run.at(1)

    for index, mode in zip((0, 3), modes, strict=True):
        truth = mode.at(1)[0]
        assert at[index].lower <= truth.upper
        assert truth.lower <= at[index].upper
    assert at[1].lower <= 0 <= at[1].upper


def test_two_precisions_and_nested_horizons_meet():
    objective, start = square_problem(3, 2, seed=5)
    runs = [flow(objective, start, h, bits=b) for h, b in ((1, 53), (2, 53), (3, 120))]
    for time in (F(1, 3), F(1)):
        balls = [run.at(time) for run in runs]
        for one in balls:
            for other in balls:
                assert all(
                    p.lower <= q.upper and q.lower <= p.upper
                    for p, q in zip(one, other, strict=True)
                )


@pytest.mark.parametrize("digits", [10, 30])
@pytest.mark.parametrize("seed", range(3))
def test_digits_are_a_promise(seed, digits):
    objective, start = random_problem(seed + 100)
    run = flow(objective, start, 3, digits=digits)

    for i in range(7):
        time = F(i, 2)
        size = max(F(1), *(abs(b.lower) for b in run.at(time)))
        assert run.radius(time) <= size * 2 / F(10) ** digits
        assert max(b.radius for b in run.at(time)) <= size / F(10) ** digits


def test_critical_points_stay_for_ever():
    zero = flow(square_problem(3, 2)[0], [0] * 12, 10**6)
    minimum = flow(scalar_problem(2), [F(1, 2), 2], 10**6)

    assert len(zero.pieces) == len(minimum.pieces) == 1
    assert zero.radius(10**6) == 0
    assert minimum.radius(10**6) == 0
    assert contains(minimum.at(F(10**6, 3)), [F(1, 2), F(2)])


def test_radius_does_not_grow_after_convergence():
    objective, start = square_problem(3, 2, seed=2)
    run = flow(objective, start, 1000, bits=53)

    assert run.radius(1000) <= 100 * run.radius(30)
    assert len(run.pieces) < 400


def test_start_that_is_not_dyadic_has_a_counted_radius():
    run = flow(scalar_problem(2), [F(1, 3), F(3)], F(1, 7), bits=53)

    assert 0 < run.radius(0) < F(1, 2**50)
    assert contains(run.at(0), [F(1, 3), F(3)])
    assert contains(run.at("1/7"), [F(1, 3), F(3)])


def test_start_time_only_shifts():
    objective, start = square_problem(2, 2, seed=3)
    run = flow(objective, start, 1, start_time=F(5, 3), bits=64)
    plain = flow(objective, start, 1, bits=64)

    assert run.at(F(5, 3) + F(1, 2))[0].same_as(plain.at(F(1, 2))[0])
    with pytest.raises(InvalidInstance):
        run.at(1)


def test_bulk_agrees_with_at():
    objective, start = square_problem(3, 2, seed=4)
    run = flow(objective, start, 2, bits=80)
    times = [F(i, 13) for i in range(26)]
    for time, (centre, radius) in zip(times, run.bulk(times), strict=True):
        for entry, ball in zip(centre.entries(), run.at(time), strict=True):
            assert (entry - ball.real()).abs_upper() <= 3 * radius + flint.arb(2) ** -80


def test_precision_is_untouched():
    before = flint.ctx.prec
    objective, start = square_problem(2, 2)
    run = flow(objective, start, 1, bits=200)
    run.at(1), run.over(0, 1), run.radius(1), list(run.bulk([F(1, 2)]))

    assert flint.ctx.prec == before


def test_deadline_reports_how_far_it_came():
    objective, start = square_problem(4, 4)
    with pytest.raises(EnclosureFailed) as caught:
        flow(objective, start, 100, bits=600, effort=Effort(max_seconds=0.2))
    assert 0 <= caught.value.reached < 100


@pytest.mark.parametrize(
    ("start", "horizon", "options"),
    [
        ([1], 1, {}),
        ([1, 1], 0, {}),
        ([1, 1], 1, {"bits": 53, "digits": 10}),
        ([1, 1], 1, {"digits": 0}),
    ],
)
def test_bad_input_is_refused_at_the_door(start, horizon, options):
    with pytest.raises(InvalidInstance):
        flow(scalar_problem(2), start, horizon, **options)
