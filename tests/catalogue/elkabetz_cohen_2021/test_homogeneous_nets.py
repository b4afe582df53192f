"""A4, A8, A12: printed vectors, equality cases, kinks; the bounds against sampled truth."""

import random
from fractions import Fraction as F

import pytest

import theorycheck as tc
from theorycheck.balls import BallAlgebra, lambda_min, le, lower, precision, real, upper
from theorycheck.catalogue.elkabetz_cohen_2021 import (
    curvature_is_bounded_on_regions as curvature,
    curvature_stays_small_for_homogeneous_nets as small,
    descent_tracks_flow_in_one_region as tracking,
)
from theorycheck.catalogue.elkabetz_cohen_2021.activation_regions import OnRegion
from theorycheck.claims import Case
from theorycheck.exact import RationalAlgebra
from theorycheck.problems.fully_connected import KinkMet

CENTRE, BALL = (
    curvature.curvature_is_bounded_on_regions,
    curvature.curvature_is_bounded_near_a_point_of_a_region,
)


def hessian_at(case, position):
    layers = case.network.layer_matrices(BallAlgebra, position)
    return case.objective.hessian(BallAlgebra, layers)


PRINTED = F("-4.78051417267847769091653724057")
"""(13 - sqrt 509) / 2, theory A8."""


def contains(state, point):
    return all(x.lower <= q <= x.upper for x, q in zip(state, point, strict=True))


def test_hessian_and_least_eigenvalue_of_the_printed_net():
    case = curvature.scalar(2, 3)
    layers = case.network.layer_matrices(RationalAlgebra, case.start)

    found = case.objective.hessian(RationalAlgebra, layers)
    least = tc.check(CENTRE, case)
    with precision(160):
        value = lambda_min(hessian_at(case, case.start))

    assert [[int(x) for x in row] for row in found.tolist()] == [[9, 11], [11, 4]]
    assert abs(lower(value) - PRINTED) < F(1, 10**29)
    assert abs(upper(value) - PRINTED) < F(1, 10**29)
    assert least.verdict is tc.HOLDS
    # the margin is lambda_min + 5
    assert float(least.margin) == pytest.approx(5 + float(PRINTED))


@pytest.mark.parametrize("activation", ["relu", "homogeneous"])
def test_equality_is_never_decided_wrongly(activation):
    judgement = tc.check(CENTRE, curvature.equality(activation=activation))

    assert judgement.verdict is not tc.VIOLATED
    assert judgement.verdict is tc.HOLDS or "touching" in judgement.reason


def test_a_kink_has_no_hessian_and_makes_the_claims_vacuous():
    case = curvature.scalar(0, 3)

    with pytest.raises(KinkMet), precision(64):
        hessian_at(case, case.start)
    assert tc.check(CENTRE, case).vacuous


def test_zero_inputs_ask_for_no_sign():
    case = curvature.scalar(0, 3).replace(loss=tc.SquareLoss([[0]], [[1]]))

    assert not tc.check(CENTRE, case).vacuous


def test_dead_layers_ask_for_no_sign_behind_them():
    net = tc.FullyConnected((1, 1, 1, 1))
    case = tc.Instance(network=net, loss=tc.SquareLoss([[1]], [[1]]), start=[-1, 2, 3])

    assert OnRegion(Case(case)).distances() != []
    assert len(OnRegion(Case(case)).distances()) == 1
    assert tc.check(CENTRE, case).verdict is tc.HOLDS


def test_ball_bound_covers_sampled_points_of_the_region():
    case = curvature.deep_on_a_ball()
    source = random.Random(1)
    for _ in range(2):
        way = [F(source.randint(-8, 8)) for _ in case.start]
        size = sum(x * x for x in way)
        share = case.epsilon / max(1, -(-size // 1))  # |way| <= |way|^2 for integers
        point = [a + share * x for a, x in zip(case.start, way, strict=True)]
        judgement = tc.check(BALL, case.replace(descent_start=point))

        assert judgement.verdict is tc.HOLDS, judgement.reason


def test_curvature_bound_of_the_ball_holds_in_both_regions():
    # m = |r| + Q - P = 1 + (1e-9 + R) (1 + R) - 1e-9 with R = 17/64
    case = tracking.concave_kink()
    radius, small_layer = F(17, 64), F(1, 10**9)
    m = 1 + (small_layer + radius) * (1 + radius) - small_layer

    @tc.claim(source="test")
    def bound_is_this_number(case):
        """The curvature bound of the ball is m."""
        return tc.equal(tracking.values(case)[tracking.m], m)

    assert tc.check(bound_is_this_number, case).verdict is tc.HOLDS
    with precision(64):
        for point in ([F(1, 5), F(6, 5)], [F(-1, 5), F(6, 5)], [F(1, 5), F(4, 5)]):
            assert le(real(-m), lambda_min(hessian_at(case, point))) is tc.HOLDS


def test_the_concave_kink_ends_where_the_notes_say():
    # 2000 steps of 1/1000 from (1e-9, 1) end at (0.7666, 1.2598); the flow from (-1e-9, 1) rests
    case = tracking.concave_kink(horizon=2, step_size="1/1000")
    run = tc.descend(case.objective, start=case.descent_start, step_size="1/1000", steps=2000)
    rest = tc.flow(case.objective, start=case.start, horizon=2)
    end = [float(x) for x in run.at(2000)]

    assert end == pytest.approx([0.7666, 1.2598], abs=5e-5)
    assert contains(rest.at(2), case.start)


def test_the_convex_kink_has_the_printed_error():
    # theta_1 = (-0.00505, 0.99994975), flow (0, 0.9999875): the error is 0.00505
    case = tracking.convex_kink()
    run = tc.descend(case.objective, start=case.start, step_size="1/100", steps=1)

    assert contains(run.at(1), [F(-101, 20000), F(99994975, 10**8)])
    assert tc.check(tracking.descent_tracks_flow_in_one_region, case).vacuous
    assert tc.check(tracking.descent_tracks_flow_across_kinks, case).verdict is tc.VIOLATED


def test_flows_into_a_dead_neuron_are_not_called_holding():
    # the flow reaches w_1 = 0 and stays there: the predicate touches, and nothing is concluded
    case = small.scalar(("1/10", 1), target=-1, horizon="1/4")
    judgement = tc.check(small.curvature_stays_small_for_homogeneous_nets, case)

    assert judgement.verdict is tc.UNDECIDED
