"""The coupling bound is attained by a neuron that moves straight through its kink."""

from fractions import Fraction as F

import theorycheck as tc
from theorycheck.catalogue.allen_zhu_2019.pseudo_network_stays_close import (
    bound,
    distance,
    pseudo_network_stays_close,
    through_the_kink,
)
from theorycheck.claims import Case


def test_bound_is_attained():
    case = Case(through_the_kink())

    # z(0) = 1/2, z = -1/2, R = 1: f - g = 1/2 = R - |z(0)|
    assert distance(case) == F(1, 2)
    assert bound(case, 1) == F(1, 2)
    assert tc.check(pseudo_network_stays_close).verdict is tc.HOLDS
