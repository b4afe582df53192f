"""The first-exit argument: wrong guesses and wrong pieces never certify."""

from fractions import Fraction as F

from theorycheck.balls import exp, le, lt, precision, real, upper, upper_real
from theorycheck.trajectories.dynamics import Defect
from theorycheck.trajectories.gronwall import certify, grow, grow_through
from theorycheck.verdicts import HOLDS


def defect(uniform):
    return Defect(real(F(uniform)), real(0), 0)


def test_curvature_that_explodes_with_the_tube_is_refused():
    # m(R) = 1000 + 2^20 R: every tube wide enough for the growth makes the growth wider.
    def curvature(tube):
        return real(1000) + tube * 2**20

    with precision(53):
        assert certify(real(F(1, 100)), defect(F(1, 8)), curvature, real(1)) is None


def test_a_guess_below_the_obtained_radius_is_never_accepted():
    # Small tubes look flat; the truth needs a tube of radius 2, where m is large.
    tried = []

    def curvature(tube):
        tried.append(tube)
        return real(0) if lt(tube, real(2)) is HOLDS else real(5)

    with precision(53):
        growth = certify(real(1), defect(1), curvature, real(2), guess=real(F(1, 2)))
        assert growth is None or lt(growth.supremum, tried[-1]) is HOLDS
        # r + delta h = 3 > 2, hence m = 5 applies and e^10 (1 + ...) is needed.
        assert growth is None or upper(growth.end) > 20000


def test_accepted_growth_is_strictly_inside_its_tube():
    tried = []

    def curvature(tube):
        tried.append(tube)
        return real(1) + tube

    with precision(53):
        growth = certify(real(F(1, 1000)), defect(F(1, 1000)), curvature, real(1))
        assert growth is not None
        assert lt(growth.supremum, tried[-1]) is HOLDS


def test_growth_contains_the_scalar_closed_form():
    # e' = m e + delta with equality
    with precision(200):
        for m, truth in ((F(1), 2.718281828459045), (F(0), 1.0), (F(-1), 0.36787944117144233)):
            growth = grow(real(1), defect(0), real(m), real(1))
            assert upper(growth.end) >= F(truth) - F(1, 10**15)
            assert upper(growth.end) <= F(truth) + F(1, 10**9)
            assert upper(growth.supremum) >= 1


def test_a_length_rounded_up_does_not_contract_too_much():
    # h = 1/3 is no dyadic number: e^{-h} must not be replaced by e^{-upper(h)}
    with precision(40):
        step = upper_real(real(F(1, 3)))
        growth = grow(real(1), defect(0), real(-1024), step)
    with precision(200):
        assert le(exp(real(F(-1024, 3))), growth.end) is HOLDS


def test_nothing_moves():
    with precision(53):
        growth = certify(real(0), defect(0), lambda tube: real(10) + tube, real(10**6))
        assert growth is not None
        assert upper(growth.supremum) == 0


def test_growth_through_parts_is_the_solution_of_the_comparison_equation():
    # e' = m_i e + 1/8 on thirds of [0, 3/2] with m = 1, -2, 0, from e = 1, in closed form.
    eighth, half = F(1, 8), F(1, 2)
    with precision(40):
        growth = grow_through(real(1), defect(eighth), [real(1), real(-2), real(0)], real(F(3, 2)))
    with precision(128):
        first = exp(real(half)) * real(1 + eighth) - real(eighth)
        second = exp(real(-1)) * (first - real(eighth / 2)) + real(eighth / 2)
        third = second + real(eighth * half)

        for bound, truth in ((growth.end, third), (growth.supremum, first)):
            assert le(truth, bound) is HOLDS
        # In a part with m < 0 the supremum is bounded as if m were 0.
        assert le(growth.end, third + real(F(1, 2**20))) is HOLDS
        assert le(growth.supremum, first + real(eighth * half + F(1, 2**20))) is HOLDS
    assert upper(growth.curvature) == 1


def test_a_piece_with_curvature_part_by_part_is_sharper_than_with_the_worst():
    with precision(53):
        parts = certify(real(1), defect(0), lambda tube: [real(2), real(0), real(0)], real(1))
        worst = certify(real(1), defect(0), lambda tube: real(2), real(1))
        assert lt(parts.end, worst.end) is HOLDS
        assert le(exp(real(F(2, 3))), parts.end) is HOLDS
