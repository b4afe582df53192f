"""Null spaces against SymPy's dense elimination, and primes that mislead."""

import random
from fractions import Fraction

import pytest
import sympy

from theorycheck.errors import BudgetExceeded
from theorycheck.exact import (
    PRIMES,
    independent_rows,
    independent_rows_modulo,
    null_space,
    null_spaces,
    rank,
    rank_modulo,
)


def system(seed):
    draw = random.Random(seed)
    columns = draw.randrange(1, 12)
    entries = [
        {j: Fraction(draw.randrange(-3, 4), draw.randrange(1, 4)) for j in range(columns)
         if draw.random() < 0.25}
        for _ in range(draw.randrange(0, 12))
    ]  # fmt: skip
    return entries, columns


@pytest.mark.parametrize("seed", range(40))
def test_null_space_is_that_of_dense_elimination(seed):
    equations, columns = system(seed)
    dense = sympy.Matrix(len(equations), columns, lambda i, j: equations[i].get(j, 0))
    expected = sympy.Matrix([list(v) for v in dense.nullspace()] or [[0] * columns]).rref()[0]

    basis = null_space(equations, columns)
    found = sympy.Matrix([[v.get(j, 0) for j in range(columns)] for v in basis] or [[0] * columns])
    scaled = [[x / next(y for y in row if y) for x in row] for row in found.tolist() if any(row)]

    assert (sympy.Matrix(scaled) if scaled else found) == expected


@pytest.mark.parametrize("seed", range(10))
def test_basis_has_coprime_integers_and_positive_leading_entries(seed):
    equations, columns = system(seed)

    for vector in null_space(equations, columns):
        assert sympy.gcd_list(list(vector.values())) == 1
        assert vector[min(vector)] > 0


@pytest.mark.parametrize("prime", PRIMES)
def test_a_prime_that_lowers_the_rank_does_not_mislead(prime):
    equations = [{0: 1, 1: 1}, {0: 1, 1: 1 + prime}, {0: 1, 1: 1 + PRIMES[0]}]
    rows = [[1, 1], [1, 1 + prime]]

    assert null_space(equations, 2) == []
    assert independent_rows(rows) == [0, 1]
    assert independent_rows_modulo(rows, prime) == [0]
    assert rank_modulo(rows, prime) == 1 < rank(rows)


def test_unknowns_without_an_equation_are_free():
    assert null_space([], 2) == [{0: 1}, {1: 1}]
    assert null_space([{}], 1) == [{0: 1}]
    assert independent_rows([]) == independent_rows([[], []]) == []
    assert rank_modulo([], PRIMES[0]) == 0


def test_a_dense_system_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(null_spaces, "MOST_COLUMNS", 2)

    with pytest.raises(BudgetExceeded, match="3 unknowns hang together"):
        null_space([{0: 1, 1: 1, 2: 1}], 3)
