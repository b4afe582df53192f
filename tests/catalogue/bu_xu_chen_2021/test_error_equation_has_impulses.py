"""The refutation rests on the printed jump at the printed time (theory B12)."""

from fractions import Fraction as F

import theorycheck as tc
from theorycheck.catalogue.bu_xu_chen_2021.error_equation_has_impulses import (
    about_the_printed_kink,
    error_equation_without_impulses_as_remembered,
)
from theorycheck.trajectories import two_layer_heavy_ball


def test_change_of_the_error_speed_is_the_printed_jump_and_not_small():
    case = about_the_printed_kink()
    run = two_layer_heavy_ball(
        case.inputs, case.labels, case.weights, case.outer, 2, damping=1, digits=20
    )
    change = run.error_speed(case.after)[1] - run.error_speed(case.before)[1]

    # within (t_2 - t_1)(b G + G^2)|D(0)| = 0.002 * (1.27 + 1.6) * 1.52 of the jump
    assert abs(change.midpoint - F("0.136834316592932118")) < F(1, 100)
    assert tc.check(error_equation_without_impulses_as_remembered).verdict is tc.VIOLATED


def test_away_from_the_kink_the_equation_stands():
    case = about_the_printed_kink(before="11/10", after="111/100")

    assert tc.check(error_equation_without_impulses_as_remembered, case).verdict is tc.HOLDS
