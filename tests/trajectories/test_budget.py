"""The seconds and the bits that a caller allows are kept to; failures say how far they came."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction as F

import pytest
from sympy import Rational, log, symbols, tanh

import theorycheck as tc
from theorycheck.errors import BudgetExceeded
from theorycheck.problems import VectorField
from theorycheck.trajectories import Deadline, Effort, PiecewiseField, kinked_flow
from theorycheck.trajectories.crossings import crossings
from theorycheck.trajectories.effort import check_clock
from theorycheck.trajectories.flow import flow
from theorycheck.trajectories.observables import Observable

X, Y = symbols("x y")
VAN_DER_POL = VectorField([Y, (1 - X**2) * Y - X], [X, Y])
TURN = VectorField([Y, -X], [X, Y])
FRICTION = PiecewiseField([X, Y], [Y], lambda s: [Y, -X - s[0]])
MOMENT = Effort(max_seconds=0.5)


@contextmanager
def soon() -> Iterator[None]:
    """Generous: what is tested took minutes."""
    begin = time.monotonic()
    yield
    assert time.monotonic() - begin < 10


def test_watched_deadlines_nest() -> None:
    over, endless = Deadline(1e-9), Deadline(None)
    time.sleep(0.01)
    check_clock()  # nothing is watched
    with endless.watched():
        check_clock()
        with over.watched(), pytest.raises(BudgetExceeded, match="raise max_seconds"):
            check_clock()
        check_clock()
    # What lies within never outlasts what lies around it.
    with over.watched(), endless.watched(), pytest.raises(BudgetExceeded):
        check_clock()


@pytest.mark.parametrize("digits", [1000, 3000])
def test_flow_ends_within_an_expansion(digits: int) -> None:
    with soon(), pytest.raises(tc.EnclosureFailed, match="raise max_seconds"):
        flow(VAN_DER_POL, [1, 2], 50, digits=digits, effort=MOMENT)


def test_flow_of_many_coordinates_ends_in_time() -> None:
    names = symbols("x0:30")
    rows = [
        sum(Rational((7 * i + 3 * j) % 11 - 5, 9) * v for j, v in enumerate(names))
        for i in range(30)
    ]
    field = VectorField([tanh(row) - v for row, v in zip(rows, names, strict=True)], names)
    start = [F(i % 5, 3) for i in range(30)]
    with soon(), pytest.raises(tc.EnclosureFailed, match="raise max_seconds"):
        flow(field, start, 10, digits=200, effort=MOMENT)


@pytest.mark.parametrize("digits", [300, 600])
def test_kinked_flow_ends_within_a_step(digits: int) -> None:
    with soon(), pytest.raises(tc.EnclosureFailed, match="raise max_seconds"):
        kinked_flow(FRICTION, [F(19, 2), 0], 20, digits=digits, effort=MOMENT)


def test_searches_along_a_flow_end_in_time() -> None:
    turn = flow(TURN, [1, 0], 5)
    # x + 1/2 vanishes at 2 pi / 3: log is not defined beyond.
    observable = Observable(turn, log(X + Rational(1, 2)), [X, Y])
    with soon():
        found = crossings(observable, 0, 3, effort=MOMENT)
    assert found.complete is tc.UNDECIDED
    # cos t = 1/2 at pi / 3
    for zero in found.isolated:
        assert zero.first < F(104720, 100000)
        assert zero.last > F(104719, 100000)
    assert found.unresolved[-1].last == 3


def test_observables_keep_to_seconds() -> None:
    turn = flow(TURN, [1, 0], 5)
    seen = Observable(turn, X * Y, [X, Y])
    never = Effort(max_seconds=1e-9)
    for ask in (seen.over, seen.slope_over, seen.integral):
        with pytest.raises(BudgetExceeded, match="raise max_seconds"):
            ask(0, 5, effort=never)
    answer = seen.nonincreasing(0, F(1, 4), effort=never)
    assert answer.verdict is tc.UNDECIDED
    assert answer.where == (0, F(1, 4))
    assert seen.nonincreasing(0, F(1, 4)).verdict is tc.HOLDS
    assert crossings(seen, 0, 5, effort=never).complete is tc.UNDECIDED


def test_max_bits_that_was_passed_is_the_limit() -> None:
    asked = Effort(max_bits=64)
    assert asked.limit(26) == 64
    assert Effort(max_bits=1024).limit(1000) == 1024
    assert Effort().limit(1000) == 8000
    assert Effort() == Effort(max_bits=1024)
    with pytest.raises(
        tc.EnclosureFailed, match=r"max_bits=64.*pass Effort\(max_bits=192\)"
    ) as one:
        flow(VAN_DER_POL, [1, 2], 5, digits=26, effort=asked)
    assert one.value.reached == 5
    with pytest.raises(tc.EnclosureFailed, match=r"max_bits=64.*pass Effort\(max_bits=") as other:
        kinked_flow(FRICTION, [F(19, 2), 0], 20, digits=26, effort=asked)
    assert other.value.reached == 20
    for run in (flow(VAN_DER_POL, [1, 2], 5, digits=26, effort=Effort(max_bits=192)),):
        assert run.bits <= 192
        assert all(ball.radius <= F(3, 10**26) for ball in run.at(5))


def test_set_that_spreads_is_named_not_a_blow_up() -> None:
    """x = 1 / (t + 1/x_0) exists for ever; the set of starts was too wide to be carried."""
    field = VectorField([-(X**2)], [X])
    with pytest.raises(tc.EnclosureFailed, match="set of starts has spread too wide") as failure:
        flow(field, [(F(1, 2), 2)], 2)
    assert "blow up" not in str(failure.value)
    narrow = flow(field, [(F(1, 2), F(9, 16))], 2).at(2)[0]
    assert narrow.contains(F(1, 4))
    assert narrow.contains(1 / (2 + F(16, 9)))


def test_radius_that_outgrows_the_solution_is_a_failure_unless_bits_were_asked_for() -> None:
    """x = cos(10^5 t): no norm at hand is near the one in which the field is a rotation."""
    fast = VectorField([Y, -(10**10) * X], [X, Y])
    with soon(), pytest.raises(tc.EnclosureFailed, match="outgrew the solution"):
        flow(fast, [1, 0], 1, effort=Effort(max_seconds=5))
    wide = flow(fast, [1, 0], F(1, 100), bits=64)
    assert wide.radius(F(1, 100)) > 2**16
    assert wide.at(F(1, 100))[0].contains(0)
    sharp = flow(fast, [1, 0], F(1, 100), digits=5)
    assert sharp.radius(F(1, 100)) < F(1, 1000)
