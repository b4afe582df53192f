from __future__ import annotations

import random
from fractions import Fraction

import pytest

from theorycheck import exact
from theorycheck.errors import InvalidInstance
from theorycheck.verdicts import HOLDS, VIOLATED


def random_rows(rng, r, c):
    return [[Fraction(rng.randint(-3, 3), rng.randint(1, 3)) for _ in range(c)] for _ in range(r)]


def gram(rows):
    a = exact.RationalAlgebra.matrix(rows)
    return exact.rows_of(a * a.transpose())


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_cayley_is_exactly_orthogonal(n):
    rng = random.Random(n)
    a = random_rows(rng, n, n)
    q = exact.cayley([[a[i][j] - a[j][i] for j in range(n)] for i in range(n)])

    assert gram(q) == exact.rows_of(exact.RationalAlgebra.identity(n))


def test_cayley_refuses_other_matrices():
    for wrong in ([[1]], [[0, 1], [1, 0]], [[0, 1]]):
        with pytest.raises(InvalidInstance):
            exact.cayley(wrong)


def test_ranks():
    assert exact.rank([[1, 2], [2, 4]]) == 1
    assert exact.rank([[0, 0], [0, 0]]) == 0
    assert exact.rank([[Fraction(1, 3), 1], [0, 1]]) == 2


def test_gram_matrices_are_positive_semidefinite_of_any_rank():
    rng = random.Random(1)
    for rank in (0, 1, 2, 4):
        rows = gram(random_rows(rng, 4, rank)) if rank else [[0] * 4] * 4

        assert exact.psd_verdict(rows) is HOLDS
        lowered = [list(r) for r in rows]
        lowered[0][0] -= 1000
        assert exact.psd_verdict(lowered) is VIOLATED


def test_the_least_perturbation_of_a_singular_matrix_is_seen():
    tiny = Fraction(1, 10**100)

    assert exact.psd_verdict([[1, 1], [1, 1]]) is HOLDS
    assert exact.psd_verdict([[1, 1], [1, 1 - tiny]]) is VIOLATED
    assert exact.psd_verdict([[1, 1], [1, 1 + tiny]]) is HOLDS
    assert exact.psd_verdict([[0, tiny], [tiny, 1]]) is VIOLATED
    assert exact.psd_verdict([[0, 0], [0, 1]]) is HOLDS


def test_symmetry():
    assert exact.is_symmetric([[1, 2], [2, 3]])
    assert not exact.is_symmetric([[1, 2], [3, 3]])
    assert not exact.is_symmetric([[1, 2]])
    with pytest.raises(InvalidInstance):
        exact.psd_verdict([[1, 2], [3, 4]])
    with pytest.raises(InvalidInstance):
        exact.RationalAlgebra.matrix([[1], [1, 2]])
