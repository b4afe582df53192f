"""Fully connected nets: formulas against SymPy and finite differences, regions, kinks, claims."""

import random
from fractions import Fraction as F

import mpmath
import numpy as np
import pytest

import theorycheck as tc
from theorycheck import balls
from theorycheck.exact import RationalAlgebra, rows_of
from theorycheck.problems import KinkMet
from theorycheck.problems.fully_connected import Unit
from theorycheck.symbolic.algebra import SymbolicArithmetic
from theorycheck.symbolic.lowering import NotExact

X = [[1, F(1, 2), -1], [F(1, 4), F(1, 3), 2]]
LOSSES = {
    1: [tc.SquareLoss(X, [[1, -1, 2]], mean=True), tc.LogisticLoss(X, [1, -1, 1])],
    2: [tc.ExponentialLoss(X, [[1, -1, 1], [1, 1, -1]], mean=True),
        tc.SquareLoss(X, [[1, -1, 2], [0, 1, 1]])],
    3: [tc.CrossEntropyLoss(X, [0, 2, 1], mean=True)],
}  # fmt: skip
ACTIVATIONS = [
    {"activation": "relu"},
    {"activation": "leaky_relu", "slope": F(1, 10)},
    {"activation": "absolute"},
    {"activation": "linear"},
    {"activation": "homogeneous", "slope": (F(1, 2), F(-13, 10))},
]


def value(net, loss, flat):
    """f in mpmath by loops over samples and neurons; the loss as in the textbook."""
    alpha, beta = (mpmath.mpf(s.numerator) / s.denominator for s in net.slopes)
    total = mpmath.mpf(0)
    for i in range(loss.samples):
        h = [mpmath.mpf(row[i].numerator) / row[i].denominator for row in loss.inputs]
        used = 0
        for j, (rows, columns) in enumerate(net.shapes):
            if j:
                h = [alpha * z if z > 0 else beta * z for z in h]
            h = [
                sum((flat[used + r * columns + c] * h[c] for c in range(columns)), mpmath.mpf(0))
                for r in range(rows)
            ]
            used += rows * columns
        y = [mpmath.mpf(row[i].numerator) / row[i].denominator for row in loss.targets]
        if isinstance(loss, tc.SquareLoss):
            total += sum((a - b) ** 2 for a, b in zip(h, y, strict=True)) / 2
        elif isinstance(loss, tc.CrossEntropyLoss):
            total += mpmath.log(sum(map(mpmath.exp, h))) - h[y.index(1)]
        elif isinstance(loss, tc.LogisticLoss):
            total += sum(mpmath.log(1 + mpmath.exp(-a * b)) for a, b in zip(h, y, strict=True))
        else:
            total += sum(mpmath.exp(-a * b) for a, b in zip(h, y, strict=True))
    return total / (loss.samples if loss.mean else 1)


def exact(x):
    return F(mpmath.nstr(x, 70))


def nets():
    source = random.Random(11)
    for kind in ACTIVATIONS:
        for outputs, losses in LOSSES.items():
            for loss in losses:
                hidden = tuple(source.randint(1, 3) for _ in range(source.randint(0, 2)))
                yield tc.FullyConnected((2, *hidden, outputs), **kind), loss


NETS = list(nets())


def generic_start(net, seed=5):
    """Entries without zeros, so that no pre-activation is likely to vanish."""
    source = random.Random(f"{seed}{net.widths}")
    values = [F(k, 8) for k in range(-12, 13) if k]
    return [source.choice(values) + F(source.randint(1, 9), 997) for _ in range(net.dimension)]


@pytest.mark.parametrize(("net", "loss"), NETS, ids=lambda x: getattr(x, "activation", ""))
def test_value_gradient_and_hessian_agree_with_finite_differences(net, loss):
    start, h = generic_start(net), F(1, 10**20)
    objective = net.objective(loss)
    with balls.precision(192):
        layers = objective.point(balls.BallAlgebra, balls.matrix([[q] for q in start]))
        value_ball = objective.value(balls.BallAlgebra, layers)
        gradient = objective.gradient_column(balls.BallAlgebra, layers)
        hessian = objective.hessian(balls.BallAlgebra, layers)
    with mpmath.workdps(80):
        at = [mpmath.mpf(q.numerator) / q.denominator for q in start]
        step = mpmath.mpf(h.numerator) / h.denominator
        moved = {}

        def f(*shifts):
            key = tuple(sorted(shifts))
            if key not in moved:
                x = list(at)
                for a, times in key:
                    x[a] += times * step
                moved[key] = value(net, loss, x)
            return moved[key]

        assert abs(balls.upper(value_ball) - exact(f())) < F(1, 10**45)
        for a in range(net.dimension):
            slope = (f((a, 1)) - f((a, -1))) / (2 * step)
            assert abs(balls.upper(gradient[a, 0]) - exact(slope)) < F(1, 10**30)
            for b in range(a, net.dimension):
                if a == b:
                    second = (f((a, 1)) - 2 * f() + f((a, -1))) / step**2
                else:
                    corners = [(f((a, s), (b, t)), s * t) for s in (1, -1) for t in (1, -1)]
                    second = sum(x * sign for x, sign in corners) / (4 * step**2)
                assert abs(balls.upper(hessian[a, b]) - exact(second)) < F(1, 10**25)
                assert balls.upper(hessian[a, b]) == balls.upper(hessian[b, a])


def test_the_hessian_of_the_notes():
    net = tc.FullyConnected((1, 1, 1))
    objective = net.objective(tc.SquareLoss([[1]], [[1]]))
    layers = net.layer_matrices(RationalAlgebra, [2, 3])

    assert rows_of(objective.hessian(RationalAlgebra, layers)) == ((9, 11), (11, 4))
    with balls.precision(128):
        ball = objective.hessian(balls.BallAlgebra, net.layer_matrices(balls.BallAlgebra, [2, 3]))
        least = balls.lambda_min(ball)
        known = F("-4.78051417267847769091653724057")
        assert abs(balls.lower(least) - known) < F(1, 10**28)
        assert abs(balls.upper(least) - known) < F(1, 10**28)


def test_a_linear_activation_is_a_deep_linear_net():
    loss = LOSSES[3][0]
    start = generic_start(tc.DeepLinear((2, 3, 3)))
    found = []
    for net in (tc.DeepLinear((2, 3, 3)), tc.FullyConnected((2, 3, 3), activation="linear")):
        objective = net.objective(loss)
        with balls.precision(128):
            layers = net.layer_matrices(balls.BallAlgebra, start)
            found.append(objective.hessian(balls.BallAlgebra, layers))
        assert objective.bounded_below
    assert (found[0] - found[1]).contains(balls.BallAlgebra.zeros(15, 15))


# -- regions ---------------------------------------------------------------------------------------
def test_signs_are_certain_on_a_ball_or_named():
    net = tc.FullyConnected((2, 2, 1))
    objective = net.objective(tc.SquareLoss([[1, 0], [0, 1]], [[1, 1]]))
    layers = [balls.matrix([[1, -1], [2, F(1, 2)]]), balls.matrix([[1, 1]])]

    assert objective.pattern(balls.BallAlgebra, layers) == (((1, -1), (1, 1)),)
    box = [balls.inflate(layer, balls.real(F(3, 4))) for layer in layers]
    with pytest.raises(KinkMet, match="neuron 2 of layer 1, sample 2") as caught:
        objective.hessian(balls.BallAlgebra, box)
    assert caught.value.units == (Unit(1, 2, 2),)
    loss = objective.value(balls.BallAlgebra, box)  # the value needs no region
    assert balls.lower(loss) <= F(9, 8) <= balls.upper(loss)


def test_certain_patterns_hold_at_every_point_of_a_box():
    rng, source, certain = np.random.default_rng(2), random.Random(2), 0
    net = tc.FullyConnected((2, 3, 2, 1), activation="leaky_relu", slope=F(1, 5))
    objective = net.objective(tc.SquareLoss(X, [[1, 2, 3]]))
    for _ in range(40):
        centre = generic_start(net, source.random())
        radius = F(source.randint(1, 8), 64)
        point = objective.point(balls.BallAlgebra, balls.matrix([[q] for q in centre]))
        box = [balls.inflate(layer, balls.real(radius)) for layer in point]
        signs = objective.signs(balls.BallAlgebra, box)
        for _ in range(10):
            moved = [q + radius * F(float(u)) for q, u in
                     zip(centre, rng.uniform(-1, 1, len(centre)), strict=True)]  # fmt: skip
            there = objective.signs(RationalAlgebra, net.layer_matrices(RationalAlgebra, moved))
            for unit, sign in signs.items():
                assert sign is None or sign == there[unit]
                certain += sign is not None
    assert certain > 1000


def test_nothing_depends_on_what_is_behind_a_silent_layer():
    net = tc.FullyConnected((1, 1, 2, 1))
    objective = net.objective(tc.SquareLoss([[1]], [[1]]))
    layers = net.layer_matrices(RationalAlgebra, [-1, 2, 3, 4, 5])

    assert objective.pattern(RationalAlgebra, layers) == (((-1,),), ((-1,), (-1,)))
    assert set(RationalAlgebra.scalars(objective.gradient_column(RationalAlgebra, layers))) == {0}


def test_indeterminates_have_no_region():
    net = tc.FullyConnected((1, 1, 1))
    objective = net.objective(tc.SquareLoss([[1]], [[1]]))
    layers = net.layer_matrices(SymbolicArithmetic, [1, 1])

    with pytest.raises(NotExact, match="in_region"):
        objective.gradient(SymbolicArithmetic, layers)
    region = objective.in_region((((1,),),))
    assert region.value(SymbolicArithmetic, layers) == 0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: tc.FullyConnected((2, 1), activation="tanh"), "activation='tanh'.*relu"),
        (lambda: tc.FullyConnected((2, 1), activation="leaky_relu"), "slope='1/10'"),
        (lambda: tc.FullyConnected((2, 1), activation="relu", slope=1), "not used by relu"),
        (lambda: tc.FullyConnected((2, 1), activation="homogeneous", slope=1), "slope=1"),
        (lambda: tc.FullyConnected((2,)), "at least two entries"),
        (lambda: tc.FullyConnected((2, 0)), "integers >= 1"),
        (lambda: tc.FullyConnected((1, 1)).objective(LOSSES[1][0]), "do not fit"),
        (lambda: tc.FullyConnected((1, 1)).objective(3), "loss=3"),
    ],
)
def test_bad_nets_are_refused_in_one_line(make, words):
    with pytest.raises(tc.InvalidInstance, match=words) as caught:
        make()

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ACTIVATIONS, ids=lambda kind: kind["activation"])
def test_nets_are_stored_exactly_and_written_as_python(kind):
    case = tc.Instance(network=tc.FullyConnected((2, 3, 1), **kind), loss=LOSSES[1][0])

    assert tc.Instance.from_json(case.to_json()) == case
    assert eval(repr(case), {"tc": tc}) == case  # our own text
