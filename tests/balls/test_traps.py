"""Pin the traps of python-flint, and that this layer avoids each of them."""

from __future__ import annotations

import copy
import pickle
import threading
from fractions import Fraction

import flint
import pytest
from flint import arb, arb_mat, fmpq

from theorycheck import balls
from theorycheck.errors import DomainViolation
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED


def around_zero(radius: int = 1):
    return arb(0, radius)


def test_precision_is_one_global_shared_by_threads_and_is_restored_here():
    before = flint.ctx.prec
    seen = []
    with balls.precision(97):
        thread = threading.Thread(target=lambda: seen.append(flint.ctx.prec))
        thread.start()
        thread.join()

    assert seen == [97]
    assert flint.ctx.prec == before


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickle.dumps])
def test_flint_balls_cannot_be_copied_or_pickled_and_ours_can(duplicate):
    with pytest.raises(TypeError):
        duplicate(arb(1) / 3)

    ball = balls.Ball.exact(Fraction(1, 3), bits=100)
    result = duplicate(ball)
    if duplicate is pickle.dumps:
        result = pickle.loads(result)

    assert result.same_as(ball)


def test_overlapping_balls_compare_false_both_ways_and_are_undecided_here():
    a = arb(1, 0.5)

    assert [a <= a, a >= a, a == a, a != a] == [False] * 4
    assert balls.le(a, a) is UNDECIDED
    assert balls.lt(a, a) is UNDECIDED


def test_nan_compares_false_and_is_undecided_here():
    nan = arb.nan()

    assert [nan < 1, nan >= 1] == [False] * 2
    assert balls.le(nan, arb(1)) is UNDECIDED
    assert balls.nonnegative(nan) is UNDECIDED
    with pytest.raises(DomainViolation):
        balls.maximum([arb(1), nan])


def test_balls_have_a_truth_value_in_flint_and_none_here():
    assert bool(arb(1))
    with pytest.raises(TypeError):
        bool(balls.Ball.exact(1))


def test_python_max_depends_on_the_order_and_ours_does_not():
    a, b = arb(0, 2), arb(1, 2)

    assert str(max(a, b)) != str(max(b, a))
    assert balls.maximum([a, b]).upper() == balls.maximum([b, a]).upper()
    assert balls.maximum([a, b]).lower() == balls.maximum([b, a]).lower()
    assert balls.minimum([a, b]).lower() == balls.minimum([b, a]).lower()


def test_sqrt_of_a_ball_that_touches_negatives():
    assert around_zero().sqrt().is_nan()
    with pytest.raises(DomainViolation):
        balls.sqrt(around_zero())

    root = balls.sqrt(around_zero(), assume_nonnegative=True)

    assert root.contains(0)
    assert root.contains(1)
    assert root >= 0


def test_division_by_a_ball_that_contains_zero():
    assert (arb(1) / around_zero()).is_nan()
    with pytest.raises(DomainViolation):
        balls.divide(arb(1), around_zero())


@pytest.mark.parametrize("name", ["asin", "acos", "atanh", "acosh", "log"])
def test_functions_beyond_their_domain(name):
    outside = {"acosh": arb(0.5), "log": around_zero()}.get(name, arb(1, 0.5))

    assert not getattr(outside, name)().is_finite()
    with pytest.raises(DomainViolation):
        balls.FUNCTIONS[name](outside)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_integer_power_of_a_ball_centred_at_zero(n):
    centred = arb(1, 1) - 1
    assert centred.mid().is_zero()
    assert not centred.is_exact()
    assert (centred**n).is_nan()

    power = balls.power(centred, n)

    assert power.is_finite()
    assert power.contains(1)
    assert n % 2 or power >= 0


def test_float_of_a_ball_is_a_midpoint_and_end_points_are_exact_here():
    third = arb(1) / 3

    assert Fraction(float(third)) != Fraction(1, 3)
    assert balls.lower(third) < Fraction(1, 3) < balls.upper(third)


def test_negation_rounds_at_the_working_precision_but_stays_an_enclosure():
    long = balls.real_from_dyadic(2**100 + 1, -100)
    with balls.precision(53):
        assert not (-long).is_exact()
        assert (-long).contains(long.neg(exact=True))
        assert balls.lower(-balls.Ball.wrap(long, 53).real()) <= -balls.upper(long)

        assert (-balls.Ball.wrap(long, 53)).radius == 0
        assert balls.absolute(long.neg(exact=True)).is_exact()
        assert balls.midpoint(long).is_exact()


def test_end_points_in_flint_round_and_fractions_do_not():
    long = arb((2**200 + 1, -200), (1, -300))
    with balls.precision(53):
        assert Fraction(1) + Fraction(1, 2**200) - Fraction(1, 2**300) == balls.lower(long)
        assert balls.lower(long.lower()) < balls.lower(long)
        assert balls.upper(balls.upper_real(long)) >= balls.upper(long)


def test_one_tenth_is_not_the_float():
    tenth = balls.real(Fraction(1, 10))

    assert not arb(0.1).contains(fmpq(1, 10))
    assert balls.lower(tenth) < Fraction(1, 10) < balls.upper(tenth)


def test_numpy_numbers_are_refused_by_flint():
    import numpy as np

    with pytest.raises(TypeError):
        arb(np.int64(3))
    with pytest.raises(TypeError):
        balls.Ball.exact(1) + np.float64(0.5)


def test_squares_are_not_manifestly_nonnegative_in_flint():
    z = around_zero()

    assert not z * z >= 0
    assert not abs(z) >= 0
    assert balls.square(z) >= 0
    assert balls.absolute(z) >= 0
    assert balls.frobenius_squared(arb_mat(1, 2, [z, z])) >= 0
    assert balls.frobenius(arb_mat(1, 2, [z, z])) >= 0
    assert balls.BallAlgebra.square_sum(arb_mat(1, 2, [z, z])) >= 0


def test_matrix_plus_scalar_adds_a_multiple_of_the_identity():
    shifted = arb_mat(2, 2, [0, 0, 0, 0]) + 3

    assert shifted[0, 0] == 3
    assert shifted[0, 1] == 0


def test_eig_raises_on_repeated_eigenvalues_and_ours_encloses_them():
    a = arb_mat([[2, 1, 1], [1, 2, 1], [1, 1, 2]])
    with pytest.raises(ValueError, match=r"[Ff]ailed|multiple|isolate"):
        a.eig()

    values = balls.eigenvalues(a)

    assert [values[k].contains(v) for k, v in enumerate([1, 1, 4])] == [True] * 3


def test_positive_determinant_proves_nothing():
    a = arb_mat([[-1, 0], [0, -1]])

    assert a.det() > 0
    assert balls.is_positive_definite(a) is VIOLATED
    assert balls.is_positive_definite(-a) is HOLDS
