r"""Descent on two scalar layers never increases the sharpness that gradient flow would reach.

    gradient flow from (a, b) keeps a^2 - b^2 and ends, where it reaches ab = s, at the sharpness
        S(a, b) = sqrt((a^2 - b^2)^2 + 4 s^2),     f = (ab - s)^2 / 2
    one step of descent    a^2 - b^2 -> (a^2 - b^2) (1 - eta^2 (ab - s)^2),   exactly
    so S does not increase where eta |ab - s| <= sqrt(2)

Source       Kreisler et al. 2023 (two scalar layers); the exact step: theory A26, 8b
Assumptions  widths (1, 1, 1), f = (ab - s)^2 / 2; for the sharpness a start with ab = s; for
             monotony the step condition at every step
Checked      the step as an identity in a, b, for all steps; the eigenvalues exactly
Not checked  that the flow reaches ab = s (from a = -b with s > 0 it does not)
See also     catalogue/du_hu_lee_2018/balancedness.py, the drift of any net
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
    assume,
    claim,
    conserved,
    equal,
    le,
    nonincreasing,
    steps,
    substitute,
    trace,
)  # fmt: skip
from theorycheck.problems import Family, Instance, deep_linear_instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.spoiled import with_inputs_scaled, with_samples_twice

a, b, s = sympy.symbols("a b s", real=True)
eta, count, limit = sympy.symbols(r"\eta c L", nonnegative=True)

FLOW_SHARPNESS = sympy.sqrt((a**2 - b**2) ** 2 + count * s**2)
"""S(a, b); c = 4."""

IMBALANCE_AFTER = (a**2 - b**2) * (1 - count * eta**2 * (a * b - s) ** 2)
"""a^2 - b^2 one step later; c = 1."""

STEP_CONDITION = limit - eta**2 * (a * b - s) ** 2
"""Nonnegative where the imbalance does not grow; L = 2."""


def scalars(view: Any, case: Case) -> dict[sympy.Expr, Any]:
    """a, b, s on a trajectory."""
    return {a: view.layer(1)[0, 0], b: view.layer(2)[0, 0], s: case.loss.targets[0][0]}


def example(
    *, first: Any = 2, second: Any = "1/3", target: Any = 1, step_size: Any = "1/4", steps: Any = 4
) -> Instance:
    """Unequal layers and a step large enough for the loss not to decrease monotonically."""
    return deep_linear_instance(
        target=[[target]], weights=[[[first]], [[second]]], step_size=step_size, horizon=1,
        steps=steps,
    )  # fmt: skip


def minimiser(*, first: Any = "5/2", second: Any = "3/5") -> Instance:
    """A point with ab = s."""
    return example(
        first=first, second=second, target=Fraction(str(first)) * Fraction(str(second)), steps=1
    )


def two_neurons() -> Instance:
    """A minimiser with the trace 7, where the first entries of the layers give 6."""
    return deep_linear_instance(
        target=[[3]], weights=[[[1], [2]], [[1, 1]]], step_size="1/4", horizon=1, steps=1
    )


def draw(choices: Choices) -> Instance:
    first, second, target = (choices.fraction(-3, 3, 4) for _ in range(3))
    size = Fraction(1, choices.integer(1, 16))
    return example(
        first=first, second=second, target=target, step_size=size, steps=choices.integer(1, 4)
    )


def draw_minimiser(choices: Choices) -> Instance:
    return minimiser(first=choices.fraction(-3, 3, 4), second=choices.fraction(-3, 3, 4))


def net_is_two_scalar_layers(case: Case) -> Any:
    return [equal(case.network.depth, 2), equal(max(case.network.widths), 1)]


def start_is_a_minimiser(case: Case) -> Any:
    return equal(case.initial.residual, 0)


def step_condition_holds(case: Case) -> Any:
    values = {**scalars(case.descent, case), eta: case.step_size, limit: 2}
    return le(0, substitute(STEP_CONDITION, values), over=steps(0, int(case.steps) - 1))


def large_step() -> Instance:
    """Eta |ab - s| = 2: the factor 1 - eta^2 (ab - s)^2 is -3."""
    return example(first=2, second=1, target=0, step_size=1, steps=1)


SOURCE = Source("Kreisler et al. 2023, two scalar layers", "ICML 2023", "A26")
SCALAR = Assumption("net_is_two_scalar_layers", net_is_two_scalar_layers, "widths (1, 1, 1)")
PROOF = "proofs.kreisler_2023.flow_sharpness_does_not_increase"


@claim(
    source=SOURCE,
    family=Family("two scalar layers", draw),
    assumptions=[SCALAR, assume.whitened],
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
        Control("plus instead of minus", example, changes={"constant": -1}),
        Control("half of the square", example, changes={"constant": Fraction(1, 2)}),
    ],
    formulas={"imbalance after one step": IMBALANCE_AFTER},
    proof=PROOF,
)
def imbalance_shrinks_exactly(case: Case, *, constant: Any = 1) -> Any:
    """One step of descent multiplies a^2 - b^2 by exactly 1 - eta^2 (ab - s)^2."""
    here = scalars(case.descent, case)
    after = substitute(IMBALANCE_AFTER, {**here, eta: case.step_size, count: constant})
    before = here[a] ** 2 - here[b] ** 2
    return equal(before.next(), after, over=steps(0, int(case.steps) - 1))


@claim(
    source=SOURCE,
    family=Family("minimisers of two scalar layers", draw_minimiser),
    assumptions=[
        SCALAR,
        assume.whitened,
        Assumption("start_is_a_minimiser", start_is_a_minimiser, "ab = s"),
    ],
    example=minimiser,
    controls=[
        Control(
            "every sample twice",
            lambda: with_samples_twice(minimiser()),
            drop=("loss_is_whitened",),
        ),
        Control(
            "every sample twice, assumption kept",
            lambda: with_samples_twice(minimiser()),
            outcome="vacuous",
        ),
        Control("s^2 instead of 4 s^2", minimiser, changes={"constant": 1}),
        Control("no minimiser", example, outcome="vacuous"),
        Control("no minimiser, assumption dropped", example, drop=("start_is_a_minimiser",)),
        Control("two hidden neurons", two_neurons, drop=("net_is_two_scalar_layers",)),
    ],
    formulas={"flow sharpness": FLOW_SHARPNESS},
    proof=PROOF,
    survives={
        "relation 1: flipped": "the flow rests at a minimiser and keeps everything; that flows "
        "from other starts keep the imbalance is a claim of du_hu_lee_2018",
    },
)
def flow_sharpness_is_attained_at_minimisers(case: Case, *, constant: Any = 4) -> Any:
    """The flow keeps a^2 - b^2, and where ab = s the Hessian has the eigenvalues 0 and S."""
    values = {**scalars(case.initial, case), count: constant}
    hessian = case.initial.hessian
    determinant = hessian[0, 0] * hessian[1, 1] - hessian[0, 1] * hessian[1, 0]
    return [
        conserved(case.flow.imbalance(1)),
        equal(determinant, 0),
        equal(trace(hessian), substitute(FLOW_SHARPNESS, values)),
    ]


@claim(
    source=SOURCE,
    family=Family("two scalar layers", draw),
    assumptions=[
        SCALAR,
        assume.whitened,
        Assumption("step_condition_holds", step_condition_holds, "eta |ab - s| <= sqrt(2)"),
    ],
    example=example,
    controls=[
        Control(
            "inputs four times as long",
            lambda: with_inputs_scaled(example(steps=1), 4),
            drop=("loss_is_whitened",),
        ),
        Control(
            "inputs four times as long, assumption kept",
            lambda: with_inputs_scaled(example(steps=1), 4),
            outcome="vacuous",
        ),
        Control("larger steps", large_step, drop=("step_condition_holds",)),
        Control("larger steps, assumption kept", large_step, outcome="vacuous"),
        Control("a tenth less at every step", example, changes={"share": Fraction(9, 10)}),
    ],
    formulas={"flow sharpness": FLOW_SHARPNESS, "step condition": STEP_CONDITION},
    proof=PROOF,
    survives=dict.fromkeys(
        ("share: constant 2", "share: constant 10/9"),
        "a larger share is the weaker statement; shares below 1 are killed by a control",
    ),
)
def flow_sharpness_does_not_increase(case: Case, *, share: Any = 1) -> Any:
    """Where eta |ab - s| <= sqrt(2) a step of descent does not increase the flow's sharpness."""
    sharpness = substitute(FLOW_SHARPNESS, {**scalars(case.descent, case), count: 4})
    last = int(case.steps)
    if share == 1:
        return nonincreasing(sharpness, over=steps(0, last))
    return le(sharpness.next(), share * sharpness, over=steps(0, last - 1))
