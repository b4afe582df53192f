r"""Heavy ball on the kernel model decays like beta^{k/2}, from the first step on.

    |D_k|^2 <= beta^k 8 (1 + beta)^2 |D_0|^2 / min(h(eta lambda_min), h(eta lambda_max))

with h(x) = 4 beta - (1 + beta - x)^2, which is concave, from D_{-1} = D_0.

Source       Wang, Lin & Abernethy 2021 have a theorem of this form; this constant: theory B16c
Assumptions  0 < beta <= 1 and every mode complex: h > 0
Checked      every step of the range
Not checked  finite width
"""

from __future__ import annotations

from typing import Any

import sympy

from theorycheck.catalogue.wang_lin_abernethy_2021.powers_are_bounded import GAP, beta, x
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    frobenius_squared,
    gt,
    lambda_max,
    lambda_min,
    le,
    minimum,
    step,
    steps,
    substitute,
)  # fmt: skip
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.kernel_instances import draw_model, three_inputs


def gaps(case: Case) -> list[Any]:
    """H at both ends of the spectrum."""
    matrix = case.kernel.matrix
    ends = (lambda_min(matrix), lambda_max(matrix))
    return [substitute(GAP, {x: case.step_size * l, beta: case.momentum}) for l in ends]


def modes_are_complex(case: Case) -> Any:
    return [gt(case.momentum, 0), le(case.momentum, 1), *(gt(h, 0) for h in gaps(case))]


def example(*, momentum: Any = "4/5", count: Any = 40) -> Instance:
    return three_inputs(step_size=1, momentum=momentum, steps=count)


def draw(choices: Choices) -> Instance:
    momentum = choices.pick(["9/10", "4/5", "1/2"])
    return draw_model(choices, step_size=choices.pick([1, 2]), momentum=momentum, steps=10)


@claim(
    source=Source("Wang, Lin & Abernethy 2021, constant proved in the notes", "", "B16c"),
    family=Family("heavy ball on kernel models", draw),
    assumptions=[
        Assumption("modes_are_complex", modes_are_complex, "every mode of the kernel is complex")
    ],
    example=example,
    controls=[
        Control("beta^k", example, changes={"exponent": 2}),
        Control("little momentum", lambda: example(momentum="1/100"), outcome="vacuous"),
    ],
    survives={
        **dict.fromkeys(
            ("exponent: constant 1/2", "exponent: constant 9/10"),
            "beta <= 1: a smaller exponent is the weaker statement",
        ),
        **dict.fromkeys(
            ("relation 1: tightened 1/2", "relation 1: tightened 9/10"),
            "from D_{-1} = D_0 a mode has amplitude^2 (1 + beta - 2 sqrt(beta) cos)/sin^2, at "
            "most half of the bound",
        ),
    },
)
def heavy_ball_iterates_decay(case: Case, *, exponent: Any = 1) -> Any:
    """Heavy ball on the kernel model decays like beta^{k/2} from the first step on."""
    momentum = sympy.Rational(case.momentum)
    run = case.kernel.iterates("HB", case.step_size, momentum)
    size = 8 * (1 + momentum) ** 2 * frobenius_squared(case.kernel.start)
    bound = momentum ** (exponent * step) * size / minimum(gaps(case))
    return le(frobenius_squared(run), bound, over=steps(0, case.steps))
