r"""The end-to-end flow of a balanced net is gradient flow with a preconditioner of known spectrum.

    vec(W') = -P vec(grad phi(W)),   P[E] = sum_j W_{n:j+1} W_{n:j+1}^T E W_{j-1:1}^T W_{j-1:1}
    P[u_r v_s^T] = Lambda_rs u_r v_s^T,   Lambda_rs = sum_j sigma_r^{2(n-j)/n} sigma_s^{2(j-1)/n}
    lambda_min(P) >= sigma_min^{2-2/n},   and >= n sigma_min^{2-2/n} if W is square

with W = sum_r sigma_r u_r v_r^T, full orthogonal frames, sigma padded by 0, and x^0 = 1.

Source       Arora, Cohen & Hazan 2018, Claim 1, arXiv 1802.06509; theory A14
Assumptions  balanced; the instance's frames are orthogonal and diagonalise W
Checked      every eigenpair, and every eigenvalue against the bound, exactly, at the start: the
             u_r v_s^T are an orthonormal basis, so that P is symmetric and this is all of it
Not checked  later times; balance is kept (balancedness.py), so each is another start
See also     end_to_end_dynamics.py
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.claims import (
    AbstractMatrix,
    Assumption,
    Case,
    Control,
    Source,
    assume,
    claim,
    constant as matrix,
    equal,
    le,
    substitute,
)  # fmt: skip
from theorycheck.problems import Family, Instance, deep_linear_instance
from theorycheck.problems.aligned import aligned_instance
from theorycheck.problems.choices import Choices

n, j = sympy.symbols("n j", integer=True, positive=True)
first, second, least, factor = sympy.symbols(r"\sigma_r \sigma_s \sigma_{min} c", nonnegative=True)

EIGENVALUE = sympy.Sum(first ** (2 * (n - j) / n) * second ** (2 * (j - 1) / n), (j, 1, n))
"""Lambda_rs."""

LOWER_BOUND = factor * least ** (2 - 2 / n)
"""Below every eigenvalue; c = 1, and c = n if W is square."""


def eigenvalue(depth: int, r: Any, s: Any) -> Any:
    """Lambda_rs at numbers; the sum form, in which nothing cancels."""
    at = {first: sympy.sympify(r), second: sympy.sympify(s)}
    terms = [EIGENVALUE.function.subs({n: depth, j: k}).subs(at) for k in range(1, depth + 1)]
    return sympy.Add(*terms)


def preconditioned(case: Case, direction: AbstractMatrix) -> Any:
    """P[E] at the start, from the layers."""
    view, depth = case.initial, case.network.depth
    total: Any = None
    for k in range(1, depth + 1):
        above, below = view.product(depth, k + 1), view.product(k - 1, 1)
        term = above @ above.T @ direction @ below.T @ below
        total = term if total is None else total + term
    return total


def column(rows: Any, index: int, name: str) -> AbstractMatrix:
    return matrix([[row[index]] for row in rows], f"{name}_{{{index + 1}}}")


def frames_diagonalise(case: Case) -> Any:
    """L^T L = I, R^T R = I, L^T W R = diag(sigma), sigma >= 0."""
    left, right = matrix(case.left, "L"), matrix(case.right, "R")
    rows, columns = case.initial.end_to_end.shape
    sigma = case.singular_values
    diagonal = [[sigma[a] if a == b else 0 for b in range(columns)] for a in range(rows)]
    return [
        equal(left.T @ left, _identity(rows)),
        equal(right.T @ right, _identity(columns)),
        equal(left.T @ case.initial.end_to_end @ right, matrix(diagonal)),
        *(le(0, value) for value in sigma[: min(rows, columns)]),
    ]


def _identity(size: int) -> AbstractMatrix:
    return matrix([[int(a == b) for b in range(size)] for a in range(size)], "I")


ORTHOGONAL = Assumption(
    "frames_diagonalise",
    frames_diagonalise,
    "L^T W R = diag(sigma), L and R orthogonal, sigma >= 0",
)


def example(*, depth: Any = 3, diagonal: Any = (2, 1)) -> Instance:
    """Depth 3, sigma = (8, 1): Lambda = ((48, 21), (21, 3)) (theory A14, test vector)."""
    return aligned_instance(target=[[2, 1], [0, 1]], diagonal=diagonal, depth=depth)


def unbalanced() -> Instance:
    """P = w_1^2 + w_2^2 = 5, not 2 w_1 w_2 = 4."""
    return deep_linear_instance(
        target=[[1]], weights=[[[1]], [[2]]], left=[[1]], right=[[1]], singular_values=[2]
    )


def turned(*, depth: int = 2) -> Instance:
    """The example with one left vector and its singular value negated."""
    case = example(depth=depth)
    left = [[-row[0], *row[1:]] for row in case.left]
    return case.replace(left=left, singular_values=[-(2**depth), *case.singular_values[1:]])


def draw(choices: Choices) -> Instance:
    """Up to 3 x 3, singular values repeated or zero at times."""
    rows, columns = choices.integer(1, 3), choices.integer(1, 3)
    count = choices.integer(1, min(rows, columns))
    return aligned_instance(
        target=[[choices.integer(-2, 2) for _ in range(columns)] for _ in range(rows)],
        diagonal=[Fraction(choices.integer(0, 6), 4) for _ in range(count)],
        depth=choices.integer(1, 4),
        left_slope=choices.fraction(-2, 2, 3),
        right_slope=choices.fraction(-2, 2, 3),
    )


@claim(
    source=Source("Arora, Cohen & Hazan 2018, Claim 1", "arXiv 1802.06509", "A14"),
    family=Family("balanced nets with known frames", draw),
    assumptions=[assume.balanced, ORTHOGONAL],
    example=example,
    controls=[
        Control("lower bound 2 n sigma^{2-2/n}", example, changes={"constant": 6}),
        Control("n - 1 terms", example, changes={"missing": 1}),
        Control("layers 1 and 2", unbalanced, drop=("balanced",)),
        Control("a singular value below 0", turned, drop=("frames_diagonalise",)),
        Control("a singular value below 0, assumption kept", turned, outcome="vacuous"),
        Control(
            "another singular value",
            lambda: example().replace(singular_values=[8, 2]),
            drop=("frames_diagonalise",),
        ),
    ],
    proof="proofs.arora_cohen_hazan_2018.preconditioner_spectrum",
    formulas={"eigenvalue": EIGENVALUE, "lower bound": LOWER_BOUND},
)
def preconditioner_spectrum(case: Case, *, constant: Any = None, missing: int = 0) -> Any:
    """The preconditioner of a balanced net has the products of singular vectors as eigenvectors."""
    depth, sigma = case.network.depth, case.singular_values
    rows, columns = case.initial.end_to_end.shape
    factor_here = (depth if rows == columns else 1) if constant is None else constant
    smallest = min(sigma[: min(rows, columns)])
    bound = substitute(LOWER_BOUND, {n: depth, least: smallest, factor: factor_here})
    relations: list[Any] = []
    for r in range(rows):
        for s in range(columns):
            direction = column(case.left, r, "u") @ column(case.right, s, "v").T
            value = eigenvalue(depth, sigma[r], sigma[s]) - missing * sigma[s] ** 2
            relations.append(equal(preconditioned(case, direction), value * direction))
            relations.append(le(bound, value))
    return relations
