"""Eigenvalues of the preconditioner, and the equation with one output, on explicit matrices."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from tests.symbolic.derivations.values import Rationals
from theorycheck.symbolic.derivation import StepFailed
from theorycheck.symbolic.derivations import preconditioner, scalar_output
from theorycheck.symbolic.derivations.layers import n
from theorycheck.symbolic.entries import entries
from theorycheck.symbolic.recursions import MatrixRecursion
from theorycheck.symbolic.rewriting import substitute
from theorycheck.symbolic.words import Words


def applied(depth: int, top: Any, matrix: Any, bottom: Any) -> Any:
    """sum_j M^{n-j} X K^{j-1}, written out."""
    terms = (top ** (depth - j) * matrix * bottom ** (j - 1) for j in range(1, depth + 1))
    return sum(terms, start=sympy.zeros(*matrix.shape))


def unfolded(sequence: MatrixRecursion, depth: int) -> Words:
    result = sequence.start
    for i in range(1, depth):
        result = substitute(sequence.step(sympy.Integer(i)), {sequence.at(i): result})
    return result


def test_spoiled_loss_bound_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preconditioner, "LOSS_BOUND", preconditioner.LOSS_BOUND / 2)

    with pytest.raises(StepFailed):
        preconditioner.loss_decays()


def test_eigenvalues_of_theory_a14() -> None:
    table = [[preconditioner.eigenvalue(3, s, t) for t in (8, 1)] for s in (8, 1)]

    assert table == [[48, 21], [21, 3]]


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_eigenvalue_is_the_quotient_and_the_power(depth: int) -> None:
    s, t = sympy.Integer(3) ** depth, sympy.Integer(2) ** depth  # roots are rational
    root = sympy.Rational(2, depth)
    quotient = (s**2 - t**2) / (s**root - t**root)

    assert preconditioner.eigenvalue(depth, s, t) == quotient
    assert preconditioner.eigenvalue(depth, s, s) == depth * s ** (2 - root)
    for value in (preconditioner.quotient_form(), preconditioner.equal_singular_values()):
        said = value.conclusion.right.subs({
            n: depth, preconditioner.sigma: s, preconditioner.tau: t,
            preconditioner.x: s**root, preconditioner.y: t**root,
        })  # fmt: skip
        assert said == (quotient if value.title.endswith("quotients") else depth * s ** (2 - root))


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_singular_vectors_are_eigenvectors_of_the_sum(depth: int) -> None:
    draw = Rationals(depth)
    left, right = draw.rotation(3), draw.rotation(2)
    xs, ys = [abs(draw.number()) for _ in range(3)], [sympy.Integer(0), draw.positive()]
    top, bottom = left * sympy.diag(*xs) * left.T, right * sympy.diag(*ys) * right.T
    u, v = left[:, 1], right[:, 0]
    letters = {preconditioner.top_gram: top, preconditioner.bottom_gram: bottom,
               preconditioner.u: u, preconditioner.v: v}  # fmt: skip
    sums = preconditioner.preconditioned(preconditioner.u @ preconditioner.v.T, "P")
    value = sum(xs[1] ** (depth - j) * ys[0] ** (j - 1) for j in range(1, depth + 1))

    assert entries(unfolded(sums, depth), letters) == applied(depth, top, u * v.T, bottom)
    assert applied(depth, top, u * v.T, bottom) == value * u * v.T


@pytest.mark.parametrize(("depth", "scale"), [(1, 1), (2, 1), (3, 25), (4, 5)])
def test_velocity_of_a_row_is_the_preconditioned_gradient(depth: int, scale: int) -> None:
    """|w| = 5 scale, chosen such that |w|^{2/n} is rational."""
    draw = Rationals(depth)
    w, g = sympy.Matrix([[3, 0, -4]]) * scale, draw.matrix(1, 3)
    size = sympy.Integer(5 * scale)
    x = size ** sympy.Rational(2, depth)
    bottom = w.T * w * x / size**2
    said = entries(
        scalar_output.velocity_of_row, {scalar_output.w: w, scalar_output.g: g},
        {n: depth, scalar_output.size: size},
    )  # fmt: skip

    assert x.is_Rational
    assert bottom**depth == w.T * w
    assert said == -applied(depth, sympy.Matrix([[x]]), g, bottom)


def test_derivations_conclude_on_the_named_expressions() -> None:
    said = scalar_output.scalar_output_equation().conclusion

    assert (said.right - scalar_output.velocity_of_row).is_zero
    assert scalar_output.roots_of_rank_one().refuted
    assert preconditioner.preconditioner_eigenvectors().refuted == 2
