"""Matrices without a spectrum are refused, not met with an IndexError."""

from collections.abc import Callable
from typing import Any

import pytest

from theorycheck.balls import is_positive_definite, lambda_max, lambda_min, matrix, spectral_norm
from theorycheck.balls.convert import matrix_from_reals
from theorycheck.balls.eigenvalue_bounds import bound_lambda_min, lambda_max_upper, lambda_min_lower
from theorycheck.errors import InvalidInstance
from theorycheck.verdicts import HOLDS


@pytest.mark.parametrize(
    "ask",
    [lambda_min, lambda_max, spectral_norm, bound_lambda_min, lambda_min_lower, lambda_max_upper],
)
def test_matrix_without_entries(ask: Callable[[Any], Any]) -> None:
    with pytest.raises(InvalidInstance, match=r"0 x 0 matrix .* pass"):
        ask(matrix_from_reals(0, 0, []))


def test_definiteness_of_a_matrix_that_is_not_symmetric() -> None:
    with pytest.raises(InvalidInstance, match="certainly not symmetric"):
        is_positive_definite(matrix([[1, 2], [3, 14]]))
    assert is_positive_definite(matrix([[1, 2], [2, 14]])) is HOLDS
