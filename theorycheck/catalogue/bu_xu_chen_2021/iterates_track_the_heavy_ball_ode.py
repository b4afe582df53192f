r"""Heavy ball with momentum 1 - b h and step size h^2 stays near its ODE, uniformly in time.

    |y_k - y(k h)| <= tau / (1 - q)^2 + e_1 max(1, -1 / (e q ln q)),      q = sqrt(1 - b h)
    tau = (b h^3 / 2) Y_2 + (h^4 / 12) Y_4,      e_1 = |1 - h^2 l - y(h)|

for one mode l from 1, y_{-1} = y_0, where Y_0 = 1, Y_1 = sqrt(l), Y_{j+1} = b Y_j + l Y_{j-1}
bound the derivatives of y. The error is O(h), the square root of the step size.

Source       theory B17b
Assumptions  0 < b h < 1, complex regime (1 - q)^2 < h^2 l < (1 + q)^2
Checked      every step of the range
Not checked  -
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.catalogue.su_boyd_candes_2016.modes_are_bessel_functions import ONE_MODE
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    gt,
    le,
    lt,
    norm,
    step,
    steps,
    substitute,
)  # fmt: skip
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices

b, h, l, first = sympy.symbols("b h l e_1", positive=True)

q = sympy.sqrt(1 - b * h)
Y2 = b * sympy.sqrt(l) + l
Y3 = b * Y2 + l * sympy.sqrt(l)
Y4 = b * Y3 + l * Y2
TRUNCATION = b * h**3 / 2 * Y2 + h**4 / 12 * Y4
GAP = TRUNCATION / (1 - q) ** 2 + first * sympy.Max(1, -sympy.exp(-1) / (q * sympy.log(q)))


def mode_is_complex(case: Case) -> Any:
    rest = 1 - case.damping * case.spacing
    x = case.spacing**2 * case.kernel_matrix[0][0]
    # (1 + q^2 - x)^2 < 4 q^2
    return [gt(rest, 0), lt(rest, 1), lt((1 + rest - x) ** 2, 4 * rest)]


def example(
    *, damping: Any = 1, value: Any = 1, spacing: Any = "1/10", count: Any = 60
) -> Instance:
    return Instance(
        kernel_matrix=[[value]], error=[1], damping=damping, spacing=spacing, steps=count
    )  # fmt: skip


def draw(choices: Choices) -> Instance:
    damping = choices.fraction(1, 2, 3)
    value = damping**2 / 4 + choices.fraction(1, 3, 2)
    return example(
        damping=damping, value=value, spacing=Fraction(1, choices.integer(4, 16)), count=20
    )


@claim(
    source=Source("theory notes, own corollary", "", "B17b"),
    family=Family("one mode of heavy ball", draw),
    assumptions=[
        ONE_MODE,
        Assumption("mode_is_complex", mode_is_complex, "the mode is complex, 0 < bh < 1"),
    ],
    example=example,
    controls=[
        Control(
            "a second mode that is unstable, assumption dropped",
            lambda: example().replace(kernel_matrix=[[1, 1], [1, 1000]], error=[1, 1], steps=6),
            drop=("one_mode_from_one",),
        ),
        Control("a twentieth of the bound", example, changes={"factor": sympy.Rational(1, 20)}),
        Control("a real mode", lambda: example(damping=9), outcome="vacuous"),
        Control("D(0) = 10", lambda: example().replace(error=[10]), outcome="vacuous"),
        Control(
            "two modes",
            lambda: example().replace(kernel_matrix=[[1, 0], [0, 1]], error=[1, 1]),
            outcome="vacuous",
        ),
    ],
    formulas={"gap": GAP},
    survives={
        **dict.fromkeys(
            (
                "factor: constant 1/2",
                "factor: constant 9/10",
                "relation 1: tightened 1/2",
                "relation 1: tightened 9/10",
                "relation 1: strict",
            ),
            "the triangle inequality over all steps is lossy: a quarter of the bound is the most "
            "that was seen",
        ),
    },
)
def iterates_track_the_heavy_ball_ode(case: Case, *, factor: Any = 1) -> Any:
    """Heavy ball with step size h^2 and momentum 1 - b h stays within O(h) of its ODE."""
    damping, spacing = sympy.Rational(case.damping), sympy.Rational(case.spacing)
    value = sympy.Rational(case.kernel_matrix[0][0])
    path = case.kernel.heavy_ball(damping).error
    run = case.kernel.iterates("HB", spacing**2, 1 - damping * spacing)
    begin = norm(1 - spacing**2 * value - path.at(spacing)[0, 0])
    gap = substitute(GAP, {b: damping, h: spacing, l: value, first: begin}) * factor
    return le(norm((run - path.at(step * spacing))[0, 0]), gap, over=steps(1, case.steps))
