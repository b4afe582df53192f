"""The smoothed margin as a loss: its definition, its gradient, what it refuses."""

from fractions import Fraction as F

import pytest

import theorycheck as tc
from theorycheck import balls
from theorycheck.errors import InvalidInstance
from theorycheck.symbolic.algebra import SymbolicArithmetic
from theorycheck.symbolic.lowering import BallScalars, lower

INPUTS = [[1, F(1, 2), -1], [0, F(1, 3), 2]]
PAIRS = [(tc.ExponentialMargin, tc.ExponentialLoss), (tc.LogisticMargin, tc.LogisticLoss)]


@pytest.mark.parametrize(("kind", "plain"), PAIRS)
@pytest.mark.parametrize("scale", [1, 30])
def test_margin_is_the_inverse_loss_of_the_sum(kind, plain, scale):
    predictions = [[F(3, 4) * scale, F(-1, 3), F(5, 2) * scale]]
    labels = [1, -1, 1]
    with balls.precision(256):
        h = balls.BallAlgebra.matrix(predictions)
        alpha = -kind(INPUTS, labels).value(balls.BallAlgebra, h)
        total = plain(INPUTS, labels).value(balls.BallAlgebra, h)
        one = balls.exp(-alpha) if plain is tc.ExponentialLoss else balls.softplus([-alpha])

        assert balls.width(one - total) < F(1, 2**200)
        assert balls.lower(one - total) <= 0 <= balls.upper(one - total)


@pytest.mark.parametrize("kind", [tc.ExponentialMargin, tc.LogisticMargin])
@pytest.mark.parametrize("labels", [[1], [1, -1], [1, -1, 1]])
def test_gradient_is_that_of_the_value(kind, labels):
    loss = kind([row[: len(labels)] for row in INPUTS], labels)
    import sympy

    names = sympy.symbols(f"h0:{len(labels)}")
    value = loss.value(SymbolicArithmetic, SymbolicArithmetic.from_scalars(1, len(labels), names))
    point = {h: balls.real(F(3 * i - 2, 4)) for i, h in enumerate(names)}
    with balls.precision(160):
        h = balls.BallAlgebra.matrix([[F(3 * i - 2, 4) for i in range(len(labels))]])
        gradient = balls.BallAlgebra.scalars(loss.gradient(balls.BallAlgebra, h))
        for name, entry in zip(names, gradient, strict=True):
            true = lower(value.diff(name)).run(
                {x: point[x] for x in lower(value.diff(name)).leaves}, BallScalars()
            )

            assert balls.lower(entry - true) <= 0 <= balls.upper(entry - true)
            assert balls.width(entry - true) < F(1, 2**140)


def test_margins_beyond_every_float_are_carried():
    loss = tc.ExponentialMargin([[1, 1]], [1, 1])
    with balls.precision(128):
        value = loss.value(balls.BallAlgebra, balls.BallAlgebra.matrix([[10**6, 10**6]]))

    assert balls.lower(value) < -999_999
    assert balls.width(value) < F(1, 2**60)


def test_flow_in_the_slow_clock_is_not_said_to_exist_for_all_times():
    loss = tc.ExponentialMargin([[1]], [1])

    assert not tc.DeepLinear((1, 1)).objective(loss).bounded_below
    assert tc.DeepLinear((1, 1)).objective(tc.ExponentialLoss([[1]], [1])).bounded_below


@pytest.mark.parametrize("kind", [tc.ExponentialMargin, tc.LogisticMargin])
@pytest.mark.parametrize("count", [1, 3])
def test_hessian_is_the_derivative_of_the_gradient(kind, count):
    import sympy

    loss = kind([row[:count] for row in INPUTS], [1, -1, 1][:count])
    net = tc.DeepLinear((2, 2, 1)).objective(loss)
    names = sympy.symbols("w0:6")
    column = SymbolicArithmetic.from_scalars(6, 1, list(names))
    value = net.value(SymbolicArithmetic, net.point(SymbolicArithmetic, column))
    point = [F(k - 2, 3) for k in range(6)]
    with balls.precision(160):
        at = net.point(balls.BallAlgebra, balls.BallAlgebra.matrix([[x] for x in point]))
        hessian = net.hessian(balls.BallAlgebra, at)
        for i, j in [(0, 0), (0, 5), (1, 4), (3, 2), (5, 5)]:
            second = lower(value.diff(names[i]).diff(names[j]))
            known = dict(zip(names, map(balls.real, point), strict=True))
            true = second.run({x: known[x] for x in second.leaves}, BallScalars())
            gap = balls.BallAlgebra.entry(hessian, i, j) - true

            assert balls.lower(gap) <= 0 <= balls.upper(gap)
            assert balls.width(gap) < F(1, 2**120)


def test_mean_and_single_samples_are_refused():
    with pytest.raises(InvalidInstance, match="sum loss"):
        tc.ExponentialMargin([[1]], [1], mean=True)
    with pytest.raises(InvalidInstance, match="couples the samples"):
        tc.LogisticMargin([[1]], [1]).sample_hessian(balls.BallAlgebra, [], 0)


def test_instances_with_a_margin_loss_are_stored_exactly():
    loss = tc.LogisticMargin(INPUTS, [1, -1, 1])
    case = tc.Instance(network=tc.DeepLinear((2, 1)), loss=loss, start=[1, 2], horizon=1)

    assert tc.Instance.from_json(case.to_json()) == case
    assert eval(repr(case), {"tc": tc}) == case
