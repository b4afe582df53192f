"""Sequences defined by a rule, and suprema over ranges."""

from __future__ import annotations

import pytest
import sympy
from sympy import Rational

import theorycheck as tc
from tests.claims.cases import DECAY, ask, coordinate, third, verdict
from theorycheck.errors import InvalidClaim

k = tc.step
MANY = tc.steps(0, 20)


def test_start_is_exact() -> None:
    sequence = tc.recurrence(start=third(), next=lambda e: e / 2)

    assert ask(lambda c: tc.le(sequence.at(0), third()), DECAY).verdict is tc.HOLDS
    assert verdict(lambda c: tc.lt(sequence.at(0), third()), DECAY) is tc.VIOLATED


def test_triangular_numbers() -> None:
    numbers = tc.recurrence(start=0, next=lambda e: e + k)
    closed = k * (k - 1) / 2

    assert verdict(lambda c: tc.le(numbers, closed, over=MANY), DECAY) is tc.HOLDS
    assert verdict(lambda c: tc.lt(closed, numbers + Rational(1, 9), over=MANY), DECAY) is tc.HOLDS
    assert verdict(lambda c: tc.lt(numbers, closed, over=MANY), DECAY) is tc.VIOLATED


def test_fixed_step_of_a_sequence() -> None:
    doubling = tc.recurrence(start=1, next=lambda e: 2 * e)

    assert verdict(lambda c: tc.inside(doubling.at(10), 1023, 1024), DECAY) is tc.HOLDS
    assert verdict(lambda c: tc.le(doubling.next().at(9), 1023), DECAY) is tc.VIOLATED


def test_sequence_made_of_a_sequence() -> None:
    inner = tc.recurrence(start=1, next=lambda e: e / 2)
    sums = tc.recurrence(start=0, next=lambda e: e + inner)  # 2 - 2^{1-k}

    assert verdict(lambda c: tc.lt(sums, 2, over=MANY), DECAY) is tc.HOLDS
    assert verdict(lambda c: tc.lt(sums, Rational(3, 2), over=MANY), DECAY) is tc.VIOLATED


@pytest.mark.parametrize(("factor", "expected"), [(Rational(1, 2), tc.HOLDS), (2, tc.VIOLATED)])
def test_monotone_sequences(factor: sympy.Expr, expected: tc.Verdict) -> None:
    sequence = tc.recurrence(start=3, next=lambda e: factor * e)

    assert verdict(lambda c: tc.nonincreasing(sequence, over=MANY), DECAY) is expected


def test_sequence_that_leaves_its_domain() -> None:
    sequence = tc.recurrence(start=1, next=lambda e: tc.sqrt(e - 1))

    assert verdict(lambda c: tc.le(sequence, 9, over=tc.steps(0, 3)), DECAY) is tc.UNDECIDED
    assert verdict(lambda c: tc.ge(sequence**2, 0, over=tc.steps(0, 3)), DECAY) is not tc.HOLDS


def test_sequence_driven_by_descent() -> None:
    # sum of eta |grad|^2 = sum x_k^2 / 4 with x_k = (3/4)^k: below 1 / (4 (1 - 9/16)) = 4/7
    energy = lambda c: tc.recurrence(  # noqa: E731
        start=0, next=lambda e: e + c.step_size * tc.frobenius_squared(c.descent.gradient)
    )

    assert verdict(lambda c: tc.lt(energy(c), Rational(4, 7), over=MANY), DECAY) is tc.HOLDS
    assert verdict(lambda c: tc.lt(energy(c), Rational(1, 2), over=MANY), DECAY) is tc.VIOLATED


def test_start_that_varies_is_refused() -> None:
    with pytest.raises(InvalidClaim):
        tc.recurrence(start=tc.step, next=lambda e: e)
    with pytest.raises(InvalidClaim):
        tc.recurrence(start=1, next=lambda e: e + tc.time)


def test_supremum_over_times_is_enclosed() -> None:
    top = lambda c: tc.supremum(coordinate(c), tc.times(0, 1))  # noqa: E731
    bottom = lambda c: tc.infimum(coordinate(c), tc.times(0, 1))  # noqa: E731

    assert verdict(lambda c: tc.le(top(c), Rational(101, 100)), DECAY) is tc.HOLDS
    assert verdict(lambda c: tc.le(top(c), Rational(99, 100)), DECAY) is tc.VIOLATED
    assert verdict(lambda c: tc.ge(bottom(c), sympy.exp(-1) - Rational(1, 100)), DECAY) is tc.HOLDS
    assert (
        verdict(lambda c: tc.ge(bottom(c), sympy.exp(-1) + Rational(1, 100)), DECAY) is tc.VIOLATED
    )


def test_supremum_over_steps_is_the_greatest_value() -> None:
    top = lambda c: tc.supremum(c.descent.position[0], tc.steps(1, 5))  # noqa: E731

    assert (
        verdict(lambda c: tc.inside(top(c), Rational(3, 4), Rational(3, 4)), DECAY)
        is not tc.VIOLATED
    )
    assert verdict(lambda c: tc.lt(top(c), Rational(74, 100)), DECAY) is tc.VIOLATED


def test_supremum_on_the_wrong_axis_is_undecided() -> None:
    top = lambda c: tc.supremum(c.descent.loss, tc.times(0, 1))  # noqa: E731

    assert verdict(lambda c: tc.le(top(c), 9), DECAY) is tc.UNDECIDED
