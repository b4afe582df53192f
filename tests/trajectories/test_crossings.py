"""Zero crossings: complete lists against closed forms; grazing contacts never certify."""

import random
from fractions import Fraction as F

import mpmath
import pytest
import sympy as sp

from theorycheck import HOLDS, UNDECIDED
from theorycheck.errors import InvalidInstance
from theorycheck.problems import VectorField
from theorycheck.trajectories import Observable, crossings, flow

from .zoo import exact

x, y, t = sp.symbols("x y t")


@pytest.fixture(scope="module")
def circle():
    return flow(VectorField([y, -x], [x, y]), [0, 1], 20, bits=100)  # sin, cos


def pi_times(q):
    with mpmath.workdps(60):
        return exact(mpmath.pi * mpmath.mpf(q.numerator) / q.denominator)


def matches(found, truths):
    assert found.complete is HOLDS
    assert len(truths) == len(found.isolated)
    for zero, truth in zip(found.isolated, truths, strict=True):
        assert zero.first < truth < zero.last
        assert zero.last - zero.first < F(1, 2**80)


def test_all_zeros_of_the_sine(circle):
    found = crossings(Observable(circle, x, [x, y]), F(1, 2), 20)

    matches(found, [pi_times(F(k)) for k in range(1, 7)])
    assert [zero.direction for zero in found.isolated] == [-1, 1] * 3


def test_close_pairs_are_told_apart(circle):
    # sin = c just below its maximum: two zeros, 2 acos(c) apart
    c = F(10**6 - 1, 10**6)
    with mpmath.workdps(60):
        gap = exact(mpmath.acos(mpmath.mpf(c.numerator) / c.denominator))
    found = crossings(Observable(circle, x - sp.Rational(c), [x, y]), 0, 3)

    matches(found, [pi_times(F(1, 2)) - gap, pi_times(F(1, 2)) + gap])


@pytest.mark.parametrize("order", [2, 4])
def test_grazing_contacts_are_never_certified(circle, order):
    for g in (1 - x, (x - sp.Rational(1, 3)) ** order, x**2 + y**2 - 1):
        found = crossings(Observable(circle, g, [x, y]), 0, 3)
        assert found.complete is UNDECIDED
        assert found.isolated == ()
        assert "tangency" in found.unresolved[0].reason
    # Higher contact with a change of sign: a zero there is, but it is not transversal.
    found = crossings(Observable(circle, x**3, [x, y]), 1, 4)
    assert found.isolated == ()
    assert found.unresolved[0].first <= pi_times(F(1)) <= found.unresolved[-1].last
    assert found.unresolved[-1].last - found.unresolved[0].first < F(1, 2**20)


def test_a_near_miss_has_no_zero_and_a_near_contact_has_two(circle):
    height = 1 + sp.Rational(1, 2**70)
    assert crossings(Observable(circle, x - height, [x, y]), 0, 7).complete is HOLDS
    assert crossings(Observable(circle, x - height, [x, y]), 0, 7).isolated == ()
    found = crossings(Observable(circle, x - 2 + height, [x, y]), 0, 3)
    assert len(found.isolated) == 2
    assert found.complete is HOLDS


def test_a_zero_at_an_end_is_an_overlap(circle):
    found = crossings(Observable(circle, x, [x, y]), 0, 4)

    matches_inside = [zero for zero in found.isolated if zero.first > 1]
    assert len(matches_inside) == 1
    assert found.complete is UNDECIDED
    assert "overlap" in found.unresolved[0].reason
    assert found.unresolved[0].first == 0


def test_random_polynomials_in_time_have_their_roots_found():
    clock = flow(VectorField([sp.Integer(1)], [x]), [0], 8, bits=96)
    rng = random.Random(2)
    for _ in range(10):
        roots = sorted({F(rng.randint(1, 790), 101) for _ in range(rng.randint(1, 6))})
        polynomial = sp.Integer(1)
        for root in roots:
            polynomial *= t - sp.Rational(root)
        found = crossings(Observable(clock, sp.expand(polynomial), [x], t), 0, 8)
        assert found.complete is HOLDS
        assert len(roots) == len(found.isolated)
        for zero, root in zip(found.isolated, roots, strict=True):
            assert zero.first < root < zero.last


def test_an_empty_interval_is_refused(circle):
    with pytest.raises(InvalidInstance):
        crossings(Observable(circle, x, [x, y]), 1, 1)
