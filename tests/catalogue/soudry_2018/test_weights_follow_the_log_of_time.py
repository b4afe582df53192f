"""TV9 of theory C, and supports that are not."""

from fractions import Fraction as F

import theorycheck as tc
from theorycheck import balls
from theorycheck.catalogue.soudry_2018 import weights_follow_the_log_of_time as claim
from theorycheck.claims import Case
from theorycheck.symbolic.lowering import BallScalars, lower


def test_bound_of_the_two_point_example():
    """sup |r| <= e^{-1/2}: the squared bound is e^{-1}."""
    case = Case(claim.example())
    squared = claim.bound(case, claim.Support(case))
    for bits in (128, 256):
        with balls.precision(bits):
            value = balls.sqrt(lower(squared).run({}, BallScalars()))

            assert balls.lower(value) <= F("0.60653065971263342360379953499119")
            assert balls.upper(value) >= F("0.60653065971263342360379953499117")
            assert balls.width(value) < F(1, 10**30)


def test_dependent_support_is_vacuous():
    case = claim.example(support=[0, 0])

    assert tc.check(claim.weights_follow_the_log_of_time, instance=case).vacuous
