"""Objectives: the vector of theory A5 by hand, gradient and Hessian against exact derivatives."""

import random
from fractions import Fraction

import pytest
import sympy

from theorycheck.balls import BallAlgebra, lower, precision, upper
from theorycheck.errors import InvalidInstance
from theorycheck.exact import PolynomialArithmetic, RationalAlgebra, to_fraction
from theorycheck.losses import SquareLoss
from theorycheck.networks import DeepLinear
from theorycheck.problems import Objective

Q = RationalAlgebra
LAYERS = [[[1], [2]], [[1, -1], [0, 2]], [[1, 1]]]
NETWORK = DeepLinear((1, 2, 2, 1))


def vector_of_a5():
    objective = NETWORK.objective(SquareLoss.whitened([[1]]))
    return objective, NETWORK.layer_matrices(Q, NETWORK.parameters(LAYERS))


def random_case(seed):
    rng = random.Random(seed)
    widths = tuple(rng.randint(1, 3) for _ in range(rng.randint(2, 5)))
    network, samples = DeepLinear(widths), rng.randint(1, 3)

    def table(rows, columns):
        return [
            [Fraction(rng.randint(-4, 4), rng.randint(1, 3)) for _ in range(columns)]
            for _ in range(rows)
        ]

    if rng.random() < 0.5:
        loss = SquareLoss.whitened(table(widths[-1], widths[0]))
    else:
        data = table(widths[0], samples), table(widths[-1], samples)
        loss = SquareLoss(*data, mean=rng.random() < 0.5)
    start = [Fraction(rng.randint(-4, 4), rng.randint(1, 3)) for _ in range(network.dimension)]
    return network.objective(loss), start


def at(objective, arithmetic, position):
    return objective.point(arithmetic, arithmetic.matrix([[x] for x in position]))


def test_gradient_of_the_vector_of_a5():
    objective, layers = vector_of_a5()

    assert Q.scalars(objective.gradient_column(Q, layers)) == [2, 2, 2, 4, 2, 4, -2, 8]
    assert objective.end_to_end(Q, layers)[0, 0] == 3
    assert objective.outer_gradient(Q, layers)[0, 0] == 2
    assert objective.value(Q, layers) == 2


def test_hessian_of_the_vector_of_a5_has_its_characteristic_polynomial():
    objective, layers = vector_of_a5()
    expected = [0, -24960, -26880, 1648, 6240, 868, -196, -29, 1]

    assert expected == list(objective.hessian(Q, layers).charpoly())


@pytest.mark.parametrize("seed", range(25))
def test_gradient_and_hessian_are_the_derivatives_of_the_value(seed):
    objective, start = random_case(seed)
    ring = PolynomialArithmetic([f"x{i}" for i in range(objective.dimension)])
    value = objective.value(ring, objective.point(ring, ring.matrix_of_generators()))
    point = at(objective, Q, start)
    gradient = [to_fraction(x) for x in Q.scalars(objective.gradient_column(Q, point))]
    hessian = objective.hessian(Q, point)
    first = [ring.derivative(value, i) for i in range(objective.dimension)]

    assert ring.evaluate(value, start) == to_fraction(objective.value(Q, point))
    assert [ring.evaluate(p, start) for p in first] == gradient
    for i, p in enumerate(first):
        for j in range(objective.dimension):
            assert ring.evaluate(ring.derivative(p, j), start) == to_fraction(hessian[i, j])


@pytest.mark.parametrize("seed", range(8))
def test_hessian_gives_the_even_part_of_the_second_difference(seed):
    objective, start = random_case(seed)
    rng = random.Random(seed)
    direction = [Fraction(rng.randint(-3, 3), 2) for _ in start]
    column = Q.matrix([[x] for x in direction])
    form = to_fraction(Q.inner(column, objective.hessian(Q, at(objective, Q, start)) * column))

    def along(t):
        moved = [a + t * b for a, b in zip(start, direction, strict=True)]
        return to_fraction(objective.value(Q, at(objective, Q, moved)))

    # f(t v) is a polynomial of degree <= 2n; its even part is interpolated exactly.
    degree = 2 * objective.network.depth
    nodes = [Fraction(k) for k in range(1, degree // 2 + 1)]
    t = sympy.Symbol("t")
    pairs = [(0, 2 * along(Fraction(0)))] + [(k * k, along(k) + along(-k)) for k in nodes]
    even = sympy.interpolate(
        [(int(a), sympy.Rational(b.numerator, b.denominator)) for a, b in pairs], t
    )

    assert sympy.Rational(form.numerator, form.denominator) == sympy.diff(even, t).subs(t, 0)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("bits", [53, 200])
def test_balls_contain_the_exact_value_gradient_and_hessian(seed, bits):
    objective, start = random_case(seed)
    exact = at(objective, Q, start)
    with precision(bits):
        point = at(objective, BallAlgebra, start)
        value = objective.value(BallAlgebra, point)
        gradient = objective.gradient_column(BallAlgebra, point)
        hessian = objective.hessian(BallAlgebra, point)

        balls = [value, *gradient.entries(), *hessian.entries()]
        truths = [objective.value(Q, exact)]
        truths += objective.gradient_column(Q, exact).entries()
        truths += objective.hessian(Q, exact).entries()
        for ball, truth in zip(balls, truths, strict=True):
            assert lower(ball) <= to_fraction(truth) <= upper(ball)


@pytest.mark.parametrize("seed", range(10))
def test_residual_and_outer_gradient_agree(seed):
    objective, start = random_case(seed)
    point = at(objective, Q, start)
    inputs = Q.matrix(objective.loss.inputs)
    scaled = objective.residual(Q, point) * inputs.transpose() * Q.scalar(objective.loss.factor)

    assert objective.outer_gradient(Q, point) == scaled


def test_widths_that_do_not_fit_the_data_are_refused():
    with pytest.raises(InvalidInstance, match="first and last width must be 2 and 1"):
        DeepLinear((3, 1)).objective(SquareLoss.whitened([[1, 2]]))
    with pytest.raises(InvalidInstance, match="must be a SquareLoss"):
        DeepLinear((3, 1)).objective([[1, 2, 3]])


def test_sympy_objective_agrees_with_the_network_it_describes():
    a, b = sympy.symbols("a b")
    symbolic = Objective.from_sympy((a * b - 1) ** 2 / 2, variables=[a, b])
    network = DeepLinear((1, 1, 1)).objective(SquareLoss.whitened([[1]]))
    start = [Fraction(2, 3), Fraction(-5, 7)]
    ours, theirs = at(symbolic, Q, start), at(network, Q, start)

    assert symbolic.value(Q, ours) == network.value(Q, theirs)
    assert symbolic.gradient_column(Q, ours) == network.gradient_column(Q, theirs)
    assert symbolic.hessian(Q, ours) == network.hessian(Q, theirs)
    assert symbolic.bounded_below
    assert network.bounded_below


def test_unbounded_and_singular_objectives_are_not_called_bounded_below():
    x = sympy.Symbol("x")

    assert not Objective.from_sympy(x, variables=[x]).bounded_below
    assert not Objective.from_sympy(x**-2, variables=[x]).bounded_below
    assert not Objective.from_sympy(sympy.log(x) ** 2, variables=[x]).bounded_below
