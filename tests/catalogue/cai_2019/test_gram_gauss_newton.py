"""Steps of Gram-Gauss-Newton against NumPy: of a tanh net, and of mini-batches on a kernel."""

from fractions import Fraction as F

import numpy as np
import pytest
import sympy

from theorycheck.catalogue.cai_2019 import (
    gram_gauss_newton_step_is_quadratic as quadratic,
    mini_batch_step_is_a_projection as projection,
)
from theorycheck.claims import Case, check, norm
from theorycheck.claims.details import Detail, enclose_details
from theorycheck.verdicts import HOLDS


def floats(table):
    return np.array([[float(q) for q in row] for row in table])


def step(case):
    """|D| and |D+| of w - J^T (J J^T)^{-1} D, all in parameter space."""
    x, w = floats(case.inputs), floats(case.weights)
    a, y = (np.array([float(q) for q in v]) for v in (case.outer, case.labels))
    root = np.sqrt(len(w))
    error = np.tanh(x @ w.T) @ a / root - y
    slopes = 1 - np.tanh(x @ w.T) ** 2
    jacobian = (slopes * a / root)[:, :, None] * x[:, None, :]
    jacobian = jacobian.reshape(len(x), -1)
    moved = w.ravel() - np.linalg.pinv(jacobian) @ error
    after = np.tanh(x @ moved.reshape(w.shape).T) @ a / root - y
    return np.linalg.norm(error), np.linalg.norm(after)


@pytest.mark.parametrize("case", [quadratic.example(), quadratic.one_neuron()])
def test_step_is_that_in_parameter_space(case):
    claim = quadratic.gram_gauss_newton_step_is_quadratic
    terms = {"after": norm(quadratic.after_step(Case(case), 1))}
    from dataclasses import replace

    [found] = enclose_details(replace(claim, details=lambda _: terms), case)
    assert isinstance(found, Detail)
    assert found.value is not None
    assert float(found.value) == pytest.approx(step(case)[1], rel=1e-9)


def test_largest_second_derivative_of_tanh():
    z = np.linspace(-3, 3, 100_001)
    seen = np.abs(2 * np.tanh(z) * (1 - np.tanh(z) ** 2)).max()

    assert seen <= float(sympy.N(quadratic.TANH)) <= seen * (1 + 1e-8)


def test_single_samples_are_a_gauss_seidel_sweep():
    claim = projection.mini_batch_step_is_a_projection
    rows, error = floats(projection.example().kernel_matrix), np.array([1, -2, 0.5])
    sweep = error.copy()
    for i in range(3):
        sweep = sweep - rows[:, i] * sweep[i] / rows[i, i]
        assert check(claim, projection.example(batch=[i])).verdict is HOLDS
    lower = np.tril(rows)
    # one sweep of Gauss-Seidel for G v = D0 from v = 0 leaves the residual D0 - G L^{-1} D0

    assert sweep == pytest.approx(error - rows @ np.linalg.solve(lower, error))
    assert F(1, 2) == check(claim).instance.error[2]
