"""Deep linear nets with every loss: flow, descent, Hessian and claims against written-out truth."""

from fractions import Fraction as F
from itertools import pairwise

import mpmath
import pytest
import sympy as sp

import theorycheck as tc
from theorycheck import balls
from theorycheck.problems import DeepLinearObjective

X = [[1, F(1, 2), -1], [0, F(1, 3), 2]]
CASES = {
    "logistic": ((2, 2, 1), tc.LogisticLoss(X, [1, -1, 1], mean=True)),
    "logistic, two outputs": ((2, 1, 2), tc.LogisticLoss(X, [[1, -1, 1], [1, 1, -1]])),
    "exponential": ((2, 1, 1, 1), tc.ExponentialLoss(X, [1, -1, 1], mean=True)),
    "cross-entropy": ((2, 2, 3), tc.CrossEntropyLoss(X, [0, 2, 1], mean=True)),
}


def formula(widths, loss):
    """f and its parameters in the field's words: products, logarithms of sums of exponentials."""
    names = sp.symbols(f"p0:{sum(a * b for a, b in pairwise(widths))}")
    layers, used = [], 0
    for columns, rows in pairwise(widths):
        layers.append(sp.Matrix(rows, columns, names[used : used + rows * columns]))
        used += rows * columns
    product = sp.Matrix([[sp.Rational(q.numerator, q.denominator) for q in row]
                         for row in loss.inputs])  # fmt: skip
    for layer in layers:
        product = layer * product
    total = sp.Integer(0)
    for i in range(loss.samples):
        h, y = product[:, i], [row[i] for row in loss.targets]
        if isinstance(loss, tc.CrossEntropyLoss):
            total += sp.log(sum(map(sp.exp, h))) - h[y.index(1)]
        elif isinstance(loss, tc.LogisticLoss):
            total += sum(sp.log(1 + sp.exp(-int(s) * q)) for q, s in zip(h, y, strict=True))
        else:
            total += sum(sp.exp(-int(s) * q) for q, s in zip(h, y, strict=True))
    return names, total / (loss.samples if loss.mean else 1)


def encloses(ball, value, slack):
    return ball.lower - slack <= exact(value) <= ball.upper + slack


def exact(value):
    return F(mpmath.nstr(value, 60))


@pytest.fixture(params=CASES, scope="module")
def case(request):
    widths, loss = CASES[request.param]
    net = tc.DeepLinear(widths)
    start = net.balanced_start(seed=3, scale=F(3, 4))
    names, f = formula(widths, loss)
    slope = sp.lambdify(names, [f.diff(x) for x in names], "mpmath", cse=True)
    return net.objective(loss), start, names, f, slope


def to_mpf(point):
    return [mpmath.mpf(q.numerator) / q.denominator for q in point]


def test_hessian_and_gradient_are_the_formula_s(case):
    objective, start, names, _, slope = case
    with mpmath.workdps(70):
        here, h = to_mpf(start), mpmath.mpf(10) ** -25
        slopes = [exact(x) for x in slope(*here)]
        truth = []
        for a in range(len(names)):
            ends = [[x + sign * h * (a == b) for b, x in enumerate(here)] for sign in (1, -1)]
            pairs = zip(slope(*ends[0]), slope(*ends[1]), strict=True)
            truth.append([exact((up - down) / (2 * h)) for up, down in pairs])
    with balls.precision(128):
        layers = objective.point(balls.BallAlgebra, balls.matrix([[q] for q in start]))
        hessian = objective.hessian(balls.BallAlgebra, layers)
        gradient = objective.gradient_column(balls.BallAlgebra, layers)
        for a in range(len(names)):
            assert abs(balls.upper(gradient[a, 0]) - slopes[a]) < F(1, 10**30)
            for b in range(len(names)):
                assert balls.lower(hessian[a, b]) - F(1, 10**40) <= truth[a][b]
                assert truth[a][b] <= balls.upper(hessian[a, b]) + F(1, 10**40)
                assert balls.upper(balls.radius(hessian[a, b])) < F(1, 10**30)


def test_flow_contains_the_reference_at_two_precisions(case):
    objective, start, _, _, slope = case
    with mpmath.workdps(25):
        solution = mpmath.odefun(lambda _, x: [-g for g in slope(*x)], 0, to_mpf(start))
        truth = [[+x for x in solution(t)] for t in (mpmath.mpf(1) / 8, mpmath.mpf(1) / 4)]
    for bits in (64, 100):
        run = tc.flow(objective, start, 1, bits=bits)
        for time, known in zip((F(1, 8), F(1, 4)), truth, strict=True):
            for ball, value in zip(run.at(time), known, strict=True):
                assert encloses(ball, value, F(1, 10**20))
            assert run.radius(time) < F(1, 2 ** (bits - 20))


def test_descent_contains_the_reference_at_two_precisions(case):
    objective, start, _, _, slope = case
    with mpmath.workdps(60):
        iterate = to_mpf(start)
        for _ in range(30):
            iterate = [x - g / 8 for x, g in zip(iterate, slope(*iterate), strict=True)]
    for bits in (64, 128):
        run = tc.descend(objective, start, F(1, 8), 30, bits=bits)
        assert all(encloses(b, x, F(1, 10**50)) for b, x in zip(run.at(30), iterate, strict=True))
        assert run.radius(30) < F(1, 2 ** (bits - 32))
        assert all(a.lower > b.upper for a, b in zip(run.losses, run.losses[1:], strict=False))


def test_scalar_exponential_flow_is_the_logarithm():
    run = tc.flow(tc.DeepLinear((1, 1)).objective(tc.ExponentialLoss([[1]], [1])), [0], 100)

    (ball,) = run.at(99)
    with mpmath.workdps(40):
        assert encloses(ball, mpmath.log(100), F(1, 10**35))
    assert ball.radius < F(1, 10**12)


def test_scalar_logistic_flow_solves_its_implicit_equation():
    run = tc.flow(tc.DeepLinear((1, 1)).objective(tc.LogisticLoss([[1]], [1])), [0], 20, digits=20)

    (ball,) = run.at(20)
    with mpmath.workdps(40):
        root = mpmath.findroot(lambda w: w + mpmath.exp(w) - 21, 3)
        assert encloses(ball, root, F(1, 10**30))


# -- claims ----------------------------------------------------------------------------------------
def instance_of(name):
    widths, loss = CASES[name]
    net = tc.DeepLinear(widths)
    return tc.Instance(
        network=net, loss=loss, start=net.balanced_start(seed=1), horizon=1, step_size=F(1, 50)
    )


@tc.claim(source="test", example=instance_of("logistic"))
def loss_is_nonincreasing_along_flow(case):
    """The loss never increases along gradient flow."""
    return tc.nonincreasing(case.flow.loss, over=tc.times(0, case.horizon))


@tc.claim(source="test", example=instance_of("logistic"))
def loss_decreases_at_every_step(case):
    """The loss decreases at every step of descent."""
    return tc.lt(case.descent.loss.next(), case.descent.loss, over=tc.steps(0, 10))


@tc.claim(source="test", example=instance_of("logistic"))
def imbalances_are_conserved(case):
    """The imbalances are constant along gradient flow."""
    return [tc.conserved(d) for d in case.flow.imbalances]


@tc.claim(source="test", example=instance_of("logistic"))
def layer_gradients_agree(case):
    """W_{j+1}^T G_{j+1} = G_j W_j^T."""
    flow = case.flow
    return [
        tc.equal(flow.layer(j + 1).T @ flow.layer_gradient(j + 1),
                 flow.layer_gradient(j) @ flow.layer(j).T, over=tc.times(0, case.horizon))
        for j in range(1, case.network.depth)
    ]  # fmt: skip


@tc.claim(source="test", example=instance_of("logistic"))
def end_to_end_gradient_is_bounded(case):
    """The gradient of phi stays below 10 in norm, and the loss above 1/100."""
    over = tc.times(0, case.horizon)
    outer = tc.frobenius_squared(case.flow.outer_gradient)
    return [tc.le(outer, 100, over=over), tc.ge(case.flow.loss, F(1, 100), over=over)]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    "claim",
    [
        loss_is_nonincreasing_along_flow, loss_decreases_at_every_step, imbalances_are_conserved,
        layer_gradients_agree, end_to_end_gradient_is_bounded,
    ],
    ids=lambda claim: claim.name,
)  # fmt: skip
def test_claims_hold_for_every_loss(claim, name):
    assert tc.check(claim, instance_of(name)).verdict is tc.HOLDS


def test_a_false_claim_about_the_logistic_loss_is_violated():
    @tc.claim(source="test", example=instance_of("logistic"))
    def loss_is_small(case):
        """The loss is below 1/1000 at once."""
        return tc.le(case.flow.loss, F(1, 1000), over=tc.times(0, case.horizon))

    assert tc.check(loss_is_small).verdict is tc.VIOLATED


def test_the_residual_needs_a_square_loss():
    objective = instance_of("logistic").objective
    assert isinstance(objective, DeepLinearObjective)
    with pytest.raises(tc.InvalidInstance, match="SquareLoss"):
        _ = objective.square_loss
