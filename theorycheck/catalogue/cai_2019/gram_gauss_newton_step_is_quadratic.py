r"""A step of Gram-Gauss-Newton squares the error of a smooth two-layer net, up to a constant.

    w+ = w - J^T (J J^T)^{-1} D    =>    |D+| <= L_J |D|^2 / (2 lambda_min(J J^T))

with L_J = l2 |X| / sqrt(m) for unit inputs, first layer trained, |sigma''| <= l2; here sigma = tanh
and l2 = 4 / (3 sqrt 3). (J d = -D for d = w+ - w, so D+ is the integral of (J(w + s d) - J) d.)

Source       Cai et al. 2019 have |D+| <= (C / sqrt m) |D|^2; this constant: theory B20(a)
Assumptions  |x_i| = 1, outer weights +-1, lambda_min(J J^T) > 0; one or two inputs
Checked      one step from the weights of the instance
Not checked  further steps (theory B20b); ReLU, whose J is not Lipschitz: there the theorem must not
             be asserted (theory B20c)
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy
from sympy import Expr

from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    FromScalars,
    Source,
    claim,
    constant,
    equal,
    frobenius_squared,
    gt,
    lambda_max,
    lambda_min,
    le,
    named,
    norm,
    sqrt,
    substitute,
)  # fmt: skip
from theorycheck.claims.nets import initial_net
from theorycheck.errors import InvalidInstance
from theorycheck.kernels.inputs import dot
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.kernel_instances import sphere_point

curvature, spread, neurons, least, squared = sympy.symbols("l_2 X m l D2", positive=True)

TANH = sympy.Rational(4, 3) / sympy.sqrt(3)
"""The largest |tanh''|."""

BOUND = curvature * spread / sympy.sqrt(neurons) * squared / (2 * least)
"""Of |D+|."""


def number(value: Any) -> Expr:
    return sympy.Rational(Fraction(value).numerator, Fraction(value).denominator)


def tanh(value: Expr) -> Expr:
    """Tanh as it stands: SymPy would look for the sign of the whole argument first."""
    return sympy.tanh(value, evaluate=False)


def preactivations(case: Case) -> list[list[Expr]]:
    """z_ir at the start."""
    return [[number(dot(w, x)) for w in case.weights] for x in case.inputs]


def errors(case: Case, z: list[list[Expr]]) -> list[Expr]:
    """D_i = m^{-1/2} sum_r a_r tanh(z_ir) - y_i."""
    root = sympy.sqrt(len(case.weights))
    return [
        sum(number(a) * tanh(q) for a, q in zip(case.outer, row, strict=True)) / root - number(y)
        for row, y in zip(z, case.labels, strict=True)
    ]


def gram(case: Case, z: list[list[Expr]]) -> list[list[Expr]]:
    """J J^T: (x_i.x_j / m) sum_r tanh'(z_ir) tanh'(z_jr)."""
    slopes = [[1 - tanh(q) ** 2 for q in row] for row in z]
    return [
        [
            number(dot(x, y)) / len(case.weights)
            * sum(p * q for p, q in zip(slopes[i], slopes[j], strict=True))
            for j, y in enumerate(case.inputs)
        ]
        for i, x in enumerate(case.inputs)
    ]  # fmt: skip


def solved(rows: list[list[Expr]], right: list[Expr]) -> list[Expr]:
    """G^{-1} D, by Cramer's rule."""
    if len(rows) == 1:
        return [right[0] / rows[0][0]]
    (a, b), (c, d) = rows
    det = a * d - b * c
    return [(d * right[0] - b * right[1]) / det, (a * right[1] - c * right[0]) / det]


def stepped(case: Case, z: list[list[Expr]], length: Any = 1) -> list[list[Expr]]:
    """z_ir after a step: less (a_r / sqrt m) sum_j x_i.x_j tanh'(z_jr) v_j, v = G^{-1} D."""
    root = sympy.sqrt(len(case.weights))
    v = solved(gram(case, z), errors(case, z))
    return [
        [
            q - length * number(a) / root * sum(
                number(dot(x, y)) * (1 - tanh(z[j][r]) ** 2) * v[j]
                for j, y in enumerate(case.inputs)
            )
            for r, (q, a) in enumerate(zip(row, case.outer, strict=True))
        ]
        for x, row in zip(case.inputs, z, strict=True)
    ]  # fmt: skip


def error_column(case: Case, z: list[list[Expr]]) -> FromScalars:
    return FromScalars(tuple((e,) for e in errors(case, z)))


def after_step(case: Case, length: Any) -> FromScalars:
    """D+."""
    return error_column(case, stepped(case, preactivations(case), length))


def gram_matrix(case: Case) -> FromScalars:
    return FromScalars(tuple(tuple(row) for row in gram(case, preactivations(case))))


def net_is_normalised(case: Case) -> Any:
    if initial_net(case).samples > 2:
        raise InvalidInstance(f"{len(case.inputs)} inputs, where G^{{-1}} is known for one or two")
    units = [equal(dot(x, x), 1) for x in case.inputs]
    return [*units, *(equal(a * a, 1) for a in case.outer)]


def gram_is_definite(case: Case) -> Any:
    return gt(lambda_min(gram_matrix(case)), 0)


def example(*, shift: Any = "1/4") -> Instance:
    """Two inputs, three neurons; labels near the outputs."""
    return Instance(
        inputs=[[1, 0], ["3/5", "4/5"]], labels=[shift, "-1/3"],
        weights=[[1, "1/2"], ["-1/2", 1], ["1/4", "-3/4"]], outer=[1, -1, 1],
    )  # fmt: skip


def one_neuron() -> Instance:
    """Z = 1/2 and y = 9/10: the step overshoots."""
    return Instance(inputs=[[1, 0]], labels=["9/10"], weights=[["1/2", 0]], outer=[1])


def long_inputs() -> Instance:
    return one_neuron().replace(inputs=[[2, 0]])


def draw(choices: Choices) -> Instance:
    count = choices.integer(1, 2)
    inputs = [sphere_point(Fraction(choices.integer(-4, 4), 3)) for _ in range(count)]
    labels = [Fraction(choices.integer(-3, 3), 4) for _ in range(count)]
    weights = [
        [Fraction(choices.integer(-4, 4), 3), Fraction(choices.integer(-4, 4), 4)] for _ in range(2)
    ]
    return Instance(inputs=inputs, labels=labels, weights=weights, outer=[1, -1])


@claim(
    source=Source("Cai et al. 2019, constant proved in the notes", "arXiv 1905.11675", "B20a"),
    family=Family("small tanh nets", draw),
    assumptions=[
        Assumption("net_is_normalised", net_is_normalised, "|x_i| = 1, a_r = +-1"),
        Assumption("gram_is_definite", gram_is_definite, "lambda_min(J J^T) > 0"),
    ],
    example=example,
    controls=[
        Control("a tenth of the bound", one_neuron, changes={"factor": "1/10"}),
        Control("a tenth of the step", one_neuron, changes={"length": "1/10"}),
        Control("an input of norm 2", long_inputs, outcome="vacuous"),
    ],
    formulas={"bound of |D+|": BOUND},
    survives={
        "gram_is_definite: dropped": "the step takes the inverse of J J^T: nothing is stated",
    },
)
def gram_gauss_newton_step_is_quadratic(case: Case, *, factor: Any = 1, length: Any = 1) -> Any:
    """A step of Gram-Gauss-Newton on a smooth net leaves an error quadratic in that before."""
    products = constant([[dot(x, y) for y in case.inputs] for x in case.inputs], "X X^T")
    start = error_column(case, preactivations(case))
    values = {
        curvature: TANH, spread: sqrt(lambda_max(products)), neurons: len(case.weights),
        least: named(lambda_min(gram_matrix(case)), r"\lambda_{\min}(J J^\top)"),
        squared: named(frobenius_squared(start), r"\|D\|^2"),
    }  # fmt: skip
    bound = sympy.Rational(factor) * substitute(BOUND, values)
    return le(named(norm(after_step(case, sympy.Rational(length))), r"\|D^+\|"), bound)
