r"""Two balanced layers of matrices follow a closed form, through a Riccati equation.

    Q = (W_1^T; W_2),  F = ((0, S^T), (S, 0)):   (Q Q^T)' = F Q Q^T + Q Q^T F - (Q Q^T)^2
    P(t) = e^{Ft} Q_0 (I + Q_0^T B(t) Q_0)^{-1} Q_0^T e^{Ft},   B(t) = int_0^t e^{2Fs} ds

for phi(W) = |W - S|_F^2 / 2. The lower left block of Q Q^T = P(t) is W = W_2 W_1.

Source       Fukumizu 1998, in the form of theory A18; Saxe, McClelland & Ganguli 2014 (modes)
Assumptions  phi as above, depth 2, balanced, S = L diag(s) R^T with the orthogonal frames of
             the instance
Checked      Q Q^T solves the equation, as words in the layers; P solves it, by substitution, and
             starts at Q_0 Q_0^T. The equation has one solution, so Q Q^T = P at every t
Not checked  -; that the inverse exists is derived in symbolic/derivations/riccati.py
See also     scalar_closed_form.py
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    as_matrix,
    assume,
    claim,
    constant as matrix,
    equal,
    time,
    times,
)  # fmt: skip
from theorycheck.problems import Family, Instance, deep_linear_instance
from theorycheck.problems.aligned import aligned_instance, plane_rotation
from theorycheck.problems.choices import Choices
from theorycheck.problems.spoiled import with_inputs_scaled

s, t = sympy.symbols("s t", nonnegative=True)

GROWTH = sympy.Matrix(
    [[sympy.exp(s * t) + sympy.exp(-s * t), sympy.exp(s * t) - sympy.exp(-s * t)]]
)
GROWTH = GROWTH / 2
"""cosh(s t), sinh(s t): e^{Ft} on one pair of singular vectors."""

INTEGRAL = sympy.Matrix([[GROWTH[1].subs(t, 2 * t), GROWTH[0].subs(t, 2 * t) - 1]]) / (2 * s)
"""int_0^t cosh(2 s x) dx, int_0^t sinh(2 s x) dx; (t, 0) for s = 0."""


def _blocks(case: Case, diagonal: Any, mixed: Any) -> sympy.Matrix:
    """((R d R^T, R m L^T), (L m^T R^T, L d L^T)) for functions d, m of a singular value."""
    left, right = sympy.Matrix(case.target_left), sympy.Matrix(case.target_right)
    rows, columns = left.rows, right.rows
    values = [sympy.Rational(x.numerator, x.denominator) for x in case.strengths]
    padded = values + [sympy.S.Zero] * (max(rows, columns) - len(values))
    above = right * sympy.diag(*map(diagonal, padded[:columns])) * right.T
    below = left * sympy.diag(*map(diagonal, padded[:rows])) * left.T
    middle = sympy.Matrix(rows, columns, lambda i, j: mixed(padded[i]) if i == j else 0)
    across = left * middle * right.T
    return sympy.Matrix(sympy.BlockMatrix([[above, across.T], [across, below]]))


def coupling(case: Case) -> sympy.Matrix:
    """F."""
    return _blocks(case, lambda _: sympy.S.Zero, lambda x: x)


def exponential(case: Case) -> sympy.Matrix:
    """e^{Ft}."""
    at = [lambda x, k=k: GROWTH[k].subs({s: x, t: time}) for k in (0, 1)]
    return _blocks(case, *at)


def integral(case: Case) -> sympy.Matrix:
    """B(t)."""

    def at(k: int) -> Any:
        return lambda x: INTEGRAL[k].subs({s: x, t: time}) if x else (time, sympy.S.Zero)[k]

    return _blocks(case, at(0), at(1))


def stacked_start(case: Case) -> sympy.Matrix:
    """Q_0."""
    first, second = (sympy.Matrix(rows) for rows in case.network.layers(case.start))
    return first.T.col_join(second).applyfunc(sympy.sympify)


def closed_form(case: Case, share: Any = 1) -> tuple[sympy.Matrix, sympy.Expr]:
    """P(t) as numerator and denominator det(I + Q_0^T B Q_0) >= 1; `share` spoils the integral."""
    begin = stacked_start(case)
    middle = expanded(sympy.eye(begin.cols) + share * begin.T * integral(case) * begin)
    side = expanded(exponential(case) * begin)
    half = expanded(side * middle.adjugate())
    lower = {
        (i, j): sympy.expand_mul(half.row(i).dot(side.row(j)))
        for i in range(side.rows)
        for j in range(i + 1)
    }
    top = sympy.Matrix(side.rows, side.rows, lambda i, j: lower[max(i, j), min(i, j)])
    return top, sympy.expand_mul(middle.det())


def expanded(terms: sympy.Matrix) -> sympy.Matrix:
    """Multiply sums of exponentials out, which adds their exponents."""
    return terms.applyfunc(sympy.expand_mul)


def lower_triangle(symmetric: sympy.Matrix) -> Any:
    """The entries on and below the diagonal, as one column."""
    return as_matrix([symmetric[i, j] for i in range(symmetric.rows) for j in range(i + 1)], (0, 1))


def frames_diagonalise_the_target(case: Case) -> Any:
    left, right = matrix(case.target_left, "L"), matrix(case.target_right, "R")
    rows, columns = left.shape[0], right.shape[0]
    eye = [matrix(sympy.eye(k).tolist(), "I") for k in (rows, columns)]
    strengths = [[case.strengths[i] if i == j < len(case.strengths) else 0 for j in range(columns)]
                 for i in range(rows)]  # fmt: skip
    return [
        equal(left.T @ left, eye[0]),
        equal(right.T @ right, eye[1]),
        equal(left @ matrix(strengths) @ right.T, matrix(case.loss.targets, "S")),
    ]


def example() -> Instance:
    """W_1 = W_2 = I / 2 and the target ((2, 1), (1, 2)) in exact frames, up to a rotation."""
    return drawn(["1/2", "1/2"], [2, 1], ("1/2", "1/3", "2/3", "1/4"))


def drawn(
    diagonal: Any, strengths: Any, slopes: Any, *, rows: int = 2, columns: int = 2
) -> Instance:
    """A balanced start with frames of its own, and a target with known frames."""
    left, right = plane_rotation(rows, slopes[0]), plane_rotation(columns, slopes[1])
    s_values = [Fraction(x) for x in strengths]
    target = [
        [sum(left[i][k] * s_values[k] * right[j][k] for k in range(len(s_values)))
         for j in range(columns)] for i in range(rows)
    ]  # fmt: skip
    instance = aligned_instance(
        target=target, diagonal=diagonal, depth=2,
        left_slope=slopes[2], right_slope=slopes[3], horizon="1/2",
    )  # fmt: skip
    return instance.replace(target_left=left, target_right=right, strengths=s_values)


def scalars(*, first: Any = 1, second: Any = "1/5") -> Instance:
    """Two unequal scalar layers, S = 1 (theory A, negative controls)."""
    made = deep_linear_instance(target=[[1]], weights=[[[first]], [[second]]], horizon=1)
    return made.replace(target_left=[[1]], target_right=[[1]], strengths=[1])


def draw(choices: Choices) -> Instance:
    """Up to 2 x 2; hidden width 1 or 2; some strengths equal or zero."""
    rows, columns = choices.integer(1, 2), choices.integer(1, 2)
    count = choices.integer(1, min(rows, columns))
    return drawn(
        [Fraction(choices.integer(1, 4), 4) for _ in range(count)],
        [choices.integer(0, 3) for _ in range(min(rows, columns))],
        [choices.fraction(-1, 1, 2) for _ in range(4)],
        rows=rows,
        columns=columns,
    )


@claim(
    source=Source("Saxe, McClelland & Ganguli 2014; Fukumizu 1998", "arXiv 1312.6120", "A18"),
    family=Family("two balanced layers", draw),
    assumptions=[
        assume.whitened,
        Assumption("depth_is_two", lambda case: equal(case.network.depth, 2), "two layers"),
        Assumption(
            "frames_diagonalise_the_target",
            frames_diagonalise_the_target,
            "S = L diag(s) R^T, L and R orthogonal",
        ),
        assume.balanced,
    ],
    example=example,
    controls=[
        Control(
            "inputs half as long",
            lambda: with_inputs_scaled(example()),
            drop=("loss_is_whitened",),
        ),
        Control(
            "inputs half as long, assumption kept",
            lambda: with_inputs_scaled(example()),
            outcome="vacuous",
        ),
        Control("half of the integral", example, changes={"share": sympy.Rational(1, 2)}),
        Control("unequal scalar layers", scalars, drop=("balanced",)),
        Control("unequal scalar layers, assumption kept", scalars, outcome="vacuous"),
    ],
    proof="proofs.saxe_2014.matrix_closed_form",
    formulas={"growth": GROWTH, "integral": INTEGRAL},
    survives={"depth_is_two: dropped": "the statement names two layers, and no others"},
)
def matrix_closed_form(case: Case, *, share: Any = 1) -> Any:
    """The layers of a balanced depth-two net, stacked, follow the closed form of a Riccati flow."""
    flow, over = case.flow, times(0, case.horizon)
    first, second = flow.layers
    strength, columns = coupling(case), first.shape[1]
    target = matrix(strength[columns:, :columns].tolist(), "S")  # as the closed form has it
    gradients = flow.layer_gradient(1), flow.layer_gradient(2)
    # (Q Q^T)' against F Q Q^T + Q Q^T F - (Q Q^T)^2: the lower row of blocks, the upper left one
    gram = first.T @ first, second @ first, second @ second.T
    rates = (
        -(gradients[0].T @ first) - first.T @ gradients[0],
        -(gradients[1] @ first) - second @ gradients[0],
        -(gradients[1] @ second.T) - second @ gradients[1].T,
    )
    fields = (
        target.T @ gram[1] + gram[1].T @ target - gram[0] @ gram[0] - gram[1].T @ gram[1],
        target @ gram[0] + gram[2] @ target - gram[1] @ gram[0] - gram[2] @ gram[1],
        target @ gram[1].T + gram[1] @ target.T - gram[1] @ gram[1].T - gram[2] @ gram[2],
    )
    top, bottom = closed_form(case, share)
    moved = top.diff(time) * bottom - top * bottom.diff(time)
    wanted = (strength * top + top * strength) * bottom - top * top
    begin = stacked_start(case)
    at_start = (top / bottom).subs(time, 0)
    return [
        *(equal(a, b, over=over) for a, b in zip(rates, fields, strict=True)),
        equal(lower_triangle(moved), lower_triangle(wanted), over=over, given=[]),
        equal(lower_triangle(at_start), lower_triangle(begin * begin.T)),
    ]
