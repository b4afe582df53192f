"""Every loss against its written-out formula: values, derivatives, constants, errors.

The truth is SymPy's derivative of the formula in the field's words, evaluated by mpmath.
"""

import random
from fractions import Fraction as F

import mpmath
import numpy as np
import pytest
import sympy as sp

import theorycheck as tc
from theorycheck import balls
from theorycheck.errors import InvalidInstance
from theorycheck.exact import RationalAlgebra
from theorycheck.losses import CrossEntropyLoss, ExponentialLoss, LogisticLoss, SquareLoss
from theorycheck.symbolic.algebra import SymbolicArithmetic
from theorycheck.symbolic.lowering import NotExact
from theorycheck.trajectories.reference import MpmathArithmetic

INPUTS = [[1, F(1, 2), -1], [0, F(1, 3), 2]]
LOSSES = [
    SquareLoss(INPUTS, [[1, -1, F(1, 3)], [0, 2, 1]], mean=True),
    LogisticLoss(INPUTS, [1, -1, 1]),
    LogisticLoss(INPUTS, [[1, -1, 1], [-1, -1, 1]], mean=True),
    ExponentialLoss(INPUTS, [[1, -1, 1], [-1, 1, 1]], mean=True),
    CrossEntropyLoss(INPUTS, [0, 1, 1]),
    CrossEntropyLoss(INPUTS, [2, 0, 1], mean=True),
    CrossEntropyLoss(INPUTS, [2, 0, 1], classes=4),
]
IDS = [f"{type(loss).__name__}{loss.output_dimension}" for loss in LOSSES]


def formula(loss, h):
    """The textbook formula in symbols h[r][i]."""
    rows, columns = range(loss.output_dimension), range(loss.samples)
    y = [[sp.Rational(q.numerator, q.denominator) for q in row] for row in loss.targets]
    if isinstance(loss, SquareLoss):
        total = sum((h[r][i] - y[r][i]) ** 2 for r in rows for i in columns) / 2
    elif isinstance(loss, CrossEntropyLoss):
        total = sum(sp.log(sum(sp.exp(h[r][i]) for r in rows)) for i in columns)
        total -= sum(h[r][i] * y[r][i] for r in rows for i in columns)
    else:
        scores = [sp.exp(-y[r][i] * h[r][i]) for r in rows for i in columns]
        total = sum(
            scores if isinstance(loss, ExponentialLoss) else [sp.log(1 + s) for s in scores]
        )
    return total / (loss.samples if loss.mean else 1)


def names_of(loss):
    count = loss.samples
    flat = sp.symbols(f"h0:{loss.output_dimension * count}")
    return flat, [flat[r * count : (r + 1) * count] for r in range(loss.output_dimension)]


def drawn(loss, seed=0):
    source = random.Random(seed)
    return [
        [F(source.randint(-24, 24), 8) for _ in range(loss.samples)]
        for _ in range(loss.output_dimension)
    ]


def at(expression, flat, point):
    """A value to 60 digits, as an exact fraction within 1e-55 of the truth."""
    values = {x: sp.Rational(q.numerator, q.denominator) for x, q in zip(flat, point, strict=True)}
    return F(str(expression.subs(values).evalf(60)))


def encloses(ball, truth):
    slack = F(1, 10**50) * max(1, abs(truth))
    return balls.lower(ball) - slack <= truth <= balls.upper(ball) + slack


@pytest.mark.parametrize("loss", LOSSES, ids=IDS)
def test_values_and_derivatives_are_those_of_the_formula(loss):
    flat, table = names_of(loss)
    truth = formula(loss, table)
    rows = drawn(loss)
    point = [q for row in rows for q in row]
    count = loss.samples
    for bits in (64, 128):
        with balls.precision(bits):
            h = balls.matrix(rows)
            assert encloses(loss.value(balls.BallAlgebra, h), at(truth, flat, point))
            gradient = loss.gradient(balls.BallAlgebra, h).entries()
            blocks = loss.hessians(balls.BallAlgebra, h)
        for k, x in enumerate(flat):
            slope = at(truth.diff(x), flat, point)
            assert encloses(gradient[k], slope)
            assert balls.upper(balls.radius(gradient[k])) < F(1, 2 ** (bits - 12))
            for l, z in enumerate(flat):
                second = at(truth.diff(x, z), flat, point)
                (r, i), (s, j) = divmod(k, count), divmod(l, count)
                assert encloses(blocks[i][r, s], second) if i == j else abs(second) < F(1, 10**40)


@pytest.mark.parametrize("loss", LOSSES, ids=IDS)
def test_symbols_and_mpmath_agree_with_balls(loss):
    flat, table = names_of(loss)
    rows = drawn(loss, seed=1)
    point = [q for row in rows for q in row]
    arithmetic = MpmathArithmetic(200)
    symbols = sp.ImmutableMatrix(table)
    estimates = [
        loss.value(arithmetic, arithmetic.matrix(rows)),
        *arithmetic.scalars(loss.gradient(arithmetic, arithmetic.matrix(rows))),
    ]
    written = [
        loss.value(SymbolicArithmetic, symbols),
        *SymbolicArithmetic.scalars(loss.gradient(SymbolicArithmetic, symbols)),
    ]
    with balls.precision(128):
        h = balls.matrix(rows)
        enclosures = [
            loss.value(balls.BallAlgebra, h),
            *loss.gradient(balls.BallAlgebra, h).entries(),
        ]
    for ball, estimate, expression in zip(enclosures, estimates, written, strict=True):
        assert encloses(ball, F(mpmath.nstr(estimate, 58)))
        assert encloses(ball, at(expression, flat, point))


@pytest.mark.parametrize("loss", LOSSES, ids=IDS)
def test_wide_balls_contain_what_their_points_have(loss):
    source = random.Random(3)
    centres = drawn(loss, seed=2)
    with balls.precision(64):
        box = balls.inflate(balls.matrix(centres), balls.real(2))
        wide = [
            loss.value(balls.BallAlgebra, box),
            *loss.gradient(balls.BallAlgebra, box).entries(),
            *[x for b in loss.hessians(balls.BallAlgebra, box) for x in b.entries()],
        ]
        for _ in range(30):
            inside = [[q + F(source.randint(-16, 16), 8) for q in row] for row in centres]
            h = balls.matrix(inside)
            thin = [
                loss.value(balls.BallAlgebra, h),
                *loss.gradient(balls.BallAlgebra, h).entries(),
                *[x for b in loss.hessians(balls.BallAlgebra, h) for x in b.entries()],
            ]
            for outer, inner in zip(wide, thin, strict=True):
                assert balls.lower(outer) <= balls.upper(inner)
                assert balls.lower(inner) <= balls.upper(outer)


@pytest.mark.parametrize("loss", LOSSES, ids=IDS)
def test_second_derivatives_obey_the_constants(loss):
    rng = np.random.default_rng(5)
    largest = 0.0
    for scale in (0.0, 0.3, 3.0):
        rows = [[F(float(x)) for x in row] for row in
                scale * rng.standard_normal((loss.output_dimension, loss.samples))]  # fmt: skip
        with balls.precision(64):
            for block in loss.hessians(balls.BallAlgebra, balls.matrix(rows)):
                estimate = np.array([[float(x) for x in row] for row in block.tolist()])
                values = np.linalg.eigvalsh(estimate) / float(loss.factor)
                assert values[0] >= float(loss.strong_convexity) - 1e-12
                largest = max(largest, values[-1])
    if loss.smoothness is None:
        assert loss.curvature_bound is None
        assert loss.curvature_bound_below(F(2)) == 2 / loss.factor * loss.gram_bound
    else:
        assert largest <= float(loss.smoothness) + 1e-12
        assert loss.curvature_bound == loss.smoothness * loss.gram_bound


def test_the_constants_are_attained():
    with balls.precision(64):
        (logistic,) = LogisticLoss([[1]], [1]).hessians(balls.BallAlgebra, balls.matrix([[0]]))
        (entropy,) = CrossEntropyLoss([[1]], [0], classes=2).hessians(
            balls.BallAlgebra, balls.matrix([[0], [0]])
        )
        assert encloses(logistic[0, 0], LogisticLoss.smoothness)
        assert encloses(balls.lambda_max(entropy), CrossEntropyLoss.smoothness)


@pytest.mark.parametrize("size", [F(10**3), F(10**9), F(10**30)])
def test_large_scores_neither_overflow_nor_lose_their_value(size):
    loss = CrossEntropyLoss([[1, 1]], [0, 1], classes=3)
    with balls.precision(64):
        h = balls.matrix([[size, size], [0, 0], [-size, -size]])
        right, wrong = (
            loss.sample_value(balls.BallAlgebra, [h[r, i] for r in range(3)], i) for i in (0, 1)
        )
        assert balls.lower(right) >= 0
        assert balls.upper(right) < F(1, 2**1000)
        assert balls.lower(wrong) <= size + F(1, 2**1000)
        assert balls.upper(wrong) >= size
        assert balls.upper(wrong) < size * (1 + F(1, 2**50)) + 1
        gradient = loss.gradient(balls.BallAlgebra, h)
        assert encloses(gradient[0, 1], F(1))
    with balls.precision(64):
        tiny = LogisticLoss([[1]], [1]).value(balls.BallAlgebra, balls.matrix([[1000]]))
        relative = balls.radius(tiny) / balls.lower_real(tiny)
        assert balls.upper(relative) < F(1, 2**40)  # log(1 + tiny) keeps its digits


def test_transcendental_losses_are_not_rational():
    with pytest.raises(NotExact):
        LogisticLoss([[1]], [1]).value(RationalAlgebra, RationalAlgebra.matrix([[1]]))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: LogisticLoss([[1, 2]], [0, 1]), "label of sample 0 is 0.*1 or -1"),
        (lambda: ExponentialLoss([[1, 2]], [1, F(1, 2)]), "label of sample 1 is 1/2"),
        (lambda: LogisticLoss([[1, 2]], [1]), "2 samples .* targets 1"),
        (lambda: LogisticLoss([[1, 2]], []), "targets"),
        (lambda: CrossEntropyLoss([[1, 2]], [0, -1]), r"targets\[1\]=-1"),
        (lambda: CrossEntropyLoss([[1, 2]], [0, F(1, 2)]), r"targets\[1\]=1/2"),
        (lambda: CrossEntropyLoss([[1, 2]], [0, 0]), "at least two classes"),
        (lambda: CrossEntropyLoss([[1, 2]], [0, 3], classes=2), "classes=2"),
        (lambda: CrossEntropyLoss([[1, 2]], [[1, 1], [0, 1]]), "column 1 .* not one-hot"),
        (lambda: CrossEntropyLoss([[1, 2]], [[1, 0], [0, 1]], classes=3), "2 rows"),
        (lambda: CrossEntropyLoss([[1, 2]], "01"), "targets"),
        (lambda: ExponentialLoss([[1]], [1], mean=1), "mean=1"),
    ],
)
def test_bad_data_is_refused_in_one_line(make, words):
    with pytest.raises(InvalidInstance, match=words) as caught:
        make()

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("loss", LOSSES, ids=IDS)
def test_losses_are_stored_exactly_and_written_as_python(loss):
    case = tc.Instance(loss=loss)

    assert tc.Instance.from_json(case.to_json()) == case
    assert eval(repr(case), {"tc": tc}) == case  # our own text
    assert case.to_json()["fields"]["loss"]["type"] == type(loss).__name__
