from __future__ import annotations

import random
from fractions import Fraction

import pytest

from theorycheck import exact
from theorycheck.errors import BudgetExceeded, InvalidInstance


def random_polynomial(ring, rng):
    total = ring.scalar(Fraction(rng.randint(-3, 3), 2))
    for _ in range(4):
        x, y, z = (rng.choice(ring.generators()) for _ in range(3))
        total += ring.scalar(Fraction(rng.randint(-5, 5), 3)) * x * y * z
    return total


@pytest.fixture
def ring():
    return exact.PolynomialArithmetic(["x", "y", "z"])


def test_matrix_formulas_commute_with_evaluation(ring):
    rng = random.Random(0)
    rational = exact.RationalAlgebra
    for _ in range(10):
        a, b = (
            ring.from_scalars(2, 2, [random_polynomial(ring, rng) for _ in range(4)])
            for _ in range(2)
        )
        point = [Fraction(rng.randint(-4, 4), 3) for _ in range(3)]

        def at(m, point=point):
            values = [exact.rational(ring.evaluate(p, point)) for p in ring.scalars(m)]
            return rational.from_scalars(m.rows, m.columns, values)

        assert at(ring.multiply(a, ring.transpose(b))) == at(a) * at(b).transpose()
        assert at(ring.add(a, ring.negate(b))) == at(ring.subtract(a, b)) == at(a) - at(b)
        inner = ring.evaluate(ring.inner(a, b), point)
        assert inner == exact.to_fraction(rational.inner(at(a), at(b)))


def test_derivatives_obey_the_product_rule(ring):
    rng = random.Random(1)
    for i in range(3):
        p, q = random_polynomial(ring, rng), random_polynomial(ring, rng)
        left = ring.derivative(p * q, i)

        assert ring.is_zero(left - ring.derivative(p, i) * q - p * ring.derivative(q, i))


def test_balancedness_is_conserved_and_the_norm_is_not():
    ring = exact.PolynomialArithmetic(["a", "b"])
    a, b = ring.generators()
    residual = a * b - ring.scalar(1)
    field = [-residual * b, -residual * a]

    assert exact.is_zero(exact.lie_derivative(a**2 - b**2, field))
    assert not exact.is_zero(exact.lie_derivative(a**2 + b**2, field))


def test_the_term_budget_is_kept():
    ring = exact.PolynomialArithmetic(["x", "y", "z"], max_terms=5)
    column = ring.matrix_of_generators()
    square = ring.square_sum(column)
    power = ring.from_scalars(1, 1, [square])

    assert len(square) == 3
    with pytest.raises(BudgetExceeded, match="max_terms=5"):
        ring.multiply(power, power)
    assert exact.term_bound(3, 2) == 10


def test_wrong_shapes_and_names_are_refused(ring):
    column = ring.matrix_of_generators()
    with pytest.raises(InvalidInstance):
        ring.multiply(column, column)
    with pytest.raises(InvalidInstance):
        ring.add(column, ring.transpose(column))
    with pytest.raises(InvalidInstance):
        ring.from_scalars(2, 2, ring.generators())
    with pytest.raises(InvalidInstance):
        ring.evaluate(ring.scalar(1), [1])
    with pytest.raises(InvalidInstance):
        exact.lie_derivative(ring.scalar(1), [])
    for names in ([], ["x", "x"]):
        with pytest.raises(InvalidInstance):
            exact.PolynomialArithmetic(names)
