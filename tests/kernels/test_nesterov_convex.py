"""Nesterov's iterates with momentum (k - 1) / (k + 2): the exact vectors of theory B15e, B16."""

from fractions import Fraction as F

import pytest

from theorycheck import kernels


@pytest.mark.parametrize(
    ("x", "steps", "printed"),
    [("1/5", 10, F(-384032, 9765625)), ("1/7", 7, F(477819, 3294172))],
)
def test_iterates_are_the_printed_rationals(x, steps, printed):
    found = kernels.iterate_kernel_model([[1]], [1], kernels.NesterovConvexIteration(x), steps)

    assert found[steps] == (printed,)
